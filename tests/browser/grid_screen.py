"""A screen with nothing but the editor of layouts: what it keeps is a file that a test reads."""

import json
import os
from dataclasses import asdict
from pathlib import Path

import streamlit as st

from app import style
from app.widgets import dashboard_grid
from app.widgets.dashboard_grid import GridTile

KEPT = Path(os.environ["GRID_KEPT"])

style.apply()
st.html("<style>.stMainBlockContainer { padding-top: 3.5rem }</style>")
kept = json.loads(KEPT.read_text())
tiles = [GridTile(**tile) for tile in kept["tiles"]]
refuses = st.toggle("Save nothing")
wanted = dashboard_grid.edit(tiles, key="arrange")
if wanted and not refuses:
    places = {place.id: asdict(place) for place in wanted}
    kept["tiles"] = [asdict(tile) | places[tile.id] for tile in tiles]
    KEPT.write_text(json.dumps({**kept, "saves": kept["saves"] + 1}))
    st.rerun()
st.button("Run again")
st.text(f"Saved {kept['saves']} times, {'wanted' if wanted else 'nothing wanted'}")
