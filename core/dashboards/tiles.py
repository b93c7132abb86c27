"""Tiles: added from SQL, saved queries and answers, changed, copied, taken away and brought back.

SQL is checked by the guard before it is kept, and again each time it runs.
"""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import answers, audit, charts, conversations, library, moving, query
from core import rights as permitted
from core.dashboards import boards, layout, rights
from core.dashboards.views import TileKind, place_of
from core.datamind import DataMind
from core.errors import BadInput, LimitReached
from core.store.tables import Dashboard, Widget
from core.types import Actor, ChartSpec, Query

MOST_TILES: Final = 60
LONGEST_SQL: Final = 100_000
LONGEST_TEXT: Final = 20_000
INTERVALS: Final = (60, 300, 900, 3600, 21_600, 86_400)
"""Seconds for which the figures of a tile may be kept."""
KEPT_DAYS: Final = 30


@dataclass(frozen=True)
class NewTile:
    """A tile to be added or what one becomes: a query with its chart, or a text.

    Without a chart the result decides. `markdown` makes it a text tile. Dates in the query move
    along with time when `dates_held_on` says on which day they were right (core/moving).
    """

    title: str
    connection_id: UUID | None = None
    sql: str = ""
    chart: ChartSpec | None = None
    markdown: str | None = None
    refresh_seconds: int = 300
    dates_held_on: date | None = None


def add(dm: DataMind, actor: Actor, dashboard_id: UUID, tile: NewTile) -> UUID:
    """Add a tile in the first free place; returns its id.

    Raises BadInput, UnsafeSql, LimitReached, NotFound, NotAllowed for viewers.
    """
    require_text(dm, actor, tile)
    return _add(dm, actor, dashboard_id, tile)


def require_text(dm: DataMind, actor: Actor, tile: NewTile) -> None:
    """Raise NotAllowed where the tile's SQL is the actor's own and he may not write any there."""
    if tile.connection_id is not None and tile.sql.strip():
        permitted.require_text(dm, actor, tile.connection_id, tile.sql)


def _add(dm: DataMind, actor: Actor, dashboard_id: UUID, tile: NewTile) -> UUID:
    with dm.sessions.read() as db:
        rights.to_edit(db, actor, dashboard_id)
    wanted = checked(dm, actor, tile)
    with dm.sessions.write() as db:
        row = rights.to_edit(db, actor, dashboard_id)
        made = _placed(db, row, wanted).id
    audit.record(dm, actor, "dashboard.add_tile", "dashboard", dashboard_id, title=tile.title[:200])
    return made


def add_saved(
    dm: DataMind, actor: Actor, dashboard_id: UUID, saved_id: UUID, *, title: str = ""
) -> UUID:
    """Add a tile from a saved query that the actor may see, under its name or another title."""
    saved = library.saved_query(dm, actor, saved_id)
    if saved.parameters:
        raise BadInput(
            "This saved query asks for values, and a tile asks nobody.",
            "Save it once more with the values in its text.",
        )
    return _add(
        dm,
        actor,
        dashboard_id,
        NewTile(
            title.strip() or saved.name,
            saved.connection_id,
            saved.sql,
            dates_held_on=saved.dates_held_on,
        ),
    )


def pin(
    dm: DataMind, actor: Actor, message_id: UUID, dashboard_id: UUID, *, title: str = ""
) -> UUID:
    """Add one's own answer in chat as a tile, with its chart; returns the tile's id."""
    message = conversations.message(dm, actor, message_id)
    if not message.sql or message.connection_id is None:
        raise BadInput("This message has no figures to pin.", "Pin an answer that shows some.")
    name = title.strip() or answers.title_of(message)
    held_on = message.created_at.astimezone(ZoneInfo(actor.time_zone)).date()
    tile = NewTile(name, message.connection_id, message.sql, message.chart, dates_held_on=held_on)
    return _add(dm, actor, dashboard_id, tile)


def edit(dm: DataMind, actor: Actor, widget_id: UUID, tile: NewTile) -> None:
    """Give a tile another title, query, chart or text; it keeps its place.

    Raises BadInput, UnsafeSql, NotFound, NotAllowed.
    """
    require_text(dm, actor, tile)
    with dm.sessions.read() as db:
        rights.widget_to_edit(db, actor, widget_id)
    wanted = checked(dm, actor, tile)
    with dm.sessions.write() as db:
        row, _ = rights.widget_to_edit(db, actor, widget_id)
        if wanted["query_sql"] == row.query_sql:
            wanted["dates_held_on"] = tile.dates_held_on or row.dates_held_on
        for name, value in wanted.items():
            setattr(row, name, value)
        row.last_error = None
        place = row.dashboard_id
    audit.record(dm, actor, "dashboard.edit_tile", "dashboard", place, tile=str(widget_id))


