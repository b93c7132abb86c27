"""Makes core/charts/countries.json anew: `python scripts/countries.py ATLAS NAMES`.

ATLAS is the unpacked npm package world-atlas (Natural Earth, public domain), NAMES
i18n-iso-countries (MIT). Outlines are in the Equal Earth projection, in its unit divided by SCALE.
"""

import json
import math
import sys
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl")
ALSO = {
    "US": ["USA", "U.S.", "U.S.A.", "United States", "America"], "GB": ["UK", "Great Britain"],
    "RU": ["Russia"], "KR": ["South Korea", "Korea"], "CZ": ["Czech Republic"], "TR": ["Turkey"],
    "VN": ["Vietnam"], "TW": ["Taiwan"], "BO": ["Bolivia"], "VE": ["Venezuela"], "IR": ["Iran"],
    "SY": ["Syria"], "TZ": ["Tanzania"], "MD": ["Moldova"], "MK": ["Macedonia"],
    "HK": ["Hong Kong"], "NL": ["Holland", "The Netherlands"], "CI": ["Ivory Coast"],
    "AE": ["UAE", "Emirates"],
}  # fmt: skip
SCALE = 300
A = (1.340264, -0.081106, 0.000893, 0.003796)


def projected(longitude: float, latitude: float) -> tuple[int, int]:
    """A place in the Equal Earth projection."""
    angle = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    below = 9 * A[3] * angle**8 + 7 * A[2] * angle**6 + 3 * A[1] * angle**2 + A[0]
    x = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(angle) / (3 * below)
    y = A[3] * angle**9 + A[2] * angle**7 + A[1] * angle**3 + A[0] * angle
    return round(x * SCALE), round(y * SCALE)


def polygons(world: dict[str, Any], shape: dict[str, Any]) -> list[list[tuple[float, float]]]:
    """The outer rings of a shape of a TopoJSON file."""
    (ax, ay), (bx, by) = world["transform"]["scale"], world["transform"]["translate"]

    def arc(index: int) -> list[tuple[float, float]]:
        x = y = 0
        points = []
        for dx, dy in world["arcs"][index if index >= 0 else ~index]:
            x, y = x + dx, y + dy
            points.append((x * ax + bx, y * ay + by))
        return points if index >= 0 else points[::-1]

    parts = {"Polygon": [shape.get("arcs")], "MultiPolygon": shape.get("arcs")}
    rings = []
    for polygon in parts.get(shape["type"]) or ():
        ring: list[tuple[float, float]] = []
        for index in polygon[0]:
            ring += arc(index)[1 if ring else 0 :]
        rings.append(ring)
    return rings


def flat(ring: list[tuple[float, float]]) -> list[list[int]]:
    """A ring as x, y, x, y …, cut where it jumps around the back of the world."""
    pieces: list[list[tuple[int, int]]] = [[]]
    for place in ring:
        point = projected(*place)
        if pieces[-1] and abs(pieces[-1][-1][0] - point[0]) > SCALE:
            pieces.append([])
        if not pieces[-1] or pieces[-1][-1] != point:
            pieces[-1].append(point)
    if len(pieces) > 1:  # the last piece goes on where the first begins
        pieces[0] = pieces.pop() + pieces[0]
    return [[n for point in piece for n in point] for piece in pieces if len(piece) > 2]


def main(atlas: Path, names: Path) -> None:
    """Write the file."""
    codes = {n: (a2, a3) for a2, a3, n, *_ in json.loads((names / "codes.json").read_text())}
    said: dict[str, list[str]] = {}
    for language in LANGUAGES:
        found = json.loads((names / "langs" / f"{language}.json").read_text())["countries"]
        for code, name in found.items():
            said.setdefault(code, []).extend([name] if isinstance(name, str) else name)
    made: dict[str, Any] = {}
    for resolution in ("110m", "50m"):
        world = json.loads((atlas / f"countries-{resolution}.json").read_text())
        for shape in world["objects"]["countries"]["geometries"]:
            code = codes.get(str(shape.get("id", "")).zfill(3))
            if code is None or code[0] in made or code[0] == "AQ":
                continue
            rings = polygons(world, shape)
            entry: dict[str, Any] = {
                "code": code[1],
                "names": list(dict.fromkeys([*said[code[0]], *ALSO.get(code[0], [])])),
            }
            if resolution == "110m":
                entry["rings"] = [piece for ring in rings for piece in flat(ring)]
            else:
                largest = max(rings, key=len)
                entry["dot"] = projected(
                    sum(x for x, _ in largest) / len(largest),
                    sum(y for _, y in largest) / len(largest),
                )
            made[code[0]] = entry
    path = Path(__file__).parents[1] / "core" / "charts" / "countries.json"
    lines = ",\n".join(f"{json.dumps(code)}: {json.dumps(entry, ensure_ascii=False)}"
                       for code, entry in sorted(made.items()))  # fmt: skip
    path.write_text("{\n" + lines + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
