"""What a reading tells of a query: tables of cases (reading_cases/*.toml), proved by engines.

Each case holds SQL, the dialects it is for, and the parts of its reading in short words. The
engines prove what they can: the names and the number of columns, and that the rows of a period
are those of its days.
"""

import sqlite3
import tomllib
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from core import guard
from core.errors import UnsafeSql
from core.guard import parsing, text
from core.guard.lists import PARSED_AS
from core.guard.reading.walk import at
from core.types import Period, Reading
from tests.core import reading_engines, test_corpora, test_guard
from tests.core.reading_engines import Ask, Prepared
from tests.core.reading_queries import whole_queries
from tests.core.reading_words import told as in_words
from tests.servers import MariaDB, Postgres

CASES = Path(__file__).with_name("reading_cases")
DIALECTS = ("postgres", "mysql", "mariadb", "sqlite", "duckdb")
TODAY = date(2025, 3, 15)


class Case(NamedTuple):
    """One query in one dialect, and what is expected of its reading."""

    topic: str
    name: str
    dialect: str
    sql: str
    blind: bool
    expected: dict[str, Any]


def cases() -> list[Case]:
    found: list[Case] = []
    for path in sorted(CASES.glob("*.toml")):
        for name, case in tomllib.loads(path.read_text("utf-8")).items():
            dialects = case.pop("on", "every")
            sql, blind = case.pop("sql"), case.pop("blind", False)
            for dialect in DIALECTS if dialects == "every" else dialects.split():
                found.append(Case(path.stem, name, dialect, sql, blind, case))
    return found


ALL = cases()


def read(case: Case, today: date = TODAY) -> Reading:
    params = case.expected.get("params", {})
    safe = guard.check(case.sql, case.dialect, params=params)
    schema = None if case.blind else reading_engines.schema(case.dialect)
    return guard.reading(safe, schema, today)


@pytest.mark.parametrize("case", ALL, ids=lambda c: f"{c.topic}: {c.name} ({c.dialect})")
def test_a_reading_tells(case: Case) -> None:
    parts = in_words(read(case))
    wanted = {key: value for key, value in case.expected.items() if key != "params"}
    assert {key: parts[key] for key in wanted} == wanted


def test_there_are_many_cases_for_every_dialect() -> None:
    assert len({(case.topic, case.name) for case in ALL}) >= 120
    assert all(sum(case.dialect == dialect for case in ALL) >= 60 for dialect in DIALECTS)


PREPARED: dict[str, Prepared] = {
    "cases": reading_engines.statements,
    "corpora": lambda _dialect, _today: test_corpora.statements(),
}
CORPORA_SCHEMA = reading_engines.schema_of(test_corpora.statements())


@pytest.fixture(scope="module", params=("sqlite", "duckdb", "postgres", "mariadb"))
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def engines(dialect: str, request: pytest.FixtureRequest) -> Iterator[dict[str, Ask]]:
    """The engine of the dialect, with the tables of the cases and with those of the corpora."""
    with ExitStack() as opened:
        yield {
            name: opened.enter_context(engine(dialect, request, prepared, opened))
            for name, prepared in PREPARED.items()
        }


def engine(
    dialect: str, request: pytest.FixtureRequest, prepared: Prepared, opened: ExitStack
) -> AbstractContextManager[Ask]:
    if dialect == "postgres":
        server: Postgres = request.getfixturevalue("postgres")
        return reading_engines.postgres(opened.enter_context(server.fresh_database()), prepared)
    if dialect == "mariadb":
        other: MariaDB = request.getfixturevalue("mariadb")
        return reading_engines.mariadb(other.url, prepared)
    return {"sqlite": reading_engines.sqlite, "duckdb": reading_engines.duck}[dialect](prepared)


def of_cases(dialect: str) -> list[Case]:
    """The cases that an engine can run: no parameters, no names that are not there."""
    return [
        case
        for case in ALL
        if case.dialect == dialect and "params" not in case.expected and case.name != "unknown_name"
    ]


def differs(reading: Reading, columns: tuple[str, ...]) -> str:
    """What the engine's columns have that the outputs do not; empty where they are the same."""
    outputs = reading.outputs
    if len(outputs) != len(columns):
        return f"{[o.name for o in outputs]} are not {columns}"
    pairs = zip(outputs, columns, strict=True)
    other = [(o.name, c) for o, c in pairs if o.name and o.name.lower() != c.lower()]
    return f"other names: {other}" if other else ""


def test_engines_give_the_columns_that_were_told(dialect: str, engines: dict[str, Ask]) -> None:
    wrong = []
    for case in of_cases(dialect):
        schema = reading_engines.schema(dialect)
        safe = guard.check(case.sql, dialect)
        difference = differs(guard.reading(safe, schema), engines["cases"](safe.sql).columns)
        wrong += [(case.topic, case.name, difference)] if difference else []
    assert wrong == []


