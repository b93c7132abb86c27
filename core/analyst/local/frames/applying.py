"""A frame worked into the plan of the question that it was taken from."""

from dataclasses import replace
from datetime import date
from typing import Literal

from core.analyst.local import dates, periods
from core.analyst.local.frames.durations import Duration
from core.analyst.local.frames.finding import Frame
from core.analyst.local.frames.splits import splits_of
from core.analyst.local.grounding import Grounded, NotGrounded
from core.analyst.local.lexicon import Lexicon
from core.analyst.local.plan import (
    Compare,
    Condition,
    Days,
    Function,
    Group,
    Measure,
    Order,
    Plan,
    Window,
)


def apply(frame: Frame, grounded: Grounded, lexicon: Lexicon, today: date) -> Grounded:
    """The plan with the frame in it. Raises NotGrounded when the two do not fit."""
    plan = grounded.plan
    if not plan.measures:
        raise NotGrounded("I could not make out which figure is meant.")
    told = list(grounded.assumptions)
    if frame.duration:
        plan = _lasting(plan, frame.duration)
        told.append("Only rows where both dates are set count, in days.")
    elif frame.kind == "running":
        plan = _running(plan, lexicon)
    elif frame.kind == "ranked":
        plan = _ranked(plan, frame)
    elif frame.kind == "peak":
        plan = _peak(plan, frame, today)
    elif frame.kind == "typical":
        plan = _typical(plan, today)
    elif frame.kind == "per_group":
        plan = _first_of_each(plan, frame)
    else:
        plan, more = _compared(plan, lexicon, today)
        told += more
        plan = _drivers(plan, frame, lexicon) if frame.kind == "drivers" else _movers(plan, frame)
    return replace(grounded, plan=plan, assumptions=told)


def _lasting(plan: Plan, duration: Duration) -> Plan:
    measure = plan.measures[-1]
    if measure.table != duration.end.table or plan.versus or plan.change or plan.share:
        raise NotGrounded("It is not clear how long what takes.")
    function: Function = {"max": "max", "min": "min"}.get(duration.function, "avg")  # type: ignore[assignment]
    prefix = {"avg": "average", "max": "maximum", "min": "minimum"}[duration.function]
    days = Measure(function, measure.table, Days(duration.start, duration.end), f"{prefix}_days")
    both = (Compare(duration.start, "filled"), Compare(duration.end, "filled"))
    conditions = tuple(c for c in plan.conditions if c not in both)
    return replace(plan, measures=(days,), conditions=(*conditions, *both))


def _running(plan: Plan, lexicon: Lexicon) -> Plan:
    if plan.measures[-1].function == "avg" or plan.measures[-1].per or plan.versus:
        raise NotGrounded("Only sums and counts can run up over time.")
    if not plan.grain:
        at = dates.choose(plan.measures[-1].table, lexicon)
        if not at:
            raise NotGrounded("There is no date to run up the figure over.")
        plan = replace(plan, groups=(Group(at, "month", "month"), *plan.groups))
    return replace(
        plan, measures=plan.measures[-1:], running=True, change=False, share=False, limit=None,
        order=(Order(False, output=0),),
    )  # fmt: skip


def _ranked(plan: Plan, frame: Frame) -> Plan:
    if not plan.groups or plan.versus or plan.grain:
        raise NotGrounded("It is not clear what to rank.")
    last = len(plan.groups) + len(plan.measures) - 1
    return replace(plan, ranked=True, order=(Order(not frame.falling, output=last),))


def _peak(plan: Plan, frame: Frame, today: date) -> Plan:
    if not plan.grain or len(plan.groups) != 1 or plan.versus or plan.change:
        raise NotGrounded("It is not clear which figure is meant.")
    plan = _whole_periods(plan, today) if frame.falling else plan
    by = Order(not frame.falling, output=len(plan.groups) + len(plan.measures) - 1)
    return replace(plan, order=(by,), limit=1)


