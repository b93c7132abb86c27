"""Nasty files, each with the table expected of it or the clear error. More are in test_ingest."""
# ruff: noqa: DTZ001, E501  (what stands in a file has no zone; a file is told in one line)

import bz2
import gzip
import lzma
from datetime import UTC, date, datetime, time
from typing import Any

from tests.connectors.files import (
    Becomes,
    File,
    Refused,
    book,
    packed,
    patched,
    raw,
    rows,
    sheet,
    text,
    written,
)

ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


def a_book() -> bytes:
    return written(rows(["id", "name"], [1, "a"]))


def with_declaration(declaration: bytes) -> bytes:
    return patched(
        a_book(),
        xl__sharedStrings_dot_xml=lambda part: declaration + part[part.index(b"?>") + 2 :],
    )


def merged(page: Any) -> None:
    page.append(["Report 2024"])
    page.merge_cells("A1:C1")
    for row in (["region", "city", "n"], ["North", "a", 1], [None, "b", 2], ["South", "c", 3],
                [None, "d", None]):  # fmt: skip
        page.append(row)
    page.merge_cells("A3:A4")
    page.merge_cells("A5:A6")
    page.merge_cells("C5:C6")


def groups(page: Any) -> None:
    for row in (["region", "2023", None, "2024", None], [None, "Q1", "Q2", "Q1", "Q2"],
                ["North", 1, 2, 3, 4], ["South", 5, 6, 7, 8]):  # fmt: skip
        page.append(row)
    page.merge_cells("B1:C1")
    page.merge_cells("D1:E1")
    page.merge_cells("A1:A2")


def formulas(page: Any) -> None:
    for row in (["a", "b"], [1, "=A2*2"], [2, "=A3*2"]):
        page.append(row)


def errors(made: Any) -> None:
    page = made.add_worksheet("data")
    page.write_row(0, 0, ["a", "b"])
    for line in range(1, 60):
        page.write_row(line, 0, [line, line * 1.5])
    page.write_formula(60, 0, "=1/0", None, "#DIV/0!")
    page.write_number(60, 1, 5)


def moments(made: Any) -> None:
    page = made.add_worksheet("data")
    page.write_row(0, 0, ["day", "moment", "clock"])
    styles = [made.add_format({"num_format": f}) for f in ("dd/mm/yyyy", "d.m.yy hh:mm", "hh:mm")]
    for line in (1, 2):
        page.write_datetime(line, 0, datetime(2024, 1, line), styles[0])
        page.write_datetime(line, 1, datetime(2024, 1, line, 10, 30), styles[1])
        page.write_number(line, 2, 0.25 * line, styles[2])


MOMENTS = Becomes(
    "day DATE, moment TIMESTAMP, clock TIME",
    [(date(2024, 1, 1), datetime(2024, 1, 1, 10, 30), time(6)),
     (date(2024, 1, 2), datetime(2024, 1, 2, 10, 30), time(12))],
)  # fmt: skip


def far_away(made: Any) -> None:
    page = made.add_worksheet("data")
    page.write_row(0, 0, ["a"])
    page.write_row(1, 0, [1])
    page.write(1_048_575, 16_383, "far")


def deep_below(made: Any) -> None:
    page = made.add_worksheet("Sales 2024")
    page.write(2, 1, "Quarterly report")
    for line, row in enumerate((["id", "name", "n"], [1, "a", 2], [2, "b", 3]), start=6):
        page.write_row(line, 1, row)


def many_sheets(made: Any) -> None:
    for name in ("Jan", "Übersicht", "select"):
        page = made.add_worksheet(name)
        page.write_row(0, 0, ["id", "v"])
        page.write_row(1, 0, [1, "x"])
    made.add_worksheet("hidden").write(0, 0, "secret")
    made.get_worksheet_by_name("hidden").very_hidden()
    made.add_worksheet("nothing")


def wide(columns: int) -> str:
    return (",".join(f"c{n}" for n in range(columns)) + "\n") + ("1" + ",1" * (columns - 1) + "\n")


