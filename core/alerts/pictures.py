"""The chart of an alert's past values, for the screen and as a picture in messages."""

from collections.abc import Sequence
from uuid import UUID

import pyarrow as pa
import sqlalchemy as sa

from core.alerts.history import Run
from core.datamind import DataMind
from core.export import pictures
from core.store.tables import AlertEvent, AlertRun
from core.types import ChartSpec, QueryResult

MOST_SHOWN = 120


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


def points(runs: Sequence[Run]) -> QueryResult:
    """Runs as a result that a chart can draw, the oldest first."""
    known = [run for run in reversed(runs) if run.value is not None]
    return QueryResult(
        pa.table(
            {
                "checked": pa.array([run.slot for run in known], pa.timestamp("us", "UTC")),
                "value": pa.array([run.value for run in known], pa.float64()),
            }
        )
    )
