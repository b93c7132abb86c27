"""Schemas that nobody would draw: never a crash, and every name quoted right where it runs."""

import time
from collections.abc import Iterator

import pytest

from core import guard
from core.analyst.base import BareDesk, Example, ValueHit
from core.analyst.local import LocalAnalyst, lexicon, render, suggestions
from core.analyst.local.plan import Amount, Compare, Field, Group, Measure, Order, Plan
from core.guard import Policy
from core.types import DatabaseSchema, Draft, Question, SchemaColumn, Table
from tests.analyst import engines
from tests.analyst.engines import ENGINES, TODAY, Database

DIALECTS = (("duckdb", ""), ("sqlite", ""), ("postgres", ""), ("mysql", "mariadb"))

ODD = (
    "select", "from", "order", "group", "by", "null", "current_date", "user", "rank",
    "a b", "a'b", 'a"b', "a`b", "a;b", "a--b", "a/*b*/", "a\\b", "(a)", "a,b", "[a]",
    "1st", "100%", "$1", ":name", "?", "@v", "#h", "%s", "{a}", "größe", "日本", "رقم الطلب",
    "\u202eevil", "new\nline", "Total", "CamelCase", "_", "-", "*",
)  # fmt: skip
# What not every engine takes as a name.
WORSE = ("", " ", " a ", "a.b", "true", "emoji 🙂", "x" * 300, "tab\tname")


def keyed(name: str, *columns: SchemaColumn) -> Table:
    return Table(name, (SchemaColumn("id", "INTEGER", primary_key=True), *columns), row_count=3)


def odd_columns(kind: str, *samples: str) -> tuple[SchemaColumn, ...]:
    return tuple(SchemaColumn(n, kind, samples=samples) for n in (*ODD, *WORSE))


SHAPES: dict[str, tuple[Table, ...]] = {
    "no table at all": (),
    "tables without columns": (Table("empty", ()), Table("orders", ())),
    "a table without columns beside others": (Table("empty", ()), keyed("orders")),
    "odd columns": (
        keyed("odd", *odd_columns("INTEGER")),
        keyed("words", *odd_columns("VARCHAR", "x", "y'z", "\\", "%_", '"')),
    ),
    "odd tables": tuple(
        keyed(name, SchemaColumn("amount", "DECIMAL"), SchemaColumn("day", "DATE"))
        for name in (*ODD, *WORSE)
    ),
    "all values missing": (
        Table(
            "things",
            tuple(
                SchemaColumn(name, kind, null_percentage=100.0, distinct_count=0)
                for name, kind in (("label", "VARCHAR"), ("amount", "INTEGER"), ("at", "DATE"))
            ),
            row_count=0,
        ),
    ),
    "no types": (Table("things", tuple(SchemaColumn(n, "") for n in ("id", "name", "amount"))),),
    "names that differ in case alone": (
        Table("Items", tuple(SchemaColumn(n, "REAL") for n in ("ID", "id", "Price", "price"))),
        Table("items", (SchemaColumn("ID", "INTEGER"), SchemaColumn("cost", "REAL"))),
        Table("ITEMS", (SchemaColumn("name", "TEXT", samples=("A", "a")),)),
    ),
    "tables of several schemas": (
        keyed("sales.orders", SchemaColumn("amount", "DECIMAL")),
        keyed("hr.orders", SchemaColumn("order_id", "INTEGER", references="sales.orders.id")),
    ),
    "keys to nowhere": (
        keyed("a", SchemaColumn("b_id", "INTEGER", references="nowhere.id")),
        keyed("b", *(SchemaColumn(f"c{r}", "INTEGER", references=r) for r in ("a", "a.", ".", "")))
    ),
    "keys in a circle": tuple(
        keyed(a, SchemaColumn(f"{b}_id", "INTEGER", references=f"{b}.id"))
        for a, b in (("first", "second"), ("second", "third"), ("third", "first"))
    ),
    "a table that refers to itself": (
        keyed(
            "staff",
            SchemaColumn("boss_id", "INTEGER", references="staff.id"),
            SchemaColumn("name", "TEXT"),
            SchemaColumn("salary", "INTEGER"),
        ),
    ),
    "long values": (keyed("t", SchemaColumn("text", "TEXT", samples=("word " * 2000,) * 3)),),
}  # fmt: skip
ASKED = (
    "how many things", "list all", "how many rows are there", "sum of amount by day",
    "name by month",
    "show everything", "top 5 by price", "price by name", "total select by from", "how many orders",
    "how many items", "items by price", "average cost of items", "last month", "orders by month",
    "staff by boss", "who has the highest salary", "first without second", "b by a", "total 1st",
    "how many words with x", "what can I ask?", "what data do you have", "total größe", "total a b",
    "how many odd", "odd by order", "how many words are y'z",
)  # fmt: skip


class Quiet(Database):
    """A desk without a database."""

    def __init__(self, schema: DatabaseSchema) -> None:
        self.schema = schema

    def verified(self, words: str, limit: int = 3) -> tuple[Example, ...]:
        return ()

    def find_values(self, *texts: str, limit: int = 10) -> tuple[ValueHit, ...]:
        return ()


@pytest.mark.parametrize("dialect", DIALECTS, ids=[d for d, _ in DIALECTS])
@pytest.mark.parametrize("name", SHAPES)
def test_no_schema_crashes_it_and_what_it_writes_passes_the_guard(
    name: str, dialect: tuple[str, str]
) -> None:
    schema = DatabaseSchema(dialect[0], SHAPES[name], engine=dialect[1])
    offered = suggestions.from_schema(lexicon.of(schema))
    for text in (*ASKED, *offered):
        outcome = LocalAnalyst().draft(Question(text, schema, TODAY), Quiet(schema))
        if isinstance(outcome, Draft):
            guard.check(outcome.sql, schema.guarded_as, Policy.of(schema))
    assert len(LocalAnalyst().describe(schema.tables, BareDesk(schema))) == sum(
        1 + len(t.columns) for t in schema.tables
    )


