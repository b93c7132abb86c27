"""Dashboards: who sees and changes them, what stands on them, and what survives."""

import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from pypdf import PdfReader

from core import connections, library
from core.dashboards import boards, layout, printing, running, tiles
from core.dashboards.tiles import NewTile
from core.dashboards.views import Board, Place
from core.datamind import DataMind
from core.errors import BadInput, LimitReached, NotAllowed, NotFound, QueryFailed, UnsafeSql
from core.store.tables import Dashboard, User, Widget
from core.types import Actor, ChartSpec
from tests import factories
from tests.factories import Organization

BY_REGION = "SELECT region, sum(amount) AS revenue FROM sales GROUP BY region ORDER BY region"


@pytest.fixture
def sales(dm: DataMind, acme: Organization, tmp_path: Path) -> UUID:
    return factories.sales(dm, acme.analyst, tmp_path)


@pytest.fixture
def board(dm: DataMind, acme: Organization) -> UUID:
    return boards.create(dm, acme.analyst, "Morning", "What we look at first")


def seen(dm: DataMind, who: Actor, board: UUID) -> Board:
    return boards.dashboard(dm, who, board)


def titles(dm: DataMind, who: Actor, **asked: str) -> list[str]:
    return [entry.title for entry in boards.dashboards(dm, who, **asked)]


# --- who sees and changes ----------------------------------------------------------------


def test_a_dashboard_is_its_makers_own_until_it_is_shared(
    dm: DataMind, acme: Organization, board: UUID
) -> None:
    assert [titles(dm, who) for who in acme.people] == [[], ["Morning"], []]
    boards.share(dm, acme.analyst, board, True)
    assert [titles(dm, who) for who in acme.people] == [["Morning"]] * 3
    boards.share(dm, acme.admin, board, False)
    with pytest.raises(NotFound):
        seen(dm, acme.viewer, board)


def test_a_viewer_sees_a_shared_one_and_changes_nothing(
    dm: DataMind, acme: Organization, board: UUID, sales: UUID
) -> None:
    tile = tiles.add(dm, acme.analyst, board, NewTile("Regions", sales, BY_REGION))
    boards.share(dm, acme.analyst, board, True)
    viewer = acme.viewer
    opened = seen(dm, viewer, board)
    assert (opened.may_edit, opened.may_delete) == (False, False)
    assert running.run(dm, viewer, tile).result.row_count == 2
    new = NewTile("x", sales, BY_REGION)
    for forbidden in (
        lambda: boards.create(dm, viewer, "Mine"),
        lambda: boards.describe(dm, viewer, board, "x"),
        lambda: boards.share(dm, viewer, board, False),
        lambda: boards.duplicate(dm, viewer, board),
        lambda: boards.delete(dm, viewer, board),
        lambda: boards.refresh_every(dm, viewer, board, 60),
        lambda: layout.arrange(dm, viewer, board, {}, version=1),
        lambda: tiles.add(dm, viewer, board, new),
        lambda: tiles.edit(dm, viewer, tile, new),
        lambda: tiles.duplicate_tile(dm, viewer, tile),
        lambda: tiles.remove(dm, viewer, tile),
        lambda: tiles.restore(dm, viewer, tile),
    ):
        with pytest.raises(NotAllowed):
            forbidden()


def test_only_its_owner_or_an_admin_unshares_and_deletes(
    dm: DataMind, acme: Organization, board: UUID
) -> None:
    boards.share(dm, acme.analyst, board, True)
    mine = boards.create(dm, acme.admin, "Board meeting")
    boards.share(dm, acme.admin, mine, True)
    for forbidden in (boards.delete, lambda *a: boards.share(*a, False)):
        with pytest.raises(NotAllowed):
            forbidden(dm, acme.analyst, mine)
    boards.delete(dm, acme.admin, board)
    assert titles(dm, acme.analyst) == ["Board meeting"]


def test_what_a_person_leaves_behind_is_the_admins_to_see(
    dm: DataMind, acme: Organization, board: UUID
) -> None:
    with dm.sessions.write() as db:
        db.delete(db.get_one(User, acme.analyst.user_id))
    assert titles(dm, acme.viewer) == []
    (entry,) = boards.dashboards(dm, acme.admin)
    assert (entry.owner, entry.is_mine) == ("", False)


# --- the list ----------------------------------------------------------------------------


