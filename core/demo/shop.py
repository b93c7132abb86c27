"""The demo shop's database: about three years of a business worth asking about.

A day's rows depend on the day alone, so adding a day to a file gives the same rows as
making the file a day later.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.errors import BadInput

if TYPE_CHECKING:
    from core.connectors.duckdb_files import Rewriting

# Raised whenever the rows would come out differently: files of an older edition are remade.
EDITION: Final = 2
_FIRST_YEAR: Final = 2021


def build(path: Path, *, yesterday: date, start: date | None = None) -> None:
    """Make the shop's DuckDB file up to and including `yesterday`, or add what it lacks.

    Events (orders, visits, spend, …) begin on `start`, which counts only for a new file: by
    default the first day of the quarter three years before. Customers, subscriptions and
    products are there from the founding in 2021 on. The file is replaced as a whole, see
    `duckdb_files.rewriting`. Takes a few seconds. Raises BadInput for a start that is not
    between 2021 and yesterday.
    """
    from core.connectors import duckdb_files

    with duckdb_files.rewriting(path) as file:
        edition = file.first_row("SELECT demo_edition()")
        found = file.first_row("SELECT min(spent_on), max(spent_on) FROM marketing_spend")
        if edition == (EDITION,) and found is not None and found[0] is not None:
            if found[1] < yesterday:
                _append(file, found[0], found[1], yesterday)
            return
    start = start or _default_start(yesterday)
    if start.year < _FIRST_YEAR or start > yesterday:
        raise BadInput(
            f"The demo shop has no data from {start} to {yesterday}.",
            f"Choose days from {_FIRST_YEAR} on.",
        )
    with duckdb_files.rewriting(path, afresh=True) as file:
        _create(file)
        _append(file, start, None, yesterday)


def _default_start(yesterday: date) -> date:
    quarter = (yesterday.month - 1) // 3
    return max(date(yesterday.year - 3, quarter * 3 + 1, 1), date(_FIRST_YEAR, 1, 1))


def _create(file: "Rewriting") -> None:
    from core.demo import tables

    file.execute([*tables.ddl(), f"CREATE MACRO demo_edition() AS {EDITION}"])


def _append(file: "Rewriting", start: date, until: date | None, yesterday: date) -> None:
    from core.demo import rows, tables

    first = start if until is None else until + timedelta(days=1)
    arriving = rows.between(first, yesterday, start=start, founding=until is None)
    for table in tables.TABLES:
        if table.name in arriving:
            file.append(table.name, arriving[table.name])
