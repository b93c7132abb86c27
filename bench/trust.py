"""Facts and proof of a 10,000 x 10 result, against what pandas takes to describe the same one.

Columns of text, days, whole numbers, decimals and floats from a fixed seed; a text of eight
sentences as an analyst writes them. The target is under 150 ms for facts and proof together.
"""

import random
from datetime import date, timedelta
from decimal import Decimal

import pyarrow as pa

from bench.timing import compare
from core import trust
from core.types import QueryResult

ROWS = 10_000
TODAY = date(2026, 11, 18)


def result() -> QueryResult:
    dice = random.Random(7)
    days = [TODAY - timedelta(days=dice.randrange(1_000)) for _ in range(ROWS)]
    return QueryResult(
        pa.table(
            {
                "order_id": list(range(ROWS)),
                "customer": [f"Customer {dice.randrange(4_000)}" for _ in range(ROWS)],
                "email": [f"person{n}@example.com" for n in range(ROWS)],
                "country": [dice.choice(("Germany", "France", "Italy")) for _ in range(ROWS)],
                "ordered_on": days,
                "shipped_on": [str(day + timedelta(days=3)) for day in days],
                "revenue": pa.array([Decimal(dice.randrange(10**6)) / 100 for _ in range(ROWS)]),
                "quantity": [dice.randrange(20) for _ in range(ROWS)],
                "discount_rate": [dice.random() / 2 for _ in range(ROWS)],
                "weight": [dice.gauss(10, 3) for _ in range(ROWS)],
            }
        )
    )


def text(found: QueryResult) -> str:
    row = found.table.slice(17, 1).to_pylist()[0]
    total = trust.figure(trust.facts(found), "total of revenue")
    assert total
    return (
        f"The **{ROWS:,} rows** come to **{total.text}** revenue in total. "
        f"person17@example.com had {row['revenue']} of it. "
        f"The quantity of person17@example.com was {row['quantity']}. "
        "Nothing is said here of 123,456.78 in Atlantis. "
        "In March 2025 it rose by 12.3 %. Q3 2026 was twice as large as Q2 2026. "
        "The top 3 make up half of it. Customer 12 ranks second."
    )


if __name__ == "__main__":
    made = result()
    words = text(made)
    calendar = trust.Calendar(TODAY)

    def facts_alone() -> object:
        return trust.facts(made, calendar=calendar)

    def facts_and_proof() -> object:
        grid = trust.Grid(made)
        told = trust.facts(made, calendar=calendar, grid=grid)
        return trust.prove(words, trust.Ground(grid, told, calendar=calendar))

    def pandas_describes() -> object:
        return made.table.to_pandas().describe(include="all")

    print(f"a result of {ROWS:,} x {made.table.num_columns}; the target is under 150 ms")
    print(compare(("facts and proof", facts_and_proof), ("pandas describe", pandas_describes), 9))
    print(compare(("facts alone", facts_alone), ("facts and proof", facts_and_proof), 9))
    print(trust.prove(words, trust.Ground(trust.Grid(made), trust.facts(made))).unproven)