def test_the_list_tells_owner_tiles_and_age_and_is_searched(
    dm: DataMind, acme: Organization, board: UUID, sales: UUID
) -> None:
    tile = tiles.add(dm, acme.analyst, board, NewTile("Regions", sales, BY_REGION))
    boards.create(dm, acme.analyst, "100 % sure")
    entry = next(e for e in boards.dashboards(dm, acme.analyst) if e.id == board)
    assert (entry.owner, entry.tiles, entry.refreshed_at) == ("Analyst Person", 1, None)
    shown = running.run(dm, acme.analyst, tile)
    entry = next(e for e in boards.dashboards(dm, acme.analyst) if e.id == board)
    assert entry.refreshed_at == shown.at
    for words, found in {"mORN": 1, "look at": 1, "analyst p": 2, "%": 1, "_": 0}.items():
        assert len(titles(dm, acme.analyst, search=words)) == found, words


@pytest.mark.parametrize("title", ["", "  \n ", "x" * 501])
def test_a_title_has_1_to_500_characters(dm: DataMind, acme: Organization, title: str) -> None:
    with pytest.raises(BadInput):
        boards.create(dm, acme.analyst, title)


def test_a_copy_is_ones_own_and_stands_for_itself(
    dm: DataMind, acme: Organization, board: UUID, sales: UUID
) -> None:
    tiles.add(dm, acme.analyst, board, NewTile("Regions", sales, BY_REGION))
    boards.share(dm, acme.analyst, board, True)
    copy = seen(dm, acme.admin, boards.duplicate(dm, acme.admin, board))
    assert (copy.title, copy.is_shared, copy.owner) == ("Morning (copy)", False, "Ada Admin")
    tiles.remove(dm, acme.admin, copy.tiles[0].id)
    assert len(seen(dm, acme.admin, board).tiles) == 1


# --- tiles -------------------------------------------------------------------------------


def test_tiles_come_from_sql_a_saved_query_an_answer_and_words(
    dm: DataMind, acme: Organization, board: UUID, sales: UUID
) -> None:
    who = acme.analyst
    _, answer = factories.answered(dm, who, "Total amount by region", sales)
    saved = library.save(dm, who, answer.id, name="By region")
    tiles.add(dm, who, board, NewTile("Table", sales, BY_REGION, ChartSpec("table")))
    tiles.add_saved(dm, who, board, saved)
    tiles.pin(dm, who, answer.id, board, title="Pinned")
    tiles.add(dm, who, board, NewTile("", markdown="## Notes"))
    found = {tile.title: tile for tile in seen(dm, who, board).tiles}
    assert {title: tile.kind for title, tile in found.items()} == {
        "Table": "table", "By region": "chart", "Pinned": "chart", "": "text",
    }  # fmt: skip
    assert found["Pinned"].chart == answer.chart
    assert found[""].text == "## Notes"
    layout.check(tile.place for tile in found.values())
    shown = running.run(dm, who, found["By region"].id)
    assert (shown.chart.kind, shown.result.row_count) == ("bar", 2)


@pytest.mark.parametrize("sql", ["DELETE FROM sales", "SELECT * FROM people", "SELECT 1; SELECT 2"])
def test_sql_is_guarded_when_it_is_kept(
    dm: DataMind, acme: Organization, board: UUID, sales: UUID, sql: str
) -> None:
    tile = tiles.add(dm, acme.analyst, board, NewTile("Regions", sales, BY_REGION))
    with pytest.raises(UnsafeSql):
        tiles.add(dm, acme.analyst, board, NewTile("Bad", sales, sql))
    with pytest.raises(UnsafeSql):
        tiles.edit(dm, acme.analyst, tile, NewTile("Bad", sales, sql))
    assert seen(dm, acme.analyst, board).tiles[0].sql == BY_REGION


def test_sql_is_guarded_again_when_it_runs(
    dm: DataMind, acme: Organization, board: UUID, sales: UUID
) -> None:
    tile = tiles.add(dm, acme.analyst, board, NewTile("Regions", sales, BY_REGION))
    with dm.sessions.write() as db:
        db.get_one(Widget, tile).query_sql = "DROP TABLE sales"
    with pytest.raises(UnsafeSql):
        running.run(dm, acme.analyst, tile)
    assert "DROP" in seen(dm, acme.analyst, board).tiles[0].last_error.upper()


def test_anothers_answer_cannot_be_pinned(
    dm: DataMind, acme: Organization, board: UUID, sales: UUID
) -> None:
    _, answer = factories.answered(dm, acme.viewer, "Total amount by region", sales)
    with pytest.raises(NotFound):
        tiles.pin(dm, acme.analyst, answer.id, board)


