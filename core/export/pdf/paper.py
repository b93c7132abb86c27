"""Paper: a PDF whose text, shapes and pages are put at computed places.

fpdf2 writes the file. Its own cells and tables measure and break every text anew, so places are
worked out here, and text that Inter writes plainly goes straight to its place.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from core.export import fonts
from core.export.drawing import Anchor, Block, Dot, Drawing, Patch, Shape, Stroke, Words

MARGIN = 40.0
FOOT = 34.0
"""What is kept free at the bottom for the footer, from the edge of the paper."""
BRAND, INK, QUIET, HAIR, SOFT, ZEBRA = (
    "#6366F1", "#1E293B", "#64748B", "#E2E8F0", "#EEF2FF", "#F8FAFC",
)  # fmt: skip
MANY_SHAPES = 1500
"""A picture of more shapes is put in as pixels: thousands of points make a file slow to open."""


@dataclass(frozen=True)
class Sheetsize:
    """A size of paper, upright, in points."""

    width: float
    height: float


SIZES = {"a4": Sheetsize(595.28, 841.89), "letter": Sheetsize(612.0, 792.0)}


class Paper:
    """Pages in the making. `left` to `right` and `top` to `bottom` is where things may stand."""

    def __init__(self, title: str, made_at: datetime, *, size: str = "a4") -> None:
        from fpdf import FPDF

        self._size = SIZES[size]
        self._pdf: Any = FPDF(unit="pt", format=(self._size.width, self._size.height))
        self._pdf.set_auto_page_break(False)
        self._pdf.alias_nb_pages("")
        self._pdf.set_margin(0)
        self._pdf.c_margin = 0
        self._pdf.set_creator("DataMind")
        self._pdf.set_producer("DataMind")
        self._pdf.set_title("".join(part for _, part in fonts.runs(title)))
        self._pdf.set_lang("en")
        self._pdf.set_creation_date(made_at)
        self._faces: set[fonts.Face] = set()
        self._set: tuple[fonts.Face, float] | None = None
        self._inked = self._filled = ""
        self.y = MARGIN
        self.landscape = False

    @property
    def left(self) -> float:
        """The left edge of what may be printed."""
        return MARGIN

    @property
    def right(self) -> float:
        """The right edge of what may be printed."""
        return (self._size.height if self.landscape else self._size.width) - MARGIN

    @property
    def room(self) -> float:
        """How wide a line may be."""
        return self.right - self.left

    @property
    def bottom(self) -> float:
        """The lower edge of what may be printed, above the footer."""
        return (self._size.width if self.landscape else self._size.height) - MARGIN - FOOT / 2

    @property
    def pages(self) -> int:
        """How many pages there are so far."""
        return int(self._pdf.pages_count)

    def turn(self, *, landscape: bool | None = None) -> None:
        """Begin a new page, at its top."""
        if landscape is not None:
            self.landscape = landscape
        self._pdf.add_page(orientation="L" if self.landscape else "P")
        self._forget()
        self.y = MARGIN

    def need(self, height: float) -> None:
        """Begin a new page unless this much still fits on this one."""
        if self.y + height > self.bottom:
            self.turn()

    def words(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        color: str = INK,
        *,
        bold: bool = False,
        anchor: Anchor = "start",
    ) -> None:
        """A line of text on a baseline. Any script; the order of signs is that of reading."""
        if not text:
            return
        self._ink(color)
        if not fonts.plain(text, bold=bold):
            self._shaped(x, y, text, size, bold, anchor)
            return
        if anchor != "start":
            wide = fonts.width(text, size, bold=bold)
            x -= wide if anchor == "end" else wide / 2
        self._use(fonts.BOLD if bold else fonts.REGULAR, size)
        self._pdf.text(x, y, text)

    def block(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        """A filled rectangle."""
        self._fill(fill)
        self._pdf.rect(x, y, width, height, style="F")

    def rule(self, x: float, y: float, to_x: float, color: str = HAIR, width: float = 0.5) -> None:
        """A level line."""
        self._pdf.set_draw_color(color)
        self._pdf.set_line_width(width)
        self._pdf.line(x, y, to_x, y)

    def paragraph(
        self, text: str, size: float, color: str = INK, *, bold: bool = False, most: int = 60
    ) -> None:
        """Text over the whole width, in as many lines as it takes, on further pages if need be."""
        for line in fonts.wrapped(text, size, self.room, bold=bold, most=most):
            self.need(size * 1.45)
            self.y += size * 1.45
            anchor: Anchor = "end" if fonts.from_right(line) else "start"
            x = self.right if anchor == "end" else self.left
            self.words(x, self.y - size * 0.35, line, size, color, bold=bold, anchor=anchor)

    def picture(self, drawing: Drawing, x: float, y: float, *, scale: float = 1.0) -> None:
        """A drawing with its upper left corner here."""
        if len(drawing.shapes) > MANY_SHAPES:
            from core.export import svg

            wide, high = drawing.width * scale, drawing.height * scale
            self._pdf.image(svg.png(drawing, scale=2.0), x, y, wide, high)
            return
        with self._pdf.local_context():
            self._forget()
            for shape in drawing.shapes:
                self._shape(shape, x, y, scale)
        self._forget()

    def foot(self, said: str) -> None:
        """Write on every page what was said and which page of how many it is."""
        count = self.pages
        for number in range(1, count + 1):
            self._pdf.page = number
            self._set_anew()
            page = self._pdf.pages[number]
            wide, high = page.dimensions()
            y = high - FOOT
            self.rule(MARGIN, y - 14, wide - MARGIN)
            self.words(MARGIN, y, fonts.cut(said, 8, wide - 2 * MARGIN - 80), 8, QUIET)
            self.words(wide - MARGIN, y, f"Page {number:,} of {count:,}", 8, QUIET, anchor="end")

    def save(self, path: Path) -> None:
        """Write the file. The same content makes the same file, byte for byte."""
        path.write_bytes(bytes(self._pdf.output()))

    def _ink(self, color: str) -> None:
        """Write in a colour. Fills get it too: fpdf2 wraps text of another colour each time."""
        if self._inked != color:
            self._pdf.set_text_color(color)
            self._inked = color
        self._fill(color)

    def _fill(self, color: str) -> None:
        if self._filled != color:
            self._pdf.set_fill_color(color)
            self._filled = color

    def _forget(self) -> None:
        """What the page is set to is no longer known."""
        self._set, self._inked, self._filled = None, "", ""

    def _set_anew(self) -> None:
        """Say everything again on a page that is gone back to: fpdf2 believes it in the state of
        the page it wrote on last, and leaves out what it takes to be set."""
        self._know(fonts.BOLD)
        self._pdf.set_font(fonts.BOLD.family, "B", 1)
        self._pdf.set_draw_color(BRAND)
        self._pdf.set_fill_color(BRAND)
        self._pdf.set_text_color(BRAND)
        self._pdf.set_line_width(0.1)
        self._forget()

    def _use(self, face: fonts.Face, size: float) -> None:
        if self._set == (face, size):
            return
        self._know(face)
        self._pdf.set_font(face.family, "B" if face.bold else "", size)
        self._set = (face, size)

    def _know(self, face: fonts.Face) -> None:
        if face not in self._faces:
            self._pdf.add_font(face.family, "B" if face.bold else "", face.path)
            self._faces.add(face)

    def _shaped(
        self, x: float, y: float, text: str, size: float, bold: bool, anchor: Anchor
    ) -> None:
        runs = fonts.runs(text, bold=bold)
        base = fonts.BOLD if bold else fonts.REGULAR
        others = {face for face, _ in runs} - {base}
        for face in others:
            self._know(face)
        before = self._set
        # fpdf2 leaves the page in the face of the last run and believes it in the first one's.
        with self._pdf.local_context():
            self._use(base, size)
            self._pdf.set_fallback_fonts(sorted({f.family for f in others}), exact_match=False)
            self._pdf.set_text_shaping(True)
            written = "".join(part for _, part in runs)
            if anchor != "start":
                wide = self._pdf.get_string_width(written)
                x -= wide if anchor == "end" else wide / 2
            self._pdf.set_xy(x, y - size * 0.8)
            self._pdf.cell(text=written, h=size)
            self._pdf.set_text_shaping(False)
        self._set = before

    def _shape(self, shape: Shape, x: float, y: float, scale: float) -> None:
        match shape:
            case Block():
                self._block(shape, x, y, scale)
            case Stroke():
                points = [(x + px * scale, y + py * scale) for px, py in shape.points]
                self._pdf.set_draw_color(shape.color)
                self._pdf.set_line_width(shape.width * scale)
                dash = shape.dash * scale
                self._pdf.set_dash_pattern(dash=dash, gap=dash)
                self._pdf.polyline(points)
                if dash:
                    self._pdf.set_dash_pattern()
            case Patch():
                points = [(x + px * scale, y + py * scale) for px, py in shape.points]
                with self._pdf.local_context(fill_opacity=shape.opacity):
                    self._pdf.set_fill_color(shape.fill)
                    self._pdf.set_draw_color(shape.edge or shape.fill)
                    self._pdf.set_line_width(scale)
                    self._pdf.polygon(points, style="DF" if shape.edge else "F")
            case Dot():
                with self._pdf.local_context(fill_opacity=shape.opacity):
                    self._pdf.set_fill_color(shape.fill)
                    self._pdf.set_draw_color(shape.edge or shape.fill)
                    self._pdf.set_line_width(0.7 * scale)
                    self._pdf.circle(
                        x + shape.x * scale,
                        y + shape.y * scale,
                        shape.radius * scale,
                        style="DF" if shape.edge else "F",
                    )
            case Words():
                self._turned(shape, x, y, scale)

    def _block(self, shape: Block, x: float, y: float, scale: float) -> None:
        radius = min(shape.radius, shape.width / 2, shape.height / 2)
        self._fill(shape.fill)
        at = (
            x + shape.x * scale, y + shape.y * scale, shape.width * scale, shape.height * scale
        )  # fmt: skip
        if radius < 0.5:
            self._pdf.rect(*at, style="F")
        else:
            self._pdf.rect(*at, style="F", round_corners=True, corner_radius=radius * scale)

    def _turned(self, shape: Words, x: float, y: float, scale: float) -> None:
        at_x, at_y = x + shape.x * scale, y + shape.y * scale

        def write() -> None:
            self.words(
                at_x, at_y, shape.text, shape.size * scale, shape.color,
                bold=shape.bold, anchor=shape.anchor,
            )  # fmt: skip

        if not shape.angle:
            write()
            return
        with self._pdf.rotation(shape.angle, at_x, at_y):
            self._forget()
            write()
        self._forget()


def one_line(text: str) -> str:
    """The text without breaks and runs of blanks."""
    return re.sub(r"\s+", " ", text).strip()