def _typical(plan: Plan, today: date) -> Plan:
    """The average of whole periods: a running one would pull it down."""
    measure = plan.measures[-1]
    additive = measure.function in ("sum", "count") and not measure.per
    if not additive or not plan.grain or len(plan.groups) != 1 or plan.versus or plan.change:
        raise NotGrounded("It is not clear what to average.")
    plan = _whole_periods(plan, today)
    return replace(plan, average=True, order=(), measures=(measure,))


def _whole_periods(plan: Plan, today: date) -> Plan:
    """Without the running period, which is always low."""
    window, grain = plan.window, plan.grain
    if grain not in ("day", "week", "month", "quarter", "year"):
        return plan
    start, end = periods.whole(grain, today)
    if end < today or (window and window.end and window.end < start):
        return plan
    before = date.fromordinal(start.toordinal() - 1)
    cut = Window(plan.groups[0].field, window.start if window else None, before)
    rest = tuple(c for c in plan.conditions if not isinstance(c, Window))
    return replace(plan, conditions=(*rest, cut))


def _first_of_each(plan: Plan, frame: Frame) -> Plan:
    if len(plan.groups) < 2 or plan.versus or plan.groups[0].key:
        raise NotGrounded(f"It is not clear in which groups to look for the top {frame.entity}.")
    last = len(plan.groups) + len(plan.measures) - 1
    order = (Order(not frame.falling, output=last),)
    return replace(plan, per_group=frame.n or 1, order=order, limit=None)


def _movers(plan: Plan, frame: Frame) -> Plan:
    if not plan.groups or plan.grain:
        raise NotGrounded(f"It is not clear which {frame.entity} to compare.")
    kept: Literal["up", "down"] = "down" if frame.falling else "up"
    last = len(plan.groups) + len(plan.measures) - 1
    singular = frame.entity == frame.entity.rstrip("s")
    limit = None if frame.strict else frame.n or (1 if singular else 10)
    order = (Order(not frame.falling, output=last),)
    return replace(plan, movers=kept if frame.strict else "most", order=order, limit=limit)


def _drivers(plan: Plan, frame: Frame, lexicon: Lexicon) -> Plan:
    plan = replace(plan, groups=(), change=False, share=False, limit=None, having=())
    splits = splits_of(plan, lexicon)
    if not splits:
        raise NotGrounded("There is nothing in this data by which the change could be split.")
    falling = bool(frame.falling)
    return replace(plan, drivers=splits, order=(Order(not falling, output=0),))


def _compared(plan: Plan, lexicon: Lexicon, today: date) -> tuple[Plan, list[str]]:
    """The plan with two periods: the one asked about and, unless told, the one before."""
    plan = replace(plan, change=False, measures=plan.measures[-1:])
    timed = [g for g in plan.groups if g.grain]
    if timed:
        plan = replace(plan, groups=tuple(g for g in plan.groups if not g.grain))
    if plan.versus and plan.window:
        return plan, []
    told: list[str] = []
    window = plan.window
    if window is None or window.start is None:
        at = timed[0].field if timed else dates.choose(plan.measures[-1].table, lexicon)
        if at is None:
            raise NotGrounded("There is no date in this data to compare two periods by.")
        last = periods.unit_around("month", today, -1, "last month")
        window = Window(at, last.start, last.end, last.phrase, last.unit)
        told.append("I compared the last whole month with the one before.")
    period = periods.Period(window.start, window.end or today, window.phrase, window.unit)
    earlier = periods.previous(period)
    whole = period
    period, earlier = periods.beside(period, earlier, today)
    if period != whole:
        told.append("The running period is compared with as many days before.")
    now = Window(window.field, period.start, period.end, period.phrase, period.unit)
    rest: tuple[Condition, ...] = tuple(c for c in plan.conditions if not isinstance(c, Window))
    versus = Window(window.field, earlier.start, earlier.end, earlier.phrase, earlier.unit)
    return replace(plan, conditions=(*rest, now), versus=versus), told
