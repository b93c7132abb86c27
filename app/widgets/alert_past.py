"""What an alert would have done in the past: when it would have fired, with a limit to slide."""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

import streamlit as st

from app.problems import plain
from app.widgets import theme
from core import formats
from core.alerts import backtest, pictures
from core.alerts.backtest import DayValue
from core.alerts.definition import Definition

MOST_NAMED = 6


def show(given: Definition, found: Sequence[DayValue], time_zone: str) -> None:
    """Draw the figure as of each day, with when it would have fired."""
    st.markdown("##### The last 90 days" if len(found) == backtest.DAYS else "##### The past")
    rule = given.rule
    known = [day.value for day in found if day.value is not None]
    if rule.kind in ("above", "below") and known and min(known) < max(known):
        slid = st.slider(
            "Try another limit",
            min(known),
            max(known),
            min(max(rule.threshold or 0.0, min(known)), max(known)),
            key="alert-slide",
            help="Nothing is changed: write the limit that you like into the form.",
        )
        rule = replace(rule, threshold=slid)
    firings = backtest.fired(found, rule, given.policies, time_zone)
    zone = ZoneInfo(time_zone)
    if firings:
        days = ", ".join(formats.day(f.since.astimezone(zone).date()) for f in firings[:MOST_NAMED])
        more = f" and {len(firings) - MOST_NAMED} more" if len(firings) > MOST_NAMED else ""
        times = "once" if len(firings) == 1 else f"{len(firings)} times"
        st.markdown(plain(f"It would have fired {times}: {days}{more}."))
    else:
        st.markdown("It would not have fired.")
    figure = pictures.past(found, rule, zone, dark=theme.is_dark())
    if figure is not None:
        st.plotly_chart(figure, theme=None, config={"displayModeBar": False}, key="alert-back")
    st.caption(
        f"Asked as of the end of each of {len(found)} days, of the data as it is now: rows that "
        "were changed since or came late are seen as they are today."
    )
