"""A single figure read out of a result, with its change where the result has one."""

from dataclasses import dataclass

from core import columns, formats
from core.columns import Column
from core.types import ChartSpec, QueryResult

_BEFORE = {"previous", "prior", "prev", "before", "last", "earlier"}
_CHANGE = {"change", "growth", "delta"}


@dataclass(frozen=True)
class Kpi:
    """A figure as the screen writes it; `delta_text` begins with + or -."""

    label: str
    value_text: str
    delta_text: str | None = None


def kpi(spec: ChartSpec, result: QueryResult) -> Kpi:
    """The figure of the first row; a dash where there is none. Never raises.

    The change comes from a second column that holds the figure before, or the change itself.
    """
    found = columns.read(result.table)
    measures = [c for c in found if c.role == "measure"]
    named = [c for c in measures if c.name in spec.y] or measures[:1]
    if not named or not result.row_count:
        return Kpi(spec.title or "No figure", formats.NOTHING)
    main = named[0]
    about = [c.labels[0] for c in found if c.role != "measure" and not c.identifier and c.values[0]]
    label = formats.shortened(" · ".join([spec.title or formats.heading(main.name), *about]), 80)
    value = main.values[0]
    others = [c for c in measures if c is not main]
    return Kpi(label, formats.number(value, main.unit), _delta(main, others))


def compares(first: Column, second: Column) -> bool:
    """Whether the second column holds what the first was before, or its change."""
    said = set(columns.words(second.name)) - set(columns.words(first.name))
    return bool(said & _BEFORE) or (bool(said & _CHANGE) and bool(second.unit))


def _delta(main: Column, others: list[Column]) -> str | None:
    other = next((c for c in others if compares(main, c)), None)
    if other is None:
        return None
    now, then = main.numbers[0], other.numbers[0]
    if now is None or then is None:
        return None
    if set(columns.words(other.name)) & _CHANGE:
        text = formats.number(then, other.unit)
        return text if then < 0 else f"+{text}"
    return formats.change(now, then)
