"""How the analysts do on what people stand for: verified questions, asked again and compared."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import permutations
from typing import Any, Final
from uuid import UUID, uuid4

import sqlalchemy as sa

from core import audit, guard, query, recall, schema, verified
from core.connectors.base import Cancel
from core.datamind import DataMind
from core.desk import QuestionDesk
from core.errors import DataMindError
from core.jobs import Work
from core.security import access
from core.store.tables import EvaluationRun
from core.types import Actor, DatabaseSchema, Draft, Query, QueryResult, Question
from core.verified import Verified

MOST_SHOWN: Final = 60
MOST_COLUMNS_TURNED: Final = 6
TOLERANCE: Final = 1e-6
"""Two numbers are the same when they differ by no more than this part of the larger one."""


@dataclass(frozen=True)
class Verdict:
    """How one verified question went: the same result, or what was different."""

    question: str
    same: bool
    why: str = ""


@dataclass(frozen=True)
class Run:
    """All verified questions asked of an analyst once; `asked` leaves out what could not be."""

    at: datetime
    analyst: str
    asked: int
    same: int
    verdicts: tuple[Verdict, ...] = ()


def run(dm: DataMind, actor: Actor) -> Run:
    """Ask the analyst all verified questions that still work, as if nobody had verified them,
    compare the results with those of the verified SQL, and keep how many were the same.

    Raises NotAllowed for all but admins.
    """
    access.require(actor, "admin", "evaluate the analysts")
    analyst = dm.analysts.choose()
    asked = [one for one in verified.answers(dm, actor) if not one.broken]
    known = {c: schema.read(dm, actor, c) for c in {one.connection_id for one in asked}}
    verdicts = [_verdict(dm, actor, one, known[one.connection_id]) for one in asked]
    compared = [v for v in verdicts if v is not None]
    found = Run(
        dm.clock.now(),
        analyst.name,
        len(compared),
        sum(v.same for v in compared),
        tuple(compared),
    )
    with dm.sessions.write() as db:
        row = EvaluationRun(
            org_id=actor.org_id,
            analyst=found.analyst,
            asked=found.asked,
            same=found.same,
            details={
                "verdicts": [{"question": v.question, "same": v.same, "why": v.why}
                             for v in compared]
            },
            created_at=found.at,
        )  # fmt: skip
        db.add(row)
        db.flush()
    audit.record(
        dm, actor, "answer.evaluate", "evaluation_run", row.id, asked=found.asked, same=found.same
    )
    return found


def runs(dm: DataMind, actor: Actor) -> tuple[Run, ...]:
    """The organization's evaluations, the oldest first, at most the last 60. Admins only."""
    access.require(actor, "admin", "see how the analysts do")
    newest = (
        sa.select(EvaluationRun)
        .where(EvaluationRun.of_org(actor.org_id))
        .order_by(EvaluationRun.created_at.desc())
        .limit(MOST_SHOWN)
    )
    with dm.sessions.read() as db:
        return tuple(_run(row) for row in reversed(list(db.scalars(newest))))


def same_result(one: QueryResult, other: QueryResult, *, ordered: bool) -> bool:
    """Whether two results say the same: numbers within a tolerance, names of columns and their
    order do not count, the order of rows only where it was asked for."""
    if one.row_count != other.row_count or len(one.columns) != len(other.columns):
        return False
    left, right = _rows(one), _rows(other)
    width = len(one.columns)
    turned = permutations(range(width)) if width <= MOST_COLUMNS_TURNED else [tuple(range(width))]
    return any(_alike(left, [tuple(row[i] for i in way) for row in right], ordered)
               for way in turned)  # fmt: skip


def _verdict(dm: DataMind, actor: Actor, one: Verified, known: DatabaseSchema) -> Verdict | None:
    """Ask one question; None where the verified SQL cannot be bound to today."""
    desk = QuestionDesk(dm, actor, Work(dm, uuid4(), {}, Cancel()), one.connection_id, known, ())
    today = dm.clock.today(actor.time_zone)
    question = Question(one.question, known, today, time_zone=actor.time_zone)
    analyst = dm.analysts.choose()
    try:
        wanted = recall.find(dm, actor, question, desk, [one])
        if wanted is None:
            return None
        right = _ask(dm, actor, one.connection_id, wanted.draft.sql, known)
        drafted = analyst.draft(question, desk)
        if not isinstance(drafted, Draft):
            return Verdict(one.question, False, "It was not understood.")
        found = _ask(dm, actor, one.connection_id, drafted.sql, known)
    except DataMindError as problem:
        return Verdict(one.question, False, problem.message)
    safe = query.check(dm, actor, Query(one.connection_id, wanted.draft.sql), known=known)
    same = same_result(right, found, ordered=bool(guard.reading(safe, known).order))
    return Verdict(one.question, same, "" if same else _difference(right, found))


def _ask(
    dm: DataMind, actor: Actor, connection_id: UUID, sql: str, known: DatabaseSchema
) -> QueryResult:
    return query.run(dm, actor, Query(connection_id, sql, purpose="probe"), known=known)


def _difference(right: QueryResult, found: QueryResult) -> str:
    if right.row_count != found.row_count:
        return f"It has {found.row_count:,} rows, the verified answer {right.row_count:,}."
    if len(right.columns) != len(found.columns):
        return f"It has {len(found.columns)} columns, the verified answer {len(right.columns)}."
    return "It has other values than the verified answer."


def _rows(result: QueryResult) -> list[tuple[Any, ...]]:
    columns = [[_plain(value) for value in c.to_pylist()] for c in result.table.columns]
    return list(zip(*columns, strict=True))


def _plain(value: Any) -> Any:
    """Numbers as floats, times and days as text, so that engines' types do not matter."""
    if isinstance(value, Decimal) or (isinstance(value, int) and not isinstance(value, bool)):
        return float(value)
    if isinstance(value, datetime):
        return value.isoformat().removesuffix("T00:00:00")
    return value.isoformat() if isinstance(value, date) else value


def _alike(left: Sequence[Any], right: Sequence[Any], ordered: bool) -> bool:
    if not ordered:
        left, right = sorted(left, key=_rank), sorted(right, key=_rank)
    if Counter(map(repr, left)) == Counter(map(repr, right)) and not ordered:
        return True
    return all(
        all(_equal(a, b) for a, b in zip(one, other, strict=True))
        for one, other in zip(left, right, strict=True)
    )


def _rank(row: tuple[Any, ...]) -> str:
    """Rows that are the same within the tolerance stand at the same place."""
    return repr(tuple(f"{v:.6g}" if isinstance(v, float) else str(v) for v in row))


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=1e-9) or (
            math.isnan(one) and math.isnan(other)
        )
    return bool(one == other)


def _run(row: EvaluationRun) -> Run:
    kept = row.details.get("verdicts", ())
    return Run(row.created_at, row.analyst, row.asked, row.same, tuple(Verdict(**v) for v in kept))
