"""A whole plan as SQL: one SELECT, and what wraps it."""

from sqlglot import exp

from core.analyst.local.plan import Order, Plan
from core.analyst.local.render.compared import Compared


class Renderer(Compared):
    """Renders plans over one schema."""

    def query(self, plan: Plan) -> exp.Query:  # noqa: PLR0911 - one line per kind of plan
        """The whole plan, with what wraps its SELECT."""
        if plan.versus and plan.window:
            return self._drivers(plan) if plan.drivers else self._versus(plan)
        if plan.flow:
            return self._flow(plan)
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
            return exp.select(self._as(exp.Avg(this=column), f"average_{name}")).from_(
                inner.subquery("per_group")
            )
        if plan.change and plan.measures:
            return self._change(plan, select)
        if plan.per_group and len(plan.groups) > 1:
            return self._first_of_each(plan, select)
        if plan.running or plan.ranked:
            return self._with_window(plan, select)
        return select

    def _by_name(self, order: Order, plan: Plan) -> Order:
        """A list of all columns has no outputs of its own: it is sorted by the rows' names."""
        return Order(order.descending, field=self.lexicon.names(plan.base)[0])

    def _select(self, plan: Plan) -> exp.Select:
        aliases, froms = self._from(plan)
        outputs = self._outputs(plan, aliases)
        select = exp.select(*outputs).from_(froms[0])
        for table, on in froms[1:]:
            select = select.join(table, on=on, join_type="inner")
        for condition in dict.fromkeys(plan.conditions):
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
            shown = order.output is None or order.output in range(len(names))
            by = order if shown else self._by_name(order, plan)
            select = select.order_by(self._ordered(by, plan, names, aliases))
        return select.limit(plan.limit) if plan.limit else select

    def _group_keys(self, plan: Plan, aliases: dict[str, str]) -> list[exp.Expr]:
        """Keys first, so that rows that tie come in the order of their keys."""
        keys = [g.key for g in plan.groups if g.key]
        keys += [g.field for g in plan.groups if g.field == self.lexicon.key(g.field.table)]
        found = [self._field(key, aliases) for key in dict.fromkeys(keys)]
        found += [self._grouped(g, aliases) for g in plan.groups if g.field not in keys]
        return found
