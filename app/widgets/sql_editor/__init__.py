"""Writing SQL: colours, completion of tables and columns, Ctrl+Enter to run.

The browser holds the text while a person types; Python hears of it when the editor is left, after
a pause, or on Ctrl+Enter. A rerun never changes what is being typed: only another `version` of the
text does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import streamlit as st

from app import state

LIBRARY: Final = "/app/static/codemirror/codemirror-6.js"
DIALECTS: Final = {"postgres": "PostgreSQL", "mysql": "MySQL", "sqlite": "SQLite"}
MOST_COMPLETED: Final = 20_000
"""Columns that completion knows: more would weigh on every rerun."""

_HERE = Path(__file__).parent
_EDITOR = st.components.v2.component(
    "datamind_sql_editor",
    css=(_HERE / "editor.css").read_text("utf-8"),
    js=(_HERE / "editor.js").read_text("utf-8"),
    isolate_styles=False,
)


@dataclass(frozen=True)
class Edited:
    """The text as the person left it, and whether it is to run: all of it, or what is selected."""

    text: str
    run: str | None = None


def edit(
    text: str,
    *,
    key: str,
    version: int,
    dialect: str,
    tables: Mapping[str, Sequence[str]],
    label: str = "SQL",
) -> Edited:
    """Draw the editor. `text` is shown anew when `version` is another than before."""
    answer = _EDITOR(
        data={
            "library": LIBRARY,
            "text": text,
            "version": version,
            "label": label,
            "dialect": DIALECTS.get(dialect, "StandardSQL"),
            "tables": _bounded(tables),
        },
        key=key,
        on_text_change=lambda: None,
        on_run_change=lambda: None,
    )
    told = answer.get("text")
    current = text
    if isinstance(told, Mapping) and told.get("version") == version:
        current = str(told.get("text", text))
    asked = answer.get("run")
    if not isinstance(asked, Mapping) or asked.get("version") != version:
        return Edited(current)
    count = asked.get("count")
    if state.recall(f"{key}-ran") == count:
        return Edited(current)
    state.remember(f"{key}-ran", count)
    return Edited(str(asked.get("text", current)), str(asked.get("part") or asked.get("text", "")))


def _bounded(tables: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    left, known = MOST_COMPLETED, {}
    for name, columns in tables.items():
        known[name] = list(columns)[: max(left, 0)]
        left -= len(columns)
    return known
