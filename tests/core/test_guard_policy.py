"""The policy in the guard: private columns masked or refused, row rules, and names."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from core import guard
from core.errors import UnsafeSql
from core.guard import Policy
from core.types import SafeSelect
from tests.core import policy_engines
from tests.core.policy_cases import ALL, HARMLESS, MASKED, REFUSED, RULES, TELLING, UNRULED
from tests.core.policy_engines import BOTH, OTHERS, POLICY, RULED, SECRET, Engine


def each(cases: dict[str, tuple[str, ...]]) -> list[Any]:
    """Every statement in every dialect that it is for."""
    return [
        pytest.param(sql, dialect, id=f"{dialect}: {sql[:70]}")
        for sql, dialects in cases.items()
        for dialect in dialects
    ]


@pytest.fixture(scope="module")
def engines(request: pytest.FixtureRequest) -> Iterator[Callable[[str], Engine]]:
    """Opens an engine with the shop when a dialect is first asked for."""
    opened: dict[str, Engine] = {}
    with ExitStack() as stack:

        def engine(dialect: str) -> Engine:
            if dialect not in opened:
                if dialect == "postgres":
                    server = request.getfixturevalue("postgres")
                    url = stack.enter_context(server.fresh_database())
                    keeper = policy_engines.on_postgres(url)
                elif dialect == "mariadb":
                    keeper = policy_engines.on_mariadb(request.getfixturevalue("mariadb"))
                elif dialect == "duckdb":
                    keeper = policy_engines.on_duckdb()
                else:
                    keeper = policy_engines.on_sqlite()
                opened[dialect] = stack.enter_context(keeper)
            return opened[dialect]

        yield engine


def check(sql: str, dialect: str, policy: Policy = POLICY) -> SafeSelect:
    return guard.check(sql, dialect, policy)


@pytest.mark.parametrize("dialect", ALL)
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


@pytest.mark.parametrize("dialect", ALL)
def test_a_star_is_written_out_around_a_private_column(dialect: str) -> None:
    safe = check("SELECT c.*, o.* FROM customers c JOIN orders o ON o.customer_id = c.id", dialect)
    plain = safe.sql.replace('"', "").replace("`", "")
    assert plain.startswith(
        "SELECT c.id, c.name, c.country, '•••' AS email, c.signed_up_on, o.* FROM customers c"
    )
    assert safe.masked == ("email",)
    whole = check("SELECT * FROM customers c JOIN orders o ON o.customer_id = c.id", dialect)
    assert whole.sql == safe.sql


RUN = ("sqlite", "duckdb", "postgres", "mariadb")


@pytest.mark.parametrize(("sql", "dialect"), each(MASKED | HARMLESS))
def test_no_secret_comes_back(sql: str, dialect: str, engines: Callable[[str], Engine]) -> None:
    safe = check(sql, dialect)
    assert bool(safe.masked) == ("•••" in safe.sql)
    assert (sql in MASKED) == ("•••" in safe.sql or "EXCLUDE" in sql)
    if dialect in RUN:
        rows = engines(dialect).rows(safe.sql)
        assert rows
        assert SECRET not in str(rows)
        assert len(rows) == len(engines(dialect).rows(sql)), "masks change no number of rows"


@pytest.mark.parametrize(("sql", "dialect"), each(REFUSED))
def test_a_private_column_is_used_for_nothing_else(sql: str, dialect: str) -> None:
    with pytest.raises(UnsafeSql):
        check(sql, dialect)


@pytest.mark.parametrize(
    ("sql", "dialect"), each({sql: dialects for sql, (dialects, _) in RULES.items()})
)
@pytest.mark.parametrize("policy", [RULED, BOTH], ids=["rules", "rules and private columns"])
def test_rows_outside_of_a_rule_never_come_back(
    sql: str, dialect: str, policy: Policy, engines: Callable[[str], Engine]
) -> None:
    safe = check(sql, dialect, policy)
    if policy is RULED and dialect in RUN:
        rows = [tuple(map(int, row)) for row in engines(dialect).rows(safe.sql)]
        assert rows == RULES[sql][1]


@pytest.mark.parametrize(("sql", "dialect"), each(UNRULED))
def test_what_no_rule_can_be_put_on_is_refused(sql: str, dialect: str) -> None:
    with pytest.raises(UnsafeSql):
        check(sql, dialect, RULED)


@pytest.mark.parametrize(("sql", "dialect"), each(TELLING))
def test_no_engine_fails_by_a_row_outside_of_a_rule(
    sql: str, dialect: str, engines: Callable[[str], Engine]
) -> None:
    safe = check(sql, dialect, RULED)
    assert "OFFSET 0" in safe.sql or "LIMIT 9223372036854775807" in safe.sql
    if dialect in RUN:
        assert OTHERS not in str(engines(dialect).rows(safe.sql))
