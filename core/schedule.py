"""Regular work of the installation: who runs it this time is settled in the database."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from core.datamind import DataMind
from core.store.tables import Invitation, PasswordReset, Schedule, SignInTicket, UserSession


def claim(dm: DataMind, name: str, every: timedelta) -> bool:
    """Whether this process may run the named work now; however many ask, one gets it.

    The next time is moved by compare-and-set. Times missed while nothing ran are made up once.
    """
    now = dm.clock.now()
    with dm.sessions.read() as db:
        due = db.scalar(sa.select(Schedule.next_run_at).where(Schedule.name == name))
    if due is None:
        return _first(dm, name, every)
    out_of_reach = due > now + 2 * every  # the clock was set back
    if due > now and not out_of_reach:
        return False
    move = (
        sa.update(Schedule)
        .where(Schedule.name == name, Schedule.next_run_at == due)
        .values(next_run_at=now + every)
    )
    with dm.sessions.write() as db:
        return db.execute(move).rowcount == 1  # type: ignore[attr-defined, no-any-return]


def tidy(dm: DataMind) -> int:
    """Delete ended sessions, tickets, invitations and links for passwords; returns how many."""
    now = dm.clock.now()
    with dm.sessions.write() as db:
        gone = [
            db.execute(sa.delete(table).where(table.expires_at < now)).rowcount  # type: ignore[attr-defined]
            for table in (UserSession, SignInTicket, PasswordReset, Invitation)
        ]
    return sum(gone)


def _first(dm: DataMind, name: str, every: timedelta) -> bool:
    try:
        with dm.sessions.write() as db:
            db.add(Schedule(name=name, next_run_at=dm.clock.now() + every))
    except IntegrityError:
        return False
    return True
