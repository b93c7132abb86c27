"""The guard's check of a typical query against sqlglot's own parse and generate of it."""

import sqlglot

from bench.timing import compare
from core import guard
from core.guard import Policy

SQL = """
WITH recent AS (
    SELECT customer_id, ordered_at, total FROM orders
    WHERE ordered_at >= DATE '2026-01-01' AND status = 'paid'
)
SELECT c.country, DATE_TRUNC('month', r.ordered_at) AS month,
       SUM(r.total) AS revenue, COUNT(DISTINCT r.customer_id) AS buyers
FROM recent AS r JOIN customers AS c ON c.id = r.customer_id
WHERE c.country IN ('Germany', 'Austria')
GROUP BY c.country, DATE_TRUNC('month', r.ordered_at)
ORDER BY revenue DESC
LIMIT 100
"""
POLICY = Policy(frozenset({"orders", "customers"}))
TIMES = 50


def check() -> None:
    for _ in range(TIMES):
        guard.check(SQL, "postgres", POLICY)


def parse_and_generate() -> None:
    for _ in range(TIMES):
        sqlglot.parse_one(SQL, dialect="postgres").sql("postgres")


if __name__ == "__main__":
    print(f"{TIMES} checks of a 12-line query; the target is under 1.5 times sqlglot's own work")
    result = compare(("check", check), ("parse and generate", parse_and_generate), runs=9)
    print(result)
    print(f"the check takes {1 / result.ratio:.2f} times as long")
