"""Nasty files, each with the table expected of it or the clear error."""
# ruff: noqa: DTZ001  (what stands in a file has no zone)

import io
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import duckdb
import pytest
import xlsxwriter

from core.connectors import ingest
from core.connectors.ingest import LoadedTable, UploadLimits
from core.connectors.sandbox import loading
from core.errors import BadUpload

INT, NUM, TXT, DAY, AT = "BIGINT", "DOUBLE", "VARCHAR", "DATE", "TIMESTAMP"


@dataclass(frozen=True)
class Case:
    """A file's bytes, the columns (name, type) and rows expected, and words of its notes."""

    content: bytes
    columns: list[tuple[str, str]]
    rows: list[tuple[Any, ...]]
    notes: list[str] = field(default_factory=list)
    name: str = "My File.csv"


def text(content: str, encoding: str = "utf-8", **rest: Any) -> Case:
    return Case(content.encode(encoding), **rest)


NASTY: dict[str, Case] = {
    "plain": text(
        "id,name,price\n1,Anna,1.5\n2,Ben,2\n",
        columns=[("id", INT), ("name", TXT), ("price", NUM)],
        rows=[(1, "Anna", 1.5), (2, "Ben", 2.0)],
    ),
    "utf-8 with a mark": text(
        "größe,name\n1,Jürgen\n", "utf-8-sig",
        columns=[("groesse", INT), ("name", TXT)], rows=[(1, "Jürgen")],
    ),
    "utf-16 as Excel's Unicode text": text(
        "id\tname\n1\tŁódź\n2\t東京\n", "utf-16", name="export.txt",
        columns=[("id", INT), ("name", TXT)], rows=[(1, "Łódź"), (2, "東京")],
    ),
    "utf-16 without a mark": text(
        "id,name\n1,Anna\n2,Zoë\n", "utf-16-le",
        columns=[("id", INT), ("name", TXT)], rows=[(1, "Anna"), (2, "Zoë")],
    ),
    "windows-1252": text(
        "id;preis\n1;„5 €“\n2;Süß\n", "cp1252",
        columns=[("id", INT), ("preis", TXT)], rows=[(1, "„5 €“"), (2, "Süß")],
        notes=["Windows"],
    ),
    "latin-1 with bytes that windows-1252 lacks": text(
        "id,name\n1,caf\xe9\x81\n", "latin-1",
        columns=[("id", INT), ("name", TXT)], rows=[(1, "café\x81")], notes=["Latin-1"],
    ),
    "semicolons and decimal commas": text(
        "datum;betrag;menge\n31.12.2024;1.234,50;3\n01.02.2025;-7,25;1.000\n",
        columns=[("datum", DAY), ("betrag", NUM), ("menge", NUM)],
        rows=[(date(2024, 12, 31), 1234.5, 3.0), (date(2025, 2, 1), -7.25, 1000.0)],
        notes=["1.000 is one thousand"],
    ),
    "pipes": text(
        "a|b\n1|x,y\n2|z\n", columns=[("a", INT), ("b", TXT)], rows=[(1, "x,y"), (2, "z")]
    ),
    "tabs": text(
        "a\tb\n1\tx\n", name="t.tsv", columns=[("a", INT), ("b", TXT)], rows=[(1, "x")]
    ),
    "sep= line of Excel": text(
        "sep=;\na;b\n1;2\n", columns=[("a", INT), ("b", INT)], rows=[(1, 2)]
    ),
    "thousands with commas, dollars and minus in brackets": text(
        'item,amount\nA,"$1,234.50"\nB,($99.00)\nC,$5\n',
        columns=[("item", TXT), ("amount", NUM)],
        rows=[("A", 1234.5), ("B", -99.0), ("C", 5.0)],
        notes=["amount is in $"],
    ),
    "euros with thin spaces": text(
        "item;amount\nA;1\u202f234,50 €\nB;99 €\n",
        columns=[("item", TXT), ("amount", NUM)], rows=[("A", 1234.5), ("B", 99.0)],
        notes=["amount is in €"],
    ),
    "two currencies stay text": text(
        "id,amount\n1,$5\n2,€6\n3,$7\n",
        columns=[("id", INT), ("amount", TXT)], rows=[(1, "$5"), (2, "€6"), (3, "$7")],
    ),
    "swiss thousands": text(
        "x,v\na,1'234.5\nb,2'000\n", columns=[("x", TXT), ("v", NUM)],
        rows=[("a", 1234.5), ("b", 2000.0)],
    ),
    "percent": text(
        "x,share\na,12.5%\nb,7 %\n", columns=[("x", TXT), ("share", NUM)],
        rows=[("a", 12.5), ("b", 7.0)], notes=["percent"],
    ),
    "leading zeros and 16-digit numbers stay text": text(
        "zip,card,n\n01234,4111111111111111,0\n80331,5500000000000004,10\n",
        columns=[("zip", TXT), ("card", TXT), ("n", INT)],
        rows=[("01234", "4111111111111111", 0), ("80331", "5500000000000004", 10)],
    ),
    "a leading zero far below keeps the column text": text(
        "code\n" + "".join(f"{n}\n" for n in range(10000, 13000)) + "00042\n",
        columns=[("code", TXT)], rows=[("10000",)],
    ),
    "day first, told by one value": text(
        "d\n01/02/2024\n03/04/2024\n25/12/2024\n",
        columns=[("d", DAY)],
        rows=[(date(2024, 2, 1),), (date(2024, 4, 3),), (date(2024, 12, 25),)],
    ),
    "month first, told by one value": text(
        "d\n01/02/2024\n12/25/2024\n",
        columns=[("d", DAY)], rows=[(date(2024, 1, 2),), (date(2024, 12, 25),)],
    ),
    "month first, told by another column": text(
        "a,b\n01/02/2024,12/25/2024\n03/04/2024,01/13/2024\n",
        columns=[("a", DAY), ("b", DAY)],
        rows=[(date(2024, 1, 2), date(2024, 12, 25)), (date(2024, 3, 4), date(2024, 1, 13))],
    ),
    "day or month first, nothing tells": text(
        "d\n01/02/2024\n03/04/2024\n", columns=[("d", DAY)],
        rows=[(date(2024, 2, 1),), (date(2024, 4, 3),)], notes=["either way round"],
    ),
    "moments, times, ISO days": text(
        "at,t,d\n2024-01-02 03:04:05,09:30,2024-01-02\n2024-01-02T23:59,17:05,2024-02-29\n",
        columns=[("at", AT), ("t", "TIME"), ("d", DAY)],
        rows=[
            (datetime(2024, 1, 2, 3, 4, 5), time(9, 30), date(2024, 1, 2)),
            (datetime(2024, 1, 2, 23, 59), time(17, 5), date(2024, 2, 29)),
        ],
    ),
    "moments with a zone": text(
        "at,x\n2024-01-02T03:04:05Z,a\n2024-01-02T03:04:05+02:00,b\n",
        columns=[("at", "TIMESTAMP WITH TIME ZONE"), ("x", TXT)],
        rows=[(datetime(2024, 1, 2, 3, 4, 5), "a"), (datetime(2024, 1, 2, 1, 4, 5), "b")],
    ),
    "german moments": text(
        "wann;x\n31.12.2024 23:59;1\n01.01.2025 00:00;2\n",
        columns=[("wann", AT), ("x", INT)],
        rows=[(datetime(2024, 12, 31, 23, 59), 1), (datetime(2025, 1, 1), 2)],
    ),
    "american moments": text(
        "at,x\n12/31/2024 11:59 PM,1\n1/2/2025 12:05 AM,2\n",
        columns=[("at", AT), ("x", INT)],
        rows=[(datetime(2024, 12, 31, 23, 59), 1), (datetime(2025, 1, 2, 0, 5), 2)],
    ),
    "true and false": text(
        "ok,x\nTRUE,1\nfalse,2\n,3\n",
        columns=[("ok", "BOOLEAN"), ("x", INT)], rows=[(True, 1), (False, 2), (None, 3)],
    ),
    "marks of missing values": text(
        "amount,x\n1.5,a\nn/a,b\n-,c\n2,d\n", columns=[("amount", NUM), ("x", TXT)],
        rows=[(1.5, "a"), (None, "b"), (None, "c"), (2.0, "d")],
        notes=["2 cells of amount said that the value is missing (such as n/a)"],
    ),
    "one bad cell among many": text(
        "amount\n" + "".join(f"{n}.5\n" for n in range(100)) + "oops\n",
        columns=[("amount", NUM)], rows=[(0.5,)],
        notes=["1 cell of amount was not numbers and was left empty, e.g. row 102: 'oops'"],
    ),
    "too many bad cells": text(
        "amount,x\n1,a\n2,b\ntwo,c\nthree,d\n", columns=[("amount", TXT), ("x", TXT)],
        rows=[("1", "a"), ("2", "b"), ("two", "c"), ("three", "d")],
    ),
    "no header": text(
        "1,Anna,2024-01-01\n2,Ben,2024-01-02\n",
        columns=[("column_1", INT), ("column_2", TXT), ("column_3", DAY)],
        rows=[(1, "Anna", date(2024, 1, 1)), (2, "Ben", date(2024, 1, 2))],
    ),
    "years as headers": text(
        "region,2022,2023\nNord,5,6\nSüd,7,8\n",
        columns=[("region", TXT), ("column_2022", INT), ("column_2023", INT)],
        rows=[("Nord", 5, 6), ("Süd", 7, 8)],
    ),
    "duplicate, empty, reserved and strange headers": text(
        'Name,name,,order,"Umsatz (€)",NAME_2\nx,y,z,1,2,w\n',
        columns=[("name", TXT), ("name_2", TXT), ("column_3", TXT), ("order_", INT),
                 ("umsatz_eur", INT), ("name_2_2", TXT)],
        rows=[("x", "y", "z", 1, 2, "w")],
    ),
    "titles above the table": text(
        "Umsatz 2024\n\nid;name;wert\n1;a;2\n2;b;3\n",
        columns=[("id", INT), ("name", TXT), ("wert", INT)], rows=[(1, "a", 2), (2, "b", 3)],
        notes=["2 rows above the table were skipped"],
    ),
    "quotes, delimiters and line breaks in cells": text(
        'id,note\n1,"a, ""b""\nc"\n2,"d"\n',
        columns=[("id", INT), ("note", TXT)], rows=[(1, 'a, "b"\nc'), (2, "d")],
    ),
    "a header over two lines": text(
        '"id","net\namount"\n1,2.5\n', columns=[("id", INT), ("net_amount", NUM)], rows=[(1, 2.5)]
    ),
    "spaces around cells, empty rows and trailing commas": text(
        "id,name\n 1 , Anna \u00a0\n,\n2,Ben\n\n",
        columns=[("id", INT), ("name", TXT)], rows=[(1, "Anna"), (2, "Ben")],
        notes=["1 empty row was skipped"],
    ),
    "rows too long and too short": text(
        "id,name\n1,a\n2,b,extra\n3\n",
        columns=[("id", INT), ("name", TXT), ("column_3", TXT)],
        rows=[(1, "a", None), (2, "b", "extra"), (3, None, None)],
        notes=["1 row had more cells than the header, e.g. row 3",
               "1 row had fewer cells than the header, e.g. row 4"],
    ),
    "a stray quotation mark": text(
        'id,size\n1,5" pipe\n2,"6"" pipe" long\n',
        columns=[("id", INT), ("size", TXT)], rows=[(1, '5" pipe'), (2, '6" pipe long')],
    ),
    "a carriage return in a cell of an uneven file": text(
        'id,note\n1,"a\rb"\n2\n', columns=[("id", INT), ("note", TXT)],
        rows=[(1, "a\nb"), (2, None)], notes=["1 row had fewer cells"],
    ),
    "old Mac line ends": text(
        "id,name\r1,a\r2,b\r", columns=[("id", INT), ("name", TXT)], rows=[(1, "a"), (2, "b")]
    ),
    "mixed line ends": text(
        "id,name\r\n1,a\n2,b\r\n", columns=[("id", INT), ("name", TXT)], rows=[(1, "a"), (2, "b")]
    ),
    "one column": text("city\nWien\nGraz\n", columns=[("city", TXT)], rows=[("Wien",), ("Graz",)]),
    "one column of decimal commas": text(
        "betrag\n1,5\n-2,25\n3\n", columns=[("betrag", NUM)], rows=[(1.5,), (-2.25,), (3.0,)]
    ),
    "only a header": text("id,name\n", columns=[("id", TXT), ("name", TXT)], rows=[]),
    "huge and odd numbers": text(
        "a,b\n1e3,NaN\n-2.5E-1,5\n", columns=[("a", NUM), ("b", INT)],
        rows=[(1000.0, None), (-0.25, 5)], notes=["1 cell of b said that the value is missing"],
    ),
    "cells that look like formulas stay text": text(
        "a,b\n=1+1,x\n@SUM(A1),y\n", columns=[("a", TXT), ("b", TXT)],
        rows=[("=1+1", "x"), ("@SUM(A1)", "y")],
    ),
}  # fmt: skip


