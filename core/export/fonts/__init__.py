"""Letters for files: the faces shipped with the product, and which of them writes what.

A PDF and a picture must look the same on every machine, so nothing is taken from the system.
Inter writes what it can; for other scripts, signs and emoji a face of their own is loaded the
first time one is needed. What none of them has is written as an empty box, never left out.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
MISSING = "□"
ELLIPSIS = "…"


@dataclass(frozen=True)
class Face:
    """A font file and the family name under which it is known."""

    family: str
    file: str
    bold: bool = False

    @property
    def path(self) -> Path:
        """Where the file is."""
        return FOLDER / self.file

    def covers(self, sign: str) -> bool:
        """Whether it has a glyph for a sign."""
        return ord(sign) in _advances(self.file)


REGULAR = Face("Inter", "Inter-Regular.ttf")
BOLD = Face("Inter", "Inter-SemiBold.ttf", bold=True)
DEJAVU = Face("DejaVu Sans", "DejaVuSans.ttf")
_DEVANAGARI = Face("Noto Sans Devanagari", "NotoSansDevanagari-Regular.ttf")
_BENGALI = Face("Noto Sans Bengali", "NotoSansBengali-Regular.ttf")
_TAMIL = Face("Noto Sans Tamil", "NotoSansTamil-Regular.ttf")
_TELUGU = Face("Noto Sans Telugu", "NotoSansTelugu-Regular.ttf")
_THAI = Face("Noto Sans Thai", "NotoSansThai-Regular.ttf")
_KOREAN = Face("NanumSquare", "NanumSquareR.ttf")
_CHINESE = Face("Droid Sans Fallback", "DroidSansFallbackFull.ttf")
_EMOJI = Face("Noto Emoji", "NotoEmoji-Regular.ttf")

_BLOCKS = (
    (0x0900, 0x097F, _DEVANAGARI),
    (0x0980, 0x09FF, _BENGALI),
    (0x0B80, 0x0BFF, _TAMIL),
    (0x0C00, 0x0C7F, _TELUGU),
    (0x0E00, 0x0E7F, _THAI),
    (0x1100, 0x11FF, _KOREAN),
    (0x3130, 0x318F, _KOREAN),
    (0xAC00, 0xD7FF, _KOREAN),
    (0x2E80, 0x9FFF, _CHINESE),
    (0xF900, 0xFAFF, _CHINESE),
    (0xFF00, 0xFFEF, _CHINESE),
    (0x1F000, 0x1FAFF, _EMOJI),
    (0x2600, 0x27BF, _EMOJI),
)
"""Where a script of its own begins and ends, so that no large file is opened for nothing."""

_JOINERS = "\u200c\u200d"
_UNSEEN = {0xFEFF, 0x00AD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)}
"""Signs without a glyph. Marks that turn the direction of writing are among them: in a name
they only deceive."""

Run = tuple[Face, str]


def runs(text: str, *, bold: bool = False) -> tuple[Run, ...]:
    """The text in one line, cut where another face has to go on. Never raises."""
    base = BOLD if bold else REGULAR
    known = _advances(base.file)
    if all(ord(sign) in known for sign in text) and text.isprintable():
        return ((base, text),) if text else ()
    found: list[tuple[Face, str]] = []
    for sign in text:
        face, written = _written(sign, base, found[-1][0] if found else base)
        if not written:
            continue
        if found and found[-1][0] == face:
            found[-1] = (face, found[-1][1] + written)
        else:
            found.append((face, written))
    return tuple(found)


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide the text is at a size, in the unit of the size; shaping is not reckoned with."""
    base = BOLD if bold else REGULAR
    known = _advances(base.file)
    try:
        return sum([known[ord(sign)] for sign in text]) * size
    except KeyError:
        parts = ((_advances(face.file), part) for face, part in runs(text, bold=bold))
        return sum(known.get(ord(sign), 0.5) for known, part in parts for sign in part) * size


def plain(text: str, *, bold: bool = False) -> bool:
    """Whether the face of its own writes all of it from left to right, sign by sign."""
    known = _advances((BOLD if bold else REGULAR).file)
    return all(ord(sign) in known for sign in text)


def from_right(text: str) -> bool:
    """Whether the text begins in a script that is written from right to left."""
    if text.isascii():
        return False
    kinds = (unicodedata.bidirectional(sign) for sign in text)
    return next((kind in ("R", "AL") for kind in kinds if kind in ("L", "R", "AL")), False)


def cut(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """The text, or as much of it as there is room for, ending in an ellipsis."""
    if width(text, size, bold=bold) <= room:
        return text
    most = max(1, int(room / size * 5))
    low, high = 0, min(len(text), most)
    while low < high:
        middle = (low + high + 1) // 2
        fits = width(text[:middle] + ELLIPSIS, size, bold=bold) <= room
        low, high = (middle, high) if fits else (low, middle - 1)
    return text[:low].rstrip() + ELLIPSIS


def wrapped(
    text: str, size: float, room: float, *, bold: bool = False, most: int = 10_000
) -> list[str]:
    """The text in lines no wider than the room; a word that is too long is broken.

    Beyond `most` lines the last one ends in an ellipsis.
    """
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        lines += _broken(paragraph, size, room, bold, most - len(lines) + 1)
        if len(lines) > most:
            break
    if len(lines) <= most:
        return lines
    last = cut(lines[most - 1] + " " + lines[most], size, room, bold=bold)
    if not last.endswith(ELLIPSIS):
        last = cut(last + ELLIPSIS, size, room, bold=bold)
    return [*lines[: most - 1], last]


def _broken(text: str, size: float, room: float, bold: bool, most: int) -> list[str]:
    lines: list[str] = []
    line = ""
    words = text[: most * int(room / size * 5 + 10)].split(" ")
    for word in words:
        tried = f"{line} {word}" if line else word
        if width(tried, size, bold=bold) <= room:
            line = tried
            continue
        if line:
            lines.append(line)
        line = word
        while len(line) > 1 and width(line, size, bold=bold) > room:
            fitting = _fitting(line, size, room, bold)
            lines.append(line[:fitting])
            line = line[fitting:]
            if len(lines) > most:
                return lines
    return [*lines, line]


def _fitting(word: str, size: float, room: float, bold: bool) -> int:
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        fits = width(word[:middle], size, bold=bold) <= room
        low, high = (middle, high) if fits else (low, middle - 1)
    return low


def _written(sign: str, base: Face, before: Face) -> Run:
    """The face that writes a sign, and what it writes for it."""
    code = ord(sign)
    if code < 0x20 or 0x7F <= code < 0xA0:
        return before, " "
    if sign in _JOINERS:
        return before, sign if before not in (REGULAR, BOLD) and before.covers(sign) else ""
    if code in _UNSEEN or 0xFE00 <= code <= 0xFE0F or code >= 0xE0000:
        return before, ""
    if (sign == " " or unicodedata.combining(sign)) and before.covers(sign):
        return before, sign
    for face in (base, *_others(code)):
        if face.covers(sign):
            return face, sign
    return DEJAVU, MISSING


def _others(code: int) -> tuple[Face, ...]:
    return (*(face for start, end, face in _BLOCKS if start <= code <= end), DEJAVU)


@cache
def _advances(file: str) -> dict[int, float]:
    """How far each sign of a face moves on, as a part of its size."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    with TTFont(FOLDER / file, lazy=True) as font:
        units = font["head"].unitsPerEm
        metrics = font["hmtx"].metrics
        return {code: metrics[name][0] / units for code, name in font.getBestCmap().items()}
