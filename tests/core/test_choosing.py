"""Two readings: asked only when their numbers differ, with the numbers, and once a turn."""

from pathlib import Path
from uuid import UUID

import pyarrow as pa
import pytest

from core import ask, choosing, conversations, uploads
from core.analyst.base import Desk
from core.datamind import DataMind
from core.errors import BadInput
from core.types import Cannot, Choice, Draft, Option, Outcome, QueryResult, Question
from tests import factories
from tests.factories import Organization, answered

CUSTOMERS = "customer_id,name,city,region\n1,Ada,Berlin,East\n2,Bo,Paris,West\n3,Cy,Rome,South\n"
ORDERS = (
    "order_id,customer_id,city,region,amount\n"
    "1,1,Berlin,East,10\n2,1,Paris,East,20\n3,2,Berlin,West,40\n4,3,Oslo,South,80\n"
)


@pytest.fixture
def shop(dm: DataMind, acme: Organization, tmp_path: Path) -> UUID:
    """Orders are sent to a city that may not be the customer's; their region is always."""
    for name, text in (("customers", CUSTOMERS), ("orders", ORDERS)):
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    made = uploads.add(
        dm, acme.analyst, tmp_path / "customers.csv", "customers.csv", new_name="Two cities"
    )
    uploads.add(
        dm, acme.analyst, tmp_path / "orders.csv", "orders.csv", connection_id=made.connection_id
    )
    return made.connection_id


def test_different_numbers_are_offered_and_one_is_picked(
    dm: DataMind, acme: Organization, shop: UUID
) -> None:
    session_id, asked = answered(dm, acme.viewer, "Total amount in Berlin", shop)
    assert asked.text == (
        "Do you mean the city of the order or the city of the customer? The numbers differ."
    )
    assert [(o.label, o.figure) for o in asked.options] == [
        ("city of the order", "50"),
        ("city of the customer", "30"),
    ]
    picked = ask.start_chosen(dm, acme.viewer, asked.id, 1)
    factories.wait(dm, picked.job_id)
    told = conversations.messages(dm, acme.viewer, session_id)
    assert told[-2].text == "Total amount in Berlin (city of the customer)"
    assert "30" in told[-1].text
    assert told[-1].options == ()
    with pytest.raises(BadInput, match="no such reading"):
        ask.start_chosen(dm, acme.viewer, asked.id, 2)


def test_a_picked_reading_goes_on(dm: DataMind, acme: Organization, shop: UUID) -> None:
    """A follow-up edits the reading that was picked, and does not ask again."""
    session_id, asked = answered(dm, acme.viewer, "Total amount in Berlin", shop)
    factories.wait(dm, ask.start_chosen(dm, acme.viewer, asked.id, 1).job_id)
    _, further = answered(dm, acme.viewer, "by region", shop, session_id)
    assert further.options == (), "what was picked is settled"
    assert "customers" in (further.sql or "")
    assert "30" in further.text


@pytest.mark.parametrize(
    "text",
    [
        "Total amount in West",  # both regions give 40
        "Total amount by region",  # and the same rows
        "Total amount in Oslo",  # no customer lives there
        "Total amount of orders in Berlin",  # the question says which
        "Total amount by customer city",
        "Number of customers in Berlin",
        "Total amount",
    ],
)
def test_nobody_is_asked_without_need(
    dm: DataMind, acme: Organization, shop: UUID, text: str
) -> None:
    _, answer = answered(dm, acme.viewer, text, shop)
    assert answer.options == ()
    assert answer.preview is not None, answer.text


def test_groups_differ_too(dm: DataMind, acme: Organization, shop: UUID) -> None:
    _, asked = answered(dm, acme.viewer, "Total amount by city", shop)
    assert [o.label for o in asked.options] == ["city of the order", "city of the customer"]
    assert asked.options[0].figure.startswith("3 rows, first Oslo")


# --- a choice that an analyst offers ---------------------------------------------------------

GROSS, NET = Option("gross", "gross revenue"), Option("net", "net revenue")


class Reader:
    """Reads the two questions of the choice; `figures` are what they give."""

    name = "local"

    def __init__(self, **figures: int | None) -> None:
        self.figures = figures

    def draft(self, question: Question, desk: Desk) -> Outcome:
        word = question.text.split()[0]
        if self.figures[word] is None:
            return Cannot(f"I know no {word} revenue.")
        return Draft(f"SELECT {self.figures[word]} AS revenue", word)

    def run(self, sql: str) -> QueryResult:
        return QueryResult(pa.table({"revenue": [int(sql.split()[1])]}))


def weighed(reader: Reader, *, may_ask: bool = True, own: bool = False) -> Choice | Draft:
    choice = Choice("Gross or net?", (GROSS, NET))
    return choosing.weighed(
        Question("revenue", None, factories.TODAY), choice, reader, None, reader.run,
        may_ask=may_ask, own=own,
    )  # fmt: skip


def test_a_reading_of_its_own_that_the_data_does_not_answer_is_none() -> None:
    found = weighed(Reader(gross=100, net=None), own=True)
    assert isinstance(found, Draft)
    assert found.assumptions == ("Read as “gross”; the data does not answer the other reading.",)
    assert isinstance(weighed(Reader(gross=100, net=None)), Choice)


def test_an_analysts_choice_gets_its_numbers() -> None:
    found = weighed(Reader(gross=100, net=80))
    assert isinstance(found, Choice)
    assert [o.figure for o in found.options] == ["100", "80"]


def test_readings_that_agree_are_not_asked_about() -> None:
    found = weighed(Reader(gross=100, net=100))
    assert isinstance(found, Draft)
    assert found.assumptions == ("Read as “gross”; the other readings give the same.",)


def test_who_has_just_picked_is_not_asked_again() -> None:
    found = weighed(Reader(gross=100, net=80), may_ask=False)
    assert isinstance(found, Draft)
    assert found.assumptions == ("Read as “gross”.",)