def read(case: Case, folder: Path) -> tuple[LoadedTable, list[tuple[Any, ...]]]:
    source, made = folder / "incoming", folder / "made.duckdb"
    source.write_bytes(case.content)
    (table,) = ingest.load(source, case.name, made)
    return table, rows_of(made, table)


def rows_of(made: Path, table: LoadedTable) -> list[tuple[Any, ...]]:
    cells = ", ".join(
        f"\"{c.name}\" AT TIME ZONE 'UTC'" if "ZONE" in c.type else f'"{c.name}"'
        for c in table.columns
    )
    with closing(duckdb.connect(str(made), read_only=True)) as database:
        return database.execute(f'SELECT {cells} FROM "{table.name}"').fetchall()


@pytest.mark.parametrize("name", list(NASTY))
def test_a_nasty_file_becomes_this_table(name: str, tmp_path: Path) -> None:
    case = NASTY[name]
    table, rows = read(case, tmp_path)
    assert [(c.name, c.type) for c in table.columns] == case.columns
    assert rows[: max(1, len(case.rows))] == case.rows
    assert table.row_count == len(rows)
    for words in case.notes:
        assert any(words in note for note in table.notes), table.notes
    if not case.notes:
        assert not table.notes


def test_names_and_labels(tmp_path: Path) -> None:
    case = text("Kunden Nr.;Straße\n1;A\n", columns=[], rows=[], name="Kunden-Liste 2024 (neu).csv")
    table, _ = read(case, tmp_path)
    assert (table.name, table.label) == ("kunden_liste_2024_neu", "Kunden-Liste 2024 (neu)")
    assert [(c.name, c.label) for c in table.columns] == [
        ("kunden_nr", "Kunden Nr."),
        ("strasse", "Straße"),
    ]
    with closing(duckdb.connect(str(tmp_path / "made.duckdb"), read_only=True)) as database:
        found = database.execute("SELECT comment FROM duckdb_columns() WHERE NOT internal")
        assert found.fetchall() == [("Kunden Nr.",), ("Straße",)]