def test_an_edited_tile_keeps_its_place(
    dm: DataMind, acme: Organization, board: UUID, sales: UUID
) -> None:
    tiles.add(dm, acme.analyst, board, NewTile("First", sales, BY_REGION))
    tile = tiles.add(dm, acme.analyst, board, NewTile("Regions", sales, BY_REGION))
    before = seen(dm, acme.analyst, board)
    new = NewTile("Orders", sales, "SELECT count(*) AS n FROM sales", ChartSpec("kpi", y=("n",)))
    tiles.edit(dm, acme.analyst, tile, replace(new, refresh_seconds=3600))
    after = seen(dm, acme.analyst, board).tile(tile)
    was = before.tile(tile)
    assert after is not None
    assert was is not None
    assert (after.title, after.kind, after.refresh_seconds) == ("Orders", "kpi", 3600)
    assert after.place == was.place


def test_a_removed_tile_comes_back_where_it_was_or_below(
    dm: DataMind, acme: Organization, board: UUID, sales: UUID
) -> None:
    who = acme.analyst
    tile = tiles.add(dm, who, board, NewTile("Regions", sales, BY_REGION))
    tiles.remove(dm, who, tile)
    assert seen(dm, who, board).tiles == ()
    with pytest.raises(NotFound):
        running.run(dm, who, tile)
    tiles.add(dm, who, board, NewTile("Newer", sales, BY_REGION))
    tiles.restore(dm, who, tile)
    tiles.restore(dm, who, tile)
    places = {t.title: t.place for t in seen(dm, who, board).tiles}
    assert places == {"Newer": Place(0, 0, 6, 6), "Regions": Place(0, 6, 6, 6)}


def test_a_removed_tile_is_forgotten_after_thirty_days(
    dm: DataMind, acme: Organization, board: UUID, sales: UUID
) -> None:
    old, new = (
        tiles.add(dm, acme.analyst, board, NewTile(name, sales, BY_REGION)) for name in "ab"
    )
    tiles.remove(dm, acme.analyst, old)
    with dm.sessions.write() as db:
        db.get_one(Widget, old).removed_at = dm.clock.now() - timedelta(days=31)
    tiles.remove(dm, acme.analyst, new)
    with pytest.raises(NotFound):
        tiles.restore(dm, acme.analyst, old)


def test_a_dashboard_holds_sixty_tiles(dm: DataMind, acme: Organization, board: UUID) -> None:
    for number in range(tiles.MOST_TILES):
        tiles.add(dm, acme.analyst, board, NewTile(str(number), markdown="x"))
    with pytest.raises(LimitReached):
        tiles.add(dm, acme.analyst, board, NewTile("one more", markdown="x"))
    layout.check(tile.place for tile in seen(dm, acme.analyst, board).tiles)


# --- what a tile shows -------------------------------------------------------------------


def test_figures_come_from_the_cache_and_tell_their_age(
    dm: DataMind, acme: Organization, board: UUID, sales: UUID
) -> None:
    tile = tiles.add(dm, acme.analyst, board, NewTile("Regions", sales, BY_REGION))
    first, again = (running.run(dm, acme.analyst, tile) for _ in range(2))
    assert (first.result.cached, again.result.cached) == (False, True)
    assert first.at == again.at
    pressed = dm.clock.now()
    fresh, again = (running.run(dm, acme.analyst, tile, since=pressed) for _ in range(2))
    assert fresh.at > first.at
    assert (fresh.result.cached, again.result.cached) == (False, True)


def test_a_chart_that_does_not_fit_is_corrected(
    dm: DataMind, acme: Organization, board: UUID, sales: UUID
) -> None:
    wrong = ChartSpec("line", x="nothing", y=("region",))
    tile = tiles.add(dm, acme.analyst, board, NewTile("Regions", sales, BY_REGION, wrong))
    chart = running.run(dm, acme.analyst, tile).chart
    assert (chart.kind, chart.x, chart.y) == ("bar", "region", ("revenue",))


def test_a_tile_whose_connection_is_gone_says_so_and_is_kept(
    dm: DataMind, acme: Organization, board: UUID, sales: UUID
) -> None:
    tile = tiles.add(dm, acme.analyst, board, NewTile("Regions", sales, BY_REGION))
    connections.delete(dm, acme.admin, sales)
    with pytest.raises(BadInput, match="connection of this tile has been deleted"):
        running.run(dm, acme.analyst, tile)
    kept = seen(dm, acme.analyst, board).tiles[0]
    assert (kept.sql, kept.connection_id) == (BY_REGION, None)
    assert "deleted" in kept.last_error


