"""What the demo organization's people have done already: verify, watch, converse."""

from dataclasses import replace
from typing import Final
from uuid import UUID

from core import (
    ask,
    conversations,
    evaluation,
    feedback,
    glossary,
    library,
    schema,
    verified,
)
from core.analyst import Analysts
from core.analyst.base import BareDesk
from core.datamind import DataMind
from core.demo import cast, watches
from core.library import Kept
from core.parameters import Parameter
from core.reports import keeping as reports
from core.reports import making
from core.reports.keeping import Wanted
from core.store.tables import Connection
from core.types import Actor, Draft, Question

SAVED: Final = (
    ("Orders by status since a day", "sales",
     "SELECT status, count(*) AS orders, sum(total) AS total\nFROM orders\n"
     "WHERE ordered_at >= {{from}}\nGROUP BY status\nORDER BY orders DESC",
     (Parameter("from", "date", "2026-01-01"),)),
    ("Customers by region and segment", "customers",
     "SELECT c.region, k.segment, count(*) AS customers\nFROM customers AS k\n"
     "JOIN countries AS c ON c.country = k.country\nGROUP BY c.region, k.segment\n"
     "ORDER BY customers DESC", ()),
    ("Slow first responses", "support",
     "SELECT category, avg(first_response_minutes) AS minutes, count(*) AS tickets\n"
     "FROM support_tickets\nGROUP BY category\nORDER BY minutes DESC", ()),
)  # fmt: skip
COMPLAINTS: Final = (
    ("Support tickets by category last month", "Not what I asked: only open tickets"),
    ("Net promoter score by month", ""),
    ("Revenue by month in 2019", ""),
)
VERIFIED: Final = (
    "Revenue by country last quarter",
    "Average order value by channel in the past 90 days",
    "Cancellations by month in the last 12 months",
    "Refund amount by reason last quarter",
    "How many customers do we have in the DACH region?",
)
GLOSSARY: Final = (
    ("active customer", "ordered in the last 90 days"),
    ("big order", "total over 500"),
    ("turnover", "revenue"),
)
TITLE: Final = "Quarterly review"
CONVERSATION: Final = (
    "Revenue by quarter in the last 2 years",
    "Revenue by country in the last quarter",
    "What were our top 10 products by revenue last quarter?",
    "Refunded amount by reason last quarter",
    "How many active customers by segment?",
)


def tell(dm: DataMind, admin: Actor, connection_id: UUID) -> None:
    """Verify answers as the demo's analyst, and have one conversation as its admin, once.

    No model is asked: starting costs nothing.
    """
    if _is_first(dm, connection_id, "watches"):
        watches.keep(dm, admin, connection_id)
    if _is_first(dm, connection_id, "saved"):
        for name, tag, sql, wanted in SAVED:
            kept = Kept(connection_id, sql, name, "", (tag, "demo"), True, wanted)
            saved_id = library.keep(dm, cast.person(dm, admin, "analyst"), kept)
        _weekly(dm, cast.person(dm, admin, "analyst"), saved_id)
    if not _is_first(dm, connection_id, "stories"):
        return
    dm = replace(dm, analysts=Analysts(local=dm.analysts.local))
    analyst = cast.person(dm, admin, "analyst")
    known, today = schema.read(dm, admin, connection_id), dm.clock.today(admin.time_zone)
    for term, meaning in GLOSSARY:
        glossary.save(dm, analyst, term, meaning, connection_id)
    for words in VERIFIED:
        drafted = dm.analysts.local.draft(Question(words, known, today), BareDesk(known))
        if isinstance(drafted, Draft):
            verified.add(dm, analyst, connection_id, words, drafted, today)
    session_id: UUID | None = None
    for words in CONVERSATION:
        asked = ask.start(
            dm, admin, words, connection_id=connection_id, session_id=session_id, wait=True
        )
        session_id = asked.session_id
    if session_id:
        conversations.rename(dm, admin, session_id, TITLE)
        conversations.pin(dm, admin, session_id, True)
    _complaints(dm, admin, connection_id)
    evaluation.run(dm, admin)


def _weekly(dm: DataMind, analyst: Actor, saved_id: UUID) -> None:
    """A report that goes out each Monday, sent once already."""
    wanted = Wanted(
        "Support each week", "every Monday at 8:00", analyst.time_zone,
        saved_query_id=saved_id, format="xlsx",
    )  # fmt: skip
    report_id = reports.create(dm, analyst, wanted)
    making.send(dm, report_id, dm.clock.now())


def _complaints(dm: DataMind, admin: Actor, connection_id: UUID) -> None:
    """What did not go so well for the demo's viewer, for admins to look at."""
    viewer = cast.person(dm, admin, "viewer")
    for words, reason in COMPLAINTS:
        asked = ask.start(dm, viewer, words, connection_id=connection_id, wait=True)
        if reason:
            last = conversations.messages(dm, viewer, asked.session_id)[-1]
            feedback.rate(dm, viewer, last.id, liked=False, reason=reason)


def _is_first(dm: DataMind, connection_id: UUID, what: str) -> bool:
    """Whether nothing of it was told yet; what people remove stays away."""
    with dm.sessions.write() as db:
        row = db.get_one(Connection, connection_id)
        told = bool(row.extra_config.get(what))
        row.extra_config = {**row.extra_config, what: True}
    return not told
