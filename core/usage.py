"""What the models cost an organization: counted for each call, bounded by budgets of a month."""

import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import audit, metrics, notices
from core.datamind import DataMind
from core.errors import AnalystFailed, BadInput, QueryCancelled
from core.security import access
from core.store.tables import ModelCallRow, Organization, User
from core.types import Actor, ModelCall, Usage

PRICES: Final = Path(__file__).with_name("model_prices.toml")
MILLION: Final = 1_000_000
READ_FROM_CACHE, WRITTEN_TO_CACHE = Decimal("0.1"), Decimal("1.25")
LARGEST_BUDGET: Final = Decimal(1_000_000)
WAIT_SECONDS: Final = 60.0
BETWEEN_TRIES_SECONDS: Final = 0.1
_BUDGET: Final = "model_budget"


@dataclass(frozen=True)
class Budget:
    """What the models may cost in a calendar month, in US dollars; None is no bound.

    At `soft` the admins are told, at `hard` the model is not asked any more.
    """

    soft: Decimal | None = None
    hard: Decimal | None = None


@dataclass(frozen=True)
class Spent:
    """What was used under one name (a person, a day): calls, tokens, and the cost that is known."""

    name: str
    calls: int
    usage: Usage
    cost: Decimal


@dataclass(frozen=True)
class Month:
    """What an organization used since the first of the month (UTC)."""

    since: date
    total: Spent
    by_person: tuple[Spent, ...]
    by_day: tuple[Spent, ...]
    unpriced: int
    budget: Budget


def cost(model: str, usage: Usage) -> Decimal | None:
    """What a call costs in US dollars, by the price table; None for a model that is not there."""
    known = [name for name in _prices() if model.startswith(name)]
    if not known:
        return None
    prices = _prices()[max(known, key=len)]
    read, written = usage.cache_read * READ_FROM_CACHE, usage.cache_write * WRITTEN_TO_CACHE
    tokens_in = usage.input + read + written
    return (tokens_in * prices["input"] + usage.output * prices["output"]) / MILLION


def priced_on() -> date:
    """The day of the price table."""
    found: date = tomllib.loads(PRICES.read_text("utf-8"))["as_of"]
    return found


def record(dm: DataMind, actor: Actor, call: ModelCall) -> None:
    """Keep one call. When it takes the month over the soft budget, the admins are told, once."""
    _count(call)
    with dm.sessions.write() as db:
        db.add(
            ModelCallRow(
                org_id=actor.org_id,
                user_id=actor.user_id,
                made_at=dm.clock.now(),
                purpose=call.purpose,
                model=call.model[:100],
                input=call.usage.input,
                output=call.usage.output,
                cache_read=call.usage.cache_read,
                cache_write=call.usage.cache_write,
                cost=cost(call.model, call.usage),
                seconds=round(call.seconds, 3),
                request_id=call.request_id,
            )
        )
        db.flush()
        budget = _budget(db, actor)
        spent = _cost(db, actor, _month_began(dm))
        if budget.soft is not None and spent >= budget.soft:
            _warn(db, dm, actor, spent, budget)


def _count(call: ModelCall) -> None:
    used = call.usage
    kinds = {"input": used.input, "output": used.output}
    kinds |= {"cache_read": used.cache_read, "cache_write": used.cache_write}
    for kind, tokens in kinds.items():
        metrics.MODEL_TOKENS.labels(call.model, kind).inc(tokens)
    metrics.MODEL_COST.labels(call.model).inc(float(cost(call.model, used) or 0))


def allow(dm: DataMind, actor: Actor) -> None:
    """Let a question go to the model, unless the month's hard budget is used up.

    Raises AnalystFailed, so that the built-in analyst is offered.
    """
    with dm.sessions.read() as db:
        hard = _budget(db, actor).hard
        if hard is None or _cost(db, actor, _month_began(dm)) < hard:
            return
    raise AnalystFailed(
        f"The budget of this month for the model, ${hard:,.2f}, is used up.",
        "Ask the built-in analyst, or ask an admin to raise it.",
    )


