"""Public links: what they open, and everything that ends them."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from core import audit, members
from core.dashboards import boards, links, running, tiles
from core.dashboards.tiles import NewTile
from core.datamind import DataMind
from core.errors import BadInput, NotAllowed, NotFound
from core.store.tables import DashboardLink, User
from tests import factories
from tests.factories import Organization

BY_REGION = "SELECT region, sum(amount) AS revenue FROM sales GROUP BY region"


@pytest.fixture
def board(dm: DataMind, acme: Organization, tmp_path: Path) -> UUID:
    sales = factories.sales(dm, acme.analyst, tmp_path)
    made = boards.create(dm, acme.analyst, "Morning")
    tiles.add(dm, acme.analyst, made, NewTile("Regions", sales, BY_REGION))
    return made


@pytest.fixture
def token(dm: DataMind, acme: Organization, board: UUID) -> str:
    return links.create(dm, acme.analyst, board, days=7)


def over(dm: DataMind, token: str) -> str:
    with pytest.raises(NotFound) as caught:
        links.visit(dm, token)
    return caught.value.message


def test_a_visitor_sees_the_dashboard_as_a_viewer(dm: DataMind, board: UUID, token: str) -> None:
    found = links.visit(dm, token, address="10.0.0.7")
    assert (found.board.title, found.board.may_edit) == ("Morning", False)
    assert (found.actor.role, found.actor.via, found.actor.address) == (
        "viewer",
        "link",
        "10.0.0.7",
    )
    shown = running.run(dm, found.actor, found.board.tiles[0].id)
    assert shown.result.row_count == 2
    with pytest.raises(NotAllowed):
        boards.describe(dm, found.actor, board, "Mine now")


def test_the_token_is_kept_nowhere(
    dm: DataMind, acme: Organization, board: UUID, token: str
) -> None:
    links.visit(dm, token)
    with dm.sessions.read() as db:
        kept = [
            str(value) for row in db.execute(sa.select(DashboardLink.__table__)) for value in row
        ]
    told = repr(audit.entries(dm, acme.admin)) + repr(links.links(dm, acme.analyst, board))
    assert token not in " ".join(kept) + told


def test_all_that_ends_a_link_sounds_the_same(
    dm: DataMind, acme: Organization, board: UUID
) -> None:
    said = {over(dm, "never-was"), over(dm, "")}

    def fresh() -> str:
        return links.create(dm, acme.analyst, board, days=1)

    expired, revoked, forbidden, of_nobody = (fresh() for _ in range(4))
    first, second, *_ = links.links(dm, acme.analyst, board)
    with dm.sessions.write() as db:
        row = db.scalar(sa.select(DashboardLink).where(DashboardLink.id == first.id))
        assert row is not None
        row.expires_at = dm.clock.now() - timedelta(seconds=1)
    links.revoke(dm, acme.analyst, second.id)
    ended = [one for one in (expired, revoked, forbidden, of_nobody) if not works(dm, one)]
    assert len(ended) == 2
    said |= {over(dm, one) for one in ended}

    left = next(one for one in (expired, revoked, forbidden, of_nobody) if one not in ended)
    links.allow(dm, acme.admin, False)
    said.add(over(dm, left))
    with pytest.raises(NotAllowed):
        fresh()
    links.allow(dm, acme.admin, True)
    assert works(dm, left)

    members.set_active(dm, acme.admin, acme.analyst.user_id, active=False)
    said.add(over(dm, left))
    assert len(said) == 1


def works(dm: DataMind, token: str) -> bool:
    try:
        links.visit(dm, token)
    except NotFound:
        return False
    return True


def test_a_link_goes_with_its_makers_account(dm: DataMind, acme: Organization, token: str) -> None:
    with dm.sessions.write() as db:
        db.delete(db.get_one(User, acme.analyst.user_id))
    over(dm, token)


def test_a_link_by_a_colleague_ends_when_it_is_no_longer_shared(
    dm: DataMind, acme: Organization, board: UUID
) -> None:
    boards.share(dm, acme.analyst, board, True)
    token = links.create(dm, acme.admin, board, days=7)
    assert works(dm, token)
    boards.share(dm, acme.analyst, board, False)
    over(dm, token)


def test_viewers_make_no_links_and_only_admins_forbid_them(
    dm: DataMind, acme: Organization, board: UUID, token: str
) -> None:
    boards.share(dm, acme.analyst, board, True)
    link = links.links(dm, acme.analyst, board)[0].id
    for forbidden in (
        lambda: links.create(dm, acme.viewer, board, days=7),
        lambda: links.links(dm, acme.viewer, board),
        lambda: links.revoke(dm, acme.viewer, link),
        lambda: links.allow(dm, acme.analyst, False),
    ):
        with pytest.raises(NotAllowed):
            forbidden()
    with pytest.raises(BadInput):
        links.create(dm, acme.analyst, board, days=5_000)


def test_a_visit_is_in_the_audit_log_once_in_five_minutes(
    dm: DataMind, acme: Organization, token: str
) -> None:
    for _ in range(3):
        links.visit(dm, token)
    visits = [e for e in audit.entries(dm, acme.admin) if e.action == "dashboard.visit"]
    assert len(visits) == 1
