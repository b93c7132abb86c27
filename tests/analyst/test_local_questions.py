"""Questions in plain words on all four engines: what the analyst's SQL really gives.

The tables are questions/*.toml, a few questions for each construct. A question that the analyst
does not answer yet is marked there; the mark must go as soon as it does.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from core.types import Draft
from tests.analyst import engines
from tests.analyst.engines import ENGINES, SCHEMAS, Database

QUESTIONS = Path(__file__).parent / "questions"
NAMES = ("hospital", "freight")


def table(name: str) -> list[dict[str, Any]]:
    entries = tomllib.loads((QUESTIONS / f"{name}.toml").read_text("utf-8"))["question"]
    return [{**entry, "turns": _turns(entry["ask"]), "schema": name} for entry in entries]


def _turns(ask: str | list[str]) -> tuple[str, ...]:
    return (ask,) if isinstance(ask, str) else tuple(ask)


TABLES = [entry for name in NAMES for entry in table(name)]


def told(entry: dict[str, Any]) -> Any:
    marks = [pytest.mark.xfail(reason=entry["not_yet"], strict=True)] if "not_yet" in entry else []
    return pytest.param(entry, id=f"{entry['schema']}: {' > '.join(entry['turns'])}", marks=marks)


@pytest.fixture(scope="session", params=ENGINES)
def databases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Database]]:
    """Both schemas on one engine."""
    folder = tmp_path_factory.mktemp("questions")
    opened = {
        name: Database(
            engines.load(
                request.param,
                (SCHEMAS / f"{name}.sql").read_text("utf-8"),
                folder,
                request.getfixturevalue,
            )
        )
        for name in NAMES
    }
    yield opened
    for database in opened.values():
        database.connector.close()


@pytest.mark.parametrize("entry", [told(entry) for entry in TABLES])
def test_a_question_gets_the_rows_that_a_person_would_count(
    databases: dict[str, Database], entry: dict[str, Any]
) -> None:
    database = databases[entry["schema"]]
    draft = database.ask(*entry["turns"])
    assert isinstance(draft, Draft), draft
    rows = database.rows(draft.sql)
    assert engines.shows(rows, entry["rows"], entry.get("ordered", False)), (rows, draft)
    if "chart" in entry:
        assert draft.chart is not None
        assert draft.chart.kind == entry["chart"]


@pytest.mark.parametrize("name", NAMES)
def test_the_tables_are_true(name: str) -> None:
    """The rows are those of the query beside them, which nobody but a person wrote."""
    with duckdb.connect() as database:
        database.execute((SCHEMAS / f"{name}.sql").read_text("utf-8"))
        for entry in table(name):
            rows = [
                [engines.plain(value) for value in row]
                for row in database.execute(entry["sql"]).fetchall()
            ]
            assert rows, entry["ask"]
            assert engines.shows(rows, entry["rows"], entry.get("ordered", False)), entry["ask"]
