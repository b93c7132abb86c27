"""SQL by hand on a real file: run, stopped, kept, searched, described, drifted."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from core import descriptions, drift, explore, jobs, library, notices, refreshes, schema
from core.alerts import keeping
from core.alerts.definition import Definition
from core.alerts.rules import Rule
from core.dashboards import boards, tiles
from core.dashboards.tiles import NewTile
from core.datamind import DataMind
from core.descriptions import About
from core.errors import BadInput, NotAllowed, NotFound, UnsafeSql
from core.library import Kept
from core.parameters import Parameter
from core.store.tables import Connection, SchemaColumnRow
from core.types import Table
from tests import factories
from tests.factories import Organization


@pytest.fixture
def sales(dm: DataMind, acme: Organization, tmp_path: Path) -> UUID:
    return factories.sales(dm, acme.analyst, tmp_path)


def test_a_run_is_followed_shown_exported_and_remembered(
    dm: DataMind, acme: Organization, sales: UUID
) -> None:
    job = explore.start(dm, acme.analyst, sales, "SELECT region FROM sales", wait=True)
    assert jobs.follow(dm, acme.analyst, job).state == "done"
    found = explore.found(dm, acme.analyst, job)
    assert found.result.row_count == 6
    assert explore.download(dm, acme.analyst, job, "csv").decode("utf-8-sig").startswith("region")
    (run,) = explore.history(dm, acme.analyst)
    assert (run.sql, run.rows, run.error) == ("SELECT region FROM sales", 6, "")
    assert explore.history(dm, acme.admin) == ()
    with pytest.raises(NotFound):
        explore.found(dm, acme.admin, job)


def test_parameters_are_bound_and_never_pasted(
    dm: DataMind, acme: Organization, sales: UUID
) -> None:
    sql = "SELECT count(*) AS n FROM sales WHERE region = {{region}} AND sold_on >= {{from}}"
    given = {"region": "North' OR 'a' = 'a", "from": "2026-08-01"}
    job = explore.start(dm, acme.analyst, sales, sql, given=given, wait=True)
    assert explore.found(dm, acme.analyst, job).result.table.column("n").to_pylist() == [0]
    given = {"region": "North", "from": "2026-08-01"}
    job = explore.start(dm, acme.analyst, sales, sql, given=given, wait=True)
    assert explore.found(dm, acme.analyst, job).result.table.column("n").to_pylist() == [2]
    assert explore.history(dm, acme.analyst)[0].values == given


FAILS = ["DELETE FROM sales", "SELECT nothing FROM sales", "SELEC 1", "SELECT * FROM nowhere"]


@pytest.mark.parametrize("sql", FAILS)
def test_what_fails_says_why_and_stays_in_the_history(
    dm: DataMind, acme: Organization, sales: UUID, sql: str
) -> None:
    job = explore.start(dm, acme.analyst, sales, sql, wait=True)
    now = jobs.follow(dm, acme.analyst, job)
    assert now.state == "failed"
    assert explore.history(dm, acme.analyst)[0].error == now.error
    assert now.error


def test_viewers_write_no_sql(dm: DataMind, acme: Organization, sales: UUID) -> None:
    with pytest.raises(NotAllowed):
        explore.start(dm, acme.viewer, sales, "SELECT 1")
    with pytest.raises(BadInput, match="nothing to run"):
        explore.start(dm, acme.analyst, sales, "  ")


def test_what_is_kept_is_found_by_tag_and_changed_by_its_owner(
    dm: DataMind, acme: Organization, sales: UUID
) -> None:
    kept = Kept(
        sales, "SELECT * FROM sales WHERE sold_on > {{from}}", " Since ", "All of them",
        ("Sales", "sales", " weekly "), True, (Parameter("from", "date", "2026-01-01"),),
    )  # fmt: skip
    saved_id = library.keep(dm, acme.analyst, kept)
    (saved,) = library.saved_queries(dm, acme.viewer, search="WEEKLY")
    assert (saved.name, saved.tags) == ("Since", ("sales", "weekly"))
    assert saved.parameters == kept.parameters
    assert (saved.owner, saved.may_change) == ("Analyst Person", False)
    assert library.saved_queries(dm, acme.viewer, search="monthly") == ()
    library.keep(dm, acme.admin, Kept(sales, "SELECT 1 AS one", "One"), saved_id)
    assert library.saved_query(dm, acme.analyst, saved_id).name == "One"
    with pytest.raises(UnsafeSql):
        library.keep(dm, acme.analyst, Kept(sales, "DROP TABLE sales", "Bad"))
    with pytest.raises(NotAllowed):
        library.keep(dm, acme.viewer, Kept(sales, "SELECT 1 AS one", "One"))


def test_descriptions_stay_over_a_refresh(dm: DataMind, acme: Organization, sales: UUID) -> None:
    descriptions.write(
        dm, acme.analyst, sales, "sales", "One line a sale", {"amount": About("In euro", "Takings")}
    )
    refreshes.refresh(dm, acme.admin, sales)
    table = schema.read(dm, acme.viewer, sales).table("sales")
    assert table is not None
    amount = table.column("amount")
    assert amount is not None
    assert (table.description, amount.description, amount.business_term) == (
        "One line a sale", "In euro", "Takings",
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        descriptions.write(dm, acme.viewer, sales, "sales", "x", {})
    with pytest.raises(NotFound):
        descriptions.write(dm, acme.analyst, sales, "nowhere", "x", {})


def test_what_a_change_breaks_is_told_to_its_owner(
    dm: DataMind, acme: Organization, sales: UUID
) -> None:
    products = Kept(sales, "SELECT product FROM sales WHERE order_id > {{n}}", "Products")
    library.keep(dm, acme.analyst, products)
    library.keep(dm, acme.analyst, Kept(sales, "SELECT region FROM sales", "Regions"))
    count = "SELECT max(order_id) AS n FROM sales"
    keeping.create(dm, acme.admin, Definition("Count", sales, count, Rule("above", 9)))
    board = boards.create(dm, acme.analyst, "Board")
    by_product = NewTile("By product", sales, "SELECT product FROM sales")
    tiles.add(dm, acme.analyst, board, by_product)
    before = schema.read(dm, acme.analyst, sales)
    lost = Table("sales", tuple(c for c in before.tables[0].columns if c.name == "region"))
    with dm.sessions.read() as db:
        broken = drift.broken_by(db, sales, before, replace(before, tables=(lost,)))
    assert sorted((one.kind, one.name) for one in broken) == [
        ("alert", "Count"), ("saved query", "Products"), ("tile", "By product"),
    ]  # fmt: skip
    assert all(one.why.startswith("The data has no ") for one in broken)
    assert drift.dependents(dm, acme.analyst, sales) == drift.Dependents(1, 1, 2)


def test_a_refresh_that_finds_a_change_tells_it(
    dm: DataMind, acme: Organization, sales: UUID
) -> None:
    assert drift.refresh(dm, acme.analyst, sales).changed == ()
    assert notices.unread(dm, acme.analyst) == 0
    with dm.sessions.write() as db:
        db.delete(db.query(SchemaColumnRow).filter_by(column_name="product").one())
        db.get_one(Connection, sales).extra_config = {}  # as if the file had changed
    assert drift.refresh(dm, acme.analyst, sales).changed == ("sales",)
    (notice,) = notices.notices(dm, acme.analyst)
    assert (notice.title, notice.body) == ("Sales has changed", "Changed: sales.")
