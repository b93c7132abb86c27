"""How much an organization asks, and how sure its answers are, since the first of the month."""

from collections import Counter
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from core.datamind import DataMind
from core.security import access
from core.store.tables import ChatMessage, Connection
from core.types import Actor

NO_FIGURE: Final = "no figure"
LEVELS: Final = ("verified", "checked", "single", "guess", NO_FIGURE)


@dataclass(frozen=True)
class Activity:
    """Answers by (day, grade), both as text, and by the name of the connection asked."""

    answers: int
    by_day: dict[tuple[str, str], int]
    by_connection: tuple[tuple[str, int], ...]


def month(dm: DataMind, actor: Actor) -> Activity:
    """The answers given since the first of the month (UTC); days are the admin's own. Admins only.

    An answer without a grade (a reply, a refusal, a failure) counts as without a figure.
    """
    access.require(actor, "admin", "see how much is asked")
    began = dm.clock.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    zone = ZoneInfo(actor.time_zone)
    answers = sa.select(
        ChatMessage.created_at,
        ChatMessage.answer["grade"]["level"].as_string(),
        ChatMessage.answer["connection_id"].as_string(),
    ).where(
        ChatMessage.of_org(actor.org_id),
        ChatMessage.role == "assistant",
        ChatMessage.created_at >= began,
    )
    with dm.sessions.read() as db:
        rows = db.execute(answers).all()
        connections = sa.select(Connection.id, Connection.name).where(
            Connection.of_org(actor.org_id)
        )
        names = {str(found): name for found, name in db.execute(connections)}
    days = Counter(
        (at.astimezone(zone).date().isoformat(), level if level in LEVELS else NO_FIGURE)
        for at, level, _ in rows
    )
    asked = Counter(names.get(place or "", "Deleted connections") for _, _, place in rows)
    return Activity(len(rows), dict(days), tuple(asked.most_common()))
