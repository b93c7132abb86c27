"""The policy in the guard: private columns masked or refused, row rules, and names."""

import sqlite3
import timeit
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from core import guard
from core.errors import UnsafeSql
from core.guard import Policy
from core.types import SafeSelect
from tests.core import policy_engines
from tests.core.policy_cases import ALL, HARMLESS, MASKED, REFUSED, RULES, TELLING, UNRULED
from tests.core.policy_engines import (
    BOTH,
    OTHERS,
    POLICY,
    RULED,
    SECRET,
    SECRETIVE,
    SLOW,
    TABLES,
    Engine,
)


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
    safe = check(sql, dialect, SLOW)
    assert "OFFSET 0" in safe.sql or "LIMIT 9223372036854775807" in safe.sql
    if dialect in RUN:
        assert OTHERS not in str(engines(dialect).rows(safe.sql))


def test_without_the_fence_an_engine_would_tell(engines: Callable[[str], Engine]) -> None:
    postgres = engines("postgres")
    safe = check("SELECT id FROM orders WHERE CAST(note AS INTEGER) > 0", "postgres", SLOW)
    with pytest.raises(postgres.problems, match=OTHERS):
        postgres.rows(safe.sql.replace("OFFSET 0", ""))


def test_plain_questions_go_without_the_fence() -> None:
    sql = (
        "SELECT status, SUM(total) / COUNT(*) AS mean FROM orders "
        "WHERE customer_id IN (1, 2) AND status LIKE 'p%' GROUP BY status ORDER BY mean"
    )
    assert "OFFSET" not in check(sql, "postgres", RULED).sql


@pytest.mark.parametrize(
    "condition",
    [
        "",
        "country = 'DE') OR (1 = 1",
        "1 = 1) --",
        "country = 'DE'; DELETE FROM orders",
        "customer_id IN (SELECT id FROM customers)",
        "EXISTS (SELECT 1)",
        "SUM(total) > 1",
        "ROW_NUMBER() OVER () = 1",
        "country = :country",
        "orders.country = 'DE'",
        "contry = 'DE'",
        "pg_sleep(9) IS NULL",
        "id = 1 ORDER BY id",
        "*",
    ],
)
@pytest.mark.parametrize("dialect", ALL)
def test_a_rule_is_one_condition_on_a_row(condition: str, dialect: str) -> None:
    with pytest.raises(UnsafeSql):
        guard.check_rule(condition, dialect, "orders", TABLES["orders"])
    policy = Policy(frozenset(TABLES), TABLES, rows={"orders": condition})
    with pytest.raises(UnsafeSql, match="orders"):
        check("SELECT id FROM orders", dialect, policy)
    check("SELECT id FROM customers", dialect, policy)
    guard.check_rule(
        "country IN ('DE', 'AT') OR total > 5 -- ours", dialect, "orders", TABLES["orders"]
    )


def test_a_rule_or_a_private_column_needs_known_columns() -> None:
    bare = frozenset(TABLES)
    for policy in (
        Policy(bare, rows={"orders": "country = 'DE'"}),
        Policy(bare, private=frozenset({"orders.total"})),
    ):
        with pytest.raises(UnsafeSql, match="not known"):
            check("SELECT id FROM orders", "duckdb", policy)


