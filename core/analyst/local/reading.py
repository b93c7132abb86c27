"""A plan read back in plain words, with its dates, so that a person can check it."""

from collections.abc import Sequence
from datetime import date

from core.analyst.local import periods, words
from core.analyst.local.lexicon import Lexicon, spoken
from core.analyst.local.plan import (
    Compare,
    Condition,
    Days,
    Either,
    Having,
    Measure,
    Plan,
    Related,
    Window,
    Within,
)
from core.analyst.local.roles import Role

_FUNCTIONS = {"sum": "Sum of", "avg": "Average", "min": "Lowest", "max": "Highest"}
_SIGNS = {"=": "", "!=": "not ", ">": "over ", ">=": "at least ", "<": "under ", "<=": "at most ",
          "contains": "containing ", "starts": "starting with ", "ends": "ending with ",
          "in": "", "not in": "not "}  # fmt: skip


def of(plan: Plan, lexicon: Lexicon) -> str:
    """One line: Sum of revenue by product, top 10, Jul 1 – Sep 30, 2026."""
    parts = [_head(plan)]
    parts += [_told(c, lexicon) for c in plan.conditions if not _understood(c, plan)]
    parts += [_having(h) for h in plan.having]
    if plan.limit and plan.order and not plan.movers:
        parts.append(_ranking(plan))
    if plan.then:
        how, other = plan.then
        kept = {"intersect": "and also", "except": "but not", "union": "or"}[how]
        last = other.conditions[-1] if other.conditions else None
        parts.append(f"{kept} {_condition(last)}" if last else kept)
    window = plan.window
    if window:
        parts.append(periods.in_words(window.start, window.end))
    if plan.versus:
        parts.append(f"compared with {periods.in_words(plan.versus.start, plan.versus.end)}")
    if plan.change:
        parts.append(f"with the change from {plan.grain} to {plan.grain}")
    if plan.share:
        parts.append("with the share of the total")
    return ", ".join(p for p in [*parts, *_framed(plan)] if p)


def _framed(plan: Plan) -> list[str]:
    """What is done with the figure, told last."""
    falling = bool(plan.order and not plan.order[0].descending)
    parts = []
    if plan.running:
        parts.append("added up over time")
    if plan.ranked:
        parts.append("ranked")
    if plan.per_group:
        which = "lowest" if falling else "highest"
        each = plan.groups[0].label.replace("_", " ")
        number = f"the {plan.per_group} {which}" if plan.per_group > 1 else f"the {which}"
        parts.append(f"{number} of each {each}")
    if plan.movers in ("up", "down"):
        parts.append("only what rose" if plan.movers == "up" else "only what fell")
    elif plan.movers:
        moved = ("fall" if falling else "rise") + ("" if plan.limit == 1 else "s")
        parts.append(f"the largest {moved} first")
    if plan.drivers:
        splits = _series([d.label.replace("_", " ") for d in plan.drivers])
        parts.append(f"split by {splits}: what changed most")
    return parts


def _understood(condition: Condition, plan: Plan) -> bool:
    """A window is told last; that dates are set goes without saying where they are used."""
    used = {g.field for g in plan.groups if g.grain}
    used |= {f for m in plan.measures if isinstance(m.amount, Days) for f in m.amount.fields}
    if isinstance(condition, Compare) and condition.operator == "filled":
        return condition.field in used
    return isinstance(condition, Window)


def title(plan: Plan) -> str:
    """A short heading for the chart: Revenue by product."""
    if plan.drivers:
        return f"Change of {_measure(plan.measures[-1]).removeprefix('Sum of ').lower()}"
    return _head(plan).removeprefix("Sum of ").removeprefix("Number of ").capitalize()


def gaps(plan: Plan, lexicon: Lexicon) -> list[str]:
    """What to say where rows that lack a text count among those that do not have it."""
    return [
        f"Rows without {' '.join(spoken(c.field.column))} count too."
        for c in plan.conditions
        if isinstance(c, Compare) and c.operator == "!=" and lexicon.has_gaps(c.field)
    ]


def running(plan: Plan, today: date) -> str | None:
    """A warning when the last period is not over yet."""
    window = plan.window
    grain = plan.grain if plan.grain in ("week", "month", "quarter", "year") else None
    last = window.end if window and window.end else (today if window or grain else None)
    if last is None or last < today:
        return None
    unit = grain or (window.unit if window else None)
    if unit not in ("week", "month", "quarter", "year"):
        return None
    start, end = periods.whole(unit, today)
    if end <= today:
        return None
    named = {
        "week": f"The week of {periods.day_in_words(start)}",
        "month": f"{today:%b} {today.year}",
        "quarter": f"Q{(today.month + 2) // 3} {today.year}",
        "year": f"{today.year}",
    }[unit]
    return f"{named} is not over yet."


def _head(plan: Plan) -> str:
    dimensions = [g.grain or g.label.replace("_", " ") for g in plan.groups]
    if plan.everything:
        return f"All columns of {_table(plan.base)}"
    if not plan.measures:
        unique = "Different " if plan.distinct else "List of "
        return (
            unique
            + _series(dimensions)
            + ("" if _table(plan.base) in dimensions else f" from {_table(plan.base)}")
        )
    figures = _series([_measure(m) for m in plan.measures])
    average = "Average of " + figures.lower() if plan.average else figures
    return f"{average} by {_series(dimensions)}" if dimensions else average