def month(dm: DataMind, actor: Actor) -> Month:
    """What was used since the first of the month. Admins only."""
    access.require(actor, "admin", "see what the models cost")
    began = _month_began(dm)
    mine = (ModelCallRow.of_org(actor.org_id), ModelCallRow.made_at >= began)
    with dm.sessions.read() as db:
        who = sa.select(ModelCallRow, User.full_name).outerjoin(
            User, User.id == ModelCallRow.user_id
        )
        rows = [(row, name) for row, name in db.execute(who.where(*mine))]
        budget = _budget(db, actor)
    zone = ZoneInfo(actor.time_zone)
    people: dict[str, list[ModelCallRow]] = {}
    days: dict[str, list[ModelCallRow]] = {}
    for row, name in rows:
        people.setdefault(name or "Somebody who left", []).append(row)
        days.setdefault(row.made_at.astimezone(zone).date().isoformat(), []).append(row)
    by_person = sorted((_spent(*one) for one in people.items()), key=lambda one: -one.cost)
    return Month(
        since=began.date(),
        total=_spent("", [row for row, _ in rows]),
        by_person=tuple(by_person),
        by_day=tuple(_spent(*one) for one in sorted(days.items())),
        unpriced=sum(row.cost is None for row, _ in rows),
        budget=budget,
    )


def set_budget(dm: DataMind, actor: Actor, budget: Budget) -> None:
    """Bound what the models may cost in a month. Admins only. Raises BadInput."""
    access.require(actor, "admin", "set budgets")
    for bound in (budget.soft, budget.hard):
        if bound is not None and not 0 <= bound <= LARGEST_BUDGET:
            raise BadInput(
                f"A budget is between 0 and {LARGEST_BUDGET:,} dollars.",
                "Leave it empty for none.",
            )
    if budget.soft is not None and budget.hard is not None and budget.soft > budget.hard:
        raise BadInput(
            "The warning comes after the end of the budget.", "Make it smaller than the budget."
        )
    kept = {name: str(v) for name, v in vars(budget).items() if v is not None}
    with dm.sessions.write() as db:
        row = db.get_one(Organization, actor.org_id)
        row.settings = {**row.settings, _BUDGET: kept}
    audit.record(
        dm,
        actor,
        "usage.budget",
        "organization",
        actor.org_id,
        soft=kept.get("soft", ""),
        hard=kept.get("hard", ""),
    )


@contextmanager
def turn(dm: DataMind, actor: Actor, cancelled: Callable[[], bool]) -> Iterator[None]:
    """Wait for one of the organization's turns at the model, and give it back.

    Raises QueryCancelled on Stop, AnalystFailed when none came free for a minute.
    """
    ends_at = time.monotonic() + WAIT_SECONDS
    while (taken := dm.turns.take(actor.org_id)) is None:
        if cancelled():
            raise QueryCancelled("You stopped this answer.")
        if time.monotonic() > ends_at:
            raise AnalystFailed(
                "Many questions of your organization are with the model right now.",
                "Try again in a minute, or ask the built-in analyst.",
            )
        time.sleep(BETWEEN_TRIES_SECONDS)
    try:
        yield
    finally:
        dm.turns.give_back(actor.org_id, taken)


@cache
def _prices() -> dict[str, dict[str, Decimal]]:
    table = tomllib.loads(PRICES.read_text("utf-8"), parse_float=Decimal)["models"]
    return {
        name: {kind: Decimal(price) for kind, price in of.items()} for name, of in table.items()
    }


def _month_began(dm: DataMind) -> datetime:
    return dm.clock.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _budget(db: Session, actor: Actor) -> Budget:
    kept = db.get_one(Organization, actor.org_id).settings.get(_BUDGET, {})
    return Budget(**{name: Decimal(bound) for name, bound in kept.items()})


def _cost(db: Session, actor: Actor, since: datetime) -> Decimal:
    total = sa.select(sa.func.sum(ModelCallRow.cost)).where(
        ModelCallRow.of_org(actor.org_id), ModelCallRow.made_at >= since
    )
    return Decimal(db.scalar(total) or 0)


def _spent(name: str, rows: Sequence[ModelCallRow]) -> Spent:
    used = Usage()
    for row in rows:
        used += Usage(row.input, row.output, row.cache_read, row.cache_write)
    return Spent(name, len(rows), used, sum((row.cost or Decimal(0) for row in rows), Decimal(0)))


def _warn(db: Session, dm: DataMind, actor: Actor, spent: Decimal, budget: Budget) -> None:
    admins = sa.select(User.id).where(
        User.org_id == actor.org_id, User.role == "admin", User.is_active
    )
    end = f" The budget ends at ${budget.hard:,.2f}." if budget.hard is not None else ""
    began = _month_began(dm)
    notices.tell(
        db,
        actor.org_id,
        db.scalars(admins).all(),
        kind="usage.budget",
        title="The model's budget is running out",
        body=f"${spent:,.2f} were used since {began:%B %d}.{end}",
        link="organization?view=usage",
        now=dm.clock.now(),
        key=f"budget {began:%Y-%m} {budget.soft}",
    )
