"""The person's choice of light, dark or the system's, applied in the browser."""

import streamlit as st

from core.profiles import THEMES

_THEME = st.components.v2.component(
    "datamind_theme",
    js="""
export default function ({ data }) {
  const wanted = JSON.stringify(data.theme);
  let changed = false;
  for (const path of data.paths) {
    const key = `stActiveTheme-${path}-v2`;
    if (localStorage.getItem(key) !== wanted) {
      localStorage.setItem(key, wanted);
      changed = changed || path === window.location.pathname;
    }
  }
  if (changed) window.location.reload();
}
""",
)

PATHS = (
    *("/", "/chat", "/dashboards", "/dashboard", "/connections"),
    *("/alerts", "/library", "/settings", "/organization", "/explore", "/reports"),
)


def follow(choice: str) -> None:
    """Make the browser show this theme on every screen; it reloads once where it differs.

    Streamlit keeps the theme per address in the browser's own storage; an untouched browser
    follows the system.
    """
    if choice not in THEMES:
        return
    with st.container(key="silent-theme"):
        _THEME(data={"theme": choice, "paths": list(PATHS)}, key="theme")


def is_dark() -> bool:
    """Whether this tab shows the dark theme now."""
    return st.context.theme.type == "dark"
