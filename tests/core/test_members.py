"""Members: who may change whom, and the limits of the plan."""

import pytest

from core import members
from core.datamind import DataMind
from core.errors import BadInput, LimitReached, NotAllowed
from core.store.tables import Organization as OrganizationRow
from tests.factories import Organization


def roles(dm: DataMind, acme: Organization) -> dict[str, str]:
    return {m.email.split("@")[0]: m.role for m in members.members(dm, acme.admin)}


def test_an_admin_adds_and_changes_members(dm: DataMind, acme: Organization) -> None:
    password = members.add(dm, acme.admin, email="Zoe@acme.example", full_name="")
    assert len(password) >= 12
    assert roles(dm, acme)["zoe"] == "analyst"
    zoe = next(m for m in members.members(dm, acme.admin) if m.email == "zoe@acme.example")
    members.change_role(dm, acme.admin, zoe.id, "viewer")
    assert roles(dm, acme)["zoe"] == "viewer"


@pytest.mark.parametrize("role", ["analyst", "viewer"])
def test_others_may_do_none_of_it(dm: DataMind, acme: Organization, role: str) -> None:
    who = getattr(acme, role)
    for act in (
        lambda: members.members(dm, who),
        lambda: members.add(dm, who, email="a@b.example", full_name="A"),
        lambda: members.change_role(dm, who, acme.viewer.user_id, "admin"),
        lambda: members.set_active(dm, who, acme.viewer.user_id, active=False),
    ):
        with pytest.raises(NotAllowed, match=role):
            act()


def test_a_known_email_is_said(dm: DataMind, acme: Organization) -> None:
    with pytest.raises(BadInput, match="already a member"):
        members.add(dm, acme.admin, email="viewer@acme.example", full_name="V")


def test_the_plan_limits_active_members(dm: DataMind, acme: Organization) -> None:
    with dm.sessions.write() as db:
        db.get_one(OrganizationRow, acme.admin.org_id).max_users = 3
    with pytest.raises(LimitReached, match="3 active members"):
        members.add(dm, acme.admin, email="fourth@acme.example", full_name="F")
    members.set_active(dm, acme.admin, acme.viewer.user_id, active=False)
    members.add(dm, acme.admin, email="fourth@acme.example", full_name="F")
    with pytest.raises(LimitReached):
        members.set_active(dm, acme.admin, acme.viewer.user_id, active=True)


def test_the_last_admin_stays(dm: DataMind, acme: Organization) -> None:
    with pytest.raises(BadInput, match="only admin"):
        members.change_role(dm, acme.admin, acme.admin.user_id, "viewer")
    with pytest.raises(BadInput, match="only admin"):
        members.set_active(dm, acme.admin, acme.admin.user_id, active=False)
    members.change_role(dm, acme.admin, acme.analyst.user_id, "admin")
    members.change_role(dm, acme.admin, acme.admin.user_id, "viewer")
