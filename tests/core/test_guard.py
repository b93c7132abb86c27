"""The guard: what it lets through, what it refuses and in which words, as tables of SQL."""

from pathlib import Path

import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from core import guard
from core.errors import UnsafeSql
from core.guard import Policy

CASES = Path(__file__).with_name("guard_cases")
MARK = "-- because: "
DIALECTS = {
    "every": ("sqlite", "duckdb", "postgres", "mysql", "mariadb"),
    "mysql": ("mysql", "mariadb"),
    **{name: (name,) for name in ("sqlite", "duckdb", "postgres")},
}
TABLES = {
    "customers": ("id", "name", "country", "email", "signed_up_on"),
    "orders": ("id", "customer_id", "total", "ordered_at", "status"),
}
POLICY = Policy(tables=frozenset(TABLES), columns=TABLES)


def statements(kind: str) -> list[object]:
    """Each statement of the files of a kind, in each dialect it is for, with its reason."""
    found: list[object] = []
    for path in sorted(CASES.glob(f"*_{kind}.sql")):
        for block in path.read_text("utf-8").strip("\n").split("\n\n"):
            reason, _, rest = block.partition("\n")
            because = (
                reason.removeprefix("-- because: ") if reason.startswith("-- because: ") else ""
            )
            sql = rest if because else block
            for dialect in DIALECTS[path.stem.removesuffix(f"_{kind}")]:
                found.append(pytest.param(sql, dialect, because, id=f"{dialect}: {sql[:60]}"))
    return found


@pytest.mark.parametrize(("sql", "dialect", "_because"), statements("allowed"))
def test_reading_is_allowed(sql: str, dialect: str, _because: str) -> None:
    safe = guard.check(sql, dialect)
    assert (safe.dialect, safe.cap) == (dialect, 10_000)
    parsed = sqlglot.parse(safe.sql, dialect="mysql" if dialect == "mariadb" else dialect)
    assert len(parsed) == 1
    again = guard.check(safe.sql, dialect)
    assert again.sql == safe.sql, "what was checked once is checked the same again"


@pytest.mark.parametrize(("sql", "dialect", "because"), statements("refused"))
def test_anything_else_is_refused_by_name(sql: str, dialect: str, because: str) -> None:
    with pytest.raises(UnsafeSql) as caught:
        guard.check(sql, dialect)
    said = f"{caught.value.message} {caught.value.hint}".lower()
    missing = [word for word in because.lower().split() if word.strip(".,") not in said]
    assert not missing, said


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "   ",
        "-- nothing",
        "SELECT",
        "SELECT (((",
        "SELECT 'open",
        "SELECT \x00 1",
        "SELECT " + "(" * 200 + "1" + ")" * 200,
        "SELECT " + "1 + " * 40_000 + "1",
        "SELECT 1; SELECT 2",
        "SELECT 1; DROP TABLE customers",
        "{# jinja #} SELECT 1",
    ],
)
@pytest.mark.parametrize("dialect", DIALECTS["every"])
def test_what_cannot_be_read_is_a_sentence(sql: str, dialect: str) -> None:
    with pytest.raises(UnsafeSql) as caught:
        guard.check(sql, dialect)
    assert caught.value.message.strip()


@pytest.mark.parametrize(
    ("sql", "limit"),
    [
        ("SELECT * FROM customers", 11),
        ("SELECT * FROM customers LIMIT 3", 3),
        ("SELECT * FROM customers LIMIT 10", 10),
        ("SELECT * FROM customers LIMIT 5000", 11),
        ("SELECT * FROM customers ORDER BY name LIMIT 5000 OFFSET 20", 11),
        ("SELECT id FROM customers UNION ALL SELECT id FROM orders", 11),
        ("WITH c AS (SELECT * FROM customers LIMIT 2) SELECT * FROM c", 11),
    ],
)
@pytest.mark.parametrize("dialect", DIALECTS["every"])
def test_rows_are_limited_at_the_root(sql: str, limit: int, dialect: str) -> None:
    safe = guard.check(sql, dialect, cap=10)
    tree = sqlglot.parse_one(safe.sql, dialect="mysql" if dialect == "mariadb" else dialect)
    found = tree.args.get("limit")
    assert isinstance(found, exp.Limit)
    assert found.expression.name == str(limit)
    assert ("OFFSET" in safe.sql.upper()) is ("OFFSET" in sql)


@pytest.mark.parametrize("dialect", DIALECTS["every"])
def test_a_policy_names_the_near_tables(dialect: str) -> None:
    with pytest.raises(UnsafeSql) as caught:
        guard.check("SELECT * FROM custmers", dialect, POLICY)
    assert "customers" in caught.value.message + caught.value.hint
    safe = guard.check("WITH new AS (SELECT id FROM customers) SELECT id FROM new", dialect, POLICY)
    assert safe.reads.tables == ("customers",)
    with pytest.raises(UnsafeSql):
        guard.check("SELECT * FROM (WITH c AS (SELECT 1) SELECT * FROM c) s, c", dialect, POLICY)


def test_parameters_must_have_a_value() -> None:
    sql = "SELECT id FROM customers WHERE country = :country"
    safe = guard.check(sql, "duckdb", params={"country": "DE", "unused": 1})
    assert dict(safe.params) == {"country": "DE"}
    with pytest.raises(UnsafeSql, match="country"):
        guard.check(sql, "duckdb")


WORDS = st.sampled_from(
    """SELECT FROM WHERE customers orders id name , . * ( ) = 'x' "id" `id` 1 ; -- /* */ /*!
    UNION ALL WITH c AS LIMIT OFFSET INTO FOR UPDATE DELETE DROP TABLE sleep pg_sleep count sum
    load_extension || :: E'\\'' $$ # [ ] { } AND OR NOT NULL CASE WHEN THEN END ORDER BY
    GROUP""".split()  # noqa: SIM905 - words of SQL, to be read as such
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(words=st.lists(WORDS, max_size=14), dialect=st.sampled_from(DIALECTS["every"]))
def test_whatever_is_accepted_is_one_query_and_stays_accepted(
    words: list[str], dialect: str
) -> None:
    try:
        safe = guard.check("SELECT " + " ".join(words), dialect)
    except UnsafeSql:
        return
    (tree,) = sqlglot.parse(safe.sql, dialect="mysql" if dialect == "mariadb" else dialect)
    assert isinstance(tree, exp.Query)
    assert guard.check(safe.sql, dialect).sql == safe.sql


def test_a_reading_tells_what_a_query_reads() -> None:
    safe = guard.check(
        "SELECT country, COUNT(*) AS n FROM customers WHERE name LIKE 'A%' GROUP BY country",
        "duckdb",
    )
    told = guard.reading(safe)
    assert "customers" in str(told.tables)
    assert "name" in str(told.filters)
    assert "country" in str(told.grouping)
