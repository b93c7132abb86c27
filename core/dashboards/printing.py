"""A dashboard to take along: every tile with its figures of now, as one PDF in its layout."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID
from zoneinfo import ZoneInfo

from core import answers, audit, export
from core.answers import Download
from core.dashboards import boards, restricting, running
from core.dashboards.restricting import Restriction
from core.dashboards.views import Tile
from core.datamind import DataMind
from core.errors import DataMindError
from core.export.board import BoardSheet, Panel
from core.types import Actor


def pdf(
    dm: DataMind,
    actor: Actor,
    dashboard_id: UUID,
    *,
    since: datetime | None = None,
    asked: Sequence[Restriction] = (),
) -> Download:
    """The dashboard as the actor sees it, on pages that lie. Raises NotFound.

    Figures come from the cache as on the screen, unless they were looked up before `since`, and
    under the same filters and clicks (`asked`). A tile that fails says why in its place.
    """
    board = boards.dashboard(dm, actor, dashboard_id)
    zone = ZoneInfo(actor.time_zone)
    shown = [_panel(dm, actor, tile, since, asked) for tile in board.tiles]
    oldest = min((at for _, at in shown if at is not None), default=None)
    said = [board.description] if board.description else []
    if oldest is not None:
        said.append(f"Figures of {oldest.astimezone(zone):%Y-%m-%d %H:%M %Z} or later.")
    said += [restricting.told(one) for one in asked]
    sheet = BoardSheet(
        title=board.title,
        made_at=dm.clock.now().astimezone(zone),
        panels=tuple(panel for panel, _ in shown),
        said=tuple(said),
        paper=export.paper_of(actor.locale),
    )
    content = _written(sheet)
    audit.record(dm, actor, "export.dashboard", "dashboard", dashboard_id, tiles=len(shown))
    return Download(answers.file_name(board.title, "pdf"), export.FORMATS["pdf"].mime, content)


def _written(sheet: BoardSheet) -> bytes:
    from core.export.pdf import board as paper

    with TemporaryDirectory() as folder:
        path = Path(folder) / "dashboard.pdf"
        paper.write(sheet, path)
        return path.read_bytes()


def _panel(
    dm: DataMind,
    actor: Actor,
    tile: Tile,
    since: datetime | None,
    asked: Sequence[Restriction],
) -> tuple[Panel, datetime | None]:
    place = (tile.place.x, tile.place.y, tile.place.w, tile.place.h)
    if tile.kind == "text":
        return Panel(tile.title, *place, text=tile.text), None
    try:
        shown = running.run(dm, actor, tile.id, since=since, asked=asked)
    except DataMindError as problem:
        return Panel(tile.title, *place, problem=problem.message), None
    return Panel(tile.title, *place, shown.chart, shown.result), shown.at