@pytest.mark.parametrize(
    ("sql", "dialect", "allowed"),
    [
        ("SELECT 1 FROM Orders", "postgres", True),
        ('SELECT 1 FROM "orders"', "postgres", True),
        ('SELECT 1 FROM "Orders"', "postgres", False),
        ("SELECT 1 FROM Mixed", "postgres", False),
        ('SELECT 1 FROM "Mixed"', "postgres", True),
        ('SELECT 1 FROM "PUBLIC".orders', "postgres", False),
        ("SELECT 1 FROM PUBLIC.orders", "postgres", True),
        ("SELECT 1 FROM sales.orders", "postgres", True),
        ("SELECT 1 FROM SALES.Orders", "postgres", True),
        ('SELECT 1 FROM "Sales".orders', "postgres", False),
        ("SELECT 1 FROM sales.customers", "postgres", False),
        ('SELECT 1 FROM "sales.orders"', "postgres", False),
        ("SELECT 1 FROM other.orders", "postgres", False),
        ("SELECT 1 FROM pg_temp.orders", "postgres", False),
        ("SELECT 1 FROM temp.orders", "sqlite", False),
        ("SELECT 1 FROM Orders", "mysql", False),
        ("SELECT 1 FROM `orders`", "mysql", True),
        ("SELECT 1 FROM Sales.orders", "mariadb", False),
        ("SELECT 1 FROM sales.orders", "mariadb", True),
        ("SELECT 1 FROM `dual`", "mysql", False),
        ('SELECT 1 FROM "ORDERS"', "sqlite", True),
        ("SELECT 1 FROM MIXED", "duckdb", True),
        ("SELECT 1 FROM [mixed]", "sqlite", True),
        # letters that are no ASCII keep their case on every engine: another table
        ('SELECT 1 FROM "ÄPFEL"', "sqlite", False),
        ('SELECT 1 FROM "äpfel"', "sqlite", True),
        # the Kelvin sign is no k: the step has another name than the table that is read
        ('WITH "\u212aunden" AS (SELECT 1) SELECT * FROM kunden', "sqlite", False),
        ('WITH "\u212aunden" AS (SELECT 1) SELECT * FROM kunden', "duckdb", False),
        ("WITH \u212aunden AS (SELECT 1) SELECT * FROM kunden", "postgres", False),
        ('WITH "Secret" AS (SELECT 1) SELECT * FROM secret', "postgres", False),
        ("WITH Secret AS (SELECT 1) SELECT * FROM secret", "postgres", True),
        ("WITH Secret AS (SELECT 1) SELECT * FROM secret", "mysql", False),
        (
            "WITH a AS (SELECT * FROM secret), secret AS (SELECT 1) SELECT * FROM a",
            "postgres",
            False,
        ),
        (
            "WITH RECURSIVE a AS (SELECT * FROM secret), secret AS (SELECT 1) SELECT * FROM a",
            "mysql",
            False,
        ),
        (
            "WITH RECURSIVE a AS (SELECT * FROM secret), secret AS (SELECT 1) SELECT * FROM a",
            "duckdb",
            False,
        ),
        (
            "SELECT * FROM (WITH secret AS (SELECT 1) SELECT * FROM secret) s, secret",
            "sqlite",
            False,
        ),
    ],
)
def test_a_name_means_the_table_that_the_engine_reads(
    sql: str, dialect: str, allowed: bool
) -> None:
    names = {"orders", "Mixed", "sales.orders", "äpfel", "customers"}
    policy = Policy(frozenset(names))
    if allowed:
        check(sql, dialect, policy)
        return
    with pytest.raises(UnsafeSql, match=r"No table|belongs to|another database"):
        check(sql, dialect, policy)


@pytest.mark.parametrize("dialect", ALL)
def test_what_the_policy_made_is_checked_again_and_stays(dialect: str) -> None:
    sql = (
        "SELECT c.email, o.total FROM customers c JOIN orders o ON o.customer_id = c.id "
        "WHERE o.id = :n"
    )
    safe = guard.check(sql, dialect, BOTH, params={"n": 1})
    assert [safe.sql[mark.start : mark.end][1:] for mark in safe.marks] == ["n"]
    assert safe.reads.tables == ("customers", "orders")
    assert "customers.email" in safe.reads.columns


def test_a_policy_of_a_thousand_tables_is_looked_up_not_read() -> None:
    columns = {f"t{n}": tuple(f"c{m}" for m in range(20)) for n in range(1000)}
    large = Policy(
        frozenset(columns), columns, frozenset({"t7.c7"}), rows={"t8": "c1 = 1"}, schema="public"
    )
    small = Policy(
        frozenset({"t1", "t2"}), {name: columns[name] for name in ("t1", "t2")}, schema="public"
    )
    sql = "SELECT t1.c1, SUM(t2.c2) FROM t1 JOIN t2 ON t1.c0 = t2.c0 GROUP BY t1.c1"

    def seconds(policy: Policy) -> float:
        check(sql, "sqlite", policy)
        return min(timeit.repeat(lambda: check(sql, "sqlite", policy), number=20, repeat=5))

    assert seconds(large) < 3 * seconds(small)


