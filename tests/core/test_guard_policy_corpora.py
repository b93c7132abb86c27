"""Analytics under a policy: rules that leave nothing out, and unasked private columns."""

from typing import Any

import pytest
import sqlglot
from sqlglot import exp

from core import guard
from core.guard import Policy
from tests.core import test_corpora
from tests.core.test_corpora import QUESTIONS, Ask, Question

sqlite_engine = test_corpora.sqlite_engine
duckdb_engine = test_corpora.duckdb_engine
postgres_engine = test_corpora.postgres_engine
mariadb_engine = test_corpora.mariadb_engine
mysql_engine = test_corpora.mysql_engine


def columns() -> dict[str, tuple[str, ...]]:
    """The tables of the corpora with their columns."""
    made = [sqlglot.parse_one(text) for text in test_corpora.statements()]
    return {
        create.find(exp.Table).name: tuple(c.name for c in create.find_all(exp.ColumnDef))
        for create in made
        if isinstance(create, exp.Create) and create.find(exp.ColumnDef)
    }


COLUMNS = columns()
RULES = {table: f"{names[0]} = {names[0]}" for table, names in COLUMNS.items()}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: f"{q.dialect}: {q.name}")
def test_a_policy_that_hides_nothing_of_it_gives_the_same_answer(
    question: Question, request: pytest.FixtureRequest
) -> None:
    policy = Policy(frozenset(COLUMNS), COLUMNS, private=unasked(question.sql), rows=RULES)
    safe = guard.check(question.sql, question.dialect, policy)
    assert "WHERE (" in safe.sql
    ask: Ask = request.getfixturevalue(f"{question.dialect}_engine")
    assert in_order(ask(safe.sql)) == in_order(ask(question.sql))


def unasked(sql: str) -> frozenset[str]:
    """The columns that the query does not name; none where a star could stand for them."""
    if ".*" in sql:
        return frozenset()
    return frozenset(f"{t}.{c}" for t, names in COLUMNS.items() for c in names if c not in sql)


def in_order(rows: list[tuple[Any, ...]]) -> list[str]:
    """Rows as text, sorted; sums of fractions depend on the order in which they are made."""
    plain = [[round(v, 6) if isinstance(v, float) else v for v in row] for row in rows]
    return sorted(map(repr, plain))
