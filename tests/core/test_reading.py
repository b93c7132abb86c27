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
from core.types import (
    Condition,
    Grouping,
    JoinUse,
    Ordering,
    Output,
    Period,
    Reading,
    RowLimit,
    SetUse,
    TableUse,
    WindowUse,
)
from core.types import (
    Path as Steps,
)
from tests.core import reading_engines, test_corpora, test_guard
from tests.core.reading_engines import Ask, Prepared
from tests.servers import MariaDB, Postgres

CASES = Path(__file__).with_name("reading_cases")
DIALECTS = ("postgres", "mysql", "mariadb", "sqlite", "duckdb")
TODAY = date(2025, 3, 15)
LISTS = ("tables", "joins", "outputs", "filters", "periods", "grouping", "order", "windows")
LISTS += ("sets", "limits")


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


def within(path: Steps) -> str:
    return f" in {'/'.join(path)}" if path else ""


def surely(restricts: bool) -> str:
    return "" if restricts else " (maybe)"


def sources(columns: tuple[str, ...], unresolved: tuple[str, ...]) -> str:
    return ", ".join([*columns, *(f"?{name}" for name in unresolved)])


def table(use: TableUse) -> str:
    alias = f" {use.alias}" if use.alias != use.name else ""
    return f"{use.name}{alias} {use.role}{within(use.path)}"


def join(use: JoinUse) -> str:
    pairs = " & ".join(f"{one} = {other}" for one, other in use.on) or "-"
    key = {True: " key", False: " no key", None: ""}[use.on_declared_key]
    more = "" if use.complete else " and more"
    lateral = "lateral " if use.lateral else ""
    written = f" {use.written}" if use.written else ""
    named = f"{use.table or '-'} {use.alias}"
    return f"{use.kind} {lateral}{named}{written}: {pairs}{more}{key}{within(use.path)}"


def output(column: Output) -> str:
    functions = f" {'+'.join(column.functions)}" if column.functions else ""
    grain = f" @{column.grain}" if column.grain else ""
    come = sources(column.columns, column.unresolved)
    return f"{column.name or '-'}: {column.kind}{functions}{' <- ' + come if come else ''}{grain}"


def condition(told: Condition) -> str:
    column = sources(told.columns, told.unresolved) or "-"
    if told.functions:
        column = f"{'+'.join(told.functions)}({column})"
    elif not told.bare:
        column = f"({column})"
    values = "".join(f" {shown(value)}" for value in told.values)
    query = f" {'/'.join(told.subquery)}" if told.subquery is not None else ""
    marks = [told.clause] if told.clause != "where" else []
    marks += [m for m in ("links", "relative") if getattr(told, m)]
    marks += [f":{name}" for name in told.parameters]
    negated = "not " if told.negated else ""
    aside = f" [{' '.join(marks)}]" if marks else ""
    return (
        f"{negated}{column} {told.operator}{values}{query}{aside}"
        f"{surely(told.restricts)}{within(told.path)}"
    )


def shown(value: Any) -> str:
    if isinstance(value, tuple):
        return "(" + ", ".join(map(shown, value)) + ")"
    if isinstance(value, date):
        return value.isoformat(*(" ",) if isinstance(value, datetime) else ())
    return repr(value) if isinstance(value, str) else str(value)


def period(told: Period) -> str:
    since, until = (shown(end) if end else "" for end in (told.since, told.until))
    relative = " relative" if told.relative else ""
    span = f"{since} .. {until}".strip()
    return f"{told.column} {span}{relative}{surely(told.restricts)}{within(told.path)}"


def grouping(told: Grouping) -> str:
    grain = f" @{told.grain}" if told.grain else ""
    shown_as = f" #{told.output}" if told.output is not None else ""
    sets = f" {told.sets}" if told.sets else ""
    return (
        f"{sources(told.columns, told.unresolved) or '-'}{grain}{shown_as}{sets}{within(told.path)}"
    )


def order(told: Ordering) -> str:
    shown_as = f" #{told.output}" if told.output is not None else ""
    way = " desc" if told.descending else ""
    column = sources(told.columns, told.unresolved) or "-"
    return f"{column}{shown_as}{way} nulls {told.nulls}{within(told.path)}"


def window(told: WindowUse) -> str:
    parts = [f"by {', '.join(told.partition)}"] if told.partition else []
    parts += [f"order {', '.join(told.order)}"] if told.order else []
    parts += [told.frame] if told.frame else []
    over = f" over {'; '.join(parts)}" if parts else " over all"
    return f"{told.function}({', '.join(told.columns)}){over}{within(told.path)}"


def sets(told: SetUse) -> str:
    return ", ".join(told.operators) + within(told.path)


