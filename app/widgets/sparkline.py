"""A sparkline: the way to a figure, as one line without axes."""

from collections.abc import Sequence

import streamlit as st

WIDTH, HEIGHT, EDGE = 200.0, 40.0, 3.0


def show(trend: Sequence[float | None]) -> None:
    """Draw the line; periods without a figure are left out."""
    st.html(f'<div class="dm-sparkline" aria-hidden="true">{svg(trend)}</div>')


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
        f'<svg viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" preserveAspectRatio="none">'
        f'<polyline points="{line}" vector-effect="non-scaling-stroke"/></svg>'
    )
