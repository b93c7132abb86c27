"""What a tile shows now: its query run again, guarded again, with the chart that fits."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from core import charts, query, schema
from core.dashboards import restricting, rights, tiles
from core.dashboards.restricting import Restriction
from core.dashboards.tiles import NewTile
from core.dashboards.views import Place, Shown, Tile, tile_of
from core.datamind import DataMind
from core.errors import BadInput, DataMindError
from core.security import access
from core.store.tables import Widget
from core.types import Actor, ChartSpec, Query, QueryResult


def run(
    dm: DataMind,
    actor: Actor,
    widget_id: UUID,
    *,
    since: datetime | None = None,
    asked: Sequence[Restriction] = (),
) -> Shown:
    """The figures of a tile that the actor sees, and their chart.

    Figures younger than the tile's interval may come from the cache, unless they were looked
    up before `since`. `asked` restricts the tiles that have the columns: `heeded` tells.
    Raises NotFound, BadInput for a text or a tile whose connection is gone, and whatever
    `query.run` raises; what went wrong is kept with the tile.
    """
    with dm.sessions.read() as db:
        tile = tile_of(rights.widget(db, actor, widget_id))
    try:
        shown = _looked_up(dm, actor, tile, since, asked)
    except DataMindError as problem:
        if not asked:
            _keep(dm, tile, problem.message, None)
        raise
    news = not shown.result.cached or tile.last_error or tile.last_refreshed_at is None
    if news and not asked:
        _keep(dm, tile, "", shown.at)
    return shown


def preview(dm: DataMind, actor: Actor, tile: NewTile) -> Shown:
    """What a tile would show that is not kept yet. Raises as `run` does, NotAllowed for viewers."""
    access.require(actor, "analyst", "change dashboards")
    tiles.require_text(dm, actor, tile)
    made = Tile(
        id=UUID(int=0),
        kind=tiles.kind_of(tile.chart),
        title=tile.title,
        place=Place(0, 0, 6, 6),
        connection_id=tile.connection_id,
        sql=tile.sql,
        chart=tile.chart,
        refresh_seconds=tile.refresh_seconds,
        dates_held_on=tile.dates_held_on,
    )
    return _looked_up(dm, actor, made)


def charted(tile: Tile, result: QueryResult) -> ChartSpec:
    """The tile's own chart, corrected until it fits the result; by rules where it has none."""
    if tile.kind == "table":
        return ChartSpec("table", title=tile.title)
    if tile.chart is None:
        return charts.recommend(result, tile.title)
    return charts.fit(replace(tile.chart, title=tile.title), result)


def _looked_up(
    dm: DataMind,
    actor: Actor,
    tile: Tile,
    since: datetime | None = None,
    asked: Sequence[Restriction] = (),
) -> Shown:
    if tile.kind == "text":
        raise BadInput("This tile is a text.", "Choose one that shows figures.")
    if tile.connection_id is None:
        raise BadInput(
            "The connection of this tile has been deleted.",
            "Edit the tile and choose another connection, or remove it.",
        )
    known = schema.read(dm, actor, tile.connection_id)
    sql = tile.sql_on(dm.clock.today(actor.time_zone))
    bound = restricting.restricted(sql, known, asked)
    wanted = Query(tile.connection_id, bound.sql, bound.params, purpose="widget")
    result = query.run(dm, actor, wanted, known=known, max_age=tile.refresh_seconds, since=since)
    told = f"{bound.sql}\x00{sorted(bound.params.items())!r}"
    return Shown(
        result,
        charted(tile, result),
        result.at or dm.clock.now(),
        bound.heeded,
        hashlib.sha256(told.encode()).hexdigest(),
    )


def _keep(dm: DataMind, tile: Tile, error: str, at: datetime | None) -> None:
    """Remember when the figures were looked up, or why they could not be."""
    if error == tile.last_error and at is None:
        return
    with dm.sessions.write() as db:
        row = db.get(Widget, tile.id)
        if row is not None:
            row.last_error = error or None
            row.last_refreshed_at = at or row.last_refreshed_at
