"""Outputs as SQL: columns, dates cut to a grain, aggregates, and the order of rows."""

from sqlglot import exp

from core.analyst.local import cuts
from core.analyst.local.plan import (
    Amount,
    Condition,
    Days,
    Field,
    Grain,
    Group,
    Having,
    Measure,
    Order,
    Plan,
)
from core.analyst.local.render.tables import Tables, tables_of

SIGNS: dict[str, type[exp.Binary]] = {
    "=": exp.EQ, "!=": exp.NEQ, ">": exp.GT, ">=": exp.GTE, "<": exp.LT, "<=": exp.LTE,
}  # fmt: skip
_UNIQUE_ALIAS = "{name}_{number}"


class Figures(Tables):
    """Renders what a SELECT shows and sorts by."""

    def aliases(self, plan: Plan) -> list[str]:
        """The names of the result's columns, in order, each one once."""
        wanted = [g.label for g in plan.groups] + [m.label for m in plan.measures]
        taken: list[str] = []
        for name in wanted:
            clean = "".join(c if c.isalnum() else "_" for c in name).strip("_").lower() or "value"
            number, free = 2, clean
            while free in taken:
                free, number = _UNIQUE_ALIAS.format(name=clean, number=number), number + 1
            taken.append(free)
        return taken

    def _outputs(self, plan: Plan, aliases: dict[str, str]) -> list[exp.Expr]:
        if plan.everything:
            only = len(aliases) == 1
            return [
                exp.Star()
                if only
                else exp.Column(this=exp.Star(), table=self._name(self._parts(plan.base)[-1]))
            ]
        names = self.aliases(plan)
        shown: list[exp.Expr] = [self._grouped(g, aliases) for g in plan.groups]
        shown += [self._measure(m, aliases, plan) for m in plan.measures]
        outputs = [
            e if isinstance(e, exp.Column) and e.name == n else exp.alias_(e, self._name(n))
            for e, n in zip(shown, names, strict=True)
        ]
        if plan.share and plan.measures:
            total = exp.Window(this=exp.Sum(this=self._measure(plan.measures[-1], aliases, plan)))
            part = exp.Mul(
                this=exp.Literal.number("100.0"),
                expression=self._measure(plan.measures[-1], aliases, plan),
            )
            share = exp.Div(this=part, expression=not_zero(total))
            outputs.append(exp.alias_(share, "share_percent"))
        return outputs

    def _grouped(self, group: Group, aliases: dict[str, str]) -> exp.Expr:
        if not group.grain:
            return self._field(group.field, aliases)
        return self._cut(self._moment(group.field, aliases), group.grain)

    def _moment(self, at: Field, aliases: dict[str, str]) -> exp.Expr:
        """A date to be cut; engines with strict types take no text for one."""
        column = self._field(at, aliases)
        strict = self.dialect not in ("sqlite", "mysql") and self._kept_as_text(at)
        return exp.cast(column, "timestamp") if strict else column

    def _kept_as_text(self, at: Field) -> bool:
        kind = self.lexicon.column(at).data_type.upper()
        return any(word in kind for word in ("CHAR", "TEXT", "STRING"))

    def _cut(self, column: exp.Expr, grain: Grain) -> exp.Expr:
        if grain in ("month of year", "quarter of year"):
            return cuts.of_the_year(self.dialect, column, grain.split()[0])
        return cuts.of(self.dialect)(column, grain)

    def _measure(self, measure: Measure, aliases: dict[str, str], plan: Plan) -> exp.Expr:
        value = self._aggregate(measure, aliases, plan)
        if measure.per:
            below = self._aggregate(measure.per, aliases, plan)
            factor = exp.Literal.number("100.0" if measure.percent else "1.0")
            value = exp.Div(this=exp.Mul(this=factor, expression=value), expression=not_zero(below))
        return value

    def _aggregate(self, measure: Measure, aliases: dict[str, str], plan: Plan) -> exp.Expr:
        inner = self._amount(measure.amount, aliases) if measure.amount else None
        condition = (
            exp.and_(*(self._condition(c, aliases) for c in measure.only)) if measure.only else None
        )
        if measure.function == "count":
            doubled = any(self.joins.fan_out(measure.table, t) for t in tables_of(plan))
            key = self.lexicon.key(measure.table)
            if condition is not None and doubled and key:
                counted = exp.Case().when(condition, self._field(key, aliases))
                return exp.Count(this=exp.Distinct(expressions=[counted]))
            if condition is not None:
                one = exp.Case().when(condition, exp.Literal.number(1)).else_(exp.Literal.number(0))
                return exp.Sum(this=one)
            if inner is None and doubled and key:
                return exp.Count(this=exp.Distinct(expressions=[self._field(key, aliases)]))
            return exp.Count(this=inner if inner is not None else exp.Star())
        assert inner is not None
        if condition is not None:
            inner = exp.Case().when(condition, inner)
            inner = inner.else_(exp.Literal.number(0)) if measure.function == "sum" else inner
        if measure.function == "count_distinct":
            return exp.Count(this=exp.Distinct(expressions=[inner]))
        kind = {"sum": exp.Sum, "avg": exp.Avg, "min": exp.Min, "max": exp.Max}[measure.function]
        return kind(this=inner)

    def _amount(self, amount: Amount | Days, aliases: dict[str, str]) -> exp.Expr:
        if isinstance(amount, Days):
            start, end = (self._field(f, aliases) for f in amount.fields)
            return cuts.days_between(self.dialect, start, end)
        total: exp.Expr | None = None
        for sign, product in amount.terms:
            factors = [self._field(f, aliases) for f in product]
            part = factors[0]
            for factor in factors[1:]:
                part = exp.Mul(this=part, expression=factor)
            if total is None:
                total = part
            else:
                total = (exp.Add if sign > 0 else exp.Sub)(this=total, expression=part)
        assert total is not None
        return total

    def _condition(self, condition: Condition, aliases: dict[str, str]) -> exp.Expr:
        raise NotImplementedError

    def _select(self, plan: Plan) -> exp.Select:
        raise NotImplementedError

    def _having(self, having: Having, plan: Plan, aliases: dict[str, str]) -> exp.Expr:
        measure = self._measure(having.measure, aliases, plan)
        if having.against:
            return SIGNS[having.operator](
                this=measure, expression=exp.paren(self._select(having.against))
            )
        values = [
            exp.Literal.number(str(int(v)) if v == int(v) else repr(v)) for v in having.values
        ]
        if having.operator == "between":
            return exp.Between(this=measure, low=values[0], high=values[1])
        return SIGNS[having.operator](this=measure, expression=values[0])

    def _ordered(
        self, order: Order, plan: Plan, names: list[str], aliases: dict[str, str]
    ) -> exp.Ordered:
        by: exp.Expr
        if order.output is not None:
            by = self._raw("", names[order.output])
            outputs = (*plan.groups, *plan.measures)
            shown = outputs[order.output]
            if isinstance(shown, Group) and shown.grain == "weekday":
                number = cuts.weekday_number(self.dialect)(self._moment(shown.field, aliases))
                by = exp.Min(this=number)
            elif isinstance(shown, Group) and not plan.distinct:
                by = self._grouped(shown, aliases)
        elif order.measure:
            by = self._measure(order.measure, aliases, plan)
        else:
            assert order.field
            by = self._field(order.field, aliases)
        return exp.Ordered(
            this=by, desc=order.descending or None, nulls_first=not (order.descending or plan.limit)
        )


def not_zero(value: exp.Expr) -> exp.Expr:
    """A divisor: nothing rather than an error where it is zero."""
    return exp.Nullif(this=value, expression=exp.Literal.number(0))
