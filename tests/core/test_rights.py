"""Who may ask a connection, write SQL there, and see private columns: by whatever road."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from core import (
    answers,
    connections,
    conversations,
    explore,
    library,
    query,
    refreshes,
    rights,
    schema,
    uploads,
    verified,
    versions,
)
from core.alerts import checking, keeping, views
from core.alerts.definition import Definition
from core.alerts.rules import Rule
from core.dashboards import boards, links, running, tiles
from core.dashboards.tiles import NewTile
from core.datamind import DataMind
from core.errors import BadInput, DataMindError, NotAllowed, UnsafeSql
from core.library import Kept
from core.reports import making
from core.security.rights import Grant, Rights
from core.store.tables import Report
from core.types import Actor, Query
from tests import factories
from tests.factories import Organization

SECRET = "Lamp"
LIST = "SELECT order_id, product FROM sales ORDER BY order_id"
TOTAL = "SELECT sum(amount) AS n FROM sales"


@pytest.fixture
def sales(dm: DataMind, acme: Organization, tmp_path: Path) -> UUID:
    return factories.sales(dm, acme.analyst, tmp_path)


def ask_only(dm: DataMind, acme: Organization, sales: UUID, role: str, *named: Actor) -> None:
    people = frozenset(actor.user_id for actor in named)
    rights.grant(dm, acme.admin, sales, Rights(ask=Grant(role, people)))  # type: ignore[arg-type]


def hide_products(dm: DataMind, acme: Organization, sales: UUID, **given: Grant) -> None:
    rights.make_private(dm, acme.admin, sales, ["sales.product"])
    rights.grant(dm, acme.admin, sales, Rights(**given))


# --- who may ask --------------------------------------------------------------------------

MATRIX = [
    # who may ask, who is named       admin  analyst viewer
    ("viewer", (), (True, True, True)),
    ("analyst", (), (True, True, False)),
    ("admin", (), (True, False, False)),
    ("admin", ("viewer",), (True, False, True)),
    ("analyst", ("viewer",), (True, True, True)),
]


@pytest.mark.parametrize(("role", "named", "expected"), MATRIX)
def test_who_may_ask(
    dm: DataMind,
    acme: Organization,
    sales: UUID,
    role: str,
    named: tuple[str, ...],
    expected: tuple[bool, ...],
) -> None:
    query.run(dm, acme.viewer, Query(sales, TOTAL))  # so that there is something in the cache
    ask_only(dm, acme, sales, role, *(getattr(acme, one) for one in named))
    roads: dict[str, Callable[[Actor], object]] = {
        "a query": lambda who: query.run(dm, who, Query(sales, TOTAL)),
        "its schema": lambda who: schema.read(dm, who, sales),
        "its connection": lambda who: connections.connection(dm, who, sales),
        "its verified questions": lambda who: verified.questions(dm, who, sales),
    }
    for name, road in roads.items():
        for who, may in zip(acme.people, expected, strict=True):
            assert allowed(lambda road=road, who=who: road(who)) is may, (name, who.role)
    for who, may in zip(acme.people, expected, strict=True):
        listed = sales in [one.id for one in connections.connections(dm, who)]
        assert listed is may, who.role


def allowed(call: Callable[[], object]) -> bool:
    try:
        call()
    except NotAllowed:
        return False
    except BadInput as problem:
        return "no result" not in problem.message
    return True


@pytest.fixture
def kept(dm: DataMind, acme: Organization, sales: UUID) -> dict[str, UUID]:
    """What the analyst has made of the data while everybody might ask it."""
    _, answer = factories.answered(dm, acme.analyst, "Total amount by region", sales)
    board = boards.create(dm, acme.analyst, "Morning")
    boards.share(dm, acme.analyst, board, True)
    alert = keeping.create(dm, acme.analyst, Definition("Sales", sales, TOTAL, Rule("above", 1)))
    return {
        "answer": answer.id,
        "tile": tiles.add(dm, acme.analyst, board, NewTile("All", sales, LIST)),
        "board": board,
        "saved": library.keep(dm, acme.analyst, Kept(sales, LIST, "All", shared=True)),
        "alert": alert,
        "verified": verified.verify(dm, acme.analyst, answer.id),
        "upload": uploads.uploads(dm, acme.analyst, sales)[0].id,
        "run": explore.start(dm, acme.analyst, sales, LIST, wait=True),
    }


def test_who_loses_the_right_loses_all_that_was_made_of_it(
    dm: DataMind, acme: Organization, sales: UUID, kept: dict[str, UUID]
) -> None:
    token = links.create(dm, acme.analyst, kept["board"], days=7)
    ask_only(dm, acme, sales, "admin")
    who = acme.analyst
    by_alert = factories.elsewhere(who, via="alert")
    roads: dict[str, Callable[[], object]] = {
        "dashboard": lambda: running.run(dm, who, kept["tile"]),
        "dashboard of a colleague": lambda: running.run(dm, acme.viewer, kept["tile"]),
        "public link": lambda: running.run(dm, links.visit(dm, token).actor, kept["tile"]),
        "export of an answer": lambda: answers.download(dm, who, kept["answer"], "csv"),
        "whole answer": lambda: answers.result(dm, who, kept["answer"]),
        "saved query": lambda: library.saved_query(dm, who, kept["saved"]),
        "alert": lambda: views.alert(dm, who, kept["alert"]),
        "alert's check": lambda: checking.look(
            dm, by_alert, Definition("x", sales, TOTAL, Rule("above", 1)), dm.clock.now()
        ),
        "report": lambda: making.make(dm, who, Report(saved_query_id=kept["saved"], format="csv")),
        "kept result": lambda: explore.found(dm, who, kept["run"]),
        "file": lambda: versions.original(dm, who, kept["upload"]),
        "verified answer": lambda: verified.remove(dm, who, kept["verified"]),
    }
    assert [name for name, road in roads.items() if allowed(road)] == []
    assert views.alerts(dm, who) == ()
    assert views.events(dm, who) == ()
    assert verified.answers(dm, who) == ()
    assert library.saved_queries(dm, who) == ()
    with pytest.raises(NotAllowed):
        factories.answered(dm, who, "Total amount", sales)


# --- who may write SQL --------------------------------------------------------------------


def test_who_may_write_sql(
    dm: DataMind, acme: Organization, sales: UUID, kept: dict[str, UUID]
) -> None:
    rights.grant(dm, acme.admin, sales, Rights(write=Grant("admin")))
    own = "SELECT max(amount) AS n FROM sales"
    board = boards.create(dm, acme.analyst, "Mine")
    ways: dict[str, Callable[[Actor, str], object]] = {
        "explore": lambda who, sql: explore.start(dm, who, sales, sql, wait=True),
        "a run by hand": lambda who, sql: query.run(dm, who, Query(sales, sql, purpose="explore")),
        "a saved query": lambda who, sql: library.keep(dm, who, Kept(sales, sql, "Mine")),
        "a tile": lambda who, sql: tiles.add(dm, who, board, NewTile("x", sales, sql)),
        "a tile's preview": lambda who, sql: running.preview(dm, who, NewTile("x", sales, sql)),
        "an alert": lambda who, sql: keeping.create(
            dm, who, Definition("x", sales, sql, Rule("above", 1))
        ),
    }
    for name, way in ways.items():
        assert not allowed(lambda way=way: way(acme.analyst, own)), name
    answer = conversations.message(dm, acme.analyst, kept["answer"])
    assert answer.sql
    for name in ("a saved query", "a tile", "a tile's preview"):
        assert allowed(lambda name=name: ways[name](acme.analyst, answer.sql)), name
    named = Rights(write=Grant("admin", frozenset({acme.analyst.user_id})))
    rights.grant(dm, acme.admin, sales, named)
    for name, way in ways.items():
        assert allowed(lambda way=way: way(acme.analyst, own)), name


# --- private columns ----------------------------------------------------------------------


def seen(result: object) -> bool:
    """Whether the secret stands in what somebody got."""
    if isinstance(result, bytes):
        return SECRET.encode() in result
    return SECRET in repr(result)


def rows(dm: DataMind, who: Actor, sales: UUID) -> object:
    return query.run(dm, who, Query(sales, LIST)).table.to_pylist()


PRIVATE = [
    # who sees them, who is named        admin  analyst viewer
    ("admin", (), (True, False, False)),
    ("analyst", (), (True, True, False)),
    ("nobody", (), (False, False, False)),
    ("nobody", ("analyst",), (False, True, False)),
]


@pytest.mark.parametrize(("role", "named", "expected"), PRIVATE)
def test_who_sees_private_columns_by_whatever_road(
    dm: DataMind,
    acme: Organization,
    sales: UUID,
    kept: dict[str, UUID],
    role: str,
    named: tuple[str, ...],
    expected: tuple[bool, ...],
) -> None:
    people = frozenset(getattr(acme, one).user_id for one in named)
    for who in acme.people:  # what is cached for one must not be served to another
        assert seen(rows(dm, who, sales))
    hide_products(dm, acme, sales, unmasked=Grant(role, people))  # type: ignore[arg-type]
    token = links.create(dm, acme.analyst, kept["board"], days=7)
    visitor = links.visit(dm, token).actor
    for who, may in zip(acme.people, expected, strict=True):
        assert seen(rows(dm, who, sales)) is may, who.role
        shown = running.run(dm, who, kept["tile"]).result.table.to_pylist()
        assert seen(shown) is may, who.role
        for via in ("alert", "report", "link", "token"):
            assert not seen(rows(dm, replace(who, via=via), sales)), (who.role, via)
        assert not seen(schema.read(dm, who, sales)), "no sample values, for nobody"
    assert not seen(running.run(dm, visitor, kept["tile"]).result.table.to_pylist())
    report = factories.elsewhere(acme.admin, via="report")
    made = making.make(dm, report, Report(saved_query_id=kept["saved"], format="csv"))
    assert not seen(made.download.content)
    own_run = explore.found(dm, acme.analyst, kept["run"]).result.table.to_pylist()
    assert seen(own_run) is expected[1]
    exported = explore.download(dm, acme.analyst, kept["run"], "csv")
    assert seen(exported) is expected[1]
    assert allowed(lambda: versions.original(dm, acme.analyst, kept["upload"])) is expected[1]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM sales WHERE product = 'Lamp'",
        "SELECT product, sum(amount) FROM sales GROUP BY product",
        "SELECT upper(product) FROM sales",
        "SELECT DISTINCT product FROM sales",
        "SELECT order_id FROM sales ORDER BY product",
    ],
)
def test_a_private_column_tells_nothing_by_its_use(
    dm: DataMind, acme: Organization, sales: UUID, sql: str
) -> None:
    hide_products(dm, acme, sales)
    for who in (acme.analyst, acme.viewer, factories.elsewhere(acme.admin, via="alert")):
        with pytest.raises(UnsafeSql):
            query.run(dm, who, Query(sales, sql))


def test_a_chat_masks_for_everybody_and_forgets_what_it_knew(
    dm: DataMind, acme: Organization, sales: UUID
) -> None:
    session, before = factories.answered(dm, acme.admin, "Total amount by product", sales)
    assert seen(before)
    hide_products(dm, acme, sales)
    assert not seen(conversations.messages(dm, acme.admin, session))
    _, after = factories.answered(dm, acme.admin, "show product and amount of sales", sales)
    assert after.sql
    assert "product" in after.sql.lower()
    assert not seen(after)
    assert "•••" in str(after.preview.table.to_pylist()) if after.preview else after.error


def test_a_column_must_be_known_to_become_private(
    dm: DataMind, acme: Organization, sales: UUID
) -> None:
    for wrong in ("sales.nothing", "product", "sales"):
        with pytest.raises(BadInput, match="no column"):
            rights.make_private(dm, acme.admin, sales, [wrong])
    rights.make_private(dm, acme.admin, sales, ["sales.product"])
    refreshes.refresh(dm, acme.analyst, sales)
    assert rights.of(dm, acme.admin, sales).private == ("sales.product",)
    assert not seen(schema.read(dm, acme.admin, sales))
    rights.make_private(dm, acme.admin, sales, [])
    assert seen(rows(dm, acme.viewer, sales))


def test_only_admins_set_rights(dm: DataMind, acme: Organization, sales: UUID) -> None:
    for who in (acme.analyst, acme.viewer):
        for act in (
            lambda who=who: rights.of(dm, who, sales),
            lambda who=who: rights.grant(dm, who, sales, Rights()),
            lambda who=who: rights.make_private(dm, who, sales, []),
        ):
            with pytest.raises(NotAllowed):
                act()


def test_a_person_of_another_organization_gets_no_right(
    dm: DataMind, acme: Organization, sales: UUID
) -> None:
    other = factories.organization(dm, "other")
    stranger = Rights(ask=Grant("admin", frozenset({other.viewer.user_id})))
    with pytest.raises(DataMindError):
        rights.grant(dm, acme.admin, sales, stranger)
