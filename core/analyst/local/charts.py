"""The chart that fits a plan: time is a line, ranks are bars, one figure stands alone."""

from core.analyst.local import reading
from core.analyst.local.plan import Plan
from core.types import ChartKind, ChartSpec


def fitting(  # noqa: PLR0911 - one line per kind of answer
    plan: Plan, aliases: list[str]
) -> ChartSpec:
    """A chart for the columns of the result, named as in the SQL (`aliases`)."""
    title = reading.title(plan)
    groups, measures = aliases[: len(plan.groups)], tuple(aliases[len(plan.groups) :])
    asked: ChartKind | None = plan.chart or None  # type: ignore[assignment]
    if not measures or plan.everything or asked == "table":
        return ChartSpec("table", title=title)
    if plan.drivers or (plan.versus and not groups):
        return ChartSpec("table", title=title)
    if not groups or plan.average:
        y = (f"average_{measures[-1]}",) if plan.average else measures[:1]
        return ChartSpec("kpi", y=y, title=title)
    if plan.running:
        measures = (f"running_{measures[-1]}",)
    timed = plan.grain not in (None, "weekday", "weekend")
    color = groups[1] if len(groups) > 1 else None
    y = measures[:1] if color else measures
    if asked:
        return ChartSpec(
            asked, x=groups[0], y=y if asked != "pie" else measures[:1], color=color, title=title
        )
    if plan.limit == 1:
        return ChartSpec("table", title=title)
    if timed:
        return ChartSpec("line", x=groups[0], y=y, color=color, title=title)
    if plan.grain:
        return ChartSpec("bar", x=groups[0], y=y, color=color, title=title)
    return ChartSpec("horizontal_bar", x=groups[0], y=y, color=color, title=title)
