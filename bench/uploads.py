"""A million rows as CSV, and 100,000 as Excel: until they can be queried, and the memory it takes.

Sales of 12 columns (about 100 MB) from a fixed seed. Theirs: pandas.read_csv and to_sql into
SQLite through SQLAlchemy, as its documentation shows (a bare sqlite3 connection takes it 4 s of a
processor instead of 10); DuckDB's own read_csv into a file; pandas with openpyxl. Ours is
the product's road: the file is parsed in a child process, typed by all of its values, checked for
bad cells (there is one), and written as the DuckDB file that is queried from then on.

Targets: 7 times sooner than pandas into SQLite, within twice of DuckDB alone, under 400 MB; Excel
8 times faster than openpyxl through pandas.
"""

import random
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from bench.timing import MIB, compare, peak_memory
from core.connectors import ingest, sandbox
from core.connectors.sandbox import loading
from core.connectors.sandbox.children import OURS

ROWS, EXCEL_ROWS = 1_000_000, 100_000
REGIONS = ("North", "South", "East", "West", "Centre")
START = date(2023, 1, 1)
EXCEL_HEAD = (
    *("id", "day", "customer", "region", "product"),
    *("quantity", "price", "cost", "weight", "note"),
)
HEAD = (
    "order_id,ordered_on,ordered_at,customer_id,customer,region,product,quantity,price,discount,"
    "paid,note\n"
)


def sales(path: Path, rows: int = ROWS) -> None:
    dice = random.Random(7)
    days = [(START + timedelta(days=n)).isoformat() for n in range(1200)]
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        for n in range(rows):
            customer, day = dice.randrange(50_000), days[dice.randrange(1200)]
            price = "oops" if n == rows - 10 else dice.randrange(100, 99_999) / 100
            file.write(
                f"{n},{day},{day} {dice.randrange(24):02d}:{dice.randrange(60):02d}:00,"
                f"{customer:06d},Customer {customer},{REGIONS[dice.randrange(5)]},"
                f"Product {dice.randrange(200):03d},{dice.randrange(1, 20)},{price},"
                f"{dice.randrange(30) / 100},{'true' if dice.random() < 0.8 else 'false'},"
                f"note {dice.randrange(1000)}\n"
            )


def workbook(path: Path, rows: int = EXCEL_ROWS) -> None:
    from xlsxwriter import Workbook

    dice = random.Random(7)
    with Workbook(path, {"constant_memory": True}) as book:
        page, day = book.add_worksheet("sales"), book.add_format({"num_format": "yyyy-mm-dd"})
        names = (
            "id",
            "day",
            "customer",
            "region",
            "product",
            "quantity",
            "price",
            "a",
            "b",
            "note",
        )
        page.write_row(0, 0, names)
        for n in range(1, rows + 1):
            page.write_number(n, 0, n)
            page.write_datetime(n, 1, datetime(2023, 1, 1) + timedelta(days=n % 900), day)  # noqa: DTZ001
            page.write_string(n, 2, f"Customer {dice.randrange(9000)}")
            page.write_string(n, 3, REGIONS[n % 5])
            page.write_string(n, 4, f"Product {dice.randrange(200)}")
            for place in (5, 6, 7, 8):
                page.write_number(n, place, dice.randrange(10_000) / 100)
            page.write_string(n, 9, f"note {dice.randrange(1000)}")


def in_new_file(folder: Path, name: str, work: Callable[[Path], object]) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as place:
        work(Path(place) / name)


def ours(source: Path, folder: Path) -> None:
    in_new_file(folder, "ours.duckdb", lambda path: loading.load(source, source.name, path))


def ours_alone(source: Path, folder: Path) -> None:
    in_new_file(folder, "ours.duckdb", lambda path: ingest.load(source, source.name, path))


def bare(source: Path, folder: Path) -> None:
    def work(path: Path) -> None:
        database = duckdb.connect(str(path), config={"threads": 2})
        database.execute("SET enable_progress_bar = false")
        # One bad cell far below the sample: without this DuckDB would not load the file at all.
        database.execute(
            f"CREATE TABLE sales AS FROM read_csv('{source}', types = {{'price': 'VARCHAR'}})"
        )
        database.close()

    in_new_file(folder, "bare.duckdb", work)


def pandas_sqlite(source: Path, folder: Path) -> None:
    def work(path: Path) -> None:
        import pandas as pd
        import sqlalchemy as sa

        engine = sa.create_engine(f"sqlite:///{path}")
        pd.read_csv(source, low_memory=False).to_sql("sales", engine, index=False)
        engine.dispose()

    in_new_file(folder, "pandas.sqlite", work)


def pandas_openpyxl(source: Path, folder: Path) -> None:
    def work(path: Path) -> None:
        import pandas as pd

        database = sqlite3.connect(path)
        pd.read_excel(source, engine="openpyxl").to_sql("sales", database, index=False)
        database.close()

    in_new_file(folder, "pandas.sqlite", work)


def memory_of_the_child(work: Callable[[], object]) -> float:
    """The most that the child held while it worked, in MiB, looked at every 10 ms."""
    highest, over = 0.0, threading.Event()

    def look() -> None:
        nonlocal highest
        while not over.wait(0.01):
            for pid in OURS.pids():
                lines = Path(f"/proc/{pid}/status").read_text().splitlines()
                found = next((line for line in lines if line.startswith("VmRSS")), "x 0 kB")
                highest = max(highest, int(found.split()[1]) / 1024)

    watcher = threading.Thread(target=look)
    watcher.start()
    work()
    over.set()
    watcher.join()
    return highest


def main(folder: Path) -> None:
    csv, book = folder / "sales.csv", folder / "sales.xlsx"
    sales(csv)
    workbook(book)
    sandbox.warm()
    print(f"{ROWS:,} rows x 12, {csv.stat().st_size / MIB:.0f} MB of CSV, one bad cell")
    began = time.perf_counter()
    ours(csv, folder)
    print(f"the first load: {time.perf_counter() - began:.2f} s")
    mine = ("ours", lambda: ours(csv, folder))
    print(compare(mine, ("DuckDB alone", lambda: bare(csv, folder)), runs=5))
    print(compare(mine, ("pandas and SQLite", lambda: pandas_sqlite(csv, folder)), runs=3))
    print(f"peak of the child: {memory_of_the_child(lambda: ours(csv, folder)):.0f} MiB")
    for label, work in (
        ("ours in a process of its own", ours_alone),
        ("DuckDB alone", bare),
        ("pandas and SQLite", pandas_sqlite),
    ):
        print(f"peak of {label}: {peak_memory(work, csv, folder):.0f} MiB")
    print(f"{EXCEL_ROWS:,} rows x 10 of Excel, {book.stat().st_size / MIB:.0f} MB")
    mine = ("ours", lambda: ours(book, folder))
    print(compare(mine, ("pandas and openpyxl", lambda: pandas_openpyxl(book, folder)), runs=3))
    print(f"peak of the child: {memory_of_the_child(lambda: ours(book, folder)):.0f} MiB")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        main(Path(name))
        OURS.close()
