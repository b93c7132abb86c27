"""PDFs, read back: what they say, on which pages, in which letters."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from pypdf import PdfReader

from core import export
from core.types import ChartSpec

PRODUCTS = pa.table({"product": ["Widget Pro", "Gizmo"], "revenue": [482310.5, 20000.0]})
SHEET = export.Sheet(
    title="Top products",
    question="What were our top products?",
    insight="Widget Pro led with €482,310.50.",
    reading="Revenue by product",
    sql="SELECT 1",
    made_at=datetime(2026, 9, 30, 14, 5, tzinfo=UTC),
    sure="Checked",
    connection="Shop (demo)",
    chart=ChartSpec("horizontal_bar", "product", ("revenue",)),
)


def read(table, sheet=SHEET):
    return PdfReader(io.BytesIO(export.to_bytes(sheet, table, "pdf")))


def text_of(table, sheet=SHEET):
    return "\n".join(page.extract_text() for page in read(table, sheet).pages)


def flat(text):
    return " ".join(text.split())


def test_an_answer_on_paper_says_all_that_it_is():
    said = text_of(PRODUCTS)
    for words in (
        "Top products",
        "What were our top products?",
        "Widget Pro led with €482,310.50.",
        "How sure: Checked",
        "Read as: Revenue by product",
        "482,310.50",
        "Sep 30, 2026 14:05 UTC · Shop (demo)",
        "Page 1 of 1",
    ):
        assert words in said
    assert said.count("Widget Pro") == 3, "the sentence, the chart and the table name it"


def test_ten_thousand_rows_repeat_the_heading_and_count_their_pages():
    rows = 10_000
    table = pa.table({"number": list(range(rows)), "name": [f"row-{i}" for i in range(rows)]})
    book = read(table, replace(SHEET, chart=None))
    count = len(book.pages)
    assert count > 100
    for number in (0, 1, count // 2, count - 1):
        said = book.pages[number].extract_text()
        assert "number" in said
        assert "name" in said
        assert f"Page {number + 1:,} of {count:,}" in said
    whole = "\n".join(page.extract_text() for page in book.pages).split()
    assert {f"row-{i}" for i in range(rows)} <= set(whole), "no row is lost between two pages"


def test_what_is_left_out_is_said():
    many = pa.table({"n": pa.nulls(10_001, pa.int8())})
    assert "the first 10,000 of 10,001 rows" in text_of(many, replace(SHEET, chart=None))
    wide = pa.table({f"column_{i}": [i] for i in range(200)})
    said = flat(text_of(wide, replace(SHEET, chart=None)))
    assert "the first 60 of 200 columns" in said
    assert "column_59" in said
    assert "column_60" not in said
    cut = replace(SHEET, chart=None, truncated=True)
    assert "The query had more rows; these are the first 2." in text_of(PRODUCTS, cut)


def test_wide_tables_turn_the_page_and_then_go_on_with_the_first_column():
    table = pa.table({f"column_{i}": [f"{i} " + "word " * 8] for i in range(25)})
    book = read(table, replace(SHEET, chart=None))
    boxes = [page.mediabox for page in book.pages]
    assert boxes[0].width < boxes[0].height
    assert all(box.width > box.height for box in boxes[1:])
    assert len(boxes) > 2
    assert all("column_0" in page.extract_text() for page in book.pages[1:])


def test_letters_of_many_scripts_are_embedded():
    words = ["漢字", "한국어", "Ελλάδα", "Ölçü", "Україна", "हिन्दी", "ไทย", "🙂"]
    book = read(pa.table({"word": words}), replace(SHEET, chart=None, title="Wörter 漢字"))
    said = book.pages[0].extract_text()
    for word in words[:5]:
        assert word in said
    fonts = {
        font["/BaseFont"]: font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        for font in (f.get_object() for f in book.pages[0]["/Resources"]["/Font"].values())
    }
    assert len(fonts) >= 6
    assert all("/FontFile2" in descriptor.get_object() for descriptor in fonts.values())


def test_arabic_is_joined_and_stands_right():
    said = text_of(pa.table({"word": ["مرحبا بالعالم"]}), replace(SHEET, chart=None))
    assert "مرحبا" in said or "ﻣﺮﺣﺒﺎ" in said or "ابحرم" in said


ODD = [
    pa.table({"n": pa.array([], pa.int64())}),
    pa.table({}),
    pa.table({"n": [None, None]}),
    pa.table({"n": [float("nan"), float("inf")]}),
    pa.table({"text": ["x" * 10_000, "y " * 5_000, "a\nb\tc\x00d\ud83d"[:7]]}),
    pa.table({"money": pa.array([Decimal("1.10"), Decimal("-1234567890123456.78")])}),
    pa.table({"h" * 300: [1], "": [2]}),
    pa.table({"day": [date(1, 1, 1), date(9999, 12, 31)]}),
    pa.table({"list": [["a", "b"]], "bytes": [b"\x00"], "flag": [True]}),
    pa.table({"\u202eevil": ["\u202egnp.exe", "\ufeff", ""]}),
]


@pytest.mark.parametrize("table", ODD, ids=range(len(ODD)))
@pytest.mark.parametrize("kind", ["bar", "line", "pie", "scatter", "kpi", "table"])
def test_odd_data_makes_a_file(table, kind):
    chart = ChartSpec(kind, "n", ("n",))
    assert len(read(table, replace(SHEET, chart=chart)).pages) >= 1


def test_a_long_cell_wraps_and_ends_in_an_ellipsis():
    said = text_of(pa.table({"text": ["word " * 2_000]}), replace(SHEET, chart=None))
    assert said.count("word") < 200
    assert "…" in said


def test_no_rows_is_a_sentence():
    assert "There are no rows." in text_of(pa.table({"n": pa.array([], pa.int64())}))


def test_the_same_answer_is_the_same_file_and_names_nobody():
    first, second = (export.to_bytes(SHEET, PRODUCTS, "pdf") for _ in range(2))
    assert first == second
    told = PdfReader(io.BytesIO(first)).metadata
    assert dict(told) == {
        "/Title": "Top products",
        "/Creator": "DataMind",
        "/Producer": "DataMind",
        "/CreationDate": "D:20260930140500Z",
    }
    assert b"/work" not in first
    assert b"/tmp" not in first


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("letter", (612, 792))])
def test_paper_is_a4_or_letter(paper, size):
    box = read(PRODUCTS, replace(SHEET, paper=paper)).pages[0].mediabox
    assert (round(box.width), round(box.height)) == size


@pytest.mark.parametrize(
    ("locale", "paper"), [("en", "a4"), ("en-US", "letter"), ("de_DE", "a4"), ("", "a4")]
)
def test_the_paper_of_a_locale(locale, paper):
    assert export.paper_of(locale) == paper


def test_rows_alone_are_a_file_too():
    book = PdfReader(io.BytesIO(export.table_to_bytes(PRODUCTS, "pdf")))
    assert "Widget Pro" in book.pages[0].extract_text()


def test_a_figure_over_time_has_its_past_and_all_rows_below():
    table = pa.table({"month": ["2026-06", "2026-07", "2026-08"], "revenue": [1.5, 2.5, 5.0]})
    said = flat(text_of(table, replace(SHEET, chart=ChartSpec("kpi", "month", ("revenue",)))))
    for words in ("Revenue · Aug 2026", "5.00", "+100.0%", "against Jul 2026", "2026-06", "1.50"):
        assert words in said
