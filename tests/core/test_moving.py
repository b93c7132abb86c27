"""Dates in a query move along with time: what was last month is last month again."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from core import library, moving, query
from core.clock import FixedDay
from core.dashboards import boards, running, tiles
from core.datamind import DataMind
from core.types import Query
from tests import factories
from tests.factories import Organization

HELD = date(2026, 10, 15)  # a Thursday

MOVED = [
    # what it is, dates that the query names, another day, dates then
    ("last month", "2026-09-01 2026-10-01", "2026-11-03", "2026-10-01 2026-11-01"),
    ("last month, the same month", "2026-09-01 2026-10-01", "2026-10-31", "2026-09-01 2026-10-01"),
    ("last month, over the year", "2026-09-01 2026-10-01", "2027-01-02", "2026-12-01 2027-01-01"),
    ("the last 12 months", "2025-10-01 2026-10-01", "2026-11-03", "2025-11-01 2026-11-01"),
    ("last quarter", "2026-07-01 2026-10-01", "2026-11-20", "2026-07-01 2026-10-01"),
    ("last quarter, the next", "2026-07-01 2026-10-01", "2027-01-05", "2026-10-01 2027-01-01"),
    ("last year", "2025-01-01 2026-01-01", "2027-02-01", "2026-01-01 2027-01-01"),
    ("this year until today", "2026-01-01 2026-10-16", "2026-10-20", "2026-01-01 2026-10-21"),
    ("this month until today", "2026-10-01 2026-10-16", "2026-11-03", "2026-11-01 2026-11-04"),
    ("the last 30 days", "2026-09-15 2026-10-15", "2026-10-20", "2026-09-20 2026-10-20"),
    ("last week", "2026-10-05 2026-10-12", "2026-10-21", "2026-10-12 2026-10-19"),
    ("last week, from Sundays", "2026-10-04 2026-10-11", "2026-10-20", "2026-10-11 2026-10-18"),
    ("yesterday", "2026-10-14 2026-10-15", "2026-10-20", "2026-10-19 2026-10-20"),
    ("today", "2026-10-15 2026-10-16", "2026-10-20", "2026-10-20 2026-10-21"),
    ("since the first of the month", "2026-10-01", "2026-12-05", "2026-10-01 2026-12-01"),
    ("back in time", "2026-09-01 2026-10-01", "2026-06-30", "2026-05-01 2026-06-01"),
]  # fmt: skip


@pytest.mark.parametrize(("named", "day", "then"), [c[1:] for c in MOVED],
                         ids=[c[0] for c in MOVED])  # fmt: skip
def test_dates_move_by_what_their_period_is_counted_in(named: str, day: str, then: str) -> None:
    sql = "SELECT 1 WHERE " + " AND ".join(f"d > '{at}'" for at in named.split())
    found = moving.dates(moving.moved(sql, HELD, date.fromisoformat(day)))
    assert " ".join(map(str, found)) in (then, then.rsplit(maxsplit=1)[-1])


LEFT = [
    "SELECT '2026-10-01 08:30:00'",
    "SELECT \"2026-09-01\" FROM t -- '2026-09-01'",
    "SELECT '2026-13-45'",
    "SELECT 'on 2026-09-01'",
    "SELECT /* '2026-09-01' */ 1",
]


@pytest.mark.parametrize("sql", LEFT)
def test_what_is_no_date_stays_as_it_is(sql: str) -> None:
    assert moving.moved(sql, HELD, date(2027, 1, 1)) == sql


def test_a_day_is_put_for_today_and_now() -> None:
    sql = "SELECT now() WHERE d > CURRENT_DATE - 7 AND e = 'now()' AND f > current_timestamp"
    assert moving.says_today(sql)
    assert moving.on(sql, date(2026, 9, 1)) == (
        "SELECT TIMESTAMP '2026-09-01 23:59:59' WHERE d > DATE '2026-09-01' - 7 AND e = 'now()' "
        "AND f > TIMESTAMP '2026-09-01 23:59:59'"
    )
    assert moving.on("SELECT date('now', '-7 day')", date(2026, 9, 1)) == (
        "SELECT date('2026-09-01 23:59:59', '-7 day')"
    )


def test_what_is_kept_of_an_answer_moves_along(
    dm: DataMind, acme: Organization, tmp_path: Path
) -> None:
    """Pinned, saved, sent: "last month" is the month before the day that it is looked at."""
    sales = factories.sales(dm, acme.analyst, tmp_path)
    _, answer = factories.answered(dm, acme.analyst, "Total amount last month", sales)
    board = boards.create(dm, acme.analyst, "Board")
    tile = tiles.pin(dm, acme.analyst, answer.id, board)
    saved = library.save(dm, acme.analyst, answer.id, name="Last month")
    added = tiles.add_saved(dm, acme.analyst, board, saved)
    later = replace(dm, clock=FixedDay(date(2026, 11, 3)))

    def seen(house: DataMind) -> list[str]:
        shown = [running.run(house, acme.analyst, one).result for one in (tile, added)]
        sql = library.saved_query(house, acme.analyst, saved).sql
        asked = Query(sales, sql)
        shown.append(query.run(house, acme.analyst, asked))
        return [str(result.table.column(0).to_pylist()[0]) for result in shown]

    assert seen(dm) == ["639.5"] * 3
    assert seen(later) == ["150.0"] * 3
