"""How often something may be done: counted in the database, the same for every replica."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from core.datamind import DataMind
from core.errors import LimitReached
from core.store.tables import Rate

KEPT: Final = timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """At most so often within a time; `what` completes "Too many …"."""

    name: str
    most: int
    within: timedelta
    what: str


SIGN_IN_OF_ACCOUNT: Final = Limit("sign-in of", 10, timedelta(minutes=15), "sign-ins have failed")
SIGN_IN_FROM: Final = Limit("sign-in from", 30, timedelta(minutes=15), "sign-ins have failed")
REGISTER_FROM: Final = Limit("register from", 10, timedelta(hours=1), "organizations were made")
PASSWORD_OF: Final = Limit("password of", 10, timedelta(minutes=15), "passwords were tried")
RESET_OF_ACCOUNT: Final = Limit("reset of", 5, timedelta(hours=1), "links were asked for")
RESET_FROM: Final = Limit("reset from", 20, timedelta(hours=1), "links were asked for or used")
ROUTES_FROM: Final = Limit("routes from", 600, timedelta(minutes=1), "requests came")
QUESTIONS_OF: Final = Limit("questions of", 100, timedelta(minutes=1), "questions were asked")


def check(dm: DataMind, limit: Limit, who: str) -> None:
    """Refuse when the limit is reached already; counts nothing. Raises LimitReached."""
    with dm.sessions.read() as db:
        row = db.get(Rate, _name(limit, who))
    if row is not None and row.count >= limit.most:
        _refuse(dm, limit, row)


def count(dm: DataMind, limit: Limit, who: str) -> None:
    """Count one more, and refuse it when it is one too many. Raises LimitReached."""
    name, now = _name(limit, who), dm.clock.now()
    again = (
        sa.update(Rate)
        .where(Rate.name == name)
        .values(
            count=sa.case((Rate.began_at <= now - limit.within, 1), else_=Rate.count + 1),
            began_at=sa.case((Rate.began_at <= now - limit.within, now), else_=Rate.began_at),
        )
    )
    try:
        with dm.sessions.write() as db:
            if db.execute(again).rowcount == 0:  # type: ignore[attr-defined]
                db.add(Rate(name=name, began_at=now, count=1))
    except IntegrityError:  # somebody else was first
        with dm.sessions.write() as db:
            db.execute(again)
    with dm.sessions.read() as db:
        row = db.get_one(Rate, name)
    if row.count > limit.most:
        _refuse(dm, limit, row)


def forget(dm: DataMind, limit: Limit, who: str) -> None:
    """Begin to count anew, after it went well."""
    with dm.sessions.write() as db:
        db.execute(sa.delete(Rate).where(Rate.name == _name(limit, who)))


def tidy(dm: DataMind) -> int:
    """Forget counts of more than a day ago; returns how many."""
    with dm.sessions.write() as db:
        old = sa.delete(Rate).where(Rate.began_at < dm.clock.now() - KEPT)
        return int(db.execute(old).rowcount)  # type: ignore[attr-defined]


def _refuse(dm: DataMind, limit: Limit, row: Rate) -> None:
    left = (row.began_at + limit.within - dm.clock.now()).total_seconds()
    if left > 0:
        raise LimitReached(
            f"Too many {limit.what} in a short time.", f"Try again in {int(left) + 1} s."
        )


def _name(limit: Limit, who: str) -> str:
    return hashlib.sha256(f"{limit.name}\x00{who}".encode()).hexdigest()
