"""The chart of an alert's past values, for the screen and as a picture in messages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import pyarrow as pa
import sqlalchemy as sa

from core import charts
from core.alerts.backtest import DayValue
from core.alerts.history import Run
from core.alerts.rules import Rule
from core.datamind import DataMind
from core.export import pictures
from core.store.tables import AlertEvent, AlertRun
from core.types import ChartSpec, QueryResult

MOST_SHOWN: Final = 120
LIMIT: Final = "#D55E00"
"""Vermilion of the colour-blind-safe palette."""


def of_event(dm: DataMind, event_id: UUID) -> bytes | None:
    """A PNG of what the event's series did lately; None where there is too little to draw."""
    with dm.sessions.read() as db:
        event = db.get(AlertEvent, event_id)
        if event is None:
            return None
        newest = (
            sa.select(AlertRun.slot, AlertRun.value, AlertRun.threshold)
            .where(AlertRun.alert_id == event.alert_id, AlertRun.group_name == event.group_name)
            .order_by(AlertRun.slot.desc())
            .limit(MOST_SHOWN)
        )
        rows = [(slot, value) for slot, value, _ in db.execute(newest) if value is not None]
    if len(rows) < 2:
        return None
    table = pa.table({"checked": [r[0] for r in rows[::-1]], "value": [r[1] for r in rows[::-1]]})
    spec = ChartSpec(kind="line", x="checked", y=("value",), title="")
    return pictures.picture(spec, QueryResult(table), width=560, height=220)


def figure(runs: Sequence[Run], rule: Rule, zone: ZoneInfo, *, dark: bool) -> Any:
    """A Plotly figure of runs with the rule's limits; None for fewer than two values."""
    points = [(run.slot, run.value) for run in reversed(runs) if run.value is not None]
    drawn = _line(points, rule, zone, dark=dark)
    if drawn is None:
        return None
    bad = [run for run in runs if run.level == "bad" and run.value is not None]
    return drawn.add_scatter(
        x=[run.slot.astimezone(zone).replace(tzinfo=None) for run in bad],
        y=[run.value for run in bad],
        mode="markers",
        marker={"color": LIMIT, "size": 8},
        name="bad",
        showlegend=False,
    )


def past(found: Sequence[DayValue], rule: Rule, zone: ZoneInfo, *, dark: bool) -> Any:
    """A Plotly figure of the figure as of each day; None for fewer than two values."""
    points = [(day.at, day.value) for day in found if day.value is not None]
    return _line(points, rule, zone, dark=dark)


def _line(
    points: Sequence[tuple[datetime, float]], rule: Rule, zone: ZoneInfo, *, dark: bool
) -> Any:
    if len(points) < 2:
        return None
    table = pa.table(
        {
            "checked": [at.astimezone(zone).replace(tzinfo=None) for at, _ in points],
            "value": pa.array([value for _, value in points], pa.float64()),
        }
    )
    drawn = charts.figure(ChartSpec("line", "checked", ("value",)), QueryResult(table), dark=dark)
    if drawn is None:
        return None
    for limit in limits(rule):
        drawn.add_hline(y=limit, line={"color": LIMIT, "width": 1.5, "dash": "dash"})
    return drawn.update_layout(height=240, margin={"t": 16})


def limits(rule: Rule) -> tuple[float, ...]:
    """The values that a rule draws a line at: none where it goes by changes."""
    if rule.kind in ("above", "below", "stale") and rule.threshold is not None:
        return (rule.threshold,)
    if rule.kind == "outside":
        return tuple(n for n in (rule.low, rule.high) if n is not None)
    return ()
