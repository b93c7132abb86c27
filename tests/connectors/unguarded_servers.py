"""The servers among the engines without locks: a superuser's session on a scratch database."""

import os
from pathlib import Path
from typing import Any, Final

import psycopg
import pymysql
from sqlalchemy.engine import make_url

from tests.connectors.unguarded import SECONDS, TABLES, State
from tests.servers import DATABASE, MariaDB

_POSTGRES: Final = (
    *TABLES,
    "CREATE SEQUENCE order_no",
    "CREATE FUNCTION wipe() RETURNS int LANGUAGE sql AS 'INSERT INTO marks VALUES (1) RETURNING 1'",
    "CREATE FUNCTION wipe_two(int, int) RETURNS int LANGUAGE sql AS 'SELECT wipe()'",
    "CREATE FUNCTION purge(customers) RETURNS int LANGUAGE sql AS 'SELECT wipe()'",
    # Words of the language that an owner's function may carry all the same.
    "CREATE FUNCTION first(int) RETURNS int LANGUAGE sql AS 'SELECT wipe()'",
    "CREATE FUNCTION escape(int) RETURNS int LANGUAGE sql AS 'SELECT wipe()'",
    "CREATE OPERATOR @!! (leftarg = int, rightarg = int, function = wipe_two)",
    "CREATE AGGREGATE wiped(int) (sfunc = wipe_two, stype = int, initcond = '0')",
    "CREATE DOMAIN mine AS int CHECK (wipe() > 0)",
    "CREATE PROCEDURE wipe_all() LANGUAGE sql AS 'INSERT INTO marks VALUES (1)'",
)
_TABLE: Final = "(SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {} t)"
_OF_POSTGRES: Final = {
    "customers": _TABLE.format("customers"),
    "orders": _TABLE.format("orders"),
    "marks": _TABLE.format("marks"),
    "sequence": _TABLE.format("(SELECT last_value, is_called FROM order_no)"),
    "catalogue": _TABLE.format(
        "(SELECT oid, relname, relkind, relacl FROM pg_class WHERE oid > 16383)"
    ),
    "columns": _TABLE.format("(SELECT * FROM pg_attribute WHERE attrelid > 16383)"),
    "functions": _TABLE.format("(SELECT oid, proname, prosrc FROM pg_proc WHERE oid > 16383)"),
    "types": _TABLE.format("(SELECT oid, typname FROM pg_type WHERE oid > 16383)"),
    "extensions": _TABLE.format("pg_extension"),
    "schemas": _TABLE.format("pg_namespace"),
    "roles": _TABLE.format("pg_authid"),
    "settings kept": _TABLE.format("pg_db_role_setting"),
    "large objects": _TABLE.format("pg_largeobject"),
    "large objects made": _TABLE.format("pg_largeobject_metadata"),
    "databases": _TABLE.format("(SELECT datname, datacl FROM pg_database)"),
    "locks": "(SELECT count(*) FROM pg_locks WHERE locktype = 'advisory')",
    "prepared": "(SELECT count(*) FROM pg_prepared_xacts)",
    "slots": "(SELECT count(*) FROM pg_replication_slots)",
    "statistics since": (
        "(SELECT stats_reset FROM pg_stat_database WHERE datname = current_database())"
    ),
}
_OF_THE_SESSION: Final = {
    "mark": "current_setting('shop.mark', true)",
    "statements": "(SELECT count(*) FROM pg_prepared_statements)",
    "cursors": "(SELECT count(*) FROM pg_cursors WHERE is_holdable)",
    "channels": "(SELECT count(*) FROM pg_listening_channels())",
    "time": "current_setting('statement_timeout')",
    "reads only": "current_setting('default_transaction_read_only')",
    "role": "current_user",
    "path": "current_setting('search_path')",
}
_SETTINGS: Final = _TABLE.format("(SELECT name, setting FROM pg_settings)")


