"""The bell: what people are told, read once, and never told twice."""

import pytest

from core import members, notices
from core.errors import NotFound
from tests import factories


@pytest.fixture
def dm(tmp_path):
    return factories.open_house(tmp_path)


@pytest.fixture
def org(dm):
    return factories.organization(dm)


def tell(dm, org, *people, **given):
    with dm.sessions.write() as db:
        return notices.tell(
            db,
            org.admin.org_id,
            [p.user_id for p in people],
            **{"kind": "alert", "title": "Sales: fires", "now": dm.clock.now(), **given},
        )


def test_a_notice_is_unread_until_it_is_read(dm, org):
    assert tell(dm, org, org.analyst, body="11 is above 10.", link="alerts") == 1
    assert notices.unread(dm, org.analyst) == 1
    (notice,) = notices.notices(dm, org.analyst)
    assert (notice.title, notice.body, notice.link) == ("Sales: fires", "11 is above 10.", "alerts")
    notices.mark_read(dm, org.analyst, notice.id)
    assert notices.unread(dm, org.analyst) == 0
    assert notices.notices(dm, org.analyst)[0].is_read
    assert notices.notices(dm, org.analyst, unread_only=True) == ()


def test_each_person_reads_for_himself(dm, org):
    tell(dm, org, org.analyst, org.viewer)
    notices.mark_all(dm, org.analyst)
    assert notices.unread(dm, org.analyst) == 0
    assert notices.unread(dm, org.viewer) == 1
    (notice,) = notices.notices(dm, org.viewer)
    with pytest.raises(NotFound):
        notices.mark_read(dm, org.analyst, notice.id)
    assert notices.unread(dm, org.viewer) == 1


def test_nobody_is_told_the_same_twice(dm, org):
    assert tell(dm, org, org.analyst, key="fired:1") == 1
    assert tell(dm, org, org.analyst, org.admin, org.admin, key="fired:1") == 1
    assert tell(dm, org, org.analyst) == 1
    assert notices.unread(dm, org.analyst) == 2
    assert notices.unread(dm, org.admin) == 1


def test_who_left_and_who_belongs_elsewhere_is_not_told(dm, org):
    other = factories.organization(dm, "other")
    members.set_active(dm, org.admin, org.analyst.user_id, False)
    assert tell(dm, org, org.analyst, other.admin) == 0
    assert notices.unread(dm, other.admin) == 0


def test_fifty_are_shown_the_newest_first(dm, org):
    for number in range(55):
        tell(dm, org, org.viewer, title=f"Notice {number}")
    assert notices.unread(dm, org.viewer) == 55
    shown = notices.notices(dm, org.viewer)
    assert len(shown) == 50
    assert [n.at for n in shown] == sorted((n.at for n in shown), reverse=True)