def duplicate_tile(dm: DataMind, actor: Actor, widget_id: UUID) -> UUID:
    """The same tile once more, in the first free place."""
    with dm.sessions.write() as db:
        row, board = rights.widget_to_edit(db, actor, widget_id)
        copy = boards.copied(row, board.id)
        same = {name: getattr(copy, name) for name in _KEPT}
        was = place_of(row.position)
        made = _placed(db, board, same, (was.w, was.h)).id
        place = board.id
    audit.record(dm, actor, "dashboard.add_tile", "dashboard", place, of=str(widget_id))
    return made


def remove(dm: DataMind, actor: Actor, widget_id: UUID) -> None:
    """Take a tile away. `restore` brings it back, for thirty days."""
    now = dm.clock.now()
    with dm.sessions.write() as db:
        row, board = rights.widget_to_edit(db, actor, widget_id)
        row.removed_at = row.removed_at or now
        board.version += 1
        place = board.id
        db.execute(
            sa.delete(Widget).where(
                Widget.dashboard_id == place, Widget.removed_at < now - timedelta(days=KEPT_DAYS)
            )
        )
    audit.record(dm, actor, "dashboard.remove_tile", "dashboard", place, tile=str(widget_id))


def restore(dm: DataMind, actor: Actor, widget_id: UUID) -> None:
    """Bring a removed tile back to its place, or to the first free one below."""
    with dm.sessions.write() as db:
        row, board = rights.widget_to_edit(db, actor, widget_id)
        if row.removed_at is None:
            return
        there = layout.places(rights.widgets(db, board.id))
        row.removed_at = None
        *_, place = layout.spread([*there, *layout.places([row])])
        row.position = asdict(place)
        board.version += 1
        dashboard_id = board.id
    audit.record(dm, actor, "dashboard.restore_tile", "dashboard", dashboard_id)


def kind_of(chart: ChartSpec | None) -> TileKind:
    """The kind of a tile with this chart; one without is drawn as its result wants."""
    if chart is None or chart.kind not in ("table", "kpi"):
        return "chart"
    return "table" if chart.kind == "table" else "kpi"


_KEPT: Final = (
    "connection_id", "title", "widget_type", "query_sql", "chart_config",
    "refresh_interval_seconds",
)  # fmt: skip


def _placed(
    db: Session,
    board: Dashboard,
    wanted: dict[str, Any],
    size: tuple[int, int] | None = None,
) -> Widget:
    """A new widget's row in the first free place of a dashboard."""
    there = rights.widgets(db, board.id)
    if len(there) >= MOST_TILES:
        raise LimitReached(
            f"A dashboard holds at most {MOST_TILES} tiles.", "Begin another dashboard."
        )
    place = layout.room(wanted["widget_type"], layout.places(there), size)
    row = Widget(dashboard_id=board.id, position=asdict(place), **wanted)
    db.add(row)
    board.version += 1
    db.flush()
    return row


def checked(dm: DataMind, actor: Actor, tile: NewTile) -> dict[str, Any]:
    """The columns of a widget's row. Raises BadInput, UnsafeSql, NotFound."""
    if tile.markdown is not None:
        return _checked_text(tile)
    title = boards.checked_title(tile.title)
    if tile.refresh_seconds not in INTERVALS:
        raise BadInput("That is no interval to refresh after.", "Choose one from the list.")
    if tile.connection_id is None:
        raise BadInput("A tile needs a connection.", "Choose the connection its query runs on.")
    if not 1 <= len(tile.sql.strip()) <= LONGEST_SQL:
        raise BadInput(f"A query has 1 to {LONGEST_SQL:,} characters.", "Write the query.")
    query.check(dm, actor, Query(tile.connection_id, tile.sql, purpose="widget"))
    return {
        "connection_id": tile.connection_id,
        "title": title,
        "widget_type": kind_of(tile.chart),
        "query_sql": tile.sql.strip(),
        "dates_held_on": tile.dates_held_on if moving.dates(tile.sql) else None,
        "chart_config": charts.to_json(tile.chart) or {},
        "refresh_interval_seconds": tile.refresh_seconds,
    }


def _checked_text(tile: NewTile) -> dict[str, Any]:
    text = (tile.markdown or "").strip()
    if not 1 <= len(text) <= LONGEST_TEXT:
        raise BadInput(f"A text has 1 to {LONGEST_TEXT:,} characters.", "Write something.")
    title = " ".join(tile.title.split())
    if len(title) > boards.LONGEST_TITLE:
        raise BadInput(f"A title has at most {boards.LONGEST_TITLE} characters.", "Shorten it.")
    return {
        "connection_id": None,
        "title": title,
        "widget_type": "text",
        "query_sql": None,
        "dates_held_on": None,
        "chart_config": {"markdown": text},
        "refresh_interval_seconds": 300,
    }
