"""Tiles in their places: the grid gets them row by row, with empty cells in the holes."""

from uuid import uuid4

import pytest

from app import problems
from app.widgets import dashboard_tiles, sparkline
from core.dashboards.views import Place, Tile


def tile(*place: int) -> Tile:
    return Tile(uuid4(), "chart", "x", Place(*place))


@pytest.mark.parametrize(
    ("places", "spans"),
    [
        ([], []),
        ([(0, 0, 12, 2)], ["tile 12"]),
        ([(3, 0, 4, 2)], ["3", "tile 4", "5"]),
        ([(6, 1, 6, 2), (0, 0, 6, 1)], ["tile 6", "6", "6", "tile 6"]),
        ([(0, 0, 4, 3), (8, 1, 4, 1)], ["tile 4", "8", "4", "tile 4"]),
        ([(0, 2, 12, 1)], ["12", "12", "tile 12"]),
    ],
)
def test_cells_come_row_by_row(places: list[tuple[int, ...]], spans: list[str]) -> None:
    found = dashboard_tiles.cells([tile(*place) for place in places])
    assert [f"{'tile ' if one else ''}{span}" for one, span in found] == spans


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("**bold** [link](https://a.example)", "**bold** [link](https://a.example)"),
        ("![](http://tracker.example/x.png)", "!\\[](http://tracker.example/x.png)"),
        ("![a][b]", "!\\[a][b]"),
        ("from $5 to $6", "from \\$5 to \\$6"),
    ],
)
def test_a_text_fetches_nothing_and_is_no_formula(written: str, shown: str) -> None:
    assert problems.markdown(written) == shown


@pytest.mark.parametrize(
    ("trend", "points"),
    [
        ((1, 2, 3), 3),
        ((1, None, 3), 2),
        ((5, 5, 5), 3),
        ((1,), 0),
        ((), 0),
        ((None, None), 0),
    ],
)
def test_a_sparkline_leaves_out_what_is_not_known(
    trend: tuple[float | None, ...], points: int
) -> None:
    picture = sparkline.svg(trend)
    assert bool(picture) == bool(points)
    assert picture.count(",") == points
    assert "nan" not in picture
