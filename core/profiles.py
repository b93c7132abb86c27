"""What a person changes of his own account: name, time zone, looks, password."""

from typing import Final
from zoneinfo import available_timezones

from core import accounts, audit, limits, sessions
from core.datamind import DataMind
from core.errors import BadInput
from core.security import access, passwords
from core.store.tables import User
from core.types import Actor

THEMES: Final = ("System", "Light", "Dark")
_MAIL: Final = "mail_alerts"


def update(dm: DataMind, actor: Actor, *, full_name: str, time_zone: str) -> None:
    """Change one's own name and time zone (IANA). Raises BadInput."""
    full_name = accounts.checked_name(full_name)
    if time_zone not in available_timezones():
        raise BadInput(f"There is no time zone “{time_zone}”.", "Choose one from the list.")
    with dm.sessions.write() as db:
        user = access.own(db, actor, User, actor.user_id, "person")
        user.full_name = full_name
        user.preferences = {**user.preferences, "time_zone": time_zone}
    audit.record(dm, actor, "user.update", "user", actor.user_id)


def choose_theme(dm: DataMind, actor: Actor, theme: str) -> None:
    """Remember whether the person wants the light, the dark or the system's theme."""
    if theme not in THEMES:
        raise BadInput(f"There is no theme “{theme}”.", "Choose System, Light or Dark.")
    with dm.sessions.write() as db:
        user = access.own(db, actor, User, actor.user_id, "person")
        user.preferences = {**user.preferences, "theme": theme}


def choose_mail(dm: DataMind, actor: Actor, wanted: bool) -> None:
    """Whether the acting person is mailed what alerts say; the bell tells it either way."""
    with dm.sessions.write() as db:
        user = access.own(db, actor, User, actor.user_id, "person")
        user.preferences = {**user.preferences, _MAIL: wanted}
    audit.record(dm, actor, "user.mail", "user", actor.user_id, wanted=wanted)


def wants_mail(user: User) -> bool:
    """Whether a person is mailed what alerts say: unless he chose otherwise."""
    return user.preferences.get(_MAIL, True) is True


def mails(dm: DataMind, actor: Actor) -> bool:
    """Whether the acting person is mailed what alerts say."""
    with dm.sessions.read() as db:
        return wants_mail(access.own(db, actor, User, actor.user_id, "person"))


def change_password(dm: DataMind, actor: Actor, *, current: str, new: str) -> None:
    """Change one's own password; all sessions end, also the one that asked.

    Raises BadInput when the current one is wrong or the new one is not allowed.
    """
    with dm.sessions.read() as db:
        user = access.own(db, actor, User, actor.user_id, "person")
    limits.check(dm, limits.PASSWORD_OF, str(actor.user_id))
    if not passwords.matches(current, user.password_hash):
        limits.count(dm, limits.PASSWORD_OF, str(actor.user_id))
        raise BadInput("That is not your current password.", "Type your current password again.")
    passwords.check_rules(new, user.email)
    password_hash = passwords.hash_password(new)
    with dm.sessions.write() as db:
        user = access.own(db, actor, User, actor.user_id, "person")
        user.password_hash = password_hash
        sessions.end_sessions(db, user.id)
    audit.record(dm, actor, "user.password", "user", actor.user_id)
