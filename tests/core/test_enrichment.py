"""Claude describes what a refresh found; the words are marked until a person has seen them."""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from core import (
    datamind,
    descriptions,
    enrichment,
    jobs,
    refreshes,
    rights,
    schema,
    uploads,
    usage,
    versions,
)
from core.datamind import DataMind
from core.descriptions import About
from core.security.rights import Rights
from core.types import Actor, SchemaColumn, Table
from core.usage import Budget
from tests import factories
from tests.factories import Organization
from tests.fake_anthropic import FakeAnthropic, Turn, fails, says

WORDS = {
    "tables": [
        {
            "table": "sales",
            "description": "What was sold, day by day.",
            "columns": [
                {"column": "region", "description": "Where it was sold.", "business_term": "Area"},
                {"column": "amount", "description": "What was paid.", "business_term": "Turnover"},
            ],
        }
    ]
}
OTHERS = json.loads(json.dumps(WORDS).replace("was", "is"))
House = Callable[[FakeAnthropic], DataMind]
Place = tuple[DataMind, Organization, UUID]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    opened: list[DataMind] = []

    def build(api: FakeAnthropic) -> DataMind:
        about = {"anthropic_api_key": "sk-test", "anthropic_base_url": api.base_url}
        opened.append(factories.open_house(tmp_path / "home", **about))
        return opened[-1]

    yield build
    for dm in opened:
        datamind.close(dm)


def sales(house: House, api: FakeAnthropic, tmp_path: Path) -> Place:
    dm = house(api)
    acme = factories.organization(dm)
    return dm, acme, factories.sales(dm, acme.analyst, tmp_path)


def work(dm: DataMind, who: Actor, place: UUID) -> Any:
    """What a worker does with the job that waits; its result."""
    waiting = jobs.active(dm, who, jobs.DESCRIBE_TABLES, place)
    assert waiting
    enrichment.perform(dm, waiting.job_id)
    return jobs.follow(dm, who, waiting.job_id)


def known(dm: DataMind, who: Actor, place: UUID) -> tuple[Table, dict[str, SchemaColumn]]:
    (table,) = schema.read(dm, who, place).tables
    return table, {column.name: column for column in table.columns}


def test_new_tables_are_described_once_and_marked_and_counted(house: House, tmp_path: Path) -> None:
    with FakeAnthropic(says(WORDS)) as api:
        dm, acme, place = sales(house, api, tmp_path)
        before, _ = known(dm, acme.viewer, place)
        assert before.description_drafted, "the built-in analyst's words are drafts as well"
        assert work(dm, acme.analyst, place).result == {"described": 1}
        table, columns = known(dm, acme.viewer, place)
        assert (table.description, table.description_drafted) == (
            "What was sold, day by day.",
            True,
        )
        assert (columns["region"].business_term, columns["region"].term_drafted) == ("Area", True)
        assert columns["region"].description == "Where it was sold."
        assert usage.month(dm, acme.admin).total.calls == 1
        refreshes.refresh(dm, acme.analyst, place)
        assert jobs.active(dm, acme.analyst, jobs.DESCRIBE_TABLES, place) is None
    assert before.description not in json.dumps(api.requests), "a draft is not told to the model"


def test_what_a_person_wrote_stays_and_is_no_draft(house: House, tmp_path: Path) -> None:
    with FakeAnthropic(says(WORDS)) as api:
        dm, acme, place = sales(house, api, tmp_path)
        mine = {"region": About("", "Sales region"), "amount": About("In euros", "")}
        descriptions.write(dm, acme.analyst, place, "sales", "My own words", mine)
        work(dm, acme.analyst, place)
    table, columns = known(dm, acme.analyst, place)
    region, amount = columns["region"], columns["amount"]
    assert (table.description, table.description_drafted) == ("My own words", False)
    assert (region.business_term, region.term_drafted) == ("Sales region", False)
    assert (region.description, region.description_drafted) == ("Where it was sold.", True)
    assert (amount.description, amount.description_drafted) == ("In euros", False)
    assert (amount.business_term, amount.term_drafted) == ("Turnover", True)