def test_engines_give_the_columns_of_the_corpora(dialect: str, engines: dict[str, Ask]) -> None:
    wrong = []
    for question in [q for q in test_corpora.QUESTIONS if q.dialect == dialect]:
        safe = guard.check(question.sql, dialect)
        told = guard.reading(safe, CORPORA_SCHEMA)
        difference = differs(told, engines["corpora"](safe.sql).columns)
        unresolved = [name for output in told.outputs for name in output.unresolved]
        if difference or unresolved:
            wrong.append((question.name, difference, unresolved))
    assert wrong == []


def test_a_period_holds_the_very_rows_that_engines_give(
    dialect: str, engines: dict[str, Ask]
) -> None:
    """Each case of a window over `events` is run: its days are those of the told period."""
    ask = engines["cases"]
    today = reading_engines.today(ask)
    events = [
        (moment(day), moment(seen_at))
        for day, seen_at in ask("SELECT day, seen_at FROM events").rows
    ]
    proved = []
    for case in of_cases(dialect):
        told = read(case, today)
        windows = [p for p in told.periods if p.column.startswith("events.") and p.restricts]
        if case.topic != "periods" or not any(p.since or p.until for p in windows):
            continue
        assert len(told.outputs) == 1
        of_days = told.outputs[0].name == "day"
        wanted = {
            day if of_days else seen_at
            for day, seen_at in events
            if all(inside(p, seen_at if p.column.endswith("seen_at") else day) for p in windows)
        }
        given = {moment(row[0]) for row in ask(guard.check(case.sql, dialect).sql).rows}
        assert given, case.name
        assert given <= wanted, case.name
        used = {index for p in windows for index in p.filters if p.since or p.until}
        if used == {*range(len(told.filters))}:
            assert given == wanted, case.name
            proved.append(case.name)
    assert len(proved) >= 20


def moment(value: Any) -> datetime:
    if isinstance(value, str):
        return datetime.fromisoformat(value)
    return value if isinstance(value, datetime) else datetime.combine(value, time())


def inside(told: Period, at: datetime) -> bool:
    since, until = (moment(end) if end else None for end in (told.since, told.until))
    return (since is None or at >= since) and (until is None or at < until)


ALLOWED = [
    *((q.sql, q.dialect) for q in test_corpora.QUESTIONS),
    *((param.values[0], param.values[1]) for param in test_guard.statements("allowed")),
    *((case.sql, case.dialect) for case in ALL if "params" not in case.expected),
]


@pytest.mark.parametrize("schema", [None, "known"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_allowed_query_can_be_read(dialect: str, schema: str | None) -> None:
    known = reading_engines.schema(dialect) if schema else None
    for sql in [sql for sql, of in ALLOWED if of == dialect]:
        safe = guard.check(sql, dialect)
        told = guard.reading(safe, known, TODAY)
        assert {t.name.lower() for t in told.tables} == {t.lower() for t in safe.reads.tables}, sql


@pytest.mark.parametrize("dialect", DIALECTS)
def test_places_lead_back_into_the_tree(dialect: str) -> None:
    for sql in [sql for sql, of in ALLOWED if of == dialect]:
        safe = guard.check(sql, dialect)
        told = guard.reading(safe, reading_engines.schema(dialect), TODAY)
        root = parsing.parse(text.split(safe.sql, dialect), safe.sql, dialect)
        for condition in told.filters:
            node = at(root, condition.place)
            assert node.sql(PARSED_AS[dialect]) == condition.sql
        for part in (*told.grouping, *told.order, *told.outputs):
            assert at(root, part.place) is not None


@settings(max_examples=600, deadline=None, derandomize=True)
@given(words=st.lists(test_guard.WORDS, max_size=14), dialect=st.sampled_from(DIALECTS))
def test_whatever_is_accepted_can_be_read(words: list[str], dialect: str) -> None:
    try:
        safe = guard.check("SELECT " + " ".join(words), dialect)
    except UnsafeSql:
        return
    told = guard.reading(safe)
    assert {table.name for table in told.tables} == set(safe.reads.tables)


@pytest.fixture(scope="module")
def scratch() -> Iterator[dict[str, Ask]]:
    with ExitStack() as opened:
        yield {
            "sqlite": opened.enter_context(reading_engines.sqlite(PREPARED["cases"])),
            "duckdb": opened.enter_context(reading_engines.duck(PREPARED["cases"])),
        }


@settings(max_examples=300, deadline=None, derandomize=True)
@given(sql=whole_queries(), dialect=st.sampled_from(("sqlite", "duckdb")))
def test_generated_queries_have_the_columns_that_were_told(
    scratch: dict[str, Ask], sql: str, dialect: str
) -> None:
    safe = guard.check(sql, dialect)
    told = guard.reading(safe, reading_engines.schema(dialect))
    assert {table.name for table in told.tables} == set(safe.reads.tables)
    try:
        columns = scratch[dialect](f"SELECT * FROM ({safe.sql}) AS whole LIMIT 1").columns
    except (sqlite3.Error, duckdb.Error):
        # A column that two sources have, or none: no engine runs it, and the reading still tells.
        return
    event("ran")
    assert len(told.outputs) == len(columns), sql
    assert all(output.columns or output.kind != "column" for output in told.outputs), sql