def test_a_thousand_tables_are_read_and_the_right_one_is_found() -> None:
    many = tuple(
        keyed(
            f"ledger_{i}",
            SchemaColumn(f"ledger_{i - 1}_id", "INTEGER", references=f"ledger_{max(0, i - 1)}.id"),
            *(SchemaColumn(f"field_{j}", "VARCHAR", samples=(f"v{i}x{j}",)) for j in range(10)),
        )
        for i in range(1000)
    )
    amounts = keyed("invoices", SchemaColumn("amount", "DECIMAL"), SchemaColumn("issued", "DATE"))
    schema = DatabaseSchema("postgres", (*many, amounts))
    began = time.perf_counter()
    draft = LocalAnalyst().draft(Question("total amount by month", schema, TODAY), Quiet(schema))
    assert isinstance(draft, Draft), draft
    assert "FROM invoices" in draft.sql
    assert time.perf_counter() - began < 6


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@pytest.fixture(scope="module", params=ENGINES)
def odd(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """A table for each odd name, with columns of odd names, and one of odd values."""
    made = [
        f"CREATE TABLE {quoted(name)} ({quoted(name)} INTEGER PRIMARY KEY, {quoted('x' + name)} "
        f"VARCHAR(20), day DATE);\nINSERT INTO {quoted(name)} VALUES (1, 'b', '2026-01-01'), "
        f"(2, 'a', '2026-02-01'), (3, 'b', '2026-02-02');\n"
        for name in ODD
    ]
    values = ", ".join(
        f"({i}, '{_literal(value, request.param)}', NULL, NULL)" for i, value in enumerate(VALUES)
    )
    made.append(
        "CREATE TABLE things (thing_id INTEGER PRIMARY KEY, label VARCHAR(40), amount INTEGER, "
        f"seen_on DATE);\nINSERT INTO things VALUES {values};\n"
        "CREATE TABLE parcels (parcel_id INTEGER PRIMARY KEY, label VARCHAR(40), weight INTEGER, "
        "sent_on DATE);\n"
    )
    folder = tmp_path_factory.mktemp("odd")
    database = Database(engines.load(request.param, "".join(made), folder, request.getfixturevalue))
    yield database
    database.connector.close()


VALUES = (
    "O'Neill & Sons", 'the "best"', "back\\slash", "ends with \\", "100% wool", "under_score x",
    "semi; colon", "dash -- dash", "/* comment */ x", ":param x", "grüne XL", "東京 店", "🙂 smile",
    "x' OR '1'='1", "\u202eright", "{{braces}}", "NULL value", "%s %d",
)  # fmt: skip


def _literal(value: str, engine: str) -> str:
    text = value.replace("'", "''")
    return text.replace("\\", "\\\\") if engine == "mysql" else text


@pytest.mark.parametrize("name", ODD)
def test_odd_names_are_quoted_where_they_run(odd: Database, name: str) -> None:
    words = lexicon.of(odd.schema)
    key, label, day = (Field(name, column) for column in (name, "x" + name, "day"))
    counted = Plan(
        name,
        groups=(Group(label, label.column),),
        measures=(Measure("sum", name, Amount(((1, (key,)),)), name),),
        conditions=(Compare(key, ">", (0.0,)),),
        order=(Order(True, output=1),),
    )
    assert engines.shows(odd.rows(render.sql(counted, words)), [["b", 4], ["a", 2]], ordered=True)
    monthly = Plan(
        name,
        groups=(Group(day, name, "month"),),
        measures=(Measure("count", name, None, label.column),),
        order=(Order(False, output=0),),
        change=True,
    )
    rows = odd.rows(render.sql(monthly, words))
    assert engines.shows(rows, [["2026-01", 1, "NULL", "NULL"], ["2026-02", 2, 1, 100]], True)


@pytest.mark.parametrize("value", VALUES)
def test_odd_values_are_found_and_quoted(odd: Database, value: str) -> None:
    words = lexicon.of(odd.schema)
    plan = Plan(
        "things",
        groups=(Group(Field("things", "thing_id"), "id"),),
        conditions=(Compare(Field("things", "label"), "=", (value,)),),
    )
    assert odd.rows(render.sql(plan, words)) == [[VALUES.index(value)]]
    assert ValueHit("things", "label", value) in odd.find_values(value.upper())


def test_without_a_text_column_no_value_is_looked_for() -> None:
    schema = DatabaseSchema("sqlite", (keyed("orders"),))
    assert Database(connector=None, schema=schema).find_values("paid") == ()


NOTHING = (
    ("how many parcels are there", [[0]]),
    ("total weight of parcels", [["NULL"]]),
    ("average weight by label", []),
    ("parcels by month", []),
    ("top 3 parcels by weight", []),
    ("parcels month over month", []),
    ("how many parcels last month", [[0]]),
    ("total amount of things", [["NULL"]]),
    ("how many things", [[len(VALUES)]]),
    ("how many things last month", [[0]]),
    ("share of weight by label of parcels", []),
)


@pytest.mark.parametrize(("text", "wanted"), NOTHING, ids=[t for t, _ in NOTHING])
def test_no_rows_and_no_values_are_nothing(
    odd: Database, text: str, wanted: list[list[object]]
) -> None:
    draft = odd.ask(text)
    assert isinstance(draft, Draft), draft
    assert engines.shows(odd.rows(draft.sql), wanted, ordered=False), draft.sql
