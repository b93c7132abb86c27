"""Reading chips: what a query assumes, each changed in place on the query's tree.

`chips` tells what can be changed, `edited` makes the change and proves by a new reading that it
is the one that was meant. What cannot be changed with certainty has no chip. Pure: no database
is asked, and the text that comes out is checked by the guard like any other. docs/answers.md
tells the rules.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from core import formats, guard
from core.chips import filters, grouping, limits, measures, times
from core.chips.opened import Opened, cannot
from core.errors import BadInput, UnsafeSql
from core.types import Chip, ChipKind, DatabaseSchema, Reading

__all__ = ["chips", "edited", "filters", "in_words", "times"]

_OFFERED: Final[tuple[Callable[[Opened], Iterator[Chip]], ...]] = (
    measures.offered,
    grouping.offered,
    times.offered,
    filters.offered,
    limits.offered,
)
_CHANGE: Final[dict[ChipKind, Callable[[Opened, Chip, Sequence[Any]], None]]] = {
    "measure": measures.change,
    "group": grouping.change,
    "grain": grouping.change,
    "time": times.change,
    "filter": filters.change,
    "without": filters.change,
    "limit": limits.change,
}

MOST_NAMED: Final = 4
_KINDS: Final[tuple[ChipKind, ...]] = ("measure", "group", "grain", "time", "limit")


def chips(sql: str, schema: DatabaseSchema, today: date) -> tuple[Chip, ...]:
    """What can be changed of a query, in the order people say it. Empty where nothing can."""
    try:
        opened = Opened(sql, schema, today)
    except (BadInput, UnsafeSql):
        return ()
    return tuple(_all(opened))


def edited(sql: str, schema: DatabaseSchema, today: date, key: str, values: Sequence[Any]) -> str:
    """The query with one chip changed: to a first and a last day, the values of a filter, a
    number of rows, or the key of an option. No values take a filter or a limit away.

    Raises BadInput where the change would not surely be the one that is meant, UnsafeSql for a
    query that the guard refuses.
    """
    opened = Opened(sql, schema, today)
    before = _all(opened)
    chip = next((chip for chip in before if chip.key == key), None)
    if chip is None:
        raise cannot()
    if chip.values == tuple(values):
        return sql
    shape = _shape(opened)
    _CHANGE[chip.kind](opened, chip, values)
    made = opened.written()
    after = Opened(made, schema, today)
    if _shape(after) != shape or not _says(chip, tuple(values), before, _all(after)):
        raise cannot()
    return made


def in_words(sql: str, schema: DatabaseSchema, today: date) -> str:
    """How a query reads: its figure, groups, conditions, time and number of rows, in one line.

    Raises UnsafeSql for a query that the guard refuses.
    """
    told = guard.told(guard.check(sql, schema.guarded_as), schema, today)
    said = {kind: [c.label for c in chips(sql, schema, today) if c.kind == kind] for kind in _KINDS}
    figure = said["measure"] or [_shown(told.reading)]
    first = " ".join([*figure, *said["group"], *said["grain"]])
    windows = said["time"] if len(said["time"]) == len(told.windows) else told.windows
    parts = [first[:1].upper() + first[1:], *told.conditions, *windows, *said["limit"]]
    return ", ".join(filter(None, parts))


def _shown(reading: Reading) -> str:
    """What a query shows, by the names of its outputs."""
    names = [formats.shortened(formats.heading(o.name or o.sql).lower(), 40)
             for o in reading.outputs]  # fmt: skip
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def _all(opened: Opened) -> list[Chip]:
    return [chip for offered in _OFFERED for chip in offered(opened)]


def _shape(opened: Opened) -> tuple[Any, ...]:
    """What no chip changes: tables, joins, sets, the number of outputs and orders."""
    reading = opened.reading
    return (
        reading.tables,
        tuple((join.kind, join.table, join.on) for join in reading.joins),
        reading.sets,
        len(reading.outputs),
        [(order.descending, order.output) for order in reading.order],
        reading.distinct,
        reading.offset,
    )


def _says(chip: Chip, wanted: tuple[Any, ...], before: list[Chip], after: list[Chip]) -> bool:
    """Whether a changed query says of this chip what was wanted, and of the others the same."""
    alike = [c for c in after if c.kind == chip.kind]
    if wanted in ((), (None, None)):
        there = chip.key not in {c.key for c in alike}
    elif chip.kind in ("group", "measure"):
        there = any(c.values == wanted for c in alike)
    else:
        there = any(c.key == chip.key and _same(c, wanted) for c in alike)
    now = {c.key: c.values for c in after}
    return there and all(now.get(c.key) == c.values for c in before if c.key != chip.key)


def _same(chip: Chip, wanted: tuple[Any, ...]) -> bool:
    if chip.kind in ("filter", "without"):
        return {str(v) for v in chip.values} == {str(v) for v in wanted}
    return chip.values == wanted
