"""What looks at several rows of a result: change, running figure, rank, the first of each group."""

from sqlglot import exp

from core.analyst.local.plan import Plan
from core.analyst.local.render.conditions import Conditions
from core.analyst.local.render.figures import not_zero

_PLACE = "place"


class Windows(Conditions):
    """Wraps a SELECT in window functions."""

    def _percent_change(self, name: str, before: str) -> exp.Expr:
        new, old = self._raw("", name), self._raw("", before)
        top = exp.Mul(this=exp.Literal.number("100.0"), expression=exp.paren(new - old))
        return exp.Div(this=top, expression=not_zero(old))

    def _change(self, plan: Plan, select: exp.Select) -> exp.Query:
        names, value, time, others = self._over_time(plan)
        lag = exp.Window(
            this=exp.Lag(this=self._raw("", value)),
            order=exp.Order(expressions=[exp.Ordered(this=self._raw("", time))]),
            partition_by=[self._raw("", n) for n in others] or None,
        )
        before = f"{value}_before"
        middle = exp.select(*self._all(names), self._as(lag, before)).from_(
            _bare(select, "per_period")
        )
        outer = exp.select(*self._all([*names, before])).from_(middle.subquery("with_before"))
        outer = outer.select(self._as(self._percent_change(value, before), "change_percent"))
        return outer.order_by(*(self._raw("", n) for n in [*others, time]))

    def _with_window(self, plan: Plan, select: exp.Select) -> exp.Query:
        if plan.ranked:
            return self._ranked(plan, select)
        names, value, time, others = self._over_time(plan)
        so_far = exp.Window(
            this=exp.Sum(this=self._raw("", value)),
            order=exp.Order(expressions=[exp.Ordered(this=self._raw("", time))]),
            partition_by=[self._raw("", n) for n in others] or None,
        )
        outer = exp.select(*self._all(names), self._as(so_far, f"running_{value}"))
        outer = outer.from_(_bare(select, "per_period"))
        return outer.order_by(*(self._raw("", n) for n in [*others, time]))

    def _ranked(self, plan: Plan, select: exp.Select) -> exp.Query:
        names = self.aliases(plan)
        ordered = exp.Ordered(this=self._raw("", names[-1]), desc=_descending(plan) or None)
        rank = exp.Window(this=exp.Anonymous(this="RANK"), order=exp.Order(expressions=[ordered]))
        outer = exp.select(*self._all(names), self._as(rank, _PLACE)).from_(
            _bare(select, "figures")
        )
        outer = outer.order_by(self._raw("", _PLACE))
        return outer.limit(plan.limit) if plan.limit else outer

    def _first_of_each(self, plan: Plan, select: exp.Select) -> exp.Query:
        names = self.aliases(plan)
        ordered = exp.Ordered(this=self._raw("", names[-1]), desc=_descending(plan) or None)
        place = exp.Window(
            this=exp.RowNumber(),
            order=exp.Order(expressions=[ordered]),
            partition_by=[self._raw("", names[0])],
        )
        inner = exp.select(*self._all(names), self._as(place, _PLACE)).from_(
            _bare(select, "figures")
        )
        kept = self._raw("", _PLACE) <= exp.Literal.number(plan.per_group or 1)
        outer = exp.select(*self._all(names)).from_(inner.subquery("placed")).where(kept)
        return outer.order_by(self._raw("", names[0]), self._raw("", _PLACE))

    def _all(self, names: list[str]) -> list[exp.Expr]:
        return [self._raw("", name) for name in names]

    def _over_time(self, plan: Plan) -> tuple[list[str], str, str, list[str]]:
        names = self.aliases(plan)
        at = next((i for i, g in enumerate(plan.groups) if g.grain), 0)
        others = [n for i, n in enumerate(names[: len(plan.groups)]) if i != at]
        return names, names[-1], names[at], others


def _bare(select: exp.Select, name: str) -> exp.Subquery:
    """A SELECT as a table; order and limit belong to what is around it."""
    inner = select.copy()
    inner.set("order", None)
    inner.set("limit", None)
    return inner.subquery(name)


def _descending(plan: Plan) -> bool:
    return plan.order[0].descending if plan.order else True
