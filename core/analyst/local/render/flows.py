"""What begins and ends over time, as SQL: how much runs at each period, and how much of it ends."""

from sqlglot import exp

from core.analyst.local.plan import Field, Measure, Plan, Window
from core.analyst.local.render.figures import not_zero
from core.analyst.local.render.windows import Windows

_DAY, _BEGUN, _ENDED, _RUNNING = "first_day", "begun", "ended", "running"


class Flows(Windows):
    """Renders plans about what begins and ends."""

    def _flow(self, plan: Plan) -> exp.Query:
        """Each period with its rate; what runs is what began less what ended."""
        assert plan.flow
        period = self.aliases(plan)[0]
        names = [period, _DAY, _BEGUN, _ENDED]
        moves = exp.union(
            self._moves(plan, plan.flow.start, began=True),
            self._moves(plan, plan.flow.end, began=False),
            distinct=False,
        )
        totals = exp.select(
            self._raw("", period),
            self._as(exp.Min(this=self._raw("", _DAY)), _DAY),
            self._as(exp.Sum(this=self._raw("", _BEGUN)), _BEGUN),
            self._as(exp.Sum(this=self._raw("", _ENDED)), _ENDED),
        ).from_(moves.subquery("moves"))
        totals = totals.group_by(self._raw("", period))
        running = exp.Window(
            this=exp.Sum(this=self._raw("", _BEGUN) - self._raw("", _ENDED)),
            order=exp.Order(expressions=[exp.Ordered(this=self._raw("", period))]),
        )
        stock = exp.select(*self._all(names), self._as(running, _RUNNING))
        stock = stock.from_(totals.subquery("totals"))
        outer = exp.select(self._raw("", period), *self._told(plan)).from_(stock.subquery("stock"))
        for condition in self._within_window(plan.window):
            outer = outer.where(condition)
        return outer.order_by(self._raw("", period))

    def _moves(self, plan: Plan, at: Field, *, began: bool) -> exp.Select:
        assert plan.flow
        day = self._moment(at, {})
        table = plan.measures[-1].table
        amount = self._moved(plan.measures[-1])
        none = exp.Literal.number(0)
        grain = plan.groups[0].grain or "month"
        shown = [
            self._as(self._cut(day.copy(), grain), self.aliases(plan)[0]),
            self._as(day.copy(), _DAY),
            self._as(amount if began else none, _BEGUN),
            self._as(none.copy() if began else amount, _ENDED),
        ]
        select = exp.select(*shown).from_(self._table(table))
        if at.table != table:
            step = next(s for s in self.joins.steps(at.table) if s.other == table and s.to_one)
            on = self._raw(at.table, step.column).eq(self._raw(table, step.other_column))
            select = select.join(self._table(at.table), on=on, join_type="inner")
        for condition in plan.conditions:
            if condition is not plan.window:
                select = select.where(self._condition(condition, {table: table}))
        return select.where(exp.not_(day.copy().is_(exp.null())))

    def _moved(self, measure: Measure) -> exp.Expr:
        if measure.amount:
            return self._amount(measure.amount, {})
        return exp.Literal.number(1)

    def _told(self, plan: Plan) -> list[exp.Expr]:
        assert plan.flow
        begun, ended, running = (self._raw("", n) for n in (_BEGUN, _ENDED, _RUNNING))
        label = self.aliases(plan)[-1]
        before = exp.paren(running - begun + ended.copy())
        rate = exp.Div(
            this=exp.Mul(this=exp.Literal.number("100.0"), expression=ended),
            expression=not_zero(before),
        )
        return [self._as(rate, label)]

    def _within_window(self, window: Window | None) -> list[exp.Expr]:
        if window is None:
            return []
        day = self._raw("", _DAY)
        kept = [day >= self._day(window.start)] if window.start else []
        return kept + ([day.copy() <= self._day(window.end)] if window.end else [])
