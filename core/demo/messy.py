"""Two files as they come from real offices, for trying uploads."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np

from core.demo import dice, people

ROWS: Final = 400
HEADER: Final = (
    "Order No",
    "Date",
    "Customer",
    "Region",
    "Product",
    "Units",
    "Unit price",
    "Net amount",
    "Paid",
    "Remarks",
    "Remarks",
)
_REGIONS: Final = ("Nord", "Süd", "West", "Ost", "Österreich", "Schweiz")
_PRODUCTS: Final = (
    ("Widget Pro", 12900),
    ("Gizmo Mini", 5900),
    ("Kabelbox groß", 1900),
    ("Schreibtischlampe “Lumen”", 6500),
    ("Türklingel View", 14900),
    ("Standing Desk Frame", 132900),
)
_REMARKS: Final = ("", "", "", "", "Eilt!", "Skonto 2 %", "Lieferung an Büro", "siehe Angebot")
_DEPARTMENTS: Final = (
    ("Sales", 42000, 0.02),
    ("Marketing", 31500, 0.03),
    ("Engineering", 88000, 0.01),
    ("Customer support", 19500, 0.02),
    ("Operations", 27000, 0.0),
    ("Finance", 14000, 0.0),
)
_PEOPLE: Final = (9, 5, 14, 7, 6, 3)


def messy_csv(path: Path) -> None:
    """Write a sales export with all the habits of a European office, the same each time.

    Windows-1252, semicolons, decimal commas and thousands dots, euro signs, day.month.year,
    numbers with leading zeros, two columns of one name, blank lines, stray spaces, gaps.
    """
    lines = [";".join(HEADER)]
    for row in range(ROWS):
        lines.append(";".join(_sale(row)))
        if row % 97 == 60:
            lines.append("")
    path.write_bytes(("\r\n".join([*lines, "", ""])).encode("cp1252"))


def multi_sheet_xlsx(path: Path) -> None:
    """Write a workbook of three sheets with real types; one has a title above its header."""
    from xlsxwriter import Workbook  # type: ignore[import-untyped]

    with Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties({"created": datetime(2026, 1, 5, tzinfo=UTC)})
        _budget(book)
        _headcount(book)
        _projects(book)


def _sale(row: int) -> list[str]:
    key = np.array([row], dtype=np.int64)

    def roll(what: str, sides: int) -> int:
        return int(dice.uniform(f"messy/{what}", key)[0] * sides)

    day = date(2026, 1, 2) + timedelta(days=row * 270 // ROWS)
    customer, _ = people.person("german", 40 + roll("customer", 60))
    product, cents = _PRODUCTS[roll("product", len(_PRODUCTS))]
    units = 1 + roll("units", 12)
    amount = "" if row % 53 == 17 else f"{_german(units * cents)} €"
    return [
        f"{123 + row * 7:05d}",
        day.strftime("%d.%m.%Y"),
        customer + ("  " if row % 11 == 3 else ""),
        "" if row % 41 == 5 else _REGIONS[roll("region", len(_REGIONS))],
        product,
        "" if row % 67 == 30 else str(units),
        _german(cents),
        amount,
        "ja" if roll("paid", 10) else "nein",
        _REMARKS[roll("remark", len(_REMARKS))],
        "" if row % 29 else "Rückfrage",
    ]


def _german(cents: int) -> str:
    """1234.5 euro as 1.234,50."""
    return f"{cents / 100:,.2f}".translate(str.maketrans(",.", ".,"))


def _budget(book: Any) -> None:
    sheet = book.add_worksheet("Budget 2026")
    month_format = book.add_format({"num_format": "mmm yyyy"})
    euro = book.add_format({"num_format": '#,##0.00 "€"'})
    sheet.write_row(0, 0, ["Month", *(name for name, _, _ in _DEPARTMENTS)])
    for month in range(12):
        sheet.write_datetime(month + 1, 0, date(2026, month + 1, 1), month_format)
        amounts = [round(base * (1 + growth) ** month, 2) for _, base, growth in _DEPARTMENTS]
        sheet.write_row(month + 1, 1, amounts, euro)
    sheet.set_column(0, len(_DEPARTMENTS), 16)


def _headcount(book: Any) -> None:
    sheet = book.add_worksheet("Headcount")
    percent = book.add_format({"num_format": "0%"})
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    header = ["Department", "Team lead", "Employees", "Planned hires", "Remote share", "Since"]
    sheet.write_row(0, 0, header)
    for nth, (name, _, _) in enumerate(_DEPARTMENTS):
        lead, _ = people.person("german", 400 + nth)
        sheet.write_row(nth + 1, 0, [name, lead, _PEOPLE[nth], nth % 3])
        sheet.write_number(nth + 1, 4, (nth + 2) / 10, percent)
        sheet.write_datetime(nth + 1, 5, date(2019 + nth, 4, 1), day)
    sheet.set_column(0, len(header) - 1, 16)


def _projects(book: Any) -> None:
    sheet = book.add_worksheet("Projects")
    sheet.write(0, 0, "Investments 2026 (all amounts in euro)")
    sheet.write_row(2, 0, ["Project", "Department", "Approved", "Amount", "Start"])
    plans = (
        ("New warehouse shelves", "Operations", True, 48000.0, date(2026, 2, 2)),
        ("Help desk software", "Customer support", True, 12500.5, date(2026, 2, 2)),
        ("Trade fair stand", "Marketing", False, 30000.0, date(2026, 9, 7)),
        ("Laptop renewal", "Engineering", True, 27300.0, date(2026, 5, 18)),
        ("CRM migration", "Sales", False, 41999.99, None),
    )
    for row, plan in enumerate(plans, start=3):
        sheet.write_row(row, 0, plan)
    sheet.set_column(0, 4, 22)