def limits(told: RowLimit) -> str:
    return f"{told.rows} from {told.offset or 0}{within(told.path)}"


WORDS = {
    "tables": table,
    "joins": join,
    "outputs": output,
    "filters": condition,
    "periods": period,
    "grouping": grouping,
    "order": order,
    "windows": window,
    "sets": sets,
    "limits": limits,
}


def read(case: Case, today: date = TODAY) -> Reading:
    params = case.expected.get("params", {})
    safe = guard.check(case.sql, case.dialect, params=params)
    schema = None if case.blind else reading_engines.schema(case.dialect)
    return guard.reading(safe, schema, today)


def told(reading: Reading) -> dict[str, Any]:
    """The reading in the short words of the cases."""
    parts: dict[str, Any] = {
        key: [say(part) for part in getattr(reading, key)] for key, say in WORDS.items()
    }
    for key in ("limit", "offset", "distinct"):
        value = getattr(reading, key)
        parts[key] = "none" if value is None else value
    return parts


@pytest.mark.parametrize("case", ALL, ids=lambda c: f"{c.topic}: {c.name} ({c.dialect})")
def test_a_reading_tells(case: Case) -> None:
    parts = told(read(case))
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


COLUMNS = {
    "customers": ("id", "name", "country", "signed_up_on"),
    "orders": ("id", "customer_id", "status", "total", "ordered_at"),
    "staff": ("id", "name", "boss_id"),
}


@st.composite
def sources_of_rows(draw: st.DrawFn, depth: int, steps: tuple[str, ...]) -> tuple[str, list[str]]:
    """Something to stand in FROM, and the columns it surely has."""
    kind = draw(st.sampled_from(["table", "table", "query", "step"] if depth else ["table"]))
    if kind == "query":
        sql, names = draw(queries(depth - 1, steps))
        return f"({sql})", names
    if kind == "step" and steps:
        return draw(st.sampled_from(steps)), ["n", "label"]
    table = draw(st.sampled_from(sorted(COLUMNS)))
    return table, list(COLUMNS[table])


@st.composite
def queries(draw: st.DrawFn, depth: int = 2, steps: tuple[str, ...] = ()) -> tuple[str, list[str]]:
    """A query over the tables of the cases, and the names that its columns surely have."""
    first, names = draw(sources_of_rows(depth, steps))
    visible = [f"a.{name}" for name in names]
    rest = ""
    if draw(st.booleans()):
        second, others = draw(sources_of_rows(depth, steps))
        how = draw(st.sampled_from(["JOIN", "LEFT JOIN", "CROSS JOIN", ",", "USING", "NATURAL"]))
        shared = [name for name in names if name in others]
        if how == "USING" and names.count("id") == 1 == others.count("id"):
            rest = f" JOIN {second} b USING (id)"
        elif how == "NATURAL" and shared and len({*names}) == len(names):
            rest = f" NATURAL JOIN {second} b"
        elif how in (",", "CROSS JOIN"):
            rest = f"{how} {second} b" if how == "," else f" {how} {second} b"
        else:
            rest = f" LEFT JOIN {second} b ON a.{names[0]} = b.{others[0]}"
        visible += [f"b.{name}" for name in others]
    chosen = draw(
        st.lists(st.sampled_from([*visible, "*", "a.*", "COUNT"]), min_size=1, max_size=3)
    )
    shown, given = [], []
    for number, expression in enumerate(chosen):
        if expression == "COUNT":
            shown.append(f"(SELECT COUNT(*) FROM staff s WHERE s.name IS NOT NULL) AS c{number}")
        elif "*" in expression:
            shown.append(expression)
        else:
            shown.append(f"{expression} AS c{number}")
        given += [f"c{number}"] if "*" not in expression else []
    where = f" WHERE {draw(st.sampled_from(visible))} IS NOT NULL" if draw(st.booleans()) else ""
    distinct = "DISTINCT " if draw(st.booleans()) else ""
    sql = f"SELECT {distinct}{', '.join(shown)} FROM {first} a{rest}{where}"
    return sql, given or ["nothing_sure"]


@st.composite
def whole_queries(draw: st.DrawFn) -> str:
    """A query with a step that may be used anywhere, put together with itself or not."""
    steps = ("step",) if draw(st.booleans()) else ()
    sql, _ = draw(queries(steps=steps))
    both = draw(st.sampled_from(["", "", " UNION ALL ", " UNION ", " EXCEPT "]))
    sql = f"{sql}{both}{sql}" if both else sql
    step = "SELECT s.id AS n, s.name AS label FROM staff s"
    return f"WITH step AS ({step}) {sql}" if steps else sql


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
