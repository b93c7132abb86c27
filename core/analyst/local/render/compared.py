"""Two periods side by side, and what the change between them is made of."""

import dataclasses
from functools import reduce

from sqlglot import exp

from core.analyst.local.plan import Either, Group, Measure, Plan, Window
from core.analyst.local.render.flows import Flows

DRIVERS_SHOWN = 10
WHOLE = "total"


class Compared(Flows):
    """Renders plans with two periods."""

    def _versus(self, plan: Plan) -> exp.Query:
        """Two periods side by side, and the change in percent."""
        window, other = plan.window, plan.versus
        assert window is not None
        assert other is not None
        plan = _same_months(plan)
        name = self.aliases(plan)[-1]
        if plan.groups:
            sides: exp.Select = self._sides(plan, plan.groups)
        else:
            sides = exp.select(
                self._as(exp.paren(self._only(plan, window)), name),
                self._as(exp.paren(self._only(plan, other)), f"{name}_before"),
            )
        keys = self.aliases(plan)[: len(plan.groups)]
        before = f"{name}_before"
        outer = exp.select(*self._all([*keys, name, before])).from_(sides.subquery("compared"))
        outer = outer.select(self._as(self._percent_change(name, before), "change_percent"))
        if plan.movers in ("up", "down"):
            kind = exp.GT if plan.movers == "up" else exp.LT
            outer = outer.where(kind(this=self._raw("", name), expression=self._raw("", before)))
        if plan.movers:
            rising = not (plan.order and not plan.order[0].descending)
            change = self._raw("", name) - self._raw("", before)
            outer = outer.order_by(exp.Ordered(this=change, desc=rising or None))
        elif plan.groups and plan.groups[0].grain:
            outer = outer.order_by(self._raw("", keys[0]))
        elif plan.order and keys:
            outer = outer.order_by(exp.Ordered(this=self._raw("", name), desc=True))
        return outer.limit(plan.limit) if plan.limit else outer

    def _drivers(self, plan: Plan) -> exp.Query:
        """What a change is made of: each group of each way to split it, the largest first."""
        name = self.aliases(plan)[-1]
        before = f"{name}_before"
        parts: list[exp.Query] = [self._whole(plan, name, before)]
        for driver in plan.drivers:
            sides = self._sides(plan, (dataclasses.replace(driver, label="part"),))
            label = self._as(exp.Literal.string(driver.label.replace("_", " ")), "split_by")
            parts.append(
                exp.select(label, *self._all(["part", name, before])).from_(
                    sides.subquery("compared")
                )
            )
        every = reduce(lambda one, more: exp.union(one, more, distinct=False), parts)
        change = self._raw("", name) - self._raw("", before)
        falling = bool(plan.order and not plan.order[0].descending)
        outer = exp.select(
            *self._all(["split_by", "part", name, before]), self._as(change, "difference")
        )
        outer = outer.from_(every.subquery("changes"))
        first = exp.Case().when(
            self._raw("", "split_by").eq(exp.Literal.string(WHOLE)), exp.Literal.number(0)
        )
        ordered = exp.Ordered(this=self._raw("", "difference"), desc=None if falling else True)
        outer = outer.order_by(first.else_(exp.Literal.number(1)), ordered)
        return outer.limit(plan.limit or DRIVERS_SHOWN + 1)

    def _whole(self, plan: Plan, name: str, before: str) -> exp.Select:
        """The change as a whole, in the same columns."""
        sides = self._sides(plan, ())
        told = [
            self._as(exp.Literal.string(text), name_)
            for text, name_ in ((WHOLE, "split_by"), ("all", "part"))
        ]
        return exp.select(*told, *self._all([name, before])).from_(sides.subquery("compared"))

    def _only(self, plan: Plan, period: Window) -> exp.Select:
        rest = tuple(c for c in plan.conditions if c is not plan.window)
        return self._select(
            dataclasses.replace(
                plan, conditions=(*rest, period), versus=None, order=(), limit=None, groups=()
            )
        )

    def _sides(self, plan: Plan, groups: tuple[Group, ...]) -> exp.Select:
        """Both periods of each group in one pass, so that a group of only one of them stays."""
        window, other = plan.window, plan.versus
        assert window is not None
        assert other is not None
        figure = plan.measures[-1]
        rest = tuple(c for c in plan.conditions if c is not window)
        return self._select(
            dataclasses.replace(
                plan,
                groups=groups,
                conditions=(*rest, Either((window, other))),
                measures=(
                    _during(figure, window, figure.label),
                    _during(figure, other, f"{figure.label}_before"),
                ),
                versus=None,
                drivers=(),
                movers="",
                order=(),
                limit=None,
            )
        )


def _same_months(plan: Plan) -> Plan:
    """Months of two years stand side by side: January beside January."""
    turned = {"month": "month of year", "quarter": "quarter of year"}
    groups = tuple(
        dataclasses.replace(g, grain=turned[g.grain]) if g.grain in turned else g  # type: ignore[arg-type]
        for g in plan.groups
    )
    return dataclasses.replace(plan, groups=groups)


def _during(measure: Measure, period: Window, label: str) -> Measure:
    per = _during(measure.per, period, measure.per.label) if measure.per else None
    return dataclasses.replace(measure, only=(*measure.only, period), per=per, label=label)
