"""A chart's toolbar: its kind, columns, order, options and colours, and the picture to keep.

For any screen that shows a chart of a result: it draws, and returns the chart that is wanted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from app.widgets import theme
from core import charts, columns
from core.charts import amounts, look
from core.columns import Column
from core.export import pictures
from core.types import ChartKind, ChartSpec, QueryResult

KINDS: dict[ChartKind, str] = {
    "bar": "Bars",
    "horizontal_bar": "Horizontal bars",
    "line": "Line",
    "area": "Area",
    "pie": "Ring",
    "scatter": "Points",
    "heatmap": "Heatmap",
    "histogram": "Histogram",
    "box": "Box plot",
    "funnel": "Funnel",
    "map": "Map",
    "kpi": "Figure",
    "table": "Table",
}
SORTS = {"": "As it suits", "largest": "Largest first", "smallest": "Smallest first",
         "name": "By name", "given": "As in the result"}  # fmt: skip
STACKS = {"": "As it suits", "grouped": "Side by side", "stacked": "On top", "share": "Shares"}
GAPS = {"": "As gaps", "zero": "As zero"}
MOST_PICKERS = 4


def draw(
    spec: ChartSpec,
    result: QueryResult,
    key: str,
    *,
    suggested: ChartSpec | None = None,
    tables: bool = True,
    picture: bool = True,
) -> ChartSpec | None:
    """The toolbar of a chart; the chart that the person wants instead, or None.

    `key` is unique to this place on the screen. A screen that keeps the chart gives it back as
    `spec`; one that does not gives the same `spec` until the person saves. `suggested` is what
    there is to go back to. `tables` offers the table as a kind, `picture` the chart as a file.
    What is returned may be kept as it is: every drawing fits it to the data.
    """
    shown = _shown(spec, result)
    toolbar = _Toolbar(shown, result, f"{key}-{'own' if suggested else 'first'}")
    with st.container(
        horizontal=True, vertical_alignment="center", gap="xsmall", key=f"toolbar-{key}"
    ):
        wanted = toolbar.kind(tables)
        toolbar = replace(toolbar, spec=wanted)
        if wanted.kind != "table":
            with st.popover("Adjust", icon=":material/tune:", key=f"adjust-{key}"):
                wanted = toolbar.adjusted()
                if suggested is not None and st.button(
                    "Back to the suggested chart",
                    icon=":material/undo:",
                    type="tertiary",
                    key=f"chart-back-{key}",
                ):
                    return suggested
        if picture and charts.fit(spec, result).kind != "table":
            _picture(spec, result, key)
    return None if wanted in (spec, shown) else wanted


def _shown(spec: ChartSpec, result: QueryResult) -> ChartSpec:
    """The chart as it is drawn, with the options as they were asked for."""
    fitted = charts.fit(spec, result)
    return replace(spec, kind=fitted.kind, x=fitted.x, y=fitted.y, color=fitted.color)


def _picture(spec: ChartSpec, result: QueryResult, key: str) -> None:
    with st.popover("Picture", icon=":material/image:", key=f"picture-{key}"):
        for fmt, mime in (("png", "image/png"), ("svg", "image/svg+xml")):
            st.download_button(
                fmt.upper(),
                data=lambda fmt=fmt: pictures.picture(spec, result, width=960, fmt=fmt) or b"",
                file_name=f"chart.{fmt}",
                mime=mime,
                key=f"picture-{fmt}-{key}",
                width="stretch",
                on_click="ignore",
            )


@dataclass(frozen=True)
class _Toolbar:
    """The controls of one chart. Their keys hold its kind: another one has other controls."""

    spec: ChartSpec
    result: QueryResult
    key: str

    def kind(self, tables: bool) -> ChartSpec:
        """The chart as another kind, its columns made to fit."""
        offered = [kind for kind in charts.kinds(self.spec, self.result)
                   if tables or kind != "table"]  # fmt: skip
        now = self.spec.kind if self.spec.kind in offered else None
        chosen = st.selectbox(
            "Kind of chart",
            offered,
            index=offered.index(now) if now else None,
            format_func=lambda kind: KINDS[kind],
            placeholder="Choose a chart",
            label_visibility="collapsed",
            key=f"chart-kind-{self.key}",
            width=142,
        )
        if chosen is None or chosen == self.spec.kind:
            return self.spec
        return charts.turned(self.spec, chosen, self.result)

    def adjusted(self) -> ChartSpec:
        """The chart with other columns and options."""
        spec = self.spec
        found = columns.named(self.result.table)
        places = [c.name for c in found if c.role != "measure"]
        figures = [c.name for c in found if c.role == "measure"]
        x, y, color = self._columns(spec, places, figures)
        spec = replace(spec, x=x, y=y, color=color)
        measure = next((c for c in found if c.name in (*y, x) and c.role == "measure"), None)
        spec = self._ordered(spec, found)
        with st.container(horizontal=True):
            if spec.kind in ("bar", "horizontal_bar", "line", "scatter", "box"):
                log = st.checkbox("Log axis", spec.log, key=self._named("log"))
                spec = replace(spec, log=log)
            if spec.kind not in ("pie", "scatter", "box", "funnel", "map", "kpi"):
                labels = st.checkbox("Write figures", spec.labels, key=self._named("labels"))
                spec = replace(spec, labels=labels)
        if measure is not None and not measure.unit and not amounts.currency_of(measure.name):
            codes = ["", *amounts.SIGNS]
            currency = st.selectbox(
                "Currency",
                codes,
                index=codes.index(spec.currency) if spec.currency in codes else 0,
                format_func=lambda code: code or "None",
                key=self._named("currency"),
            )
            spec = replace(spec, currency=currency)
        return replace(spec, colors=self._colors(spec, found))

    def _columns(
        self, spec: ChartSpec, places: Sequence[str], figures: Sequence[str]
    ) -> tuple[str | None, tuple[str, ...], str | None]:
        if spec.kind == "histogram":
            return self._one("Figures", figures, spec.x, "x"), (), None
        x, color = spec.x, spec.color
        across = figures if spec.kind == "scatter" and spec.x in figures else places
        if spec.kind == "box":
            x = self._one("Groups", ["", *places], spec.x or "", "x") or None
        elif spec.x is not None:
            x = self._one("Along", across, spec.x, "x")
        if spec.kind in ("bar", "horizontal_bar", "line", "area") and not color:
            y = (
                tuple(
                    st.multiselect(
                        "Figures",
                        [name for name in figures if name != x],
                        [name for name in spec.y if name in figures],
                        key=self._named("y"),
                    )
                )
                or spec.y
            )
        else:
            one = self._one("Figures", [n for n in figures if n != x], spec.y[0], "y")
            y = (one,) if one else spec.y
        if spec.kind == "heatmap":
            color = self._one("Rows", [n for n in places if n != x], color, "color")
        elif spec.kind in ("bar", "horizontal_bar", "line", "area", "scatter"):
            splits = ["", *(n for n in places if n != x)]
            if len(splits) > 1:
                color = self._one("Colours by", splits, color or "", "color") or None
        return x, y, color

    def _ordered(self, spec: ChartSpec, found: Sequence[Column]) -> ChartSpec:
        x = next((c for c in found if c.name == spec.x), None)
        timed = x is not None and x.role == "time"
        if spec.kind in ("bar", "horizontal_bar") and not timed:
            spec = replace(spec, sort=self._choice("Order", SORTS, spec.sort, "sort"))
        if (spec.kind in ("bar", "horizontal_bar") and not timed) or spec.kind == "pie":
            top = st.number_input(
                "Largest, the others as one (0 for as many as fit)",
                0, 100, min(spec.top, 100), key=self._named("top"),
            )  # fmt: skip
            spec = replace(spec, top=int(top))
        several = spec.color is not None or len(spec.y) > 1
        if spec.kind in ("bar", "horizontal_bar") and several:
            spec = replace(spec, stack=self._choice("Bars", STACKS, spec.stack, "stack"))
        if spec.kind == "area" and several:
            parts = {"": "As they are", "share": "Shares"}
            spec = replace(spec, stack=self._choice("Areas", parts, spec.stack, "stack"))
        if spec.kind in ("line", "area", "bar") and timed:
            spec = replace(spec, gaps=self._choice("Periods without rows", GAPS, spec.gaps, "gaps"))
        return spec

    def _colors(self, spec: ChartSpec, found: Sequence[Column]) -> tuple[str, ...]:
        palette = look.of(theme.is_dark()).series
        split = next((c for c in found if c.name == spec.color), None)
        series = split.distinct if split and spec.kind != "heatmap" else max(1, len(spec.y))
        count = max(1, min(MOST_PICKERS, series))
        st.caption("Colours")
        with st.container(horizontal=True, gap="small"):
            picked = [
                st.color_picker(
                    f"Colour {index + 1}",
                    spec.colors[index] if index < len(spec.colors) else palette[index],
                    label_visibility="collapsed",
                    key=self._named(f"paint-{index}"),
                ).upper()
                for index in range(count)
            ]
        own = [i for i, color in enumerate(picked)
               if color != palette[i].upper() or i < len(spec.colors)]  # fmt: skip
        return tuple(picked[: max(own) + 1]) if own else ()

    def _one(self, label: str, offered: Sequence[str], now: str | None, name: str) -> str | None:
        return st.selectbox(
            label,
            offered,
            index=offered.index(now) if now in offered else 0,
            format_func=lambda value: value or "None",
            key=self._named(name),
        )

    def _choice(self, label: str, offered: dict[Any, str], now: Any, name: str) -> Any:
        values = list(offered)
        return st.selectbox(
            label,
            values,
            index=values.index(now) if now in values else 0,
            format_func=lambda value: offered[value],
            key=self._named(name),
        )

    def _named(self, name: str) -> str:
        return f"chart-{name}-{self.spec.kind}-{self.key}"
