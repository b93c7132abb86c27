"""Six questions of a business to a million uploaded rows, against SQLite; tiny queries and hits.

Ours is the product's road, `query.run`: rights, guard, connector in a child process, audit; the
cache is left out unless it is what is measured. Theirs is sqlite3 in this process over the same
rows, without an index, as pandas.to_sql leaves them.

Targets: each question 8 times faster, 15 times on average; a hit of 10,000 rows within 4 ms, a
tiny query within 3 ms.
"""

import csv
import sqlite3
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from bench.timing import compare
from bench.uploads import sales
from core import datamind, query, uploads
from core.connectors.sandbox.children import OURS
from core.datamind import DataMind
from core.types import Actor, Query
from tests import factories

ASKED = {
    "revenue by month": (
        "SELECT date_trunc('month', ordered_on) AS month, sum(quantity * price) AS revenue "
        "FROM sales GROUP BY 1 ORDER BY 1",
        "SELECT strftime('%Y-%m-01', ordered_on) AS month, sum(quantity * price) AS revenue "
        "FROM sales GROUP BY 1 ORDER BY 1",
    ),
    "ten best products": (
        "SELECT product, sum(quantity * price) AS revenue FROM sales "
        "GROUP BY product ORDER BY revenue DESC LIMIT 10",
        "",
    ),
    "customers by region": (
        "SELECT region, count(DISTINCT customer_id) AS customers FROM sales GROUP BY region",
        "",
    ),
    "one region in one quarter": (
        "SELECT count(*) AS orders, sum(price) AS total FROM sales WHERE region = 'North' "
        "AND ordered_on >= DATE '2024-01-01' AND ordered_on < DATE '2024-04-01'",
        "SELECT count(*) AS orders, sum(price) AS total FROM sales WHERE region = 'North' "
        "AND ordered_on >= '2024-01-01' AND ordered_on < '2024-04-01'",
    ),
    "revenue by segment (join)": (
        "SELECT c.segment, sum(s.quantity * s.price) AS revenue FROM sales AS s "
        "JOIN customers AS c ON c.customer_id = s.customer_id GROUP BY c.segment",
        "",
    ),
    "best product of each region (window)": (
        "SELECT region, product, revenue FROM (SELECT region, product, sum(price) AS revenue, "
        "rank() OVER (PARTITION BY region ORDER BY sum(price) DESC) AS place FROM sales "
        "GROUP BY region, product) AS ranked WHERE place = 1",
        "",
    ),
}
TINY = "SELECT count(*) AS n FROM customers WHERE segment = 'none'"
LARGE = "SELECT * FROM sales LIMIT 10000"


def customers(path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("customer_id,segment\n")
        file.writelines(f"{n:06d},Segment {n % 7}\n" for n in range(50_000))


def in_sqlite(path: Path, *files: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path)
    for file in files:
        with file.open(encoding="utf-8", newline="") as text:
            rows = csv.reader(text)
            head = next(rows)
            kinds = {"quantity": "INTEGER", "price": "REAL", "discount": "REAL"}
            columns = ", ".join(f"{name} {kinds.get(name, 'TEXT')}" for name in head)
            marks = ", ".join("?" * len(head))
            database.execute(f"CREATE TABLE {file.stem} ({columns})")
            database.executemany(f"INSERT INTO {file.stem} VALUES ({marks})", rows)
    database.commit()
    return database


def asker(dm: DataMind, actor: Actor, place: UUID, fresh: bool = True) -> Callable[[str], object]:
    return lambda sql: query.run(dm, actor, Query(place, sql), fresh=fresh)


def main(folder: Path) -> None:
    files = (folder / "sales.csv", folder / "customers.csv")
    sales(files[0])
    customers(files[1])
    dm = factories.open_house(folder / "home")
    who = factories.organization(dm).analyst
    place = uploads.add(dm, who, files[0], "sales.csv", new_name="Sales").connection_id
    uploads.add(dm, who, files[1], "customers.csv", connection_id=place)
    database = in_sqlite(folder / "theirs.sqlite", *files)
    ask = asker(dm, who, place)
    ratios = []
    for name, (mine, theirs) in ASKED.items():
        told = theirs or mine
        result = compare(
            ("ours", lambda sql=mine: ask(sql)),
            ("SQLite", lambda sql=told: database.execute(sql).fetchall()),
            runs=5,
        )
        ratios.append(result.ratio)
        print(f"{name}\n{result}")
    print(f"on average {statistics.mean(ratios):.1f} x, at least {min(ratios):.1f} x")
    hit = asker(dm, who, place, fresh=False)
    kept = ("a hit of 10,000 rows", lambda: hit(LARGE))
    print(compare(kept, ("the same, fresh", lambda: ask(LARGE)), runs=21))
    direct = ("sqlite3 alone", lambda: database.execute(TINY).fetchall())
    print(compare(("a tiny query", lambda: ask(TINY)), direct, runs=51))
    database.close()
    datamind.close(dm)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        main(Path(name))
        OURS.close()
