"""Whether the installation can do its work: what stands in the way, and what is only degraded."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core import watch
from core.datamind import DataMind
from core.store import migrate

LEAST_FREE_BYTES: Final = 1_000_000_000
State = Literal["ok", "behind", "unreachable"]
"""Of the application database; `behind` is one that was not migrated to this version."""


@dataclass(frozen=True)
class Readiness:
    """What works and what does not. `degraded` are sentences; people can still ask meanwhile."""

    ok: bool
    database: State
    degraded: tuple[str, ...] = ()


def ready(dm: DataMind) -> Readiness:
    """Whether people can be served, and what is missing. Never raises."""
    try:
        if not migrate.is_current(dm.sessions):
            return Readiness(False, "behind")
        silent = [silence.sentence for silence in watch.silences(dm)]
    except SQLAlchemyError:
        return Readiness(False, "unreachable")
    return Readiness(True, "ok", (*_redis(dm), *_disk(dm), *silent))


def is_database_away(error: BaseException) -> bool:
    """Whether this came about because the application database did not answer."""
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, OperationalError | InterfaceError | PoolTimeout):
            return True
        found = found.__cause__
    return False


def _redis(dm: DataMind) -> Iterator[str]:
    if not dm.turns.answers():
        yield (
            "The queue's Redis does not answer or is full: work in the background waits. "
            "Questions are answered."
        )
    if not dm.cache.answers():
        yield "The cache's Redis does not answer: results are not cached. Questions are answered."


def _disk(dm: DataMind) -> Iterator[str]:
    home = dm.settings.datamind_home
    try:
        free = shutil.disk_usage(home).free
    except OSError:
        yield f"The folder {home} cannot be read: files cannot be asked."
        return
    if free < LEAST_FREE_BYTES:
        yield f"Less than 1 GB is free at {home}: uploads will soon fail."
