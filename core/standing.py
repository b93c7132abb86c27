"""How the installation stands as a whole: what waits, what is late, who is here."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.elements import ColumnElement

from core import watch
from core.datamind import DataMind
from core.store.tables import Alert, Delivery, Job, UserSession

ACTIVE: Final = timedelta(minutes=15)
"""A person was here lately; a session is touched every five minutes at most."""


@dataclass(frozen=True)
class Standing:
    """Figures of all processes together, from the application database.

    `waiting` and `running` are jobs by kind, `oldest_seconds` how long the first of them waits.
    `late_seconds` is how far the alert that is most overdue is behind its time.
    """

    waiting: Mapping[str, int]
    running: Mapping[str, int]
    oldest_seconds: float
    alerts: Mapping[str, int]
    late_seconds: float
    deliveries: Mapping[str, int]
    people: int
    processes: Mapping[str, int]


def standing(dm: DataMind) -> Standing:
    """Look it up: six short queries on indexed columns, and the list of processes."""
    now = dm.clock.now()
    roles = [seen.role for seen in watch.seen(dm)]
    with dm.sessions.read() as db:
        oldest = db.scalar(sa.select(sa.func.min(Job.created_at)).where(Job.state == "queued"))
        overdue = (Alert.is_active, Alert.next_check_at < now)
        due = db.scalar(sa.select(sa.func.min(Alert.next_check_at)).where(*overdue))
        people = sa.select(sa.func.count(UserSession.user_id.distinct())).where(
            UserSession.last_seen_at >= now - ACTIVE
        )
        return Standing(
            waiting=_counted(db, Job.kind, Job.state == "queued"),
            running=_counted(db, Job.kind, Job.state == "running"),
            oldest_seconds=(now - oldest).total_seconds() if oldest else 0.0,
            alerts=_counted(db, Alert.state, Alert.is_active.is_(True)),
            late_seconds=(now - due).total_seconds() if due else 0.0,
            deliveries=_counted(db, Delivery.state, Delivery.state != "sent"),
            people=db.scalar(people) or 0,
            processes=Counter(roles),
        )


def _counted(
    db: Session, column: InstrumentedAttribute[str], where: ColumnElement[bool]
) -> Mapping[str, int]:
    query = sa.select(column, sa.func.count()).where(where).group_by(column)
    return {row[0]: row[1] for row in db.execute(query)}
