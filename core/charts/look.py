"""How charts look: palettes, type, and the Plotly template, in light and in dark."""

from dataclasses import dataclass
from typing import Any

FONT = "Inter, system-ui, sans-serif"


@dataclass(frozen=True)
class Look:
    """The colours of one mode. `series` are told apart by colour-blind eyes too."""

    text: str
    quiet: str
    grid: str
    line: str
    surface: str
    series: tuple[str, ...]
    rest: str
    pale: str


LIGHT = Look(
    text="#1E293B",
    quiet="#64748B",
    grid="#E2E8F0",
    line="#CBD5E1",
    surface="#FFFFFF",
    series=(
        "#6366F1", "#E4780C", "#0B9A73", "#7A1F4F", "#45A9E6", "#7A5A14", "#1E2A78", "#E879B9",
    ),
    rest="#94A3B8",
    pale="#EEF2FF",
)  # fmt: skip

DARK = Look(
    text="#E2E8F0",
    quiet="#94A3B8",
    grid="#1E293B",
    line="#334155",
    surface="#0F172A",
    series=(
        "#818CF8", "#F28C28", "#17B890", "#FCE2B6", "#67D6F5", "#D1365F", "#A16B1F", "#E879C9",
    ),
    rest="#5B6B82",
    pale="#1E1B4B",
)  # fmt: skip


def of(dark: bool) -> Look:
    """The look of a mode."""
    return DARK if dark else LIGHT


def template(look: Look) -> dict[str, Any]:
    """The Plotly template of a look: our own in full, so that no host's colours shine through."""
    axis = {
        "gridcolor": look.grid,
        "linecolor": look.line,
        "zerolinecolor": look.line,
        "zerolinewidth": 1,
        "tickcolor": look.line,
        "ticks": "",
        "tickfont": {"color": look.quiet, "size": 12},
        "title": {"font": {"color": look.quiet, "size": 12}, "standoff": 10},
        "automargin": True,
        "separatethousands": True,
        "exponentformat": "B",
    }
    return {
        "layout": {
            "font": {"family": FONT, "color": look.text, "size": 13},
            "title": {
                "font": {"family": FONT, "size": 15, "color": look.text, "weight": 600},
                "x": 0,
                "xref": "container",
                "xanchor": "left",
                "pad": {"l": 8},
                "yref": "container",
                "y": 0.98,
                "yanchor": "top",
            },
            "colorway": list(look.series),
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "xaxis": axis,
            "yaxis": axis,
            "hoverlabel": {
                "bgcolor": look.surface,
                "bordercolor": look.line,
                "font": {"family": FONT, "size": 13, "color": look.text},
                "align": "left",
            },
            "legend": {
                "orientation": "h",
                "traceorder": "normal",
                "x": 0,
                "xanchor": "left",
                "y": 1.02,
                "yanchor": "bottom",
                "font": {"size": 12, "color": look.text},
                "title": {"text": ""},
            },
            "modebar": {
                "bgcolor": "rgba(0,0,0,0)",
                "color": look.quiet,
                "activecolor": look.series[0],
                "orientation": "h",
            },
            "separators": ".,",
        }
    }
