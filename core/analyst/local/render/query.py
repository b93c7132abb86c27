"""A whole plan as SQL: one SELECT, and what wraps it."""

import dataclasses

from sqlglot import exp

from core.analyst.local.plan import Plan, Window
from core.analyst.local.render.conditions import Conditions
from core.analyst.local.render.figures import not_zero


class Renderer(Conditions):
    """Renders plans over one schema."""

    def query(self, plan: Plan) -> exp.Query:
        """The whole plan, with what wraps its SELECT."""
        if plan.versus and plan.window:
            return self._versus(plan)
        select = self._select(plan)
        if plan.then:
            how, other = plan.then
            right = self._select(other)
            joined: exp.Query = {
                "intersect": exp.intersect,
                "except": exp.except_,
                "union": exp.union,
            }[how](select, right)
            return joined
        if plan.average and plan.measures:
            name = self.aliases(plan)[-1]
            column = self._raw("", name)
            inner = select.copy()
            return exp.select(self._as(self._round(exp.Avg(this=column)), f"average_{name}")).from_(
                inner.subquery("per_group")
            )
        if plan.change and plan.measures:
            return self._change(plan, select)
        return select

    def _versus(self, plan: Plan) -> exp.Query:
        """Two periods side by side, and the change in percent."""
        window, other = plan.window, plan.versus
        assert window is not None
        assert other is not None
        rest = tuple(c for c in plan.conditions if c is not window)

        def only(period: Window) -> exp.Select:
            inner = dataclasses.replace(
                plan, conditions=(*rest, period), versus=None, order=(), limit=None
            )
            return self._select(inner)

        name = self.aliases(plan)[-1]
        if not plan.groups:
            sides = exp.select(
                self._as(exp.paren(only(window)), name),
                self._as(exp.paren(only(other)), f"{name}_before"),
            )
            keys: list[str] = []
        else:
            keys = self.aliases(plan)[: len(plan.groups)]
            now, before = only(window).subquery("now"), only(other).subquery("earlier")
            on = exp.and_(*(self._raw("now", k).eq(self._raw("earlier", k)) for k in keys))
            sides = (
                exp.select(
                    *(self._as(self._raw("now", k), k) for k in keys),
                    self._as(self._raw("now", name), name),
                    self._as(self._raw("earlier", name), f"{name}_before"),
                )
                .from_(now)
                .join(before, on=on, join_type="left")
            )
        outer = exp.select(*(self._raw("", n) for n in (*keys, name, f"{name}_before"))).from_(
            sides.subquery("compared")
        )
        outer = outer.select(
            exp.alias_(self._percent_change(name, f"{name}_before"), "change_percent")
        )
        if plan.order and keys:
            outer = outer.order_by(exp.Ordered(this=self._raw("", name), desc=True))
        return outer.limit(plan.limit) if plan.limit else outer

    def _percent_change(self, name: str, before: str) -> exp.Expr:
        new, old = self._raw("", name), self._raw("", before)
        top = exp.Mul(this=exp.Literal.number("100.0"), expression=exp.paren(new - old))
        return self._round(exp.Div(this=top, expression=not_zero(old)))

    def _change(self, plan: Plan, select: exp.Select) -> exp.Query:
        names = self.aliases(plan)
        value = names[-1]
        at = next(i for i, g in enumerate(plan.groups) if g.grain)
        others = [n for i, n in enumerate(names[: len(plan.groups)]) if i != at]
        lag = exp.Window(
            this=exp.Lag(this=self._raw("", value)),
            order=exp.Order(expressions=[exp.Ordered(this=self._raw("", names[at]))]),
            partition_by=[self._raw("", n) for n in others] or None,
        )
        before = f"{value}_before"
        inner = select.copy()
        inner.set("order", None)
        inner.set("limit", None)
        shown = [self._raw("", n) for n in (*names, before)]
        middle = exp.select(*shown[:-1], self._as(lag, before)).from_(inner.subquery("per_period"))
        outer = exp.select(*(s.copy() for s in shown)).from_(middle.subquery("with_before"))
        outer = outer.select(exp.alias_(self._percent_change(value, before), "change_percent"))
        return outer.order_by(*(self._raw("", n) for n in [*others, names[at]]))

    def _select(self, plan: Plan) -> exp.Select:
        aliases, froms = self._from(plan)
        outputs = self._outputs(plan, aliases)
        select = exp.select(*outputs).from_(froms[0])
        for table, on in froms[1:]:
            select = select.join(table, on=on, join_type="inner")
        for condition in plan.conditions:
            select = select.where(self._condition(condition, aliases))
        if plan.measures or plan.having or any(o.measure for o in plan.order):
            for grouped in self._group_keys(plan, aliases):
                select = select.group_by(grouped)
        for having in plan.having:
            select = select.having(self._having(having, plan, aliases))
        if plan.distinct and not plan.measures:
            select = select.distinct()
        names = self.aliases(plan)
        for order in plan.order:
            select = select.order_by(self._ordered(order, plan, names, aliases))
        return select.limit(plan.limit) if plan.limit else select

    def _group_keys(self, plan: Plan, aliases: dict[str, str]) -> list[exp.Expr]:
        """Keys first, so that rows that tie come in the order of their keys."""
        keys = [g.key for g in plan.groups if g.key]
        keys += [g.field for g in plan.groups if g.field == self.lexicon.key(g.field.table)]
        found = [self._field(key, aliases) for key in dict.fromkeys(keys)]
        found += [self._grouped(g, aliases) for g in plan.groups if g.field not in keys]
        return found
