"""How long the built-in analyst takes: a question in the chat, and getting to know a schema.

A company of 50 tables (12 columns each, foreign keys, 200 rows) in a SQLite file, made from a
fixed seed and connected as an upload; an organization asks over the chat's own road, so values
are looked up on the database through the guard. The target is a p95 under 300 ms for drafting.
Beside it the whole answer: query, facts, proof, grade, saving. The lexicon of 1,000 tables is
compared with that of 50: twenty times the tables may take about twenty times as long.
"""

import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bench.timing import compare
from core import schema, uploads
from core.analyst.base import Desk
from core.analyst.local import LocalAnalyst, lexicon
from core.types import DatabaseSchema, Outcome, Question, SchemaColumn, Table
from tests import factories

TABLES = 50
ROWS = 200
TURNS = 3
THINGS = ("customer", "order", "product", "invoice", "payment", "supplier", "warehouse", "shipment",
          "employee", "ticket")  # fmt: skip
PLACES = ("Germany", "France", "Italy", "Spain", "Austria", "Köln", "Lyon", "Porto", "Wien", "Rome")
ASKED = (
    "how many customers are there",
    "total invoice amount by month this year",
    "top 10 products by amount",
    "average price of products by category",
    "orders by status last quarter",
    "which supplier has the highest amount",
    "how many orders from Germany",
    "customers without orders",
    "invoice amount this year vs last year",
    "share of payments by status",
    "shipments by weekday",
    "list the names of employees from Lyon",
    "number of tickets by customer",
    "revenu by contry last qarter",
    "how many customers from Atlantis",
    "what is the weather in Paris tomorrow",
    "customers from Germany or France with more than 3 orders",
    "total amount of orders between 1 march and 30 june 2026 by supplier country",
    "colourless green ideas sleep furiously in every single quarter",
    "how many payments were cancelled since march",
)


class Timed(LocalAnalyst):
    """The analyst, and the seconds of each of its drafts."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def draft(self, question: Question, desk: Desk) -> Outcome:
        began = time.perf_counter()
        try:
            return super().draft(question, desk)
        finally:
            self.seconds.append(time.perf_counter() - began)


def company(path: Path) -> None:
    """Fifty tables: ten kinds of things in five departments."""
    dice = random.Random(7)
    made = sqlite3.connect(path)
    names = [f"{d}{thing}s" for d in ("", "old_", "web_", "retail_", "export_") for thing in THINGS]
    for number, name in enumerate(names):
        key, parent = f"{name[:-1]}_id", names[max(0, number - 1)]
        made.execute(
            f"CREATE TABLE {name} ({key} INTEGER PRIMARY KEY, {parent[:-1]}_ref INTEGER REFERENCES "
            f"{parent}({parent[:-1]}_id), name TEXT, country TEXT, category TEXT, status TEXT, "
            "amount DECIMAL, price DECIMAL, quantity INTEGER, created_on DATE, paid_on DATE, "
            "note TEXT)"
        )
        made.executemany(
            f"INSERT INTO {name} VALUES ({', '.join('?' * 12)})",
            [
                (
                    row,
                    dice.randrange(ROWS),
                    f"{name} {row}",
                    dice.choice(PLACES),
                    f"Category {dice.randrange(8)}",
                    dice.choice(("paid", "open", "cancelled")),
                    dice.randrange(10_000) / 100,
                    dice.randrange(1_000) / 100,
                    dice.randrange(20),
                    f"2026-{dice.randrange(1, 12):02}-{dice.randrange(1, 28):02}",
                    None,
                    f"note {dice.randrange(10**6)}",
                )
                for row in range(ROWS)
            ],
        )
    made.commit()
    made.close()


def many_tables(count: int) -> DatabaseSchema:
    """A schema of so many tables, as a connector reads it."""
    return DatabaseSchema(
        "postgres",
        tuple(
            Table(
                f"{THINGS[i % 10]}s_{i}",
                (
                    SchemaColumn("id", "INTEGER", primary_key=True),
                    SchemaColumn("parent_id", "INTEGER", references=f"{THINGS[0]}s_0.id"),
                    SchemaColumn("created_on", "DATE"),
                    SchemaColumn("amount", "NUMERIC"),
                    *(
                        SchemaColumn(f"{place.lower()}_{i}", "TEXT", samples=PLACES)
                        for place in ("country", "city", "status", "category", "kind", "note")
                    ),
                ),
                row_count=ROWS,
            )
            for i in range(count)
        ),
    )


def told(name: str, seconds: Sequence[float]) -> str:
    ordered = sorted(seconds)
    p95 = ordered[round(0.95 * (len(ordered) - 1))]
    median = statistics.median(ordered)
    return f"{name}: median {1000 * median:,.0f} ms, p95 {1000 * p95:,.0f} ms ({len(ordered)})"


def ask_all(folder: Path) -> None:
    analyst, whole = Timed(), []
    dm = factories.open_house(folder / "home")
    dm = replace(dm, analysts=replace(dm.analysts, local=analyst))
    who = factories.organization(dm).analyst
    company(folder / "company.sqlite")
    added = uploads.add_database(
        dm, who, folder / "company.sqlite", "company.sqlite", new_name="Company"
    )
    print(f"{len(schema.read(dm, who, added).tables)} tables; the target is a p95 under 300 ms")
    for _ in range(TURNS):
        for text in ASKED:
            began = time.perf_counter()
            factories.answered(dm, who, text, added)
            whole.append(time.perf_counter() - began)
    print(
        told("drafting, the first round, which builds the lexicon", analyst.seconds[: len(ASKED)])
    )
    print(told("drafting, the next rounds", analyst.seconds[len(ASKED) :]))
    print(told("the whole answer, the next rounds", whole[len(ASKED) :]))
    slowest = sorted(zip(analyst.seconds[len(ASKED) :], ASKED * TURNS, strict=False))[-3:]
    for seconds, text in reversed(slowest):
        print(f"  {1000 * seconds:,.0f} ms: {text}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        ask_all(Path(place))
    few, many = many_tables(50), many_tables(1_000)
    result = compare(
        ("the lexicon of 50 tables", lambda: lexicon.build(few)),
        ("the lexicon of 1,000 tables", lambda: lexicon.build(many)),
        runs=5,
    )
    print(result)
