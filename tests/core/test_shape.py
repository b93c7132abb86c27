"""A query without its values, as it may stand in a log."""

import pytest

from core.guard import without_values
from core.guard.lists import PARSED_AS
from core.types import Reads, SafeSelect

READS = Reads(("public.sales",), ("public.sales.region", "public.sales.Unit price"))


@pytest.mark.parametrize(
    ("sql", "shape"),
    [
        ("SELECT region FROM sales WHERE region = 'North' AND amount > -12.5",
         "SELECT region FROM sales WHERE region = ? AND amount > - ?"),
        ("SELECT SUM(CASE WHEN region = 'North' THEN 1 END) AS \"North\" FROM sales "
         "ORDER BY \"North\"",
         "SELECT SUM ( CASE WHEN region = ? THEN ? END ) AS name1 FROM sales ORDER BY name1"),
        ('SELECT "Unit price" "North" FROM sales', "SELECT Unit price name1 FROM sales"),
        ("SELECT COUNT(*) AS North FROM sales", "SELECT COUNT ( * ) AS name1 FROM sales"),
        ("SELECT 1 /* for North */ FROM sales -- North", "SELECT ? FROM sales"),
        ("SELECT DATE '2026-10-15', INTERVAL '7 days'", "SELECT DATE ? , INTERVAL ?"),
        ("SELECT $$North$$, E'No\\'rth', U&'North', X'4e'", "SELECT ? , ? , ? , ?"),
    ],
)  # fmt: skip
def test_no_value_and_no_name_of_its_own_is_left(sql: str, shape: str) -> None:
    assert without_values(SafeSelect(sql, "postgres", 10, reads=READS)) == shape


@pytest.mark.parametrize("dialect", sorted(PARSED_AS))
def test_every_dialect_has_one(dialect: str) -> None:
    found = without_values(SafeSelect("SELECT 1 AS x FROM sales", dialect, 10, reads=READS))
    assert found == "SELECT ? AS name1 FROM sales"


def test_what_cannot_be_read_has_none_and_a_long_one_is_cut() -> None:
    assert without_values(SafeSelect("SELECT 'open", "sqlite", 10)) == ""
    long = "SELECT " + ", ".join(["region"] * 1_000)
    assert len(without_values(SafeSelect(long, "sqlite", 10))) == 2_000
