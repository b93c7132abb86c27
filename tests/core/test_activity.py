"""How much an organization asks, and how sure its answers are."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core import activity, ask
from core.datamind import DataMind
from core.errors import NotAllowed
from tests import factories
from tests.factories import Organization, SetClock


def test_answers_are_counted_by_day_grade_and_connection(
    dm: DataMind, acme: Organization, tmp_path: Path
) -> None:
    sales = factories.sales(dm, acme.analyst, tmp_path)
    for question in ("total amount by region", "how many sales", "hello"):
        ask.start(dm, acme.viewer, question, connection_id=sales, wait=True)
    month = activity.month(dm, acme.admin)
    assert (month.answers, month.by_connection) == (3, (("Sales", 3),))
    assert sum(month.by_day.values()) == 3
    assert {day for day, _ in month.by_day} == {dm.clock.today().isoformat()}
    assert month.by_day[(dm.clock.today().isoformat(), activity.NO_FIGURE)] == 1
    other = factories.organization(dm, "globex")
    assert activity.month(dm, other.admin).answers == 0
    later = replace(dm, clock=SetClock(dm.clock.now() + timedelta(days=31)))
    assert activity.month(later, acme.admin).answers == 0
    with pytest.raises(NotAllowed):
        activity.month(dm, acme.analyst)
