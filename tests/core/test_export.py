"""Files that people take along, read back."""

import csv
import io
import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from core import export
from core.errors import BadInput, LimitReached
from core.export import excel, excel_rows
from core.types import ChartSpec

SHEET = export.Sheet(
    title="=Top products",
    question="What were our top products?",
    insight="Widget Pro led.",
    reading="Revenue by product",
    sql="SELECT 1",
    made_at=datetime(2026, 9, 30, 14, 5, tzinfo=UTC),
)

JANUARY_31 = datetime(2026, 1, 31, tzinfo=UTC).replace(tzinfo=None)
JANUARY_1_10H = datetime(2026, 1, 1, 10, tzinfo=UTC).replace(tzinfo=None)

FORMULAS = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=cmd|'/c calc'!A1", "＝1+1",
    '=HYPERLINK("http://x","y")',
]  # fmt: skip
PLAIN_TEXTS = [
    "-12.5",
    "+49",
    "a=b",
    "",
    "'quoted",
    "e@mail.com",
    "Ölçü 漢字 🙂",
    "007",
    'a,b;"c"\nd',
]


def workbook(table):
    return openpyxl.load_workbook(io.BytesIO(export.to_bytes(SHEET, table, "xlsx")))


def data_of(table):
    return [list(row) for row in workbook(table)["Data"].iter_rows(values_only=True)]


def csv_rows(table):
    content = export.to_bytes(SHEET, table, "csv").decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content, newline="")))


@pytest.mark.parametrize("text", FORMULAS)
def test_a_csv_cell_or_header_never_runs(text):
    assert csv_rows(pa.table({text: [text]})) == [["'" + text], ["'" + text]]


@pytest.mark.parametrize("text", PLAIN_TEXTS)
def test_a_csv_cell_that_runs_nothing_stays_as_it_is(text):
    assert csv_rows(pa.table({"n": ["x"], "t": [text]}))[1] == ["x", text]


@pytest.mark.parametrize("text", FORMULAS)
def test_an_excel_cell_or_header_never_runs(text):
    page = workbook(pa.table({text: [text]}))["Data"]
    for cell in (page["A1"], page["A2"]):
        assert cell.data_type == "s"
        assert cell.value.replace("_x000D_", "\r").strip() == text.strip()


def test_csv_numbers_stay_numbers_and_nothing_is_rounded():
    table = pa.table(
        {
            "whole": [-5, 2**60],
            "real": [0.1, float("nan")],
            "money": pa.array([Decimal("-1234567890123.45"), None], pa.decimal128(20, 2)),
            "flag": [True, None],
            "day": [date(1066, 10, 14), None],
        }
    )
    assert csv_rows(table)[1:] == [
        ["-5", "0.1", "-1234567890123.45", "true", "1066-10-14"],
        [str(2**60), "", "", "", ""],
    ]


def test_csv_opens_right_in_excel():
    content = export.to_bytes(SHEET, pa.table({"ü": ["ß"]}), "csv")
    assert content == "\ufeffü\r\nß\r\n".encode()


def test_excel_keeps_types():
    zone = timezone(timedelta(hours=2))
    table = pa.table(
        {
            "whole": [1, 2**60],
            "real": [1.5, float("nan")],
            "odd": [float("inf"), None],
            "money": pa.array([Decimal("1.10"), Decimal("1234567890123456.78")]),
            "flag": [True, None],
            "day": [date(2026, 1, 31), date(1850, 1, 1)],
            "at": pa.array(
                [datetime(2026, 1, 1, 12, tzinfo=zone), None], pa.timestamp("us", "UTC")
            ),
            "tags": [["a"], None],
        }
    )
    head, first, second = data_of(table)
    assert head[6] == "at (UTC)"
    assert first == [
        1, 1.5, "Infinity", 1.1, True, JANUARY_31, JANUARY_1_10H, '["a"]',
    ]  # fmt: skip
    assert second == [str(2**60), None, None, "1234567890123456.78", None, "1850-01-01", None, None]


def test_excel_number_formats_and_the_header():
    page = workbook(
        pa.table(
            {
                "id": [12345],
                "revenue": [1234.5],
                "orders": [1234],
                "revenue_share": [0.5],
                "price_eur": [2.5],
                "day": [date(2026, 1, 1)],
            }
        )
    )["Data"]
    assert [cell.number_format for cell in page[2]] == [
        "0", "#,##0.00", "#,##0", "0.0%", '"€"#,##0.00', "yyyy-mm-dd",
    ]  # fmt: skip
    assert page["A1"].fill.fgColor.rgb == "FF6366F1"
    assert page["A1"].font.b
    assert page.freeze_panes == "A2"
    assert page.column_dimensions["A"].width >= excel.NARROWEST


def test_the_summary_tells_how_it_came_about():
    page = workbook(pa.table({"n": [1]}))["Summary"]
    told = {row[0].value: row[1].value for row in page.iter_rows(max_col=2)}
    assert page["A1"].value == "=Top products"
    assert page["A1"].data_type == "s"
    assert told["Question"] == SHEET.question
    assert told["Answer"] == SHEET.insight
    assert told["Read as"] == SHEET.reading
    assert told["SQL"] == SHEET.sql
    assert told["Made at"] == "2026-09-30 14:05 UTC"


def test_a_text_longer_than_a_cell_is_cut_and_the_summary_says_so():
    book = workbook(pa.table({"note": ["x" * 40_000, "🙂" * 20_000]}))
    for cell in (book["Data"]["A2"], book["Data"]["A3"]):
        assert len(cell.value.encode("utf-16-le")) // 2 <= excel_rows.LONGEST_TEXT
        assert "cut from" in cell.value
    notes = [r[1].value for r in book["Summary"].iter_rows() if r[0].value == "Notes"]
    assert notes == ["note: 2 texts were cut to 32,767 characters, the most that Excel holds."]


