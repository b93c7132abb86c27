"""A sparkline: the way to a figure, as one line without axes."""

from base64 import b64encode
from collections.abc import Sequence

import streamlit as st

WIDTH, HEIGHT, EDGE = 200.0, 40.0, 3.0
ACCENT = "#6366F1"


def show(trend: Sequence[float | None]) -> None:
    """Draw the line; periods without a figure are left out."""
    picture = svg(trend)
    if picture:
        source = b64encode(picture.encode()).decode()
        # As an image: Streamlit takes drawings out of HTML.
        st.html(f'<img class="dm-sparkline" alt="" src="data:image/svg+xml;base64,{source}">')


def svg(trend: Sequence[float | None]) -> str:
    """The line as a picture that takes the width there is; empty for less than two figures."""
    known = [(index, value) for index, value in enumerate(trend) if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(v for _, v in known), max(v for _, v in known)
    across = (WIDTH - 2 * EDGE) / (len(trend) - 1)
    up = (HEIGHT - 2 * EDGE) / ((high - low) or 1)
    points = [(EDGE + index * across, HEIGHT - EDGE - (value - low) * up) for index, value in known]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" '
        f'preserveAspectRatio="none"><polyline points="{line}" fill="none" stroke="{ACCENT}" '
        'stroke-width="2" stroke-linejoin="round" vector-effect="non-scaling-stroke"/></svg>'
    )
