"""A chart of Excel's own over the rows of the Data sheet, where Excel can draw what it says."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from core import charts, columns, formats
from core.charts import look
from core.columns import Column
from core.types import ChartSpec, QueryResult

if TYPE_CHECKING:
    from xlsxwriter import Workbook  # type: ignore[import-untyped]
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

MOST_BARS = 40
MOST_SLICES = 12
MOST_POINTS = 5_000
WIDTH, HEIGHT = 760, 380
_KINDS = {
    "bar": {"type": "column"},
    "horizontal_bar": {"type": "bar"},
    "line": {"type": "line"},
    "area": {"type": "area"},
    "pie": {"type": "doughnut"},
    "scatter": {"type": "scatter"},
}


def insert(
    book: "Workbook", page: "Worksheet", row: int, spec: ChartSpec | None, table: pa.Table
) -> bool:
    """Put the chart on a page at a row, over the cells of the sheet named Data.

    False where Excel cannot draw it from the rows as they are: colours that split rows, more
    than 40 bars or 12 slices, kinds that it lacks.
    """
    fitted = charts.fit(spec, QueryResult(table)) if spec is not None else None
    if fitted is None or fitted.kind not in _KINDS or fitted.color or not fitted.x:
        return False
    found = columns.read(table)
    x = next((c for c in found if c.name == fitted.x), None)
    y = [c for c in found if c.name in fitted.y]
    if x is None or not y or not _room(fitted.kind, table.num_rows):
        return False
    chart = book.add_chart(_KINDS[fitted.kind])
    names = table.column_names
    for number, column in enumerate(y):
        chart.add_series(_series(fitted.kind, names, x, column, table, number))
    _dress(chart, fitted, x, y)
    page.insert_chart(row, 1, chart, {"object_position": 1, "description": _alt(fitted, y)})
    return True


def _room(kind: str, rows: int) -> bool:
    most = {"pie": MOST_SLICES, "bar": MOST_BARS, "horizontal_bar": MOST_BARS}
    return 1 < rows <= most.get(kind, MOST_POINTS)


def _series(
    kind: str, names: Sequence[str], x: Column, y: Column, table: pa.Table, number: int
) -> dict[str, Any]:
    last = table.num_rows
    across, along = names.index(x.name), names.index(y.name)
    color = look.LIGHT.series[number % len(look.LIGHT.series)]
    series: dict[str, Any] = {
        "name": ["Data", 0, along],
        "categories": ["Data", 1, across, last, across],
        "values": ["Data", 1, along, last, along],
    }
    if kind == "pie":
        paints = [*look.LIGHT.series, *look.LIGHT.series][: table.num_rows]
        series["points"] = [{"fill": {"color": paint}} for paint in paints]
        series["data_labels"] = {"percentage": True}
    elif kind == "line":
        series["line"] = {"color": color, "width": 2}
    elif kind == "scatter":
        series["marker"] = {"type": "circle", "size": 6, "fill": {"color": color},
                            "border": {"none": True}}  # fmt: skip
    else:
        series |= {"fill": {"color": color}, "gap": 60}
    return series


def _dress(chart: Any, spec: ChartSpec, x: Column, y: Sequence[Column]) -> None:
    chart.set_size({"width": WIDTH, "height": HEIGHT})
    title = formats.shortened(spec.title, 200)
    if title:
        chart.set_title({"name": title, "name_font": {"size": 12}, "overlay": False})
    else:
        chart.set_title({"none": True})
    if len(y) == 1 and spec.kind != "pie":
        chart.set_legend({"none": True})
    else:
        chart.set_legend({"position": "right" if spec.kind == "pie" else "top"})
    grid = {"visible": True, "line": {"color": look.LIGHT.grid}}
    figures = {"major_gridlines": grid, "line": {"none": True}}
    places: dict[str, Any] = {"major_gridlines": {"visible": False}}
    if x.times is not None and pa.types.is_temporal(x.data.type) and spec.kind != "scatter":
        forms = {"year": "yyyy", "month": "mmm yyyy", "quarter": "mmm yyyy"}
        places |= {"date_axis": True, "num_format": forms.get(x.grain, "d mmm yyyy")}
    if spec.kind == "horizontal_bar":
        places["reverse"] = True
    chart.set_x_axis(places)
    chart.set_y_axis(figures)


def _alt(spec: ChartSpec, y: Sequence[Column]) -> str:
    shown = ", ".join(formats.heading(column.name) for column in y)
    return f"{spec.kind.replace('_', ' ').capitalize()} chart of {shown}"
