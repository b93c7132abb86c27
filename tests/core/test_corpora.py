"""Legitimate analytics in every dialect: accepted, and answered as the person's own words are.

The corpora are tests/core/corpora/*.sql: the business questions of TPC-H and shapes in the manner
of TPC-DS, each under a name and the dialects that its words are for.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import duckdb
import psycopg
import pymysql
import pytest
from sqlalchemy.engine import make_url

from core import guard
from tests.servers import MariaDB, Postgres

CORPORA = Path(__file__).with_name("corpora")
DIALECTS = ("postgres", "mysql", "mariadb", "sqlite", "duckdb")
Ask = Callable[[str], list[tuple[Any, ...]]]


class Question(NamedTuple):
    """A query of a corpus, for one dialect."""

    corpus: str
    name: str
    dialect: str
    sql: str


def questions() -> list[Question]:
    """All queries of the corpora, once for each dialect they are for."""
    found: list[Question] = []
    for path in (CORPORA / "tpch.sql", CORPORA / "shapes.sql"):
        for block in path.read_text("utf-8").strip().split("\n\n"):
            head, _, sql = block.partition("\n")
            name, _, dialects = head.removeprefix("-- ").partition(": ")
            for dialect in DIALECTS if dialects == "every" else dialects.split():
                found.append(Question(path.stem, name, dialect, sql))
    return found


QUESTIONS = questions()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_has_its_whole_corpus(dialect: str) -> None:
    names = [(q.corpus, q.name) for q in QUESTIONS if q.dialect == dialect]
    assert len(names) == len(set(names))
    assert {name for corpus, name in names if corpus == "tpch"} == {
        f"h{number:02}" for number in range(1, 23)
    }
    assert len([name for corpus, name in names if corpus == "shapes"]) >= 18


@contextmanager
def of_sqlite() -> Iterator[Ask]:
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in statements():
            connection.execute(statement)
        yield lambda sql: connection.execute(sql).fetchall()


@contextmanager
def of_duckdb() -> Iterator[Ask]:
    with duckdb.connect() as connection:
        for statement in statements():
            connection.execute(statement)
        yield lambda sql: connection.execute(sql).fetchall()


@contextmanager
def of_postgres(url: str) -> Iterator[Ask]:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        for statement in statements():
            connection.execute(statement.encode())
        yield lambda sql: connection.execute(sql.encode()).fetchall()


@contextmanager
def of_mysql(url: str) -> Iterator[Ask]:
    place, database = make_url(url), f"corpora_{uuid4().hex}"
    connection = pymysql.connect(
        host=place.host or "127.0.0.1",
        port=place.port or 3306,
        user=place.username,
        password=place.password or "",
        autocommit=True,
    )
    with connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {database}")
        cursor.execute(f"USE {database}")

        def ask(sql: str) -> list[tuple[Any, ...]]:
            cursor.execute(sql)
            return list(cursor.fetchall())

        try:
            for statement in statements():
                cursor.execute(statement)
            yield ask
        finally:
            cursor.execute(f"DROP DATABASE {database}")


def statements() -> list[str]:
    """The tables of the corpora and their rows."""
    texts = [(CORPORA / name).read_text("utf-8") for name in ("schema.sql", "rows.sql")]
    return [statement for text in texts for statement in text.strip().split("\n\n")]


@pytest.fixture(scope="module")
def sqlite_engine() -> Iterator[Ask]:
    with of_sqlite() as ask:
        yield ask


@pytest.fixture(scope="module")
def duckdb_engine() -> Iterator[Ask]:
    with of_duckdb() as ask:
        yield ask


@pytest.fixture(scope="module")
def postgres_engine(postgres: Postgres) -> Iterator[Ask]:
    with postgres.fresh_database() as url, of_postgres(url) as ask:
        yield ask


@pytest.fixture(scope="module")
def mariadb_engine(mariadb: MariaDB) -> Iterator[Ask]:
    with of_mysql(mariadb.url) as ask:
        yield ask


@pytest.fixture(scope="module")
def mysql_engine() -> Iterator[Ask]:
    url = os.environ.get("TEST_MYSQL_URL")
    if not url:
        pytest.skip("TEST_MYSQL_URL is not set: MySQL's corpus was checked, but did not run")
    with of_mysql(url) as ask:
        yield ask


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: f"{q.dialect}: {q.name}")
def test_the_guard_lets_it_through_and_again(question: Question) -> None:
    safe = guard.check(question.sql, question.dialect)
    assert guard.check(safe.sql, question.dialect).sql == safe.sql


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: f"{q.dialect}: {q.name}")
def test_the_checked_words_have_the_same_answer(
    question: Question, request: pytest.FixtureRequest
) -> None:
    ask: Ask = request.getfixturevalue(f"{question.dialect}_engine")
    asked = ask(question.sql)
    assert asked, "a corpus that answers nothing proves nothing"
    assert any(value is not None for value in asked[0])
    ran = ask(guard.check(question.sql, question.dialect).sql)
    assert sorted(map(repr, ran)) == sorted(map(repr, asked))
