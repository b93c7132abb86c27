"""Making an installation ready: secrets, application database, demo organization."""

import structlog

from core import config
from core.config import Settings
from core.datamind import DataMind
from core.demo import organization as demo
from core.errors import BadSettings
from core.security import secrets
from core.store import migrate

log = structlog.get_logger(__name__)


def settings(**given: object) -> Settings:
    """The settings of this installation; in development missing secrets are made at random.

    Raises BadSettings. Secrets that were lost are said plainly: only stored connection
    passwords must be entered again.
    """
    found = config.load(**given)
    if found.environment == "production":
        return found
    had_data = (found.datamind_home / "datamind.sqlite").exists()
    file = secrets.ensure(found.datamind_home)
    if file.created and had_data and not found.encryption_key.get_secret_value():
        log.warning(
            "secrets_made_anew",
            path=str(file.path),
            meaning="stored connection passwords must be entered again; nothing else is lost",
        )
    return config.load(**given)


def prepare(dm: DataMind) -> None:
    """Bring the application database up to date and the demo organization into being.

    In production the database is migrated by its own step (`./datamind migrate`), so that
    a new version never changes it unasked. Raises BadSettings.
    """
    secrets.make_home(dm.settings.datamind_home)
    if dm.settings.environment == "development" or dm.settings.embedded_database:
        migrate.upgrade(dm.sessions)
    elif not migrate.is_current(dm.sessions):
        raise BadSettings(
            "The application database is not at this version's revision.",
            "Run `./datamind migrate` once, then start again.",
        )
    if dm.settings.wants_demo:
        demo.ensure(dm)