def test_many_columns(tmp_path: Path) -> None:
    head = ",".join(f"c {n}" for n in range(1_000))
    line = ",".join(str(n) for n in range(1_000))
    table, rows = read(text(f"{head}\n{line}\n{line}\n", columns=[], rows=[]), tmp_path)
    assert len(table.columns) == 1_000
    assert rows == [tuple(range(1_000))] * 2


def test_a_preview_keeps_no_file(tmp_path: Path) -> None:
    source = tmp_path / "incoming"
    source.write_bytes(b"id,at\n1,2024-01-01T10:00:00Z\n2,2024-01-02T10:00:00Z\n")
    (shown,) = loading.preview(source, "x.csv", rows=1)
    assert shown.rows == ((1, datetime(2024, 1, 1, 10, tzinfo=UTC)),)
    assert shown.table.row_count == 2
    assert list(tmp_path.iterdir()) == [source]


# --- workbooks ---------------------------------------------------------------------------


def workbook(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        fill(book)
    return buffer.getvalue()


def _life(book: xlsxwriter.Workbook) -> None:
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sales = book.add_worksheet("Umsätze")
    sales.write("A1", "Report of the year")
    for place, label in enumerate(["Datum", "Kunde Nr", "Betrag", "Bezahlt", "Formel"]):
        sales.write(2, place, label)
    for row, (number, amount, paid) in enumerate([("007", 5, True), ("008", 2.5, False)], start=3):
        sales.write_datetime(row, 0, datetime(2024, 1, row), day)
        sales.write_string(row, 1, number)
        sales.write_number(row, 2, amount)
        sales.write_boolean(row, 3, paid)
        sales.write_formula(row, 4, f"=C{row + 1}*2", None, amount * 2)
    book.add_worksheet("Empty")
    book.add_worksheet("Secret").write("A1", "hidden")
    book.get_worksheet_by_name("Secret").hide()
    other = book.add_worksheet("2024")
    other.write_row("B2", ["a", "b"])
    other.write_row("B3", [1, "x"])


def test_every_visible_filled_sheet_becomes_a_table(tmp_path: Path) -> None:
    source, made = tmp_path / "incoming", tmp_path / "made.duckdb"
    source.write_bytes(workbook(_life))
    sales, other = ingest.load(source, "Buch.xlsx", made)
    assert (sales.name, sales.label, other.name) == ("umsaetze", "Umsätze", "table_2024")
    assert [(c.name, c.type) for c in sales.columns] == [
        ("datum", DAY), ("kunde_nr", TXT), ("betrag", NUM), ("bezahlt", "BOOLEAN"), ("formel", INT),
    ]  # fmt: skip
    assert rows_of(made, sales) == [
        (date(2024, 1, 3), "007", 5.0, True, 10),
        (date(2024, 1, 4), "008", 2.5, False, 5),
    ]
    assert rows_of(made, other) == [(1, "x")]
    assert any("Secret" in note for note in sales.notes)
    assert any("above the table" in note for note in sales.notes)


# --- what cannot come in ---------------------------------------------------------------------


def _zip(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
REFUSED: dict[str, tuple[str, Callable[[], bytes], str, str]] = {
    "another type": ("report.pdf", lambda: b"%PDF-1.7", "type “.pdf”", "CSV"),
    "no ending": ("report", lambda: b"a,b\n", "without ending", "CSV"),
    "an empty file": ("a.csv", lambda: b"", "empty", "Export"),
    "nothing but blank lines": ("a.csv", lambda: b"\n\n  \n", "no rows", "Export"),
    "nothing but a mark": ("a.csv", lambda: b"\xef\xbb\xbf", "no rows", "Export"),
    "binary garbage": ("a.csv", lambda: bytes(range(256)) * 40, "not text", "CSV"),
    "a picture": ("a.csv", lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "a picture", "CSV"),
    "a workbook named csv": ("a.csv", lambda: workbook(_life), "Excel workbook", ".xlsx"),
    "text named xlsx": ("a.xlsx", lambda: b"a,b\n1,2\n", "not one", ".csv"),
    "old Excel": ("a.xls", lambda: OLE, ".xls format", "save it as .xlsx"),
    "old Excel named xlsx": ("a.xlsx", lambda: OLE + b"\0" * 600, "old .xls", "save it as .xlsx"),
    "a password": (
        "a.xlsx",
        lambda: OLE + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le"),
        "protected by a password",
        "remove the password",
    ),
    "a truncated workbook": ("a.xlsx", lambda: workbook(_life)[:-900], "incomplete", "again"),
    "a broken workbook": (
        "a.xlsx", lambda: _zip(**{"xl/workbook.xml": b"<workbook"}), "damaged", "save it again"
    ),
    "a zip archive": ("a.xlsx", lambda: _zip(**{"table.csv": b"a,b"}), "zip archive", "Unpack"),
    "a zip bomb": (
        "a.xlsx",
        lambda: _zip(**{"xl/workbook.xml": b"<x/>", "xl/s.xml": b"\0" * 60 * 1024 * 1024}),
        "unpacks to 60 MB",
        "CSV",
    ),
    "an empty workbook": (
        "a.xlsx", lambda: workbook(lambda book: book.add_worksheet()), "no visible", "Check"
    ),
    "a quotation mark that never closes": (
        "a.csv",
        lambda: b'id,name\n1,a\n2,"b\n3,c\n',
        "row 3 a quotation mark",
        "Close or remove",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", list(REFUSED))
def test_what_cannot_be_read_says_what_to_do(case: str, tmp_path: Path) -> None:
    name, content, message, hint = REFUSED[case]
    source, made = tmp_path / "incoming", tmp_path / "made.duckdb"
    source.write_bytes(content())
    with pytest.raises(BadUpload) as caught:
        ingest.load(source, name, made)
    assert message.lower() in caught.value.message.lower()
    assert hint.lower() in caught.value.hint.lower()
    assert caught.value.hint
    assert str(tmp_path) not in caught.value.message + caught.value.hint
    assert list(tmp_path.iterdir()) == [source], "nothing is left behind"


def test_limits_of_size_and_columns(tmp_path: Path) -> None:
    source, made = tmp_path / "incoming", tmp_path / "made.duckdb"
    source.write_bytes(b"a,b,c\n" + b"1,2,3\n" * 1_000_000)
    with pytest.raises(BadUpload, match="The file has 6 MB; the limit is 1 MB"):
        ingest.load(source, "a.csv", made, limits=UploadLimits(max_bytes=1024 * 1024))
    with pytest.raises(BadUpload, match="3 columns; the limit is 2"):
        ingest.load(source, "a.csv", made, limits=UploadLimits(max_columns=2))


def test_an_existing_file_is_never_written_over(tmp_path: Path) -> None:
    source, made = tmp_path / "incoming", tmp_path / "made.duckdb"
    source.write_bytes(b"a\n1\n")
    made.write_bytes(b"open somewhere")
    with pytest.raises(BadUpload, match="exists already"):
        ingest.load(source, "a.csv", made)
    assert made.read_bytes() == b"open somewhere"