def _measure(measure: Measure) -> str:
    label = measure.label.replace("_", " ")
    if measure.per or measure.only or label.endswith(" percent"):
        return label.capitalize()
    if measure.function == "count":
        return f"Number of {label if label != 'count' else _table(measure.table)}"
    if measure.function == "count_distinct":
        return f"Number of {label}"
    for prefix in ("total ", "average ", "minimum ", "maximum ", "sum ", "avg ", "min ", "max "):
        label = label.removeprefix(prefix)
    return f"{_FUNCTIONS[measure.function]} {label}"


def _ranking(plan: Plan) -> str:
    first = plan.order[0]
    if plan.limit == 1:
        by = first.measure.label if first.measure else first.field.column if first.field else ""
        return ("the highest" if first.descending else "the lowest") + (
            f" {by.replace('_', ' ').lower()}" if by else ""
        )
    return f"{'top' if first.descending else 'bottom'} {plan.limit}"


def _told(condition: Condition, lexicon: Lexicon) -> str:
    """A condition in words; of a yes or no only its name: cancelled, not cancelled."""
    if (
        isinstance(condition, Compare)
        and condition.operator in ("=", "!=")
        and condition.values in ((0.0,), (1.0,))
        and lexicon.role(condition.field) is Role.FLAG
    ):
        so = (condition.operator == "=") is (condition.values == (1.0,))
        return ("" if so else "not ") + " ".join(spoken(condition.field.column))
    return _condition(condition)


def _condition(condition: Condition) -> str:
    if isinstance(condition, Either):
        return " or ".join(_condition(c) for c in condition.options)
    if isinstance(condition, Related):
        word = "without" if condition.negated else "with"
        if condition.number:
            operator, number = condition.number
            sign = _SIGNS[operator] or "exactly "
            return f"{word} {sign}{number:,.0f} {_table(condition.inner.table)}"
        return f"{word} {_table(condition.inner.table)}" + _which(condition.where)
    if isinstance(condition, Window):
        return periods.in_words(condition.start, condition.end)
    return _within(condition) if isinstance(condition, Within) else _compare(condition)


def _which(conditions: Sequence[Condition]) -> str:
    told = ", ".join(filter(None, map(_condition, conditions)))
    return f" ({told})" if told else ""


def _within(condition: Within) -> str:
    named = " ".join(spoken(condition.field.column))
    plan = condition.plan
    shown = {g.field for g in plan.groups}  # that a key is there goes without saying
    kept = [c for c in plan.conditions if c not in {Compare(at, "filled") for at in shown}]
    parts = [_condition(c) for c in kept] + [_having(h) for h in plan.having]
    if plan.limit and plan.order:
        parts.append(_ranking(plan))
    inner = ", ".join(p for p in parts if p)
    if plan.measures:
        whole = {"avg": "the average", "max": "the highest", "min": "the lowest"}
        figure = whole.get(plan.measures[0].function, _measure(plan.measures[0]).lower())
        return f"{named} {_SIGNS[condition.operator]}{figure}" + (f" ({inner})" if inner else "")
    if condition.operator in ("in", "not in", "=", "!="):
        word = "without" if condition.operator in ("not in", "!=") else "with"
        return f"{word} {_table(plan.base)}" + (f" ({inner})" if inner else "")
    return f"{named} {_SIGNS[condition.operator]}that of {_table(plan.base)} ({inner})"


def _compare(condition: Compare) -> str:
    named = " ".join(spoken(condition.field.column))
    if condition.operator in ("empty", "filled"):
        return f"{named} is {'empty' if condition.operator == 'empty' else 'set'}"
    if condition.aggregate:
        whole = {"avg": "the average", "max": "the highest", "min": "the lowest"}
        return f"{named} {_SIGNS[condition.operator]}{whole.get(condition.aggregate, '')}"
    if condition.other:
        sign = _SIGNS[condition.operator] or "the same as "
        return f"{named} {sign}{' '.join(spoken(condition.other.column))}"
    said = [_value(v, named) for v in condition.values]
    if condition.operator == "between":
        return f"{named} between {said[0]} and {said[1]}"
    return f"{named} {_SIGNS[condition.operator]}{' or '.join(said)}"


def _having(having: Having) -> str:
    said = " and ".join(_value(v, "") for v in having.values)
    if having.against:
        said = _measure(having.against.measures[0]).lower()
    label = having.measure.label.replace("_", " ")
    sign = "between " if having.operator == "between" else _SIGNS[having.operator] or "exactly "
    return f"{sign}{said} {label}".strip()


def _value(value: str | float, named: str) -> str:
    if isinstance(value, str):
        return value
    if "year" in named or value != int(value):
        return f"{value:g}" if value != int(value) else str(int(value))
    return f"{int(value):,}"


def _series(parts: list[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _table(name: str) -> str:
    return words.several(" ".join(spoken(name)))
