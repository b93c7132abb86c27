"""A picture as data: shapes in order, which a PDF page or an SVG file then draws.

The unit is the point (1/72 inch) of the finished picture; y grows downwards.
"""

from dataclasses import dataclass, field
from typing import Literal

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Block:
    """A filled rectangle, its corners rounded by `radius`."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    radius: float = 0.0


@dataclass(frozen=True)
class Stroke:
    """A line through points; `dash` is the length of its dashes, 0 for none."""

    points: tuple[Point, ...]
    color: str
    width: float = 1.0
    dash: float = 0.0


@dataclass(frozen=True)
class Patch:
    """A filled outline. `edge` is the colour of a thin line around it, empty for none."""

    points: tuple[Point, ...]
    fill: str
    opacity: float = 1.0
    edge: str = ""


@dataclass(frozen=True)
class Dot:
    """A filled circle."""

    x: float
    y: float
    radius: float
    fill: str
    opacity: float = 1.0
    edge: str = ""


@dataclass(frozen=True)
class Words:
    """A line of text. `y` is its baseline, `x` where the anchor says; `angle` turns it left."""

    x: float
    y: float
    text: str
    size: float
    color: str
    bold: bool = False
    anchor: Anchor = "start"
    angle: float = 0.0


Shape = Block | Stroke | Patch | Dot | Words


@dataclass
class Drawing:
    """A picture of a width and a height, filled shape by shape."""

    width: float
    height: float
    shapes: list[Shape] = field(default_factory=list)

    def add(self, *shapes: Shape) -> None:
        """Put shapes on top of what is there."""
        self.shapes.extend(shapes)