def test_more_rows_than_excel_holds_is_refused_before_anything_is_written(tmp_path):
    table = pa.table({"n": pa.nulls(excel.MOST_ROWS + 1, pa.int8())})
    with pytest.raises(LimitReached, match="1,048,575 rows") as refused:
        export.write_sheet(SHEET, table, "xlsx", tmp_path / "out.xlsx")
    assert "CSV" in refused.value.hint
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fmt", list(export.offered(pictured=False)))
def test_no_rows_and_no_columns_make_a_file(fmt):
    assert export.to_bytes(SHEET, pa.table({"n": pa.array([], pa.int64())}), fmt)
    assert export.to_bytes(SHEET, pa.table({}), fmt)


def test_an_unknown_format_is_refused():
    with pytest.raises(BadInput, match="docx"):
        export.to_bytes(SHEET, pa.table({"n": [1]}), "docx")


ROWS = [
    [1, "=1+1", 2.5, date(2026, 1, 31), True, None],
    [2, "-2+3", -7.25, date(2026, 2, 1), False, None],
]


def test_rows_of_values_as_csv_never_run(tmp_path):
    path = tmp_path / "rows.csv"
    export.write(["n", "=cmd", "x", "day", "ok", "none"], ROWS, "csv", path)
    assert list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""))) == [
        ["n", "'=cmd", "x", "day", "ok", "none"],
        ["1", "'=1+1", "2.5", "2026-01-31", "true", ""],
        ["2", "'-2+3", "-7.25", "2026-02-01", "false", ""],
    ]


def test_rows_of_values_as_a_workbook_never_run(tmp_path):
    path = tmp_path / "rows.xlsx"
    export.write(["n", "=cmd", "x", "day", "ok", "none"], ROWS, "xlsx", str(path))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Data"]
    cells = list(book.active.iter_rows())
    assert [cell.value for cell in cells[1]][:3] == [1, "=1+1", 2.5]
    assert not [cell for row in cells for cell in row if cell.data_type == "f"]


def test_mixed_values_become_text_and_uneven_rows_are_refused(tmp_path):
    export.write(["a", "a"], [[1, True], ["x", 2]], "csv", tmp_path / "mixed.csv")
    assert (tmp_path / "mixed.csv").read_text("utf-8-sig") == "a,a\n1,true\nx,2\n"
    export.write(["a"], [], "csv", tmp_path / "empty.csv")
    with pytest.raises(BadInput, match="Row 2 has 1 cells"):
        export.write(["a", "b"], [[1, 2], [3]], "csv", tmp_path / "uneven.csv")
    with pytest.raises(BadInput, match="no export as"):
        export.write(["a"], [[1]], "exe", tmp_path / "x")


@pytest.mark.parametrize("text", ["  =1+1", " \t@SUM(A1)", "\u00a0=1"])
def test_spaces_before_a_formula_do_not_help_it(text):
    assert csv_rows(pa.table({"a": [text]})) == [["a"], ["'" + text]]


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(
    ["_x0041_", " padded ", "a\nb", "\x00\x1b", "]]>", "<b>&amp;</b>", "\ufffe", "=1+1", "a\r\nb"]
)


def as_written(text):
    """A text as a cell can hold it: no letters that no text has."""
    return text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=4), st.integers(-(10**17), 10**17), st.floats())
def test_rows_are_read_back_as_they_were_by_two_other_readers(texts, whole, real):
    rows = len(texts)
    table = pa.table({"text": texts, "whole": [whole] * rows, "real": [real] * rows})
    content = export.table_to_bytes(table, "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Data"]
    for text, row in zip(texts, sheet.iter_rows(min_row=2, values_only=True), strict=True):
        assert openpyxl.utils.escape.unescape(row[0] or "") == as_written(text)
        assert row[1] == (whole if abs(whole) < 10**15 else str(whole))
        if math.isfinite(real):
            assert row[2] == real
    read = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("Data")
    assert len(read.to_python()) == rows + 1


@pytest.mark.parametrize(
    ("kind", "drawn"),
    [("bar", "BarChart"), ("horizontal_bar", "BarChart"), ("line", "LineChart"),
     ("area", "AreaChart"), ("pie", "DoughnutChart"), ("table", None)],
)  # fmt: skip
def test_the_summary_has_a_chart_of_excels_own_over_the_rows(kind, drawn, tmp_path):
    months = [date(2026, month, 1) for month in range(1, 7)]
    places = months if kind in ("line", "area") else ["a", "b", "c", "d", "e", "f"]
    table = pa.table({"place": places, "revenue": [1.0, 2, 3, 4, 5, 6]})
    sheet = replace(SHEET, chart=ChartSpec(kind, "place", ("revenue",), title="Revenue"))
    book = openpyxl.load_workbook(io.BytesIO(export.to_bytes(sheet, table, "xlsx")))
    found = book["Summary"]._charts
    assert [type(chart).__name__ for chart in found] == ([drawn] if drawn else [])
    if found:
        assert found[0].series[0].val.numRef.f == "Data!$B$2:$B$7"


def test_a_chart_that_excel_cannot_draw_from_the_rows_is_left_out():
    many = pa.table({"who": [f"Item {i}" for i in range(100)], "units": list(range(100))})
    sheet = replace(SHEET, chart=ChartSpec("bar", "who", ("units",)))
    book = openpyxl.load_workbook(io.BytesIO(export.to_bytes(sheet, many, "xlsx")))
    assert book["Summary"]._charts == []
