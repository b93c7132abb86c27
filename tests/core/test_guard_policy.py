"""The policy in the guard: private columns masked or refused, row rules, and names."""

from typing import Any, Final

import pytest

from core import guard
from core.guard import Policy

EVERY: Final = ("sqlite", "duckdb", "postgres", "mysql", "mariadb")
TABLES: Final = {
    "customers": ("id", "name", "country", "email", "signed_up_on"),
    "orders": ("id", "customer_id", "total", "country", "status"),
    "newsletter": ("id", "email"),
}
POLICY: Final = Policy(frozenset(TABLES), TABLES, private=frozenset({"customers.email"}))


def check(sql: str, dialect: str, policy: Policy = POLICY) -> Any:
    return guard.check(sql, dialect, policy)


@pytest.mark.parametrize("dialect", EVERY)
@pytest.mark.parametrize(
    ("sql", "shown"),
    [
        ("SELECT email FROM customers", "SELECT '•••' AS email FROM customers"),
        ("SELECT EMAIL FROM customers", "SELECT '•••' AS EMAIL FROM customers"),
        ("SELECT c.email FROM customers c", "SELECT '•••' AS email FROM customers c"),
        ("SELECT c.email AS e FROM customers c", "SELECT '•••' AS e FROM customers c"),
        ("SELECT id,email FROM customers", "SELECT id, '•••' AS email FROM customers"),
        (
            "SELECT id, email FROM customers WHERE country = 'DE' ORDER BY 1",
            "SELECT id, '•••' AS email FROM customers WHERE country = 'DE' ORDER BY 1",
        ),
        (
            "SELECT email FROM customers UNION ALL SELECT email FROM newsletter",
            "SELECT '•••' AS email FROM customers UNION ALL SELECT email FROM newsletter",
        ),
        (
            "WITH o AS (SELECT customer_id FROM orders) "
            "SELECT c.email FROM customers c JOIN o ON o.customer_id = c.id",
            "WITH o AS (SELECT customer_id FROM orders) "
            "SELECT '•••' AS email FROM customers c JOIN o ON o.customer_id = c.id",
        ),
    ],
)
def test_a_private_column_is_masked_as_bare_output(sql: str, shown: str, dialect: str) -> None:
    safe = check(sql, dialect)
    assert safe.sql == f"{shown} LIMIT 10001"
    assert [name.lower() for name in safe.masked] in (["email"], ["e"])


@pytest.mark.parametrize("dialect", EVERY)
def test_a_star_is_written_out_around_a_private_column(dialect: str) -> None:
    safe = check("SELECT c.*, o.* FROM customers c JOIN orders o ON o.customer_id = c.id", dialect)
    plain = safe.sql.replace('"', "").replace("`", "")
    assert plain.startswith(
        "SELECT c.id, c.name, c.country, '•••' AS email, c.signed_up_on, o.* FROM customers c"
    )
    assert safe.masked == ("email",)
    whole = check("SELECT * FROM customers c JOIN orders o ON o.customer_id = c.id", dialect)
    assert whole.sql == safe.sql
