"""A query that somebody else wrote, read back as a plan: so that a follow-up can edit it.

Answers of Claude, of saved and of verified queries have SQL and no plan. What a plan cannot
say (windows, self-joins, expressions) is not read: then there is nothing to edit.
"""

from dataclasses import replace
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from core.analyst.local.lexicon import Lexicon
from core.analyst.local.plan import Group, Having, Measure, Order, Plan, Window
from core.analyst.local.recollecting.nodes import Unreadable, number
from core.analyst.local.recollecting.rows import Rows

_JOINED: dict[type[exp.Expr], str] = {
    exp.Intersect: "intersect", exp.Except: "except", exp.Union: "union",
}  # fmt: skip


def plan_of(sql: str, lexicon: Lexicon) -> Plan | None:
    """The plan of a query over this schema, or None where a plan cannot say it."""
    try:
        tree = sqlglot.parse_one(sql, dialect=lexicon.schema.dialect)
        return _query(tree, lexicon)
    except (Unreadable, SqlglotError, RecursionError):
        return None


def alike(one: str, other: str, lexicon: Lexicon) -> bool:
    """Whether two queries ask for the same, as far as a plan can tell; in doubt they do."""
    left, right = plan_of(one, lexicon), plan_of(other, lexicon)
    if left is None or right is None:
        return left is None
    return _essence(left) == _essence(right)


def _essence(plan: Plan) -> tuple[Any, ...]:
    return (
        {g.field for g in plan.groups},
        {(m.function, m.amount) for m in plan.measures},
        {replace(c, phrase="", unit=None) if isinstance(c, Window) else c for c in plan.conditions},
        plan.limit,
        plan.everything,
        plan.then and (plan.then[0], _essence(plan.then[1])),
    )


def _query(tree: exp.Expr, lexicon: Lexicon) -> Plan:
    if isinstance(tree, exp.Subquery):
        return _query(tree.this, lexicon)
    how = _JOINED.get(type(tree))
    if how is not None and isinstance(tree, exp.SetOperation):
        if tree.args.get("order") or tree.args.get("limit"):
            raise Unreadable
        left, right = _query(tree.this, lexicon), _query(tree.expression, lexicon)
        if left.then:
            raise Unreadable
        return replace(left, then=(how, right))  # type: ignore[arg-type]
    if not isinstance(tree, exp.Select) or tree.args.get("with_"):
        raise Unreadable
    return _Recollection(tree, lexicon).plan()


class _Recollection(Rows):
    """A whole SELECT as a plan."""

    def plan(self) -> Plan:
        self._sources()
        groups, measures, everything = self._outputs()
        keys = self._keys(groups, measures)
        orders = self._orders(groups, measures)
        having = self._havings()
        base = self._base(measures, having, orders, groups)
        if keys and groups and all(g.field != keys[0] for g in groups):
            groups[0] = replace(groups[0], key=keys[0])
        return Plan(
            base,
            groups=tuple(groups),
            measures=tuple(measures),
            conditions=tuple(self._conditions()),
            having=tuple(having),
            order=tuple(orders),
            limit=self._limit(),
            distinct=bool(self.select.args.get("distinct")),
            everything=everything,
            joined=tuple(t for t in dict.fromkeys(self.names.values()) if t != base),
        )

    def _base(
        self, measures: list[Measure], having: list[Having], orders: list[Order],
        groups: list[Group],
    ) -> str:  # fmt: skip
        for measure in (*measures, *(h.measure for h in having), *(o.measure for o in orders)):
            if measure is not None:
                return measure.table
        return groups[0].field.table if groups else next(iter(self.names.values()))

    def _limit(self) -> int | None:
        limit = self.select.args.get("limit")
        if self.select.args.get("offset"):
            raise Unreadable
        return int(number(limit.expression)) if limit else None

    def query(self, tree: exp.Expr) -> Plan:
        """A query inside of this one."""
        return _query(tree, self.lexicon)
