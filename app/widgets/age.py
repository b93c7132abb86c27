"""How old figures are: "3 min ago", counted on in the browser without another run."""

from datetime import datetime
from html import escape

import streamlit as st

_AGES = st.components.v2.component(
    "datamind_ages",
    js="""
const UNITS = [["day", 86400], ["h", 3600], ["min", 60]];
function words(seconds) {
  for (const [unit, size] of UNITS) {
    const count = Math.floor(seconds / size);
    const named = unit === "day" && count > 1 ? "days" : unit;
    if (count >= 1) return `as of ${count} ${named} ago`;
  }
  return "as of just now";
}
export default function ({ data }) {
  const ahead = data.now * 1000 - Date.now();  // the server's clock counts
  const tell = () => {
    for (const age of document.querySelectorAll("time.dm-age")) {
      const seconds = (Date.now() + ahead - Date.parse(age.dateTime)) / 1000;
      const text = words(Math.max(0, seconds));
      if (age.textContent !== text) age.textContent = text;
    }
  };
  tell();
  const ticking = setInterval(tell, 5000);
  return () => clearInterval(ticking);
}
""",
)


def show(at: datetime, note: str = "") -> None:
    """Say how long ago something was, with the moment itself for a person who points at it.

    The text counts on where `ticking` is on the screen.
    """
    moment = at.isoformat(timespec="seconds")
    after = f" · {escape(note)}" if note else ""
    st.html(
        f'<span class="dm-meta"><time class="dm-age" datetime="{moment}" title="{moment}">as of '
        f"{at:%H:%M} UTC</time>{after}</span>"
    )


def ticking(now: datetime) -> None:
    """Keep all ages on this screen true, by the server's clock. Draw it once, after them."""
    with st.container(key="silent-ages"):
        _AGES(data={"now": now.timestamp()}, key="ages")
