"""A click on a chart: which rows the point stands for, as restrictions for the other tiles."""

import html
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from core import columns, formats, guard, query, schema
from core.columns import Column
from core.dashboards import rights
from core.dashboards.restricting import Restriction
from core.dashboards.views import Shown, tile_of
from core.datamind import DataMind
from core.types import Actor, Output, Query

LONGEST_PLACE: Final = 160
"""Characters of a point's name that a chart tells."""
_MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}
_DAYS: Final = {"day": 1, "week": 7}


def clicked(
    dm: DataMind, actor: Actor, widget_id: UUID, shown: Shown, place: str, series: str = ""
) -> tuple[Restriction, ...]:
    """What a click on a point of a tile asks of the others; empty where that is not certain.

    `place` is what the point stands over and `series` the name of its colour, as the chart
    tells them. Only columns as they are, and times cut to a period, can be asked for.
    Raises NotFound, UnsafeSql.
    """
    with dm.sessions.read() as db:
        tile = tile_of(rights.widget(db, actor, widget_id))
    if tile.connection_id is None:
        return ()
    known = schema.read(dm, actor, tile.connection_id)
    safe = query.check(dm, actor, Query(tile.connection_id, tile.sql), known=known)
    outputs = {output.name: output for output in guard.reading(safe, known).outputs}
    found = {column.name: column for column in columns.read(shown.result.table)}
    asked = []
    for name, label in ((shown.chart.x, place), (shown.chart.color, series)):
        if name in found and name in outputs and label:
            asked.append(_asked(outputs[name], found[name], html.unescape(label)))
    return tuple(one for one in asked if one is not None)


def _asked(output: Output, column: Column, label: str) -> Restriction | None:
    if len(output.columns) != 1 or output.unresolved:
        return None
    value = _value(column, label)
    name = output.columns[0]
    if value is None:
        return None
    if output.grain is not None or column.role == "time":
        days = _days(output.grain or "day", value)
        return Restriction(name, "date", (name,), days) if days else None
    if output.kind != "column":
        return None
    return Restriction(name, "list", (name,), (str(value),))


def _value(column: Column, label: str) -> Any:
    """The value that alone reads like this; None for none, several, or a missing one."""
    alike = {
        key: value
        for key, value, told in zip(column.keys, _values(column), column.labels, strict=True)
        if formats.shortened(told, LONGEST_PLACE) == label
    }
    return next(iter(alike.values())) if len(alike) == 1 else None


def _values(column: Column) -> Iterable[Any]:
    times = column.times if column.role == "time" else None
    return times if times is not None else column.values


def _days(grain: str, value: Any) -> tuple[str, str] | None:
    """The first and the last day of the period that begins then."""
    first = value.date() if isinstance(value, datetime) else value
    if not isinstance(first, date):
        return None
    if grain in _MONTHS:
        after = first.year * 12 + first.month - 1 + _MONTHS[grain]
        last = date(after // 12, after % 12 + 1, 1) - timedelta(days=1)
    elif grain in _DAYS:
        last = first + timedelta(days=_DAYS[grain] - 1)
    else:
        return None
    return first.isoformat(), last.isoformat()
