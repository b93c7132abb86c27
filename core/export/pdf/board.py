"""A dashboard as a PDF: every tile where it stands on the screen, as vectors."""

import re
from datetime import date
from pathlib import Path

import pyarrow as pa

from core import columns, formats
from core.export import board, fonts, plot
from core.export.board import COLUMNS, BoardSheet, Panel
from core.export.drawing import Anchor
from core.export.pdf.paper import BRAND, HAIR, INK, QUIET, ZEBRA, Paper, one_line
from core.export.pdf.table import texts
from core.types import ChartSpec

GAP = 9.0
ROW = 38.0
"""A row of the grid on paper; less where the whole dashboard then fits on one page."""
SMALLEST_ROW = 27.0
TITLE, BODY, LINE = 9.5, 8.0, 11.5
PAD = 9.0
MOST_COLUMNS = 12

_MARKS = re.compile(r"[*_`]{1,3}|^\s{0,3}>\s?|!?\[([^\]]*)\]\([^)]*\)")
_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+")
_BULLET = re.compile(r"^\s*[-*+]\s+")


def write(sheet: BoardSheet, path: Path) -> None:
    """A4 or Letter, lying; as many pages as its rows need. Letters of any script; no browser."""
    paper = Paper(sheet.title or "Dashboard", sheet.made_at, size=sheet.paper)
    paper.turn(landscape=True)
    _head(paper, sheet)
    below = paper.bottom - paper.y
    high = max((p.y + p.h for p in sheet.panels), default=0)
    row = min(ROW, max(SMALLEST_ROW, below / high)) if high and below / high < ROW else ROW
    if high and high * SMALLEST_ROW > below:
        row = ROW
    fitting, whole = int(below / row + 1e-6), int((paper.bottom - 40) / row)
    today = sheet.made_at.date()
    for number, page in enumerate(board.pages(sheet.panels, whole, fitting)):
        if number:
            paper.turn()
        top = paper.y
        for panel in page:
            _panel(paper, panel, top, row, today)
    made = f"{formats.day(sheet.made_at)} {sheet.made_at:%H:%M %Z}".strip()
    paper.foot(f"{one_line(sheet.title)} · {made} · DataMind")
    paper.save(path)


def _head(paper: Paper, sheet: BoardSheet) -> None:
    paper.block(paper.left, paper.y, 28, 3, BRAND)
    paper.y += 6
    paper.paragraph(sheet.title or "Dashboard", 16, INK, bold=True, most=2)
    for line in sheet.said:
        paper.paragraph(line, 8.5, QUIET, most=3)
    paper.y += 8


def _panel(paper: Paper, panel: Panel, top: float, row: float, today: date) -> None:
    step = (paper.room + GAP) / COLUMNS
    left, wide = paper.left + panel.x * step, panel.w * step - GAP
    up, high = top + panel.y * row, panel.h * row - GAP
    _frame(paper, left, up, wide, high)
    inner = (left + PAD, up + PAD, wide - 2 * PAD, high - 2 * PAD)
    if panel.text and panel.result is None and not panel.problem:
        _text(paper, panel, inner)
        return
    spec = panel.chart
    if panel.result is not None and spec is not None and spec.kind == "kpi" and not panel.problem:
        _chart(paper, panel, spec, inner, today)
        return
    x, y, width, height = inner
    if panel.title:
        said = fonts.cut(one_line(panel.title), TITLE, width, bold=True)
        paper.words(x, y + TITLE, said, TITLE, INK, bold=True)
        y, height = y + TITLE + 7, height - TITLE - 7
    _body(paper, panel, (x, y, width, height))


def _body(paper: Paper, panel: Panel, box: tuple[float, float, float, float]) -> None:
    if panel.problem or panel.result is None:
        _lines(paper, panel.problem or "There are no figures.", box, QUIET)
    elif not panel.result.row_count:
        _lines(paper, "There are no rows.", box, QUIET)
    elif panel.chart is None or not _chart(paper, panel, panel.chart, box):
        _table(paper, panel.result.table, box)