class OnPostgres:
    """PostgreSQL as its superuser; a second session looks at what the first one did."""

    problems = (psycopg.Error,)

    def __init__(self, url: str, data: Path) -> None:
        self.place = (
            make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        )
        self.data = data
        self.wrote = 0
        self.heard: list[str] = []
        self.bystander = psycopg.connect(self.place, autocommit=True)
        for statement in _POSTGRES:
            self.bystander.execute(statement.encode())
        self.bystander.execute("LISTEN shop")
        self.bystander.add_notify_handler(lambda notice: self.heard.append(notice.payload))
        self.session = psycopg.connect(self.place, prepare_threshold=None)
        self.session.execute(f"SET statement_timeout = {int(SECONDS * 1000)}".encode())
        self.session.commit()

    def ask(self, sql: str) -> None:
        """Run it in a transaction that is kept, and count those that had anything to write."""
        try:
            self.session.execute(sql.encode())
            wrote = self.session.execute("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
            self.wrote += bool((wrote.fetchone() or (False,))[0])
            self.session.commit()
        except psycopg.Error:
            self.session.rollback()
            raise

    def state(self, *, deep: bool = False) -> State:
        mine = _OF_THE_SESSION | ({"all settings": _SETTINGS} if deep else {})
        found: State = {}
        for session, pieces in ((self.bystander, _OF_POSTGRES), (self.session, mine)):
            row = session.execute(f"SELECT {', '.join(pieces.values())}".encode()).fetchone()
            found |= dict(zip(pieces, row or (), strict=True))
        self.session.commit()
        if deep:
            with psycopg.connect(self.place) as fresh:
                found["a new session's settings"] = fresh.execute(
                    f"SELECT {_SETTINGS}".encode()
                ).fetchone()
        return found | {
            "files": sorted(os.listdir(self.data)),
            "writing transactions": self.wrote,
            "heard": list(self.heard),
        }

    def close(self) -> None:
        self.session.close()
        self.bystander.close()


_MARIADB: Final = (
    *TABLES,
    "CREATE SEQUENCE order_no NOCACHE",
    "CREATE FUNCTION wipe() RETURNS INT MODIFIES SQL DATA "
    "BEGIN INSERT INTO marks VALUES (1); RETURN 1; END",
    # Called where a space stands before the bracket; without one it is the server's own.
    "CREATE FUNCTION `mid` (a TEXT, b INT, c INT) RETURNS TEXT MODIFIES SQL DATA "
    "BEGIN INSERT INTO marks VALUES (1); RETURN 'x'; END",
    *(
        f"CREATE FUNCTION `{word}` (a INT) RETURNS INT MODIFIES SQL DATA "
        "BEGIN INSERT INTO marks VALUES (1); RETURN 1; END"
        for word in ("first", "full", "json_table")
    ),
    "CREATE PROCEDURE wipe_all() BEGIN INSERT INTO marks VALUES (1); END",
)
_OF_MARIADB: Final = {
    "rows": "CHECKSUM TABLE customers, orders, marks",
    "sequence": "SELECT next_not_cached_value FROM order_no",
    "catalogue": "SHOW FULL TABLES",
    "lock": "SELECT IS_USED_LOCK('mark') IS NULL",
}
_OF_MARIADB_DEEP: Final = {
    "functions": "SELECT db, name, body FROM mysql.proc",
    "accounts": "SELECT * FROM mysql.global_priv",
    "databases": "SHOW DATABASES",
    "columns": "SELECT * FROM information_schema.columns WHERE table_schema = DATABASE()",
    "all settings": "SHOW GLOBAL VARIABLES WHERE variable_name NOT RLIKE 'gtid|timestamp|lsn'",
    "all of the session": "SHOW SESSION VARIABLES WHERE variable_name NOT RLIKE "
    "'gtid|timestamp|rand_seed|lsn|insert_id|warning_count|error_count|in_transaction'",
}
_OF_MARIADBS_SESSION: Final = {
    "mark": "SELECT @mark, @x",
    "last": "SELECT LAST_INSERT_ID(), @@in_transaction, @@autocommit, @@sql_mode, @@sql_log_bin",
}


class OnMariadb:
    """MariaDB as one who may do everything; a second session looks at what the first one did."""

    problems = (pymysql.Error,)

    def __init__(self, server: MariaDB, database: str) -> None:
        self.server, self.database = server, database
        self.data = server.folder / "data"
        self.bystander = self._connect(DATABASE)
        self.bystander.query(f"CREATE DATABASE {database} CHARACTER SET utf8mb4")
        self.bystander.select_db(database)
        for statement in _MARIADB:
            self.bystander.query(statement)
        self.session = self._connect(database)
        self.session.query(f"SET SESSION max_statement_time = {SECONDS}")

    def _connect(self, database: str) -> "pymysql.Connection[Any]":
        place = make_url(self.server.url)
        return pymysql.connect(
            host=str(place.host),
            port=int(place.port or 0),
            user=place.username,
            password=str(place.password),
            database=database,
            autocommit=True,
        )

    def ask(self, sql: str) -> None:
        with self.session.cursor() as cursor:
            cursor.execute(sql)
            cursor.fetchall()

    def state(self, *, deep: bool = False) -> State:
        found: State = {
            "files": sorted(os.listdir(self.data)),
            "files of the database": sorted(os.listdir(self.data / self.database)),
        }
        outside = _OF_MARIADB | (_OF_MARIADB_DEEP if deep else {})
        for session, pieces in ((self.bystander, outside), (self.session, _OF_MARIADBS_SESSION)):
            with session.cursor() as cursor:
                for piece, sql in pieces.items():
                    cursor.execute(sql)
                    found[piece] = cursor.fetchall()
        return found

    def close(self) -> None:
        self.session.close()
        for exported in (self.data / self.database).glob("made.*"):
            exported.unlink()
        self.bystander.query(f"DROP DATABASE {self.database}")
        self.bystander.close()
