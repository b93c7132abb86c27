"""The demo's dashboard: whole, shared, and put up once, on installations from before it too."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from core import accounts, datamind
from core.dashboards import boards, filtering, layout, running
from core.datamind import DataMind
from core.demo import morning, organization
from core.store.tables import Connection
from core.types import Actor, Role
from tests import factories


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DataMind]:
    dm = factories.open_house(tmp_path_factory.mktemp("demo"), datamind_demo="on")
    organization.ensure(dm)
    yield dm
    datamind.close(dm)


def person(dm: DataMind, role: Role) -> Actor:
    found = accounts.actor_of(dm, organization.user(dm, role), "user")
    assert found is not None
    return found


def test_everybody_sees_it_and_every_tile_shows_figures(demo: DataMind) -> None:
    viewer = person(demo, "viewer")
    (entry,) = boards.dashboards(demo, viewer)
    assert (entry.title, entry.owner, entry.tiles) == (morning.TITLE, "Jonas Brandt", 12)
    board = boards.dashboard(demo, viewer, entry.id)
    layout.check(tile.place for tile in board.tiles)
    for tile in board.tiles:
        if tile.kind != "text":
            shown = running.run(demo, viewer, tile.id)
            assert shown.result.row_count > 1, tile.title
            assert shown.chart.kind == (tile.chart.kind if tile.chart else None), tile.title


@pytest.mark.parametrize(
    ("given", "tiles"),
    [({"country": ("Austria",)}, 9), ({"channel": ("Web",)}, 9), ({"period": ("this_year",)}, 11)],
)
def test_its_filters_reach_the_tiles(demo: DataMind, given: filtering.Given, tiles: int) -> None:
    viewer = person(demo, "viewer")
    (entry,) = boards.dashboards(demo, viewer)
    board = boards.dashboard(demo, viewer, entry.id)
    asked = filtering.restrictions(board, given, (), factories.TODAY)
    looked = [
        running.run(demo, viewer, tile.id, asked=asked)
        for tile in board.tiles
        if tile.kind != "text"
    ]
    assert sum(bool(shown.heeded) for shown in looked) == tiles


def test_it_is_put_up_once_and_on_an_installation_from_before_it(demo: DataMind) -> None:
    admin = person(demo, "admin")
    (entry,) = boards.dashboards(demo, admin)
    boards.delete(demo, admin, entry.id)
    organization.ensure(demo)
    assert boards.dashboards(demo, admin) == ()

    with demo.sessions.write() as db:
        for row in db.scalars(sa.select(Connection).where(Connection.name == organization.SHOP)):
            kept = {k: v for k, v in row.extra_config.items() if k != "dashboard"}
            row.extra_config = kept
    organization.ensure(demo)
    assert [e.title for e in boards.dashboards(demo, admin)] == [morning.TITLE]
