"""What a SELECT shows, by what it groups, and how it sorts."""

from sqlglot import exp

from core.analyst.local.plan import Amount, Field, Function, Group, Measure, Order
from core.analyst.local.recollecting.nodes import Unreadable, count_label, is_star
from core.analyst.local.recollecting.sources import Sources
from core.analyst.local.roles import Role

_AGGREGATES: dict[type[exp.Expr], Function] = {
    exp.Sum: "sum", exp.Avg: "avg", exp.Min: "min", exp.Max: "max",
}  # fmt: skip
_PREFIX = {"sum": "total", "avg": "average", "min": "minimum", "max": "maximum"}


class Figures(Sources):
    """Reads outputs, groups and order."""

    def _outputs(self) -> tuple[list[Group], list[Measure], bool]:
        groups: list[Group] = []
        measures: list[Measure] = []
        shown = self.select.expressions
        if any(is_star(e) for e in shown):
            return [], [], True
        for node in shown:
            inner = node.this if isinstance(node, exp.Alias) else node
            if isinstance(inner, exp.Column):
                at = self._field(inner)
                groups.append(Group(at, self.lexicon.label(at)))
            else:
                measures.append(self._measure(inner))
        for node in shown:
            if isinstance(node, exp.Alias):
                inner = node.this
                place = (
                    next(i for i, g in enumerate(groups) if g.field == self._field(inner))
                    if isinstance(inner, exp.Column)
                    else len(groups) + measures.index(self._measure(inner))
                )
                self.aliases[node.alias.lower()] = place
        return groups, measures, False

    def _measure(self, node: exp.Expr) -> Measure:
        if isinstance(node, exp.Round):
            node = node.this
        if isinstance(node, exp.Count):
            inner = node.this
            if isinstance(inner, exp.Star):
                table = self._finest()
                return Measure("count", table, None, count_label(table))
            if isinstance(inner, exp.Distinct) and len(inner.expressions) == 1:
                at = self._field(inner.expressions[0])
                if at == self.lexicon.key(at.table):
                    return Measure("count", at.table, None, count_label(at.table))
                return Measure(
                    "count_distinct", at.table, Amount(((1, (at,)),)),
                    f"different_{self.lexicon.label(at)}",
                )  # fmt: skip
            at = self._field(inner)
            if at == self.lexicon.key(at.table) and self._finest() == at.table:
                return Measure("count", at.table, None, count_label(at.table))
            return Measure("count", at.table, Amount(((1, (at,)),)), self.lexicon.label(at))
        function = _AGGREGATES.get(type(node))
        if function is None:
            raise Unreadable
        amount = self._amount(node.this)
        label = (
            f"{_PREFIX[function]}_{self.lexicon.label(amount.single)}" if amount.single else "total"
        )
        return Measure(function, amount.fields[0].table, amount, label)

    def _amount(self, node: exp.Expr) -> Amount:
        if isinstance(node, exp.Paren):
            return self._amount(node.this)
        if isinstance(node, exp.Mul):
            left, right = self._amount(node.this), self._amount(node.expression)
            if len(left.terms) == 1 and len(right.terms) == 1:
                return Amount(((1, (*left.terms[0][1], *right.terms[0][1])),))
            raise Unreadable
        if isinstance(node, exp.Sub):
            left, right = self._amount(node.this), self._amount(node.expression)
            return Amount((*left.terms, *((-sign, product) for sign, product in right.terms)))
        return Amount(((1, (self._field(node),)),))

    def _keys(self, groups: list[Group], measures: list[Measure]) -> list[Field]:
        """What rows are grouped by without being shown: a key, or nothing."""
        grouped = self.select.args.get("group")
        if not grouped:
            if groups and measures:
                raise Unreadable
            return []
        found = [self._place(e, groups) for e in grouped.expressions]
        hidden = [f for f in found if all(g.field != f for g in groups)]
        if any(self.lexicon.role(f) is not Role.KEY for f in hidden) or len(hidden) > 1:
            raise Unreadable
        if hidden and not groups:
            raise Unreadable
        return hidden

    def _place(self, node: exp.Expr, groups: list[Group]) -> Field:
        if isinstance(node, exp.Column) and not node.table and node.name.lower() in self.aliases:
            at = self.aliases[node.name.lower()]
            if at < len(groups):
                return groups[at].field
        if isinstance(node, exp.Literal) and node.is_int and int(node.this) <= len(groups):
            return groups[int(node.this) - 1].field
        return self._field(node)

    def _orders(self, groups: list[Group], measures: list[Measure]) -> list[Order]:
        orders: list[Order] = []
        for node in (self.select.args.get("order") or exp.Order(expressions=[])).expressions:
            by, descending = node.this, bool(node.args.get("desc"))
            if isinstance(by, exp.Column) and not by.table and by.name.lower() in self.aliases:
                orders.append(Order(descending, output=self.aliases[by.name.lower()]))
            elif isinstance(by, exp.Literal) and by.is_int:
                orders.append(Order(descending, output=int(by.this) - 1))
            elif isinstance(by, exp.Column):
                at = self._field(by)
                place = next((i for i, g in enumerate(groups) if g.field == at), None)
                orders.append(
                    Order(descending, field=at)
                    if place is None
                    else Order(descending, output=place)
                )
            else:
                measure = self._measure(by)
                same = next((i for i, m in enumerate(measures) if m == measure), None)
                orders.append(
                    Order(descending, measure=measure)
                    if same is None
                    else Order(descending, output=len(groups) + same)
                )
        return orders
