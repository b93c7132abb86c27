"""A whole dashboard on paper: which tile stands on which page, and what they say there."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest
from pypdf import PdfReader

from core.export.board import BoardSheet, Panel, pages
from core.export.pdf import board
from core.types import ChartSpec, QueryResult

MONTHS = [f"2026-{month:02}" for month in range(1, 11)]
REVENUE = QueryResult(pa.table({"month": MONTHS, "revenue": [1000.5 * n for n in range(1, 11)]}))
PRODUCTS = QueryResult(pa.table({"product": [f"Item {i}" for i in range(80)],
                                 "revenue_eur": [float(i) + 0.5 for i in range(80)]}))  # fmt: skip
NOTHING = QueryResult(pa.table({"n": pa.array([], pa.int64())}))


def tile(name, x, y, w, h):
    return Panel(name, x, y, w, h)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], []),
        ([tile("a", 0, 0, 6, 4), tile("b", 6, 0, 6, 4)], [[("a", 0, 4), ("b", 0, 4)]]),
        ([tile("a", 0, 0, 6, 6), tile("b", 0, 6, 6, 6)], [[("a", 0, 6)], [("b", 0, 6)]]),
        # What would be cut goes to the next page, with all that stands beside or below it.
        (
            [tile("a", 0, 0, 6, 6), tile("b", 6, 4, 6, 6), tile("c", 0, 6, 6, 2)],
            [[("a", 0, 6)], [("b", 0, 6), ("c", 2, 2)]],
        ),
        ([tile("high", 0, 0, 6, 30), tile("b", 0, 30, 6, 2)], [[("high", 0, 8)], [("b", 0, 2)]]),
        # Empty rows between tiles take no page.
        ([tile("a", 0, 0, 6, 2), tile("b", 0, 90, 6, 2)], [[("a", 0, 2)], [("b", 0, 2)]]),
    ],
)
def test_which_tile_stands_on_which_page(given, expected):
    found = pages(given, rows=10, first_rows=8)
    assert [[(p.title, p.y, p.h) for p in page] for page in found] == expected


LATEST = ChartSpec("kpi", "month", ("revenue",), title="Revenue")
RANKED = ChartSpec("horizontal_bar", "product", ("revenue_eur",))
SHEET = BoardSheet(
    "Morning board",
    datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
    (
        Panel("Revenue", 0, 0, 4, 3, LATEST, REVENUE),
        Panel("Note", 4, 0, 8, 3, text="## Read me\nOnly **paid** orders, [see](http://x)."),
        Panel("By month", 0, 3, 12, 7, ChartSpec("bar", "month", ("revenue",)), REVENUE),
        Panel("Products", 0, 10, 6, 5, ChartSpec("table"), PRODUCTS),
        Panel("Broken", 6, 10, 3, 5, problem="The connection of this tile has been deleted."),
        Panel("Empty", 9, 10, 3, 5, ChartSpec("bar"), NOTHING),
        Panel("Long", 0, 15, 12, 12, RANKED, PRODUCTS),
    ),
    ("What we open daily", "Country: Germany"),
)  # fmt: skip


def test_a_dashboard_lies_on_its_pages_and_says_all_that_it_shows(tmp_path):
    board.write(SHEET, tmp_path / "board.pdf")
    book = PdfReader(tmp_path / "board.pdf")
    said = [" ".join(page.extract_text().split()) for page in book.pages]
    assert len(book.pages) == 3
    for page in book.pages:
        assert page.mediabox.width > page.mediabox.height
    for words in ("Morning board", "Country: Germany", "Revenue · Oct 2026", "10,005.00", "+11.1%",
                  "against Sep 2026", "Read me", "Only paid orders, see.", "By month"):  # fmt: skip
        assert words in said[0], words
    for words in ("Products", "Item 0", "0.50", "of 80 rows", "connection of this tile has",
                  "There are no rows."):  # fmt: skip
        assert words in said[1], words
    assert "Long" in said[2]
    for number, text in enumerate(said, start=1):
        assert f"Page {number} of 3" in text
        assert "Morning board · Nov 23, 2026 09:00 UTC · DataMind" in text


def test_a_dashboard_without_tiles_is_a_page(tmp_path):
    board.write(BoardSheet("", SHEET.made_at, ()), tmp_path / "board.pdf")
    assert len(PdfReader(tmp_path / "board.pdf").pages) == 1


def test_the_same_dashboard_makes_the_same_file(tmp_path):
    for name in ("a", "b"):
        board.write(SHEET, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
