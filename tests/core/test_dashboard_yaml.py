"""Dashboards as files: written, read again, and what is wrong told with its line and field."""

from pathlib import Path
from uuid import UUID

import pytest

from core import connections
from core.dashboards import boards, filtering, layout, tiles, written
from core.dashboards.tiles import NewTile
from core.dashboards.views import Board, Filter, Place
from core.datamind import DataMind
from core.errors import BadInput, NotAllowed
from core.types import ChartSpec
from tests import factories
from tests.factories import Organization

SQL = "SELECT region, sum(amount) AS revenue\nFROM sales -- all of it\nGROUP BY region"
CHART = ChartSpec("bar", "region", ("revenue",), sort="name", top=5, labels=True, currency="EUR")
FILTERS = (
    Filter("region", "list", "Region", ("sales.region",), ("North",)),
    Filter("sold", "date", "Sold", ("sales.sold_on",), ("2026-01-01", None)),
)


@pytest.fixture
def sales(dm: DataMind, acme: Organization, tmp_path: Path) -> UUID:
    return factories.sales(dm, acme.analyst, tmp_path)


@pytest.fixture
def board(dm: DataMind, acme: Organization, sales: UUID) -> Board:
    who = acme.analyst
    made = boards.create(dm, who, "Morning: “ä” #1", "What we look at first")
    first = tiles.add(dm, who, made, NewTile("Regions", sales, SQL, CHART, refresh_seconds=3600))
    second = tiles.add(dm, who, made, NewTile("", markdown="- one\n- two: **bold**"))
    third = tiles.add(dm, who, made, NewTile("By the data", sales, SQL))
    places = {first: Place(3, 0, 6, 5), second: Place(0, 0, 3, 2), third: Place(0, 7, 12, 4)}
    layout.arrange(dm, who, made, places, version=3)
    filtering.keep(dm, who, made, FILTERS)
    boards.refresh_every(dm, who, made, 300)
    return boards.dashboard(dm, who, made)


def without_ids(board: Board) -> object:
    shown = [
        (t.kind, t.title, t.place, t.connection_id, t.sql, t.chart, t.text, t.refresh_seconds)
        for t in board.tiles
    ]
    return board.title, board.description, board.filters, board.refresh_seconds, shown


def test_what_is_written_and_read_again_is_the_same(
    dm: DataMind, acme: Organization, board: Board
) -> None:
    text = written.to_yaml(dm, acme.analyst, board.id)
    assert "connection: Sales" in text
    assert "FROM sales -- all of it\n" in text
    again = boards.dashboard(dm, acme.admin, written.from_yaml(dm, acme.admin, text))
    assert without_ids(again) == without_ids(board)
    assert (again.owner, again.is_shared) == ("Ada Admin", False)
    assert written.to_yaml(dm, acme.admin, again.id) == text


def test_a_tile_without_its_connection_is_written_and_told_when_read(
    dm: DataMind, acme: Organization, board: Board, sales: UUID
) -> None:
    connections.delete(dm, acme.admin, sales)
    text = written.to_yaml(dm, acme.analyst, board.id)
    with pytest.raises(BadInput, match=r"Line \d+, tiles\[1\].connection: There is no connection"):
        written.from_yaml(dm, acme.analyst, text)


GOOD = """dashboard: 1
title: Morning
tiles:
- title: Regions
  connection: sales
  sql: SELECT region FROM sales
  chart: {kind: table}
  place: {x: 0, y: 0, w: 6, h: 4}
- text: Hello
  place: {x: 6, y: 0, w: 6, h: 4}
"""

WRONG = [
    ("dashboard: 1", "dashboard: 2", "Line 1, dashboard: Only format 1 can be read."),
    ("dashboard: 1", "", "The field dashboard is missing."),
    ("title: Morning", "titel: Morning", "Line 2, titel: This field is not known."),
    ("title: Morning", "title: [a, b]", "Line 2, title: A text is expected here."),
    ("title: Morning", "title: ''", "Line 2, title: A title has 1 to 500 characters."),
    ("title: Morning", "title: A\ntitle: B", "Line 3, title: This field is there twice."),
    ("title: Morning", "title: 'A", "is no YAML"),
    ("title: Morning", "title: Morning\nfilters: 5", "Line 3, filters: A list is expected here."),
    (
        "title: Morning",
        "title: Morning\nfilters:\n- {name: a, kind: colour, label: A, columns: [sales.region]}",
        "Line 4, filters[0].kind: “colour” is none of date, list, text, number.",
    ),
    (
        "title: Morning",
        "title: Morning\nfilters:\n- {name: a, kind: list, label: A, columns: [region]}",
        "Line 4, filters: The filter “A” needs one column",
    ),
    (
        "connection: sales",
        "connection: Shop",
        "Line 5, tiles[0].connection: There is no",
    ),
    ("  connection: sales\n", "", "Line 4, tiles[0]: The field connection is missing."),
    ("SELECT region FROM sales", "DROP TABLE sales", "Line 6, tiles[0].sql: "),
    ("SELECT region FROM sales", "SELECT x FROM people", "Line 6, tiles[0].sql: No table people"),
    ("kind: table", "kind: hologram", "Line 7, tiles[0].chart.kind: “hologram” is none of"),
    ("kind: table", "kind: bar, top: many", "Line 7, tiles[0].chart.top: A whole number"),
    ("w: 6, h: 4}\n-", "w: 13, h: 4}\n-", "Line 8, tiles[0].place: A tile stands outside"),
    ("x: 6,", "x: far,", "Line 10, tiles[1].place.x: A whole number is expected here."),
    ("text: Hello", "text: Hello\n  sql: SELECT 1", "Line 9, tiles[1]: A tile is a text or a"),
    ("text: Hello", "text: ''", "tiles[1]: A text has 1 to"),
    ("text: Hello", "text: !!python/object:os.system x", None),
]


@pytest.mark.parametrize(("part", "instead", "said"), WRONG)
def test_what_is_wrong_is_told_with_its_line_and_nothing_is_made(
    dm: DataMind, acme: Organization, sales: UUID, part: str, instead: str, said: str | None
) -> None:
    assert part in GOOD
    text = GOOD.replace(part, instead, 1)
    if said is None:
        written.from_yaml(dm, acme.analyst, text)  # a tag is only a word: nothing is built from it
        return
    with pytest.raises(BadInput) as caught:
        written.from_yaml(dm, acme.analyst, text)
    assert said in caught.value.message
    assert boards.dashboards(dm, acme.analyst) == ()


@pytest.mark.parametrize(
    "text", ["", "# nothing", "5", "[" * 5_000, "a: &a [*a, *a]", "\x00", "x" * 3_000_000]
)
def test_what_is_no_dashboard_is_said_to_be_none(
    dm: DataMind, acme: Organization, text: str
) -> None:
    with pytest.raises(BadInput):
        written.from_yaml(dm, acme.analyst, text)


def test_tiles_on_top_of_each_other_are_spread(
    dm: DataMind, acme: Organization, sales: UUID
) -> None:
    text = GOOD.replace("x: 6, y: 0", "x: 0, y: 0")
    made = boards.dashboard(dm, acme.analyst, written.from_yaml(dm, acme.analyst, text))
    layout.check(tile.place for tile in made.tiles)


def test_viewers_neither_export_nor_import(dm: DataMind, acme: Organization, board: Board) -> None:
    boards.share(dm, acme.analyst, board.id, True)
    for forbidden in (
        lambda: written.to_yaml(dm, acme.viewer, board.id),
        lambda: written.from_yaml(dm, acme.viewer, GOOD),
    ):
        with pytest.raises(NotAllowed):
            forbidden()
