"""Connecting a database server, as people do it: on real PostgreSQL and MariaDB."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from core import audit, checkups, connections, jobs, query, refreshes, schema, servers
from core.connections import ConnectionView
from core.datamind import DataMind
from core.errors import BadInput, CannotConnect, LimitReached, NotAllowed, NotFound, UnsafeSql
from core.store.tables import AuditLog, Connection, Job, Organization
from core.types import Actor, Query
from tests import factories
from tests.servers import MariaDB, Postgres

COUNT = "SELECT count(*) AS n FROM orders"
SECRET = "a reader's secret"


@dataclass
class Shop:
    """A little shop on a real server, an owner who may do everything and a reader who may not."""

    kind: str
    port: int
    database: str
    reader: str = field(default_factory=lambda: f"reader_{uuid4().hex[:8]}")

    def values(self, **other: str) -> dict[str, str]:
        """The form as its owner fills it in."""
        own = {"host": "127.0.0.1", "port": str(self.port), "database": self.database}
        return {**own, "username": "datamind", "password": "datamind", "ssl_mode": "prefer"} | other

    def as_reader(self, **other: str) -> dict[str, str]:
        """The form with the account that can only read."""
        return self.values(username=self.reader, password=SECRET) | other


@pytest.fixture
def postgres_shop(postgres: Postgres) -> Iterator[Shop]:
    with postgres.fresh_database() as url:
        shop = Shop("postgresql", postgres.port, str(make_url(url).database))
        with postgres.connect(shop.database) as session:
            for statement in (
                "CREATE TABLE orders (id int PRIMARY KEY, amount numeric)",
                "INSERT INTO orders VALUES (1, 10), (2, 20), (3, 30)",
                f"CREATE ROLE {shop.reader} LOGIN PASSWORD 'a reader''s secret'",
                f"ALTER ROLE {shop.reader} SET default_transaction_read_only = on",
                f"ALTER ROLE {shop.reader} SET statement_timeout = '30s'",
                f"GRANT SELECT ON orders TO {shop.reader}",
            ):
                session.execute(statement.encode())
        yield shop
        with postgres.connect(shop.database) as session:
            session.execute(f"DROP OWNED BY {shop.reader}".encode())
            session.execute(f"DROP ROLE {shop.reader}".encode())


@pytest.fixture
def mariadb_shop(mariadb: MariaDB) -> Iterator[Shop]:
    shop = Shop("mysql", mariadb.port, f"shop_{uuid4().hex[:8]}")
    account = f"{shop.reader}@127.0.0.1"

    def say(*statements: str) -> None:
        with mariadb.connect() as session, session.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    say(
        f"CREATE DATABASE {shop.database}",
        f"CREATE TABLE {shop.database}.orders (id int PRIMARY KEY, amount decimal(9, 2))",
        f"INSERT INTO {shop.database}.orders VALUES (1, 10), (2, 20), (3, 30)",
        f"CREATE USER {account} IDENTIFIED BY 'a reader''s secret' WITH MAX_STATEMENT_TIME 30",
        f"GRANT SELECT, SHOW VIEW ON {shop.database}.* TO {account}",
    )
    yield shop
    say(f"DROP DATABASE {shop.database}", f"DROP USER {account}")


@pytest.fixture(params=["postgres_shop", "mariadb_shop"])
def shop(request: pytest.FixtureRequest) -> Shop:
    found: Shop = request.getfixturevalue(request.param)
    return found


def connected(dm: DataMind, who: Actor, shop: Shop, **other: str) -> UUID:
    """The shop as a connection, its schema read as the worker does it."""
    made = servers.connect(dm, who, name="Shop", kind=shop.kind, values=shop.values(**other))
    refreshed(dm, who, made)
    return made


def refreshed(dm: DataMind, who: Actor, connection: UUID) -> ConnectionView:
    """The connection after the refresh that was begun for it has been done."""
    waiting = jobs.active(dm, who, jobs.REFRESH_SCHEMA, connection)
    assert waiting is not None, "a refresh was begun"
    refreshes.perform(dm, waiting.job_id)
    assert jobs.follow(dm, who, waiting.job_id).error == ""
    return connections.connection(dm, who, connection)


def orders(dm: DataMind, who: Actor, connection: UUID) -> int:
    [row] = query.run(dm, who, Query(connection, COUNT), fresh=True).table.to_pylist()
    return int(row["n"])


def kept(dm: DataMind, connection: UUID) -> Mapping[str, Any]:
    """The row as it is stored."""
    with dm.sessions.read() as db:
        row = db.get_one(Connection, connection)
        return {column.key: getattr(row, column.key) for column in sa.inspect(Connection).columns}


def everything_written(dm: DataMind) -> str:
    """All that was audited or handed to workers."""
    with dm.sessions.read() as db:
        lines = [repr((a.action, a.details)) for a in db.scalars(sa.select(AuditLog))]
        return "\n".join(
            [*lines, *(repr((j.args, j.progress)) for j in db.scalars(sa.select(Job)))]
        )


# --- connecting ------------------------------------------------------------------------------


def test_connect_read_and_ask(dm: DataMind, acme: factories.Organization, shop: Shop) -> None:
    connection = connected(dm, acme.analyst, shop)
    view = connections.connection(dm, acme.viewer, connection)
    assert (view.name, view.kind, view.tables, view.is_server) == ("Shop", shop.kind, 1, True)
    assert orders(dm, acme.viewer, connection) == 3
    with pytest.raises(UnsafeSql):
        query.run(dm, acme.analyst, Query(connection, "DELETE FROM orders"))
    assert kept(dm, connection)["password_encrypted"] not in (None, "datamind")


def test_the_form_is_declared_by_the_connector() -> None:
    offered = {kind.kind: kind for kind in servers.kinds()}
    assert list(offered) == ["postgresql", "mysql"]
    names = ["host", "port", "database", "username", "password", "ssl_mode"]
    for kind, port, own in (("postgresql", "5432", ["left_out"]), ("mysql", "3306", [])):
        assert [f.name for f in offered[kind].fields] == [*names, *own]
        assert offered[kind].fields[1].default == port


def test_trying_out_keeps_nothing(dm: DataMind, acme: factories.Organization, shop: Shop) -> None:
    before = connections.connections(dm, acme.analyst)
    good = servers.try_out(dm, acme.analyst, shop.kind, shop.values())
    bad = servers.try_out(dm, acme.analyst, shop.kind, shop.values(password="wrong"))
    assert (good.ok, good.message) == (True, "Connected. 1 table found.")
    assert not bad.ok
    assert "with this password" in bad.message
    assert connections.connections(dm, acme.analyst) == before
    assert len(dm.pool) == 0


@pytest.mark.parametrize(
    ("entered", "sentence"),
    [
        ({"password": "wrong"}, "did not accept the user “datamind”"),
        ({"database": "no_such"}, "There is no database “no_such”"),
        ({"database": "host=localhost port=1"}, "There is no database “host=localhost port=1”"),
        ({"port": "1"}, "Nothing answers at 127.0.0.1, port 1."),
        ({"host": "/var/run"}, "The host “/var/run” was not found."),
        ({"ssl_mode": "require"}, "offers no encrypted connection"),
    ],
)
def test_what_cannot_be_reached_is_not_kept(
    dm: DataMind,
    acme: factories.Organization,
    shop: Shop,
    entered: dict[str, str],
    sentence: str,
) -> None:
    before = connections.connections(dm, acme.analyst)
    with pytest.raises(CannotConnect) as caught:
        connected(dm, acme.analyst, shop, **entered)
    assert sentence in caught.value.message
    assert connections.connections(dm, acme.analyst) == before
    assert "connection.create" not in everything_written(dm)


@pytest.mark.parametrize(
    ("entered", "sentence"),
    [
        ({"host": "  "}, "“Host” is empty."),
        ({"database": ""}, "“Database” is empty."),
        ({"username": ""}, "“User” is empty."),
        ({"port": ""}, "“Port” is empty."),
        ({"port": "0"}, "“Port” must be a whole number from 1 to 65535."),
        ({"port": "65536"}, "“Port” must be a whole number from 1 to 65535."),
        ({"port": "5432; x"}, "“Port” must be a whole number from 1 to 65535."),
        ({"port": "٥٤٣٢"}, "“Port” must be a whole number from 1 to 65535."),
        ({"host": "h" * 256}, "“Host” is longer than 255 characters."),
        ({"password": "p" * 1001}, "“Password” is longer than 1000 characters."),
        ({"host": "db\nexample"}, "“Host” holds a character that cannot be seen."),
        ({"password": "a\x00b"}, "“Password” holds a character that cannot be seen."),
        ({"database": "a\u202eb"}, "“Database” holds a character that cannot be seen."),
        ({"ssl_mode": "perhaps"}, "“Encryption” cannot be “perhaps”."),
    ],
)
def test_what_cannot_be_accepted_is_said_and_nothing_is_reached(
    dm: DataMind, acme: factories.Organization, entered: dict[str, str], sentence: str
) -> None:
    unreachable = Shop("postgresql", 1, "shop").values(**entered)
    with pytest.raises(BadInput) as caught:
        servers.connect(dm, acme.analyst, name="Shop", kind="postgresql", values=unreachable)
    assert caught.value.message == sentence
    with pytest.raises(BadInput, match=sentence.replace(".", r"\.")):
        servers.try_out(dm, acme.analyst, "postgresql", unreachable)


@pytest.mark.parametrize("kind", ["csv", "sqlite", "oracle"])
def test_only_servers_are_connected(dm: DataMind, acme: factories.Organization, kind: str) -> None:
    with pytest.raises(BadInput):
        servers.connect(dm, acme.analyst, name="x", kind=kind, values=Shop(kind, 1, "x").values())


def test_a_name_that_is_taken_and_a_full_plan_are_told_before_anything_is_reached(
    dm: DataMind, acme: factories.Organization
) -> None:
    nowhere = Shop("postgresql", 1, "shop")
    with pytest.raises(BadInput, match="already a connection “files”"):
        servers.connect(
            dm, acme.analyst, name=" files ", kind=nowhere.kind, values=nowhere.values()
        )
    with dm.sessions.write() as db:
        db.get_one(Organization, acme.admin.org_id).max_connections = 1
    with pytest.raises(LimitReached, match="Your plan allows 1 connections"):
        connected(dm, acme.analyst, nowhere)


def test_no_secret_is_written_anywhere(
    dm: DataMind, acme: factories.Organization, postgres_shop: Shop
) -> None:
    connection = connected(dm, acme.analyst, postgres_shop)
    servers.set_reader(dm, acme.analyst, connection, postgres_shop.reader, SECRET)
    servers.change(dm, acme.analyst, connection, postgres_shop.as_reader(ssl_mode="disable"))
    servers.try_out(dm, acme.analyst, "postgresql", postgres_shop.as_reader())
    written = everything_written(dm)
    assert SECRET not in written
    actions = {entry.action for entry in audit.entries(dm, acme.admin, action="connection.")}
    assert {"connection.create", "connection.reader", "connection.change", "connection.try"} <= (
        actions
    )
    shown = repr((servers.values(dm, acme.analyst, connection), kept(dm, connection)))
    assert SECRET not in shown


# --- who may ---------------------------------------------------------------------------------


def test_viewers_neither_connect_nor_edit(
    dm: DataMind, acme: factories.Organization, postgres_shop: Shop
) -> None:
    connection = connected(dm, acme.admin, postgres_shop)
    me, given = acme.viewer, postgres_shop.values()
    for attempt in (
        lambda: servers.connect(dm, me, name="x", kind="postgresql", values=given),
        lambda: servers.try_out(dm, me, "postgresql", given),
        lambda: servers.try_out(dm, me, "postgresql", given, connection),
        lambda: servers.values(dm, me, connection),
        lambda: servers.change(dm, me, connection, given),
        lambda: servers.reader(dm, me, connection),
        lambda: servers.set_reader(dm, me, connection, postgres_shop.reader, SECRET),
        lambda: servers.remove_reader(dm, me, connection),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_another_organizations_server_does_not_exist(
    dm: DataMind, acme: factories.Organization, postgres_shop: Shop
) -> None:
    connection = connected(dm, acme.admin, postgres_shop)
    other = factories.organization(dm, "other").admin
    with pytest.raises(NotFound):
        servers.try_out(dm, other, "postgresql", postgres_shop.values(password=""), connection)
    with pytest.raises(NotFound):
        servers.change(dm, other, connection, postgres_shop.values(database="x"))


def test_files_have_no_server(
    dm: DataMind, acme: factories.Organization, postgres_shop: Shop
) -> None:
    [files] = connections.connections(dm, acme.analyst)
    assert not files.is_server
    with pytest.raises(BadInput, match="has no server"):
        servers.change(dm, acme.analyst, files.id, postgres_shop.values())


# --- changing --------------------------------------------------------------------------------


def test_an_empty_password_keeps_the_stored_one(
    dm: DataMind, acme: factories.Organization, shop: Shop
) -> None:
    connection = connected(dm, acme.analyst, shop)
    form = servers.values(dm, acme.analyst, connection)
    assert "password" not in form
    sealed = kept(dm, connection)["password_encrypted"]
    edited = {**form, "password": "", "ssl_mode": "disable"}
    assert servers.try_out(dm, acme.analyst, shop.kind, edited, connection).ok
    servers.change(dm, acme.analyst, connection, edited)
    assert kept(dm, connection)["ssl_mode"] == "disable"
    assert kept(dm, connection)["password_encrypted"] == sealed
    refreshed(dm, acme.analyst, connection)
    assert orders(dm, acme.viewer, connection) == 3


@pytest.mark.parametrize(
    "moved", [{"host": "localhost"}, {"port": "1"}, {"username": "somebody"}], ids=str
)
def test_the_stored_password_goes_nowhere_else(
    dm: DataMind, acme: factories.Organization, postgres_shop: Shop, moved: dict[str, str]
) -> None:
    connection = connected(dm, acme.analyst, postgres_shop)
    before = kept(dm, connection)
    edited = postgres_shop.values(password="") | moved
    for attempt in (
        lambda: servers.change(dm, acme.analyst, connection, edited),
        lambda: servers.try_out(dm, acme.analyst, "postgresql", edited, connection),
    ):
        with pytest.raises(BadInput) as caught:
            attempt()
        assert "stored password is only used for the host, port and user" in caught.value.message
    assert kept(dm, connection) == before


def test_a_connection_keeps_its_kind(
    dm: DataMind, acme: factories.Organization, postgres_shop: Shop
) -> None:
    connection = connected(dm, acme.analyst, postgres_shop)
    with pytest.raises(BadInput, match="keeps its kind"):
        servers.try_out(dm, acme.analyst, "mysql", postgres_shop.values(), connection)


def test_a_wrong_new_password_changes_nothing(
    dm: DataMind, acme: factories.Organization, shop: Shop
) -> None:
    connection = connected(dm, acme.analyst, shop)
    before = kept(dm, connection)
    with pytest.raises(CannotConnect, match="did not accept"):
        servers.change(dm, acme.analyst, connection, shop.values(password="wrong"))
    assert kept(dm, connection) == before
    assert orders(dm, acme.viewer, connection) == 3


def test_a_new_account_leaves_open_ways_and_kept_results_behind(
    dm: DataMind, acme: factories.Organization, shop: Shop
) -> None:
    connection = connected(dm, acme.analyst, shop)
    question = Query(connection, COUNT)
    assert not query.run(dm, acme.viewer, question).cached
    assert query.run(dm, acme.viewer, question).cached
    servers.change(dm, acme.analyst, connection, shop.as_reader())
    assert not query.run(dm, acme.viewer, question).cached
    place = connections.place(dm, acme.viewer, connection)
    assert (place.target.username, place.target.password) == (shop.reader, SECRET)
    [line] = audit.entries(dm, acme.admin, action="connection.change")
    assert line.details == {"changed": ["username", "password"]}


def test_two_who_edit_at_once_do_not_mix(
    dm: DataMind,
    acme: factories.Organization,
    postgres_shop: Shop,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connection = connected(dm, acme.analyst, postgres_shop)
    reach = servers.connectors.open

    def slowly(kind: str, target: Any) -> Any:
        monkeypatch.setattr(servers.connectors, "open", reach)
        servers.change(dm, acme.admin, connection, postgres_shop.as_reader())
        return reach(kind, target)

    monkeypatch.setattr(servers.connectors, "open", slowly)
    with pytest.raises(BadInput, match="Somebody else changed"):
        servers.change(dm, acme.analyst, connection, postgres_shop.values(ssl_mode="disable"))
    assert kept(dm, connection)["username"] == postgres_shop.reader
    assert kept(dm, connection)["ssl_mode"] == "prefer"


def test_an_unchanged_table_is_looked_into_only_after_the_account_has_changed(
    dm: DataMind, acme: factories.Organization, postgres_shop: Shop
) -> None:
    connection = connected(dm, acme.analyst, postgres_shop)
    told: list[tuple[int, int]] = []

    def again() -> list[tuple[int, int]]:
        told.clear()
        refreshes.refresh(dm, acme.analyst, connection, lambda done, of: told.append((done, of)))
        return told

    assert again() == []
    servers.set_reader(dm, acme.analyst, connection, postgres_shop.reader, SECRET)
    assert again() == [(1, 1)]
    assert again() == []


def test_schemas_that_are_left_out_are_not_known(
    dm: DataMind, acme: factories.Organization, postgres: Postgres, postgres_shop: Shop
) -> None:
    with postgres.connect(postgres_shop.database) as session:
        session.execute("CREATE SCHEMA audit; CREATE TABLE audit.changes (id int)")
    connection = connected(dm, acme.analyst, postgres_shop)

    def known() -> list[str]:
        return [t.name for t in schema.read(dm, acme.viewer, connection).tables]

    assert known() == ["audit.changes", "orders"]
    values = {**servers.values(dm, acme.analyst, connection), "left_out": "pg, audit ,"}
    servers.change(dm, acme.analyst, connection, values)
    refreshed(dm, acme.analyst, connection)
    assert known() == ["orders"]
    assert servers.values(dm, acme.analyst, connection)["left_out"] == "pg, audit"
    with pytest.raises(UnsafeSql):
        query.run(dm, acme.viewer, Query(connection, "SELECT * FROM audit.changes"))


def test_the_list_tells_when_a_database_was_last_reached_for(
    dm: DataMind, acme: factories.Organization, postgres: Postgres
) -> None:
    with postgres.fresh_database() as url:
        name = str(make_url(url).database)
        values = {"host": "127.0.0.1", "port": str(postgres.port), "database": name}
        account = {"username": "datamind", "password": make_url(url).password or ""}
        made = servers.connect(
            dm, acme.analyst, name="Gone", kind="postgresql", values={**values, **account}
        )
        checkups.test(dm, acme.viewer, made)
        checked = connections.connection(dm, acme.viewer, made).checked
        assert checked
        assert checked.problem == ""
        assert dm.clock.now() - checked.at < timedelta(minutes=1)
        dm.pool.close(str(made))
    with pytest.raises(CannotConnect):
        refreshes.refresh(dm, acme.analyst, made)
    checked = connections.connection(dm, acme.viewer, made).checked
    assert checked
    assert name in checked.problem


def test_a_refresh_that_was_under_way_reads_the_new_place(
    dm: DataMind,
    acme: factories.Organization,
    postgres: Postgres,
    postgres_shop: Shop,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connection = connected(dm, acme.analyst, postgres_shop)
    reach = connections.open_place

    with postgres.fresh_database() as url:
        elsewhere = postgres_shop.values(database=str(make_url(url).database))
        with postgres.connect(elsewhere["database"]) as session:
            session.execute("CREATE TABLE returns (id int)")

        def late(house: DataMind, where: connections.Place) -> Any:
            monkeypatch.setattr(connections, "open_place", reach)
            found = reach(house, where)
            found.check()
            servers.change(house, acme.admin, connection, elsewhere)
            return found

        monkeypatch.setattr(connections, "open_place", late)
        diff = refreshes.refresh(dm, acme.analyst, connection)
        dm.pool.close(str(connection))
    assert (diff.new, diff.removed) == (("returns",), ("orders",))
    assert [t.name for t in schema.read(dm, acme.viewer, connection).tables] == ["returns"]


# --- the read-only account -------------------------------------------------------------------


def test_the_reader_is_used_and_the_warning_goes(
    dm: DataMind, acme: factories.Organization, shop: Shop
) -> None:
    connection = connected(dm, acme.analyst, shop)
    assert connections.connection(dm, acme.viewer, connection).warning
    servers.set_reader(dm, acme.analyst, connection, f" {shop.reader} ", SECRET)
    assert servers.reader(dm, acme.analyst, connection) == shop.reader
    assert connections.place(dm, acme.viewer, connection).target.username == shop.reader
    assert refreshed(dm, acme.analyst, connection).warning == ""
    assert orders(dm, acme.viewer, connection) == 3
    servers.remove_reader(dm, acme.analyst, connection)
    assert servers.reader(dm, acme.analyst, connection) == ""
    assert connections.place(dm, acme.viewer, connection).target.username == "datamind"
    assert refreshed(dm, acme.analyst, connection).warning


def test_a_reader_that_is_not_let_in_is_not_kept(
    dm: DataMind, acme: factories.Organization, shop: Shop
) -> None:
    connection = connected(dm, acme.analyst, shop)
    before = kept(dm, connection)
    with pytest.raises(CannotConnect, match="did not accept"):
        servers.set_reader(dm, acme.analyst, connection, shop.reader, "wrong")
    with pytest.raises(BadInput, match="“Read-only user” is empty"):
        servers.set_reader(dm, acme.analyst, connection, " ", SECRET)
    assert kept(dm, connection) == before


def test_the_readers_password_goes_to_no_other_host(
    dm: DataMind, acme: factories.Organization, postgres_shop: Shop
) -> None:
    connection = connected(dm, acme.analyst, postgres_shop)
    servers.set_reader(dm, acme.analyst, connection, postgres_shop.reader, SECRET)
    with pytest.raises(BadInput, match="read-only account's password is only used"):
        servers.change(dm, acme.analyst, connection, postgres_shop.values(host="localhost"))
    servers.remove_reader(dm, acme.analyst, connection)
    servers.change(dm, acme.analyst, connection, postgres_shop.values(host="localhost"))
    assert kept(dm, connection)["host"] == "localhost"


def test_a_change_that_would_lock_the_reader_out_is_refused(
    dm: DataMind, acme: factories.Organization, mariadb_shop: Shop
) -> None:
    connection = connected(dm, acme.analyst, mariadb_shop)
    servers.set_reader(dm, acme.analyst, connection, mariadb_shop.reader, SECRET)
    with pytest.raises(CannotConnect, match=f"does not admit the user “{mariadb_shop.reader}”"):
        servers.change(dm, acme.analyst, connection, mariadb_shop.values(database="datamind"))
    assert kept(dm, connection)["database_name"] == mariadb_shop.database


# --- what the doctor says, in the list -------------------------------------------------------


def test_an_account_that_can_change_data_is_warned_of_in_the_list(
    dm: DataMind, acme: factories.Organization, shop: Shop
) -> None:
    connection = connected(dm, acme.analyst, shop)
    found = checkups.doctor(dm, acme.viewer, connection)
    view = connections.connection(dm, acme.viewer, connection)
    assert found[0].level == "danger"
    assert view.warning.startswith(found[0].title)
    bad = [f for f in found if f.level in ("danger", "warning")]
    assert kept(dm, connection)["extra_config"]["examined"] == {
        "worst": "danger",
        "titles": [f.title for f in bad],
    }


def test_a_proper_reader_shows_no_warning(
    dm: DataMind, acme: factories.Organization, shop: Shop
) -> None:
    connection = servers.connect(
        dm, acme.analyst, name="Shop", kind=shop.kind, values=shop.as_reader()
    )
    assert refreshed(dm, acme.analyst, connection).warning == ""
    assert kept(dm, connection)["extra_config"]["examined"]["titles"] == []


def test_a_server_that_is_away_for_a_moment_does_not_wipe_out_the_warning(
    dm: DataMind, acme: factories.Organization, postgres_shop: Shop
) -> None:
    connection = connected(dm, acme.analyst, postgres_shop)
    before = connections.connection(dm, acme.viewer, connection).warning
    with dm.sessions.write() as db:
        db.get_one(Connection, connection).port = 1
    dm.pool.close(str(connection))
    [found] = checkups.doctor(dm, acme.analyst, connection)
    assert "Nothing answers" in found.title
    assert connections.connection(dm, acme.viewer, connection).warning == before


ADDRESSES = [
    ("169.254.169.254", "postgresql", {}, "no database"),
    ("fe80::1", "mysql", {}, "no database"),
    ("::ffff:169.254.169.254", "postgresql", {}, "no database"),
    ("10.0.0.5", "postgresql", {"private_databases": False}, "inside of a network"),
    ("127.0.0.1", "mysql", {"private_databases": False}, "inside of a network"),
]


@pytest.mark.parametrize(
    ("host", "kind", "settings", "said"), ADDRESSES, ids=[a[0] for a in ADDRESSES]
)
def test_addresses_that_are_none_of_a_database_are_refused(
    dm: DataMind, acme: factories.Organization, host: str, kind: str, settings: dict[str, bool],
    said: str,
) -> None:  # fmt: skip
    house = replace(dm, settings=dm.settings.model_copy(update=settings))
    values = {"host": host, "port": "5432", "database": "d", "username": "u", "password": "p",
              "ssl_mode": "disable"}  # fmt: skip
    for act in (
        lambda: servers.connect(house, acme.analyst, name="Shop", kind=kind, values=values),
        lambda: servers.try_out(house, acme.analyst, kind, values),
    ):
        with pytest.raises(NotAllowed, match=said):
            act()


def test_the_application_s_own_database_is_refused(
    dm: DataMind, acme: factories.Organization, postgres_shop: Shop
) -> None:
    url = f"postgresql+psycopg://x:y@localhost:{postgres_shop.port}/{postgres_shop.database}"
    house = replace(dm, settings=dm.settings.model_copy(update={"database_url": url}))
    with pytest.raises(NotAllowed, match="keeps its own things"):
        servers.connect(
            house, acme.analyst, name="Own", kind="postgresql", values=postgres_shop.values()
        )
