"""The tiles of a dashboard on twelve columns, each in its place; on a phone one below another."""

from collections.abc import Callable, Iterator, Sequence

import streamlit as st

from core.dashboards.views import COLUMNS, Place, Tile

ROW_HEIGHT = 60
GAP = 12


def height(place: Place) -> int:
    """The pixels that a place is high."""
    return place.h * ROW_HEIGHT + (place.h - 1) * GAP


def show(tiles: Sequence[Tile], draw: Callable[[Tile], None]) -> None:
    """Draw each tile in its place. Empty cells stand where nothing is."""
    if not tiles:
        st.markdown("Nothing stands here yet.")
        st.caption("Add a tile from a saved query or SQL, or pin an answer from a chat.")
        return
    with st.container(key="dashboard-tiles"):
        grid = st.grid(COLUMNS, wrap=False, min_column_width=20, row_height=ROW_HEIGHT, gap=GAP)
        for tile, span in cells(tiles):
            if tile is None:
                grid.cell(column_span=span)
            else:
                with grid.cell(column_span=tile.place.w, row_span=tile.place.h):
                    draw(tile)


def cells(tiles: Sequence[Tile]) -> Iterator[tuple[Tile | None, int]]:
    """Tiles and runs of empty cells (with their width) from the top left, row by row."""
    begins = {(tile.place.x, tile.place.y): tile for tile in tiles}
    taken = {
        (column, row)
        for tile in tiles
        for column in range(tile.place.x, tile.place.x + tile.place.w)
        for row in range(tile.place.y, tile.place.y + tile.place.h)
    }
    for row in range(max((y for _, y in begins), default=-1) + 1):
        hole = 0
        for column in range(COLUMNS + 1):
            at = (column, row)
            if column < COLUMNS and at not in taken:
                hole += 1
                continue
            if hole:
                yield None, hole
                hole = 0
            if at in begins:
                yield begins[at], begins[at].place.w
