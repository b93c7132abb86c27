"""Questions in plain words on all four engines: what the analyst's SQL really gives.

The tables are in questions/, a few questions for each construct. A question that the analyst
does not answer yet is marked there; the mark must go as soon as it does.
"""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from core.types import Draft
from tests.analyst import engines, local_data
from tests.analyst.engines import ENGINES, SCHEMAS, Database

QUESTIONS = Path(__file__).parent / "questions"
NAMES = ("hospital", "freight", "hotel")
ELDER = {"shop": local_data.SHOP.replace("VARCHAR", "VARCHAR(60)"), "clinic": local_data.CLINIC}
LISTS = {"shop": ("shop.json", "clauses.json"), "clinic": ("clinic.json",)}


def script(name: str) -> str:
    return ELDER.get(name) or (SCHEMAS / f"{name}.sql").read_text("utf-8")


def table(name: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    for listed in LISTS.get(name, ()):
        entries += json.loads((QUESTIONS / listed).read_text("utf-8"))
    if not entries:
        entries = tomllib.loads((QUESTIONS / f"{name}.toml").read_text("utf-8"))["question"]
    return [{**entry, "turns": _turns(entry["ask"]), "schema": name} for entry in entries]


def _turns(ask: str | list[str]) -> tuple[str, ...]:
    return (ask,) if isinstance(ask, str) else tuple(ask)


TABLES = [entry for name in (*NAMES, *ELDER) for entry in table(name)]


def told(entry: dict[str, Any]) -> Any:
    marks = [pytest.mark.xfail(reason=entry["not_yet"], strict=True)] if "not_yet" in entry else []
    return pytest.param(entry, id=f"{entry['schema']}: {' > '.join(entry['turns'])}", marks=marks)


@pytest.fixture(scope="session", params=ENGINES)
def databases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Database]]:
    """All schemas on one engine."""
    folder = tmp_path_factory.mktemp("questions")
    opened = {
        name: Database(engines.load(request.param, script(name), folder, request.getfixturevalue))
        for name in (*NAMES, *ELDER)
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
    assert draft.reading == entry.get("reading", draft.reading)
    if "chart" in entry:
        assert draft.chart is not None
        assert draft.chart.kind == entry["chart"]


@pytest.mark.parametrize("name", NAMES)
def test_the_tables_are_true(name: str) -> None:
    """The rows are those of the query beside them, which nobody but a person wrote."""
    with duckdb.connect() as database:
        database.execute(script(name))
        for entry in table(name):
            rows = [
                [engines.plain(value) for value in row]
                for row in database.execute(entry["sql"]).fetchall()
            ]
            assert rows, entry["ask"]
            assert engines.shows(rows, entry["rows"], entry.get("ordered", False)), entry["ask"]