PARTS: Final = {
    "outputs": (
        "id|name|email|c.email|c.*|*|c.email AS e|COUNT(*)|MAX(email)|c|o.note|n.email|1 AS email|"
        "EMAIL|(email)|email || 'x'|UPPER(name)|x.e|customers.email|*, 1|DISTINCT email|e|o.total|"
        "(SELECT MAX(e) FROM x)|(SELECT email)|(SELECT e FROM x LIMIT 1)"
    ),
    "sources": (
        "customers c|customers|orders o|newsletter n|(SELECT email AS e FROM customers) x|whole w|"
        "(SELECT * FROM customers) c|(SELECT id AS e FROM customers) x|customers AS o|"
        "(SELECT c.email AS e FROM newsletter c) x|(customers c)|orders AS c"
    ),
    "joins": "|, {s}|JOIN {s} ON true|LEFT JOIN {s} ON 1 = 1|NATURAL JOIN {s}|JOIN {s} USING (id)",
    "ends": (
        "|WHERE email > 'a'|WHERE c.id = 1|ORDER BY 1|ORDER BY 2|ORDER BY email|GROUP BY 1|"
        "ORDER BY e|GROUP BY email|WHERE EXISTS (SELECT * FROM customers)|LIMIT 2|ORDER BY c|"
        "UNION ALL SELECT email FROM customers|UNION SELECT email FROM newsletter|"
        "WHERE CAST(note AS INTEGER) > 0|WHERE o.note = 'x'|HAVING MAX(email) > 'a'"
    ),
}


@st.composite
def questions(draw: st.DrawFn) -> str:
    """SELECTs over the shop, most of them wrong, many of them after what is private."""
    parts = {name: text.split("|") for name, text in PARTS.items()}
    outputs = draw(st.lists(st.sampled_from(parts["outputs"]), min_size=1, max_size=3))
    sources = st.sampled_from(parts["sources"])
    joined = draw(st.sampled_from(parts["joins"])).format(s=draw(sources))
    step = draw(
        st.sampled_from(
            [
                "",
                "WITH x AS (SELECT email AS e FROM customers) ",
                "WITH x AS (SELECT email AS e) ",
                "WITH x AS (SELECT c.email AS e, id FROM newsletter) ",
                "WITH customers AS (SELECT * FROM newsletter) ",
            ]
        )
    )
    end = draw(st.sampled_from(parts["ends"]))
    return f"{step}SELECT {', '.join(outputs)} FROM {draw(sources)} {joined} {end}"


@settings(
    max_examples=1500, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(sql=questions(), dialect=st.sampled_from(["sqlite", "duckdb"]))
def test_no_question_brings_a_secret_back(
    sql: str, dialect: str, engines: Callable[[str], Engine]
) -> None:
    try:
        safe = check(sql, dialect, SECRETIVE)
    except UnsafeSql:
        return
    engine = engines(dialect)
    try:
        told = str(engine.rows(safe.sql))
    except engine.problems as problem:
        told = str(problem)
    event("masked" if safe.masked else "plain")
    assert SECRET not in told
    assert OTHERS not in told or "whole" in sql


@pytest.mark.parametrize(
    ("sql", "tells"),
    [
        ("SELECT highlight(notes, 1, '', '') FROM notes f", f"{SECRET} words"),
        ("SELECT snippet(notes, 1, '', '', '', 9) FROM notes f", f"{SECRET} words"),
        (f"SELECT title FROM notes f WHERE notes MATCH 'body:{SECRET}'", "first"),
        (f"SELECT title FROM notes f WHERE notes = '{SECRET}'", "first"),
        (f"SELECT title FROM older WHERE title MATCH 'body:{SECRET}'", "first"),
        (
            f"SELECT snippet(older, '', '') FROM older f WHERE older MATCH '{SECRET}'",
            f"{SECRET} words",
        ),
    ],
)
def test_a_full_text_table_does_not_tell_its_private_column(sql: str, tells: str) -> None:
    columns = {"notes": ("title", "body"), "older": ("title", "body")}
    policy = Policy(frozenset(columns), columns, private=frozenset({"notes.body", "older.body"}))
    with sqlite3.connect(":memory:") as engine:
        for table, kind in (("notes", "fts5"), ("older", "fts4")):
            engine.execute(f"CREATE VIRTUAL TABLE {table} USING {kind}(title, body)")
            engine.execute(f"INSERT INTO {table} VALUES ('first', '{SECRET} words')")
        found = engine.execute(sql).fetchall()
    engine.close()
    with pytest.raises(UnsafeSql, match="private"):
        guard.check(sql, "sqlite", policy)
    assert (tells,) in found
    assert guard.check("SELECT title FROM notes", "sqlite", policy)


@pytest.mark.parametrize("name", ["nextval", "currval", "lastval"])
def test_a_sequence_is_not_counted_on_by_a_column(name: str) -> None:
    with pytest.raises(UnsafeSql, match="keeps for itself"):
        guard.check(f"SELECT order_no.{name} FROM orders", "mariadb", RULED)