def late(value: str, rows: int, usual: str = "", row: str = ",x") -> str:
    """Rows of numbers, or of the usual value, and one of another kind near the end."""
    usually = [f"{usual or n},x\n" for n in range(rows)]
    usually[-1111] = f"{value}{row}\n"
    return "".join(usually)


def a_million() -> str:
    return "id,amount,city\n" + "".join(f"{n},{n}.25,Bern\n" for n in range(999_999)) + "x,1,Bern\n"


NASTY: dict[str, File] = {
    # --- encodings
    "utf-8 with one byte of windows": raw(
        "id,name\n1,Jürgen\n2,Zoë\n3,Łódź\n4,Ünal\n".encode() + "5,Müller\n".encode("cp1252"),
        Becomes("id BIGINT, name VARCHAR",
                [(1, "Jürgen"), (2, "Zoë"), (3, "Łódź"), (4, "Ünal"), (5, "Müller")],
                notes=("1 byte was not and read as Windows-1252",)),
    ),
    "utf-16 big end first": raw(
        b"\xfe\xff" + "id,name\n1,Zoë\n".encode("utf-16-be"),
        Becomes("id BIGINT, name VARCHAR", [(1, "Zoë")]),
    ),
    "utf-32": text("id,name\n1,Łódź\n", Becomes("id BIGINT, name VARCHAR", [(1, "Łódź")]), "utf-32"),
    "utf-16 cut in the middle of a character": raw(
        "id,name\n1,Anna\n2,B".encode("utf-16") + b"\x41",
        Becomes("id BIGINT, name VARCHAR", [(1, "Anna"), (2, "B�")], notes=("1 broken character",)),
    ),
    "zero bytes": raw(b"id,name\n1,An\0na\n", Refused("not text", "CSV")),
    "the end mark of DOS": text(
        "id,name\r\n1,a\r\n2,b\r\n\x1a", Becomes("id BIGINT, name VARCHAR", [(1, "a"), (2, "b")])
    ),
    # --- delimiters and quotes
    "tabs in a file called csv": text(
        "id\tname\n1\tA, B\n2\tC\n", Becomes("id BIGINT, name VARCHAR", [(1, "A, B"), (2, "C")])
    ),
    "backslashes before quotation marks": text(
        'id,name\n1,"say \\"hi\\""\n2,"a, b"\n',
        Becomes("id BIGINT, name VARCHAR", [(1, 'say "hi"'), (2, "a, b")]),
    ),
    "a path that ends in a backslash": text(
        'id,path\n1,"C:\\new\\"\n2,"D:\\"\n',
        Becomes("id BIGINT, path VARCHAR", [(1, "C:\\new\\"), (2, "D:\\")]),
    ),
    "odd line ends within cells": text(
        "id,name\n1,a\x0bb\n2,c\x85d\n3,e\u2028f\n",
        Becomes("id BIGINT, name VARCHAR", [(1, "a\x0bb"), (2, "c\x85d"), (3, "e\u2028f")]),
    ),
    "comments above": text(
        "# made by x\n# in 2024\nid,name\n1,a\n2,b\n",
        Becomes("id BIGINT, name VARCHAR", [(1, "a"), (2, "b")], notes=("2 rows above",)),
    ),
    "blank lines within": text(
        "id,name\n\n1,a\n\n\n2,b\n3,c\n", Becomes("id BIGINT, name VARCHAR",
                                                  [(1, "a"), (2, "b"), (3, "c")]),
    ),
    "no line end at the end": text("a,b\n1,2", Becomes("a BIGINT, b BIGINT", [(1, 2)])),
    "a delimiter after every row": text("a,b,\n1,2,\n3,4,\n",
                                        Becomes("a BIGINT, b BIGINT", [(1, 2), (3, 4)])),
    "a thousand rows too short": text(
        lambda: "a,b,c\n" + "1,2,3\n1,2\n" * 1000,
        Becomes("a BIGINT, b BIGINT, c BIGINT", [(1, 2, 3), (1, 2, None)], count=2000,
                notes=("1,000 rows had fewer cells",)),
    ),
    "a cell of 5 MB": text(
        lambda: "id,name\n1," + "x" * 5_000_000 + "\n2,b\n",
        Becomes("id BIGINT, name VARCHAR", [(1, "x" * 5_000_000), (2, "b")]),
    ),
    "a cell of 20 MB": text(
        lambda: "id,name\n1," + "x" * 20_000_000 + "\n2,b\n", Refused("more than 16 MB", "Correct")
    ),
    # --- names
    "5,000 columns": text(
        lambda: wide(5_000), Becomes(", ".join(f"c{n} BIGINT" for n in range(5_000)), [(1,) * 5_000])
    ),
    "5,001 columns": text(lambda: wide(5_001), Refused("5,001 columns; the limit is 5,000", "Leave")),
    "headers that are reserved words": text(
        "select,Order,GROUP,user,primary key\n1,2,3,4,5\n",
        Becomes("select_ BIGINT, order_ BIGINT, group_ BIGINT, user BIGINT, primary_key BIGINT",
                [(1, 2, 3, 4, 5)]),
    ),
    "headers that come again": text(
        "a,A,a ,a_2\n1,2,3,4\n",
        Becomes("a BIGINT, a_2 BIGINT, a_3 BIGINT, a_2_2 BIGINT", [(1, 2, 3, 4)]),
    ),
    "headers of 500 characters": text(
        "x" * 500 + ",y\n1,2\n", Becomes("x" * 60 + " BIGINT, y BIGINT", [(1, 2)])
    ),
    "headers in other scripts": text(
        "名前,Цена,😀,Ελλάδα\nx,1,2,y\n",
        Becomes("名前 VARCHAR, цена BIGINT, column_3 BIGINT, ελλαδα VARCHAR", [("x", 1, 2, "y")]),
    ),
    "a name that would break out": text(
        "a,b\n1,2\n", Becomes("a BIGINT, b BIGINT", [(1, 2)], name="pass_wd_drop_table"),
        name="../../etc/pass'wd\"; DROP table.csv",
    ),
    "a name that is no word": text("a,b\n1,2\n",
                                   Becomes("a BIGINT, b BIGINT", [(1, 2)], name="table_1"),
                                   name="📈.CSV"),
    # --- numbers
    "telephone numbers": text(
        "name,phone\na,+491701234567\nb,+41791234567\n",
        Becomes("name VARCHAR, phone VARCHAR", [("a", "+491701234567"), ("b", "+41791234567")]),
    ),
    "whole numbers beyond 64 bits": text(
        "a\n9223372036854775808\n1\n", Becomes("a VARCHAR", [("9223372036854775808",), ("1",)])
    ),
    "currencies of many kinds": text(
        "a;b;c;d;e\n€ 1.234,50;$5.00;USD 5.00;1 234,50 kr;R$ 5,00\n"
        "€ 2,00;$1,005.00;USD 15.00;2,50 kr;R$ 1.005,00\n",
        Becomes("a DOUBLE, b DOUBLE, c DOUBLE, d DOUBLE, e DOUBLE",
                [(1234.5, 5.0, 5.0, 1234.5, 5.0), (2.0, 1005.0, 15.0, 2.5, 1005.0)],
                notes=("a is in €", "b is in $", "c is in USD", "d is in kr", "e is in R$")),
    ),
    "two currencies in a column": text(
        "price,n\n$5,1\n€6,2\n", Becomes("price VARCHAR, n BIGINT", [("$5", 1), ("€6", 2)])
    ),
    "percentages": text("a;b\n12,5 %;12%\n7 %;8.5%\n",
                        Becomes("a DOUBLE, b DOUBLE", [(12.5, 12.0), (7.0, 8.5)],
                                notes=("a is in percent", "b is in percent"))),
    "spaces that do not break as thousands": text(
        "a;b\n1\u00a0234,50;x\n2\u202f000;y\n",
        Becomes("a DOUBLE, b VARCHAR", [(1234.5, "x"), (2000.0, "y")]),
    ),
    "Swiss thousands": text("a;b\n1'234.50;x\n2'000;y\n",
                            Becomes("a DOUBLE, b VARCHAR", [(1234.5, "x"), (2000.0, "y")])),
    "lakhs and crores": text('a,b\n"12,34,567.50",x\n"1,23,000",y\n',
                             Becomes("a DOUBLE, b VARCHAR", [(1234567.5, "x"), (123000.0, "y")])),
    "minus signs of typesetters and accountants": text(
        "a,b,c\n−5,(1.50),5-\n3,2.5,6\n",
        Becomes("a DOUBLE, b DOUBLE, c DOUBLE", [(-5.0, -1.5, -5.0), (3.0, 2.5, 6.0)]),
    ),
    # --- dates
    "months by name in three languages": text(
        'a,b,c,d\n31-Dec-2024,"Dec 31, 2024",31. Dezember 2024,31 décembre 2024\n'
        '01-Jan-25,"January 1, 2025",1. März 2025,1 août 2025\n',
        Becomes("a DATE, b DATE, c DATE, d DATE",
                [(date(2024, 12, 31),) * 4,
                 (date(2025, 1, 1), date(2025, 1, 1), date(2025, 3, 1), date(2025, 8, 1))]),
    ),
    "days as Excel numbers them, below a header that says so": text(
        "order_date,created_at,weight\n45292,45292.5,45292\n45293,45293.25,45293\n",
        Becomes("order_date DATE, created_at TIMESTAMP, weight BIGINT",
                [(date(2024, 1, 1), datetime(2024, 1, 1, 12), 45292),
                 (date(2024, 1, 2), datetime(2024, 1, 2, 6), 45293)],
                notes=("order_date was read as Excel's day numbers",
                       "created_at was read as Excel's day numbers")),
    ),
    "month first, told only by the last of 30,000 rows": text(
        lambda: "d\n" + "".join(f"{1 + n % 12:02d}/{1 + n % 7:02d}/2024\n" for n in range(30_000))
        + "01/25/2024\n",
        Becomes("d DATE", [(date(2024, 1, 1),), (date(2024, 2, 2),)], count=30_001),
    ),
    "days that never were": text(
        lambda: "d,n\n" + "2024-01-31,1\n" * 100 + "2024-02-30,2\n",
        Becomes("d DATE, n BIGINT", [(date(2024, 1, 31), 1)], count=101,
                notes=("1 cell of d was not dates",), quarantine=((102, "d", "2024-02-30"),)),
    ),
    "moments with zones": text(
        "at,n\n2024-12-31T23:59:59.5Z,1\n2025-01-01T00:00:00+02:00,2\n",
        Becomes("at TIMESTAMP WITH TIME ZONE, n BIGINT",
                [(datetime(2024, 12, 31, 23, 59, 59, 500_000, tzinfo=UTC), 1),
                 (datetime(2024, 12, 31, 22, tzinfo=UTC), 2)]),
    ),
    "times of half days": text("t,n\n9:30 AM,1\n10:45 PM,2\n",
                               Becomes("t TIME, n BIGINT", [(time(9, 30), 1), (time(22, 45), 2)])),
    # --- words
    "yes and no in four languages": text(
        "a1,b1,c1,d1\nyes,Y,ja,oui\nno,N,nein,non\nYES,y,Ja,Oui\n",
        Becomes("a1 BOOLEAN, b1 BOOLEAN, c1 BOOLEAN, d1 BOOLEAN",
                [(True,) * 4, (False,) * 4, (True,) * 4]),
    ),
    "north and south are not yes and no": text(
        "side,n\nN,1\nS,2\nN,3\n", Becomes("side VARCHAR, n BIGINT", [("N", 1), ("S", 2), ("N", 3)])
    ),
    "words for a missing value": text(
        "a,b\n1,2024-01-01\nNULL,\\N\nN/A,-\n4,2024-01-02\n\\N,n/a\n",
        Becomes("a BIGINT, b DATE",
                [(1, date(2024, 1, 1)), (None, None), (None, None), (4, date(2024, 1, 2)),
                 (None, None)], notes=("3 cells of a said", "3 cells of b said")),
    ),
    "one bad cell at the end of a million rows": text(
        a_million,
        Becomes("id BIGINT, amount DOUBLE, city VARCHAR", [(0, 0.25, "Bern"), (1, 1.25, "Bern")],
                count=1_000_000, notes=("1 cell of id was not whole numbers",),
                quarantine=((1_000_001, "id", "x"),)),
    ),
    # --- what a sample of a long file does not show
    "one fraction among 50,000 whole numbers": text(
        lambda: "a,b\n" + late("1.5", 50_000), Becomes("a DOUBLE, b VARCHAR", [(0.0, "x")], count=50_000)
    ),
    "one code among 50,000 whole numbers": text(
        lambda: "a,b\n" + late("007", 50_000), Becomes("a VARCHAR, b VARCHAR", [("0", "x")], count=50_000)
    ),
    "one moment among 50,000 days": text(
        lambda: "a,b\n" + late("2026-01-01 10:00", 50_000, "2026-01-01"),
        Becomes("a TIMESTAMP, b VARCHAR", [(datetime(2026, 1, 1), "x")], count=50_000),
    ),
    "one n/a and one empty row among 50,000": text(
        lambda: "a,b\n" + late("n/a,x\n,", 50_000, row=","),
        Becomes("a BIGINT, b VARCHAR", [(0, "x")], count=50_000,
                notes=("1 empty row was skipped", "1 cell of a said")),
    ),
    "words for a third of the numbers, all in one place": text(
        lambda: "a,b\n" + "".join(f"{n},x\n" for n in range(20_000)) + "word,x\n" * 9_000,
        Becomes("a VARCHAR, b VARCHAR", [("0", "x")], count=29_000),
    ),
    "four words in a hundred numbers, spread": text(
        lambda: "a,b\n" + "".join(f"{'word' if n % 25 == 7 else n},x\n" for n in range(30_000)),
        Becomes("a VARCHAR, b VARCHAR", [("0", "x")], count=30_000),
    ),
    "one word among 30,000 numbers": text(
        lambda: "a,b\n" + "".join(f"{'word' if n == 25_007 else n},x\n" for n in range(30_000)),
        Becomes("a BIGINT, b VARCHAR", [(0, "x")], count=30_000,
                notes=("1 cell of a was not whole numbers",), quarantine=((25_009, "a", "word"),)),
    ),
    "a long file of quoted cells with line breaks": text(
        lambda: 'a,b\n' + "".join(f'"{n}","one, ""two""\nthree"\n' for n in range(9_000)),
        Becomes("a BIGINT, b VARCHAR", [(0, 'one, "two"\nthree')], count=9_000),
    ),
    # --- what is something else
    "gzip": raw(gzip.compress(b"a,b\n1,2\n"), Refused("packed file", "Unpack it")),
    "gzip by its name": raw(gzip.compress(b"a,b\n1,2\n"), Refused("packed file", "Unpack it"),
                            "data.csv.gz"),
    "bzip2": raw(bz2.compress(b"a,b\n1,2\n"), Refused("packed file", "Unpack it")),
    "xz": raw(lzma.compress(b"a,b\n1,2\n"), Refused("packed file", "Unpack it")),
    "zip called csv": raw(packed(a_dot_csv=b"a,b\n1,2\n"), Refused("zip archive", "unpack it")),
    "zip": raw(packed(a_dot_csv=b"a,b\n1,2\n"), Refused("packed file", "Unpack"), "data.zip"),
    "a web page called csv": raw(b"<!DOCTYPE html><table><tr><td>a</td></tr></table>",
                                 Refused("web page", "save it as .xlsx")),
    "a web page called xls": raw(b"\n<html><table><tr><td>a</td></tr></table>",
                                 Refused("web page", "save it as .xlsx"), "data.xls"),
    "XML called xls": raw(b'<?xml version="1.0"?><Workbook/>', Refused("web page or XML", "Excel"),
                          "data.xls"),
    "JSON called csv": raw(b'[{"a": 1}, {"a": 2}]', Refused("JSON", "CSV")),
    "xlsb": raw(b"PK", Refused(".xlsb", "save it as .xlsx"), "data.xlsb"),
    "ods": raw(b"PK", Refused("OpenDocument", "save it as .xlsx"), "data.ods"),
    "xls": raw(b"\xd0\xcf\x11\xe0", Refused(".xls format", "save it as .xlsx"), "data.xls"),
    # --- workbooks
    "merged cells": sheet(
        merged,
        Becomes("region VARCHAR, city VARCHAR, n BIGINT",
                [("North", "a", 1), ("North", "b", 2), ("South", "c", 3), ("South", "d", None)],
                notes=("1 row above", "The text of 3 merged cells stands in each row")),
    ),
    "merged headings of groups": sheet(
        groups,
        Becomes("region VARCHAR, column_2023_q1 BIGINT, column_2023_q2 BIGINT, "
                "column_2024_q1 BIGINT, column_2024_q2 BIGINT",
                [("North", 1, 2, 3, 4), ("South", 5, 6, 7, 8)]),
    ),
    "formulas that were never worked out": sheet(
        formulas, Becomes("a BIGINT, b VARCHAR", [(1, None), (2, None)],
                          notes=("2 formulas have no value in the file",)),
    ),
    "errors of formulas": book(
        errors,
        Becomes("a BIGINT, b DOUBLE", [(1, 1.5), (2, 3.0)], count=60,
                notes=("1 cell of a was not whole numbers",), quarantine=((61, "a", "#DIV/0!"),)),
    ),
    "days since 1900": book(moments, MOMENTS),
    "days since 1904": book(moments, MOMENTS, date_1904=True),
    "a header far below a title": book(
        deep_below, Becomes("id BIGINT, name VARCHAR, n BIGINT", [(1, "a", 2), (2, "b", 3)],
                            notes=("above the table were skipped",), name="sales_2024"),
    ),
    "many sheets, hidden and empty ones": book(
        many_sheets,
        [Becomes("id BIGINT, v VARCHAR", [(1, "x")], name="jan",
                 notes=("hidden sheet “hidden” was left out", "empty sheet “nothing” was left out")),
         Becomes("id BIGINT, v VARCHAR", [(1, "x")], name="uebersicht"),
         Becomes("id BIGINT, v VARCHAR", [(1, "x")], name="select_")],
    ),
    "numbers of 16 digits in a workbook": book(
        rows(["card", "n"], [4111111111111111, 1], [5500000000000004, 2]),
        Becomes("card VARCHAR, n BIGINT", [("4111111111111111", 1), ("5500000000000004", 2)]),
    ),
    "a cell in the last corner": book(far_away, Refused("far more memory", "Ctrl+End")),
    "a file within a file (XXE)": File(lambda: with_declaration(ENTITY),
                                       Refused("declares entities", "save it anew"), "data.xlsx"),
    "a billion laughs": File(lambda: with_declaration(LAUGHS),
                             Refused("declares entities", "save it anew"), "data.xlsx"),
    "macros": File(lambda: patched(a_book(), xl__vbaProject_dot_bin=lambda _: b"code"),
                   Refused("has macros", "without macros"), "data.xlsx"),
    "macros by the name": File(a_book, Refused("with macros", "save it as .xlsx"), "data.xlsm"),
    "cut in half": File(lambda: a_book()[: len(a_book()) // 2],
                        Refused("damaged or incomplete", "upload it again"), "data.xlsx"),
    "a sheet that is no XML": File(
        lambda: patched(a_book(), xl__worksheets__sheet1_dot_xml=lambda part: part[:200]),
        Refused("damaged or incomplete", "upload it again"), "data.xlsx",
    ),
}  # fmt: skip