def test_a_draft_is_one_until_a_person_changes_or_confirms_it(house: House, tmp_path: Path) -> None:
    with FakeAnthropic(says(WORDS)) as api:
        dm, acme, place = sales(house, api, tmp_path)
        work(dm, acme.analyst, place)
    as_shown = {"region": About("Where it was sold.", "Area")}
    said = "What was sold, day by day."
    descriptions.write(dm, acme.analyst, place, "sales", said, as_shown)
    table, columns = known(dm, acme.analyst, place)
    assert (table.description_drafted, columns["region"].term_drafted) == (True, True)
    descriptions.write(dm, acme.analyst, place, "sales", said, {"region": About("Where.", "Area")})
    region = known(dm, acme.analyst, place)[1]["region"]
    assert (region.description_drafted, region.term_drafted) == (False, True)
    descriptions.write(
        dm, acme.analyst, place, "sales", said, {"region": About("Where.", "Area")}, confirmed=True
    )
    table, columns = known(dm, acme.analyst, place)
    assert (table.description_drafted, columns["region"].term_drafted) == (False, False)
    assert columns["amount"].term_drafted, "it was not shown"


@pytest.mark.parametrize(
    ("given", "private", "sent", "withheld"),
    [
        (Rights(), (), ("North", "Lamp"), ()),
        (Rights(values_stay=True), (), (), ("North", "Lamp")),
        (Rights(), ("sales.region",), ("Lamp",), ("North", "South")),
    ],
    ids=["all may go", "values stay", "one column is private"],
)
def test_values_go_to_the_model_only_where_they_may(
    house: House,
    tmp_path: Path,
    given: Rights,
    private: tuple[str, ...],
    sent: tuple[str, ...],
    withheld: tuple[str, ...],
) -> None:
    with FakeAnthropic(says(WORDS)) as api:
        dm, acme, place = sales(house, api, tmp_path)
        rights.grant(dm, acme.admin, place, given)
        rights.make_private(dm, acme.admin, place, private)
        assert work(dm, acme.analyst, place).result == {"described": 1}
    told = json.dumps(api.requests)
    assert "region" in told
    assert [value for value in (*sent, *withheld) if value in told] == list(sent)


@pytest.mark.parametrize("turn", [fails(400), says("no use")], ids=["refused", "gibberish twice"])
def test_where_the_model_fails_nothing_is_lost(house: House, tmp_path: Path, turn: Turn) -> None:
    with FakeAnthropic(turn, turn) as api:
        dm, acme, place = sales(house, api, tmp_path)
        before = known(dm, acme.analyst, place)
        assert work(dm, acme.analyst, place).state == "done"
        assert known(dm, acme.analyst, place) == before


def test_no_budget_no_call_and_the_next_refresh_goes_on(house: House, tmp_path: Path) -> None:
    with FakeAnthropic(says(WORDS)) as api:
        dm, acme, place = sales(house, api, tmp_path)
        usage.set_budget(dm, acme.admin, Budget(hard=Decimal(0)))
        assert work(dm, acme.analyst, place).result == {"described": 0}
        assert api.requests == []
        usage.set_budget(dm, acme.admin, Budget())
        refreshes.refresh(dm, acme.analyst, place)
        assert work(dm, acme.analyst, place).result == {"described": 1}


def test_stop_ends_it_before_the_model_is_asked(house: House, tmp_path: Path) -> None:
    with FakeAnthropic() as api:
        dm, acme, place = sales(house, api, tmp_path)
        waiting = jobs.active(dm, acme.analyst, jobs.DESCRIBE_TABLES, place)
        assert waiting
        jobs.stop(dm, acme.analyst, waiting.job_id)
        enrichment.perform(dm, waiting.job_id)
        assert jobs.follow(dm, acme.analyst, waiting.job_id).state == "cancelled"
        assert api.requests == []


def test_a_new_column_is_described_too(house: House, tmp_path: Path) -> None:
    with FakeAnthropic(says(WORDS), says(OTHERS)) as api:
        dm, acme, place = sales(house, api, tmp_path)
        work(dm, acme.analyst, place)
        wider = tmp_path / "wider.csv"
        rows = (tmp_path / "sales.csv").read_text("utf-8").splitlines()
        wider.write_text("\n".join([rows[0] + ",note", *(row + ",x" for row in rows[1:])]), "utf-8")
        (upload,) = uploads.uploads(dm, acme.analyst, place)
        versions.renew(dm, acme.analyst, upload.id, wider, "sales.csv", "replace")
        assert work(dm, acme.analyst, place).result == {"described": 1}
    assert "note " in json.dumps(api.requests[-1])
