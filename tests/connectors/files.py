"""How the nasty and the life-like files of the tests are written down."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import openpyxl
import xlsxwriter

INT, NUM, TXT, DAY, AT, YES = "BIGINT", "DOUBLE", "VARCHAR", "DATE", "TIMESTAMP", "BOOLEAN"
ZONED, TIME = "TIMESTAMP WITH TIME ZONE", "TIME"


@dataclass(frozen=True)
class Becomes:
    """One table: `columns` as "name TYPE, …", the first `rows`, all of them unless `count`."""

    columns: str
    rows: list[tuple[Any, ...]]
    count: int | None = None
    notes: tuple[str, ...] = ()
    quarantine: tuple[tuple[int, str, str], ...] = ()
    name: str | None = None


@dataclass(frozen=True)
class Refused:
    """A clear error: words of its message and of what it says to do."""

    message: str
    hint: str


@dataclass(frozen=True)
class File:
    """A file as it arrives, made when asked for, and what is expected of it."""

    content: Callable[[], bytes]
    expected: "Becomes | Refused | list[Becomes]"
    name: str = "data.csv"


def text(
    content: str | Callable[[], str],
    expected: "Becomes | Refused",
    encoding: str = "utf-8",
    name: str = "data.csv",
) -> File:
    made = content if callable(content) else lambda: content
    return File(lambda: made().encode(encoding), expected, name)


def raw(content: bytes, expected: "Becomes | Refused", name: str = "data.csv") -> File:
    return File(lambda: content, expected, name)


def book(
    fill: Callable[[Any], None], expected: "Becomes | Refused | list[Becomes]", **options: Any
) -> File:
    """A workbook as Excel writes it: `fill` gets an xlsxwriter workbook."""
    return File(lambda: written(fill, **options), expected, "data.xlsx")


def written(fill: Callable[[Any], None], **options: Any) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **options}) as made:
        fill(made)
    return buffer.getvalue()


def sheet(fill: Callable[[Any], None], expected: "Becomes | Refused") -> File:
    """A workbook as programs write it: `fill` gets openpyxl's first sheet."""

    def content() -> bytes:
        made, buffer = openpyxl.Workbook(), io.BytesIO()
        fill(made.active)
        made.save(buffer)
        return buffer.getvalue()

    return File(content, expected, "data.xlsx")


def rows(*lines: list[Any]) -> Callable[[Any], None]:
    """Fills one sheet with these rows, each cell by its type."""

    def fill(made: Any) -> None:
        page = made.add_worksheet("data")
        for number, line in enumerate(lines):
            page.write_row(number, 0, line)

    return fill


def patched(content: bytes, **changes: Callable[[bytes], bytes]) -> bytes:
    """A workbook with parts changed or added; names have `/` as `__`, `.` as `_dot_`."""
    wanted = {
        name.replace("__", "/").replace("_dot_", "."): change for name, change in changes.items()
    }
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, wanted.pop(name, lambda part: part)(old.read(name)))
        for name, change in wanted.items():
            new.writestr(name, change(b""))
    return buffer.getvalue()


def packed(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("_dot_", "."), content)
    return buffer.getvalue()
