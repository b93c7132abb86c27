"""A drawing as SVG, and as the pixels of a PNG: resvg draws them, no browser is needed."""

import re
from xml.sax.saxutils import escape, quoteattr

from core.export import fonts
from core.export.drawing import Block, Dot, Drawing, Patch, Point, Shape, Stroke, Words

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text(drawing: Drawing) -> str:
    """The drawing as an SVG file on white. It names its fonts and carries none."""
    size = f'width="{_n(drawing.width)}" height="{_n(drawing.height)}"'
    box = f'viewBox="0 0 {_n(drawing.width)} {_n(drawing.height)}"'
    shapes = "\n".join(map(_shape, drawing.shapes))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box}>\n'
        f'<rect {size} fill="#FFFFFF"/>\n{shapes}\n</svg>\n'
    )


def png(drawing: Drawing, *, scale: float = 2.0) -> bytes:
    """The drawing in pixels, `scale` for each point."""
    import resvg_py

    faces = {
        face
        for shape in drawing.shapes
        if isinstance(shape, Words)
        for face, _ in fonts.runs(shape.text, bold=shape.bold)
    }
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=text(drawing),
            zoom=scale,
            skip_system_fonts=True,
            font_files=[str(face.path) for face in sorted(faces, key=lambda face: face.file)],
        )
    )


def _shape(shape: Shape) -> str:
    match shape:
        case Block():
            radius = min(shape.radius, shape.width / 2, shape.height / 2)
            rounded = f' rx="{_n(radius)}"' if radius else ""
            return (
                f'<rect x="{_n(shape.x)}" y="{_n(shape.y)}" width="{_n(shape.width)}" '
                f'height="{_n(shape.height)}"{rounded} fill="{shape.fill}"/>'
            )
        case Stroke():
            dash = f' stroke-dasharray="{_n(shape.dash)}"' if shape.dash else ""
            return (
                f'<polyline points="{_points(shape.points)}" fill="none" stroke="{shape.color}" '
                f'stroke-width="{_n(shape.width)}" stroke-linejoin="round"{dash}/>'
            )
        case Patch():
            return (
                f'<polygon points="{_points(shape.points)}" fill="{shape.fill}"'
                f"{_seen(shape.opacity, shape.edge, 1.0)}/>"
            )
        case Dot():
            return (
                f'<circle cx="{_n(shape.x)}" cy="{_n(shape.y)}" r="{_n(shape.radius)}" '
                f'fill="{shape.fill}"{_seen(shape.opacity, shape.edge, 0.7)}/>'
            )
        case Words():
            return _words(shape)


def _words(shape: Words) -> str:
    spans = "".join(
        f"<tspan font-family={quoteattr(face.family)}>{escape(_NOT_XML.sub('', part))}</tspan>"
        for face, part in fonts.runs(shape.text, bold=shape.bold)
    )
    turned = f' transform="rotate({_n(-shape.angle)} {_n(shape.x)} {_n(shape.y)})"'
    weight = ' font-weight="600"' if shape.bold else ""
    return (
        f'<text x="{_n(shape.x)}" y="{_n(shape.y)}" font-size="{_n(shape.size)}" '
        f'font-family="Inter, sans-serif" fill="{shape.color}" text-anchor="{shape.anchor}"'
        f"{weight}{turned if shape.angle else ''} "
        f'xml:space="preserve">{spans}</text>'
    )


def _seen(opacity: float, edge: str, width: float) -> str:
    around = f' stroke="{edge}" stroke-width="{_n(width)}"' if edge else ""
    return around + (f' fill-opacity="{_n(opacity)}"' if opacity < 1 else "")


def _points(points: tuple[Point, ...]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