def _frame(paper: Paper, x: float, y: float, wide: float, high: float) -> None:
    for at_x, at_y, w, h in ((x, y, wide, 0.6), (x, y + high, wide, 0.6), (x, y, 0.6, high),
                             (x + wide, y, 0.6, high + 0.6)):  # fmt: skip
        paper.block(at_x, at_y, w, h, HAIR)


def _chart(
    paper: Paper,
    panel: Panel,
    spec: ChartSpec,
    box: tuple[float, float, float, float],
    today: date | None = None,
) -> bool:
    x, y, width, height = box
    assert panel.result is not None
    if width < 40 or height < 30:
        return False
    made = plot.drawing(spec, panel.result, width=width, height=height, title=False, today=today)
    if made is None:
        return False
    paper.picture(made, x, y)
    return True


def _lines(
    paper: Paper, text: str, box: tuple[float, float, float, float], color: str = INK
) -> None:
    x, y, width, height = box
    for line in fonts.wrapped(text, BODY + 1, width, most=max(1, int(height / LINE))):
        y += LINE
        paper.words(x, y, line, BODY + 1, color)


def _text(paper: Paper, panel: Panel, box: tuple[float, float, float, float]) -> None:
    """Markdown as plain words: headings bold, lists with dots; what has no room is left out."""
    x, y, width, height = box
    bottom = y + height
    if panel.title:
        y += TITLE + 2
        said = fonts.cut(one_line(panel.title), TITLE, width, bold=True)
        paper.words(x, y, said, TITLE, INK, bold=True)
    for given in panel.text.splitlines():
        heading = _HEADING.match(given)
        size = {1: 14.0, 2: 12.0}.get(len(heading[1]), 10.0) if heading else BODY + 1
        plain = _HEADING.sub("", given)
        plain = _BULLET.sub("• ", plain)
        plain = _MARKS.sub(lambda mark: mark[1] or "", plain).strip()
        if not plain:
            y += 4
            continue
        for line in fonts.wrapped(plain, size, width, bold=bool(heading), most=20):
            y += size * 1.4
            if y > bottom:
                return
            anchor: Anchor = "end" if fonts.from_right(line) else "start"
            at = x + width if anchor == "end" else x
            paper.words(at, y, line, size, INK, bold=bool(heading), anchor=anchor)


def _table(paper: Paper, table: pa.Table, box: tuple[float, float, float, float]) -> None:
    """As many rows and columns as the tile has room for; below them how many there are."""
    x, y, width, height = box
    most = max(0, int(height / LINE) - 2)
    shown = columns.read(table.slice(0, most).select(range(min(table.num_columns, MOST_COLUMNS))))
    given = [texts(column) for column in shown]
    names = [formats.heading(one_line(column.name)) for column in shown]
    wide = [min(150.0, max(fonts.width(t[:60], BODY) for t in (name, *found)) + 10)
            for name, found in zip(names, given, strict=True)]  # fmt: skip
    while len(wide) > 1 and sum(wide) > width * 1.35:
        wide.pop()
    scale = min(1.6, width / sum(wide)) if wide else 1.0
    for line in range(-1, most if shown and most else -1):
        if line >= table.num_rows:
            break
        y += LINE
        if line % 2 == 0:
            paper.block(x, y - LINE + 2.5, width, LINE, ZEBRA)
        at = x
        for index, one in enumerate(wide):
            said = names[index] if line < 0 else given[index][line]
            room = one * scale - 6
            text = fonts.cut(said, BODY, room, bold=line < 0)
            right = shown[index].numeric
            paper.words(
                at + (room + 3 if right else 3), y, text, BODY, QUIET if line < 0 else INK,
                bold=line < 0, anchor="end" if right else "start",
            )  # fmt: skip
            at += one * scale
    rows = min(most, table.num_rows)
    if rows < table.num_rows or len(wide) < table.num_columns:
        said = f"{rows:,} of {table.num_rows:,} rows"
        if len(wide) < table.num_columns:
            said += f", {len(wide)} of {table.num_columns} columns"
        paper.words(x + 3, y + LINE, said, BODY - 1, QUIET)
