"""A result of PostgreSQL through the product, and the structure of 1,000 tables.

10,000 rows of 10 columns through `query.run` (rights, guard, connector, audit, an Arrow table)
against psycopg's own fetchall on a connection that is held open. The structure of 1,000 tables of
20 columns through the connector, against SQLAlchemy's inspector table by table (how many statements
it takes is counted in tests/connectors/test_postgres.py).

Targets: within twice of fetchall; at most 6 statements for the structure, 10 times faster than
table by table; samples with at most one statement a table.
"""

import tempfile
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench.timing import compare
from core import connectors, datamind, query, refreshes, servers
from core.connectors.base import Reading, Target
from core.types import Query
from tests import factories
from tests.servers import PASSWORD, USER, Postgres

TABLES, COLUMNS = 1_000, 20
LARGE = "SELECT * FROM wide LIMIT 10000"
TINY = "SELECT id FROM wide LIMIT 1"
WIDE = """
CREATE TABLE wide AS SELECT n AS id, n * 2 AS a, n / 3.0::float8 AS b, 'name ' || n AS c,
  DATE '2024-01-01' + (n % 900)::int AS d, n % 2 = 0 AS e, (n % 1000)::numeric(12, 2) AS f,
  TIMESTAMP '2024-01-01' + n * INTERVAL '1 minute' AS g, 'region ' || n % 5 AS h, n % 7 AS i
FROM generate_series(1, 20000) AS n
"""


def tables(server: Postgres) -> None:
    with server.connect() as database:
        database.execute(WIDE)
        database.execute("CREATE SCHEMA many")
        columns = ", ".join(f"column_{n} integer" for n in range(COLUMNS))
        for number in range(TABLES):
            database.execute(f"CREATE TABLE many.table_{number} ({columns})")
            database.execute(f"INSERT INTO many.table_{number} DEFAULT VALUES")


def results(server: Postgres, folder: Path) -> None:
    dm = factories.open_house(folder / "home")
    who = factories.organization(dm).analyst
    values = {
        **{"host": "127.0.0.1", "port": str(server.port), "database": "postgres"},
        **{"username": USER, "password": PASSWORD, "ssl_mode": "disable"},
    }
    place = servers.connect(dm, who, name="Wide", kind="postgresql", values=values)
    with server.connect() as database:
        database.execute("DROP SCHEMA IF EXISTS many CASCADE")
    refreshes.refresh(dm, who, place)
    held = server.connect()

    def ours() -> object:
        return query.run(dm, who, Query(place, LARGE), fresh=True)

    def fetchall() -> object:
        return held.execute(LARGE).fetchall()

    print(compare(("query.run", ours), ("psycopg fetchall", fetchall), runs=21))

    def tiny() -> object:
        return query.run(
            dm, who, Query(place, "SELECT count(*) AS n FROM wide WHERE id = 0"), fresh=True
        )

    direct = ("psycopg alone", lambda: held.execute(TINY).fetchall())
    print(compare(("a tiny query", tiny), direct, runs=51))
    held.close()
    datamind.close(dm)


def structure(server: Postgres) -> None:
    place = {"host": "127.0.0.1", "port": server.port, "database": "postgres"}
    account = {"username": USER, "password": PASSWORD, "ssl_mode": "disable"}
    target = Target("bench", "1", **place, **account, schemas=("many",))
    engine = sa.create_engine(server.url_of("postgres"))

    def by_table() -> object:
        inspector: Any = sa.inspect(engine)
        return [
            (inspector.get_columns(name, "many"), inspector.get_pk_constraint(name, "many"),
             inspector.get_foreign_keys(name, "many"))
            for name in inspector.get_table_names("many")
        ]  # fmt: skip

    connector = connectors.open("postgresql", target)
    known = {table.name: table for table in connector.read_schema().tables}
    print(f"{len(known):,} tables")
    theirs = ("table by table", by_table)
    print(compare(("structure and samples", connector.read_schema), theirs, 3))
    again = Reading(known)
    print(compare(("again, nothing changed", lambda: connector.read_schema(again)), theirs, 3))
    connector.close()
    engine.dispose()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name, Postgres() as server:
        tables(server)
        structure(server)
        results(server, Path(name))
