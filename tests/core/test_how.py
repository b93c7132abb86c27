"""How an answer came about, told of answers of the house."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from core import how
from core.datamind import DataMind
from core.errors import BadInput, NotFound, UnsafeSql
from core.how import Counted, UsedColumn
from core.store.tables import ChatMessage
from tests import factories
from tests.factories import Organization, answered


@pytest.fixture
def sales(dm: DataMind, acme: Organization, tmp_path: Path) -> UUID:
    return factories.sales(dm, acme.analyst, tmp_path)


def test_an_account_has_data_conditions_time_rows_and_steps(
    dm: DataMind, acme: Organization, sales: UUID
) -> None:
    _, answer = answered(dm, acme.viewer, "Amount by region last quarter for Lamp", sales)
    assert answer.sql is not None, answer.text
    found = how.account(dm, acme.viewer, answer.id)
    [table] = found.tables
    assert {c.name for c in table.columns} == {"region", "amount", "product", "sold_on"}
    assert found.windows == (f"{table.name}.sold_on: Jul 1, 2026 – Sep 30, 2026 (92 days)",)
    assert [c.partition(".")[2] or c for c in found.conditions] == ["product is “Lamp”"] or (
        found.conditions == ("product is “Lamp”",)
    )
    assert found.counted == Counted(read=6, kept=3)
    assert found.clauses[0].sql.startswith("SELECT")


def test_columns_come_with_their_meaning(dm: DataMind, acme: Organization, sales: UUID) -> None:
    _, answer = answered(dm, acme.viewer, "Total amount by region", sales)
    [table] = how.account(dm, acme.viewer, answer.id).tables
    assert all(isinstance(c, UsedColumn) for c in table.columns)


def changed(dm: DataMind, message_id: UUID, sql: str | None) -> None:
    with dm.sessions.write() as db:
        db.get_one(ChatMessage, message_id).generated_sql = sql


@pytest.mark.parametrize(
    ("sql", "counted"),
    [
        ("SELECT COUNT(*) FROM sales", Counted(6, None)),
        ("SELECT COUNT(*) FROM sales WHERE region = 'Nowhere'", Counted(6, 0)),
        ("WITH s AS (SELECT * FROM sales) SELECT COUNT(*) FROM s", Counted()),
        # Fails on the database: not counted, and no word of it.
        ("SELECT COUNT(*) FROM sales WHERE CAST(region AS INTEGER) > 3", Counted()),
    ],
)
def test_rows_are_counted_where_that_says_something(
    dm: DataMind, acme: Organization, sales: UUID, sql: str, counted: Counted
) -> None:
    _, answer = answered(dm, acme.viewer, "Total amount by region", sales)
    changed(dm, answer.id, sql)
    assert how.account(dm, acme.viewer, answer.id).counted == counted


def test_a_message_without_a_query_says_so(dm: DataMind, acme: Organization, sales: UUID) -> None:
    _, answer = answered(dm, acme.viewer, "average frobnication per quibble", sales)
    with pytest.raises(BadInput, match="no query"):
        how.account(dm, acme.viewer, answer.id)


def test_a_query_over_what_is_gone_is_refused_in_words(
    dm: DataMind, acme: Organization, sales: UUID
) -> None:
    _, answer = answered(dm, acme.viewer, "Total amount by region", sales)
    changed(dm, answer.id, "SELECT x FROM gone")
    with pytest.raises(UnsafeSql, match="gone"):
        how.account(dm, acme.viewer, answer.id)


def test_nobody_else_is_told(dm: DataMind, acme: Organization, sales: UUID) -> None:
    _, answer = answered(dm, acme.viewer, "Total amount by region", sales)
    for somebody in (acme.admin, replace(acme.analyst, via="link")):
        with pytest.raises(NotFound):
            how.account(dm, somebody, answer.id)
