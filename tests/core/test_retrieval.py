"""Which tables of a large schema a question is about."""

from dataclasses import replace

import pytest

from core import retrieval
from core.types import SchemaColumn, Table


def table(name: str, *columns: str, description: str = "", **references: str) -> Table:
    made = [SchemaColumn(column, "TEXT", references=references.get(column)) for column in columns]
    return Table(name, tuple(made), description=description or None)


FILLER = tuple(table(f"log_{n}", "id", "written_at", f"field_{n}") for n in range(300))
SHOP = (
    table("orders", "id", "customer_id", "ordered_on", customer_id="customers.id"),
    table("customers", "id", "name", "countryCode", description="People who bought once"),
    table("order_items", "order_id", "product_id", "quantity",
          order_id="orders.id", product_id="products.id"),
    table("products", "id", "title", "list_price"),
    table("KPI_Umsatz", "monat", "wert", description="Revenue by month"),
    table("hr_employees", "id", "salary"),
)  # fmt: skip
TABLES = (*FILLER, *SHOP)


@pytest.mark.parametrize(
    ("question", "needed"),
    [
        ("How many orders per country?", {"orders", "customers"}),
        ("Which customers bought which products?", {"customers", "products"}),
        ("list price of our product", {"products"}),
        ("average salaries of employees", {"hr_employees"}),
        ("revenue by month", {"KPI_Umsatz"}),
        ("country codes", {"customers"}),
        ("What did the people who bought once buy?", {"customers"}),
    ],
)
def test_the_tables_of_a_question_are_among_the_first(question: str, needed: set[str]) -> None:
    found = {one.name for one in retrieval.Index(TABLES).search(question, 5)}
    assert needed <= found


def test_what_lies_between_two_tables_comes_along_foreign_keys() -> None:
    found = [one.name for one in retrieval.Index(TABLES).search("customers and products", 4)]
    assert set(found) == {"customers", "products", "orders", "order_items"}


def test_terms_and_values_count_too() -> None:
    coded = replace(SHOP[5], columns=(
        SchemaColumn("kst", "TEXT", business_term="Cost centre", samples=("Marketing",)),
    ))  # fmt: skip
    index = retrieval.Index((*FILLER, coded))
    for question in ("by cost centre", "only marketing"):
        assert index.search(question, 1) == (coded,)


def test_nothing_known_finds_nothing_and_an_empty_schema_is_no_trouble() -> None:
    assert retrieval.Index(TABLES).search("weather?!", 5) == ()
    assert retrieval.Index(()).search("orders", 5) == ()


def test_the_index_is_kept_for_the_same_tables_and_made_anew_for_others() -> None:
    first = retrieval.index_of(TABLES)
    assert retrieval.index_of(TABLES) is first
    assert retrieval.index_of((*FILLER, *SHOP)) is not first


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("customerID", ["customer", "id"]),
        ("HTTPStatusCodes", ["http", "status", "code"]),
        ("order_items_2024", ["order", "item", "2024"]),
        ("Show me the categories per address", ["category", "address"]),
        ("größe straße", ["größe", "straße"]),
    ],
)
def test_names_and_sentences_become_the_same_words(text: str, words: list[str]) -> None:
    assert list(retrieval.words(text)) == words