def test_what_went_wrong_is_kept_until_it_goes_right(
    dm: DataMind, acme: Organization, board: UUID, sales: UUID
) -> None:
    broken = "SELECT CAST(region AS INTEGER) AS n FROM sales"
    tile = tiles.add(dm, acme.analyst, board, NewTile("Broken", sales, broken))
    with pytest.raises(QueryFailed):
        running.run(dm, acme.analyst, tile)
    assert seen(dm, acme.analyst, board).tiles[0].last_error
    tiles.edit(dm, acme.analyst, tile, NewTile("Whole", sales, BY_REGION))
    running.run(dm, acme.analyst, tile)
    assert seen(dm, acme.analyst, board).tiles[0].last_error == ""


# --- the layout --------------------------------------------------------------------------


def test_of_two_who_arrange_at_once_the_second_is_told(
    dm: DataMind, acme: Organization, board: UUID
) -> None:
    boards.share(dm, acme.analyst, board, True)
    tile = tiles.add(dm, acme.analyst, board, NewTile("", markdown="x"))
    version = seen(dm, acme.analyst, board).version
    layout.arrange(dm, acme.analyst, board, {tile: Place(6, 0, 6, 3)}, version=version)
    with pytest.raises(BadInput, match="Somebody else"):
        layout.arrange(dm, acme.admin, board, {tile: Place(0, 9, 6, 3)}, version=version)
    assert seen(dm, acme.admin, board).tiles[0].place == Place(6, 0, 6, 3)


@pytest.mark.parametrize(
    "places",
    [
        [Place(0, 0, 6, 3)],
        [Place(0, 0, 6, 3), Place(5, 2, 6, 3)],
        [Place(0, 0, 6, 3), Place(7, 0, 6, 3)],
        [Place(0, 0, 6, 3), Place(6, -1, 6, 3)],
        [Place(0, 0, 6, 3), Place(6, 0, 0, 3)],
        [Place(0, 0, 6, 3), Place(6, 3_000, 6, 3)],
    ],
)
def test_what_is_no_layout_is_refused(
    dm: DataMind, acme: Organization, board: UUID, places: list[Place]
) -> None:
    two = [tiles.add(dm, acme.analyst, board, NewTile("", markdown="x")) for _ in range(2)]
    before = seen(dm, acme.analyst, board)
    wanted = dict(zip(two, places, strict=False))
    with pytest.raises(BadInput):
        layout.arrange(dm, acme.analyst, board, wanted, version=before.version)
    assert seen(dm, acme.analyst, board) == before


def test_a_position_that_makes_no_sense_is_made_one(
    dm: DataMind, acme: Organization, board: UUID
) -> None:
    tile = tiles.add(dm, acme.analyst, board, NewTile("", markdown="x"))
    for position in ({}, {"x": 11, "w": 40}, {"x": -3, "y": "a", "h": 0, "w": None}):
        with dm.sessions.write() as db:
            db.get_one(Widget, tile).position = position
        layout.check([seen(dm, acme.analyst, board).tiles[0].place])


def test_deleting_takes_the_tiles_along(dm: DataMind, acme: Organization, board: UUID) -> None:
    tiles.add(dm, acme.analyst, board, NewTile("", markdown="x"))
    boards.delete(dm, acme.analyst, board)
    with dm.sessions.read() as db:
        assert (db.query(Dashboard).count(), db.query(Widget).count()) == (0, 0)


# --- taken along -------------------------------------------------------------------------


def test_a_dashboard_is_printed_with_what_each_of_its_tiles_shows(
    dm: DataMind, acme: Organization, board: UUID, sales: UUID
) -> None:
    tiles.add(dm, acme.analyst, board, NewTile("Regions", sales, BY_REGION))
    tiles.add(dm, acme.analyst, board, NewTile("", markdown="## Read me first"))
    gone = tiles.add(dm, acme.analyst, board, NewTile("Gone", sales, BY_REGION))
    with dm.sessions.write() as db:
        db.get_one(Widget, gone).query_sql = "SELECT n FROM nowhere"
    boards.share(dm, acme.analyst, board, True)
    file = printing.pdf(dm, acme.viewer, board)
    assert (file.name, file.mime) == ("morning.pdf", "application/pdf")
    said = " ".join(
        word
        for page in PdfReader(io.BytesIO(file.content)).pages
        for word in page.extract_text().split()
    )
    told = ("Morning", "What we look at first", "Regions", "North", "Read me first", "No table")
    for words in told:
        assert words in said
    assert "Page 1 of 1" in said
