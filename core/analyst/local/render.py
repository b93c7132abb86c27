"""A plan rendered as SQL of a dialect, through sqlglot's tree: no SQL is glued from text."""

import dataclasses
from datetime import date, timedelta

from sqlglot import exp

from core.analyst.local import cuts
from core.analyst.local.joins import Joins
from core.analyst.local.lexicon import Lexicon
from core.analyst.local.plan import (
    Amount,
    Compare,
    Condition,
    Either,
    Field,
    Grain,
    Group,
    Having,
    Measure,
    Order,
    Plan,
    Related,
    Window,
    fields_of,
)
from core.analyst.local.roles import Role

_SIGNS: dict[str, type[exp.Binary]] = {
    "=": exp.EQ, "!=": exp.NEQ, ">": exp.GT, ">=": exp.GTE, "<": exp.LT, "<=": exp.LTE,
}  # fmt: skip
_UNIQUE_ALIAS = "{name}_{number}"


class NoPath(Exception):
    """Two tables of a plan are not connected."""

    def __init__(self, start: str, end: str) -> None:
        super().__init__(f"{start} and {end} are not connected")
        self.start, self.end = start, end


def sql(plan: Plan, lexicon: Lexicon) -> str:
    """The plan as one readable SELECT. Raises NoPath when tables do not connect."""
    dialect = lexicon.schema.dialect
    tree = Renderer(lexicon).query(plan)
    return tree.sql(dialect=dialect, pretty=True)


def tables_of(plan: Plan) -> tuple[str, ...]:
    """Every table that the plan's own SELECT needs, the base first."""
    found = [plan.base]
    fields: list[Field] = [g.field for g in plan.groups]
    fields += [g.key for g in plan.groups if g.key]
    for measure in (
        *plan.measures,
        *(h.measure for h in plan.having),
        *(o.measure for o in plan.order if o.measure),
    ):
        found += _measure_tables(measure)
    fields += [o.field for o in plan.order if o.field]
    for condition in plan.conditions:
        fields += fields_of(condition)
    found += [f.table for f in fields]
    return tuple(dict.fromkeys(found))


def _measure_tables(measure: Measure) -> list[str]:
    found = [measure.table]
    found += [f.table for f in measure.amount.fields] if measure.amount else []
    found += [c.field.table for c in measure.only]
    return found + (_measure_tables(measure.per) if measure.per else [])


class Renderer:
    """Renders plans over one schema."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.joins: Joins = lexicon.joins
        self.dialect = lexicon.schema.dialect

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
            column = exp.column(name, quoted=False)
            inner = select.copy()
            return exp.select(
                exp.alias_(self._round(exp.Avg(this=column)), f"average_{name}")
            ).from_(inner.subquery("per_group"))
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
                exp.alias_(exp.paren(only(window)), name),
                exp.alias_(exp.paren(only(other)), f"{name}_before"),
            )
            keys: list[str] = []
        else:
            keys = self.aliases(plan)[: len(plan.groups)]
            now, before = only(window).subquery("now"), only(other).subquery("earlier")
            on = exp.and_(*(exp.column(k, "now").eq(exp.column(k, "earlier")) for k in keys))
            sides = (
                exp.select(
                    *(exp.alias_(exp.column(k, "now"), k) for k in keys),
                    exp.alias_(exp.column(name, "now"), name),
                    exp.alias_(exp.column(name, "earlier"), f"{name}_before"),
                )
                .from_(now)
                .join(before, on=on, join_type="left")
            )
        outer = exp.select(*keys, name, f"{name}_before").from_(sides.subquery("compared"))
        outer = outer.select(
            exp.alias_(self._percent_change(name, f"{name}_before"), "change_percent")
        )
        if plan.order and keys:
            outer = outer.order_by(exp.Ordered(this=exp.column(name), desc=True))
        return outer.limit(plan.limit) if plan.limit else outer

    def _percent_change(self, name: str, before: str) -> exp.Expr:
        new, old = exp.column(name), exp.column(before)
        top = exp.Mul(this=exp.Literal.number("100.0"), expression=exp.paren(new - old))
        return self._round(exp.Div(this=top, expression=_not_zero(old)))

    def _change(self, plan: Plan, select: exp.Select) -> exp.Query:
        names = self.aliases(plan)
        value = names[-1]
        at = next(i for i, g in enumerate(plan.groups) if g.grain)
        others = [n for i, n in enumerate(names[: len(plan.groups)]) if i != at]
        lag = exp.Window(
            this=exp.Lag(this=exp.column(value)),
            order=exp.Order(expressions=[exp.Ordered(this=exp.column(names[at]))]),
            partition_by=[exp.column(n) for n in others] or None,
        )
        before = f"{value}_before"
        inner = select.copy()
        inner.set("order", None)
        inner.set("limit", None)
        middle = exp.select(*names, exp.alias_(lag, before)).from_(inner.subquery("per_period"))
        outer = exp.select(*names, before).from_(middle.subquery("with_before"))
        outer = outer.select(exp.alias_(self._percent_change(value, before), "change_percent"))
        return outer.order_by(*(exp.column(n) for n in [*others, names[at]]))

    def _select(self, plan: Plan) -> exp.Select:
        aliases, froms = self._from(plan)
        outputs = self._outputs(plan, aliases)
        select = exp.select(*outputs).from_(froms[0])
        for table, on in froms[1:]:
            select = select.join(table, on=on, join_type="inner")
        for condition in plan.conditions:
            select = select.where(self._condition(condition, aliases))
        if plan.measures or plan.having or any(o.measure for o in plan.order):
            for group in plan.groups:
                select = select.group_by(self._grouped(group, aliases))
            for group in plan.groups:
                if group.key:
                    select = select.group_by(self._field(group.key, aliases))
        for having in plan.having:
            select = select.having(self._having(having, plan, aliases))
        if plan.distinct and not plan.measures:
            select = select.distinct()
        names = self.aliases(plan)
        for order in plan.order:
            select = select.order_by(self._ordered(order, plan, names, aliases))
        return select.limit(plan.limit) if plan.limit else select

    def _from(self, plan: Plan) -> tuple[dict[str, str], list]:  # type: ignore[type-arg]
        needed = tables_of(plan)
        steps = []
        reached = [plan.base]
        for table in sorted(needed, key=lambda t: self.joins.distance(plan.base, t)):
            if table in reached:
                continue
            paths = [p for start in reached if (p := self.joins.path(start, table))]
            if not paths:
                raise NoPath(plan.base, table)
            for step in min(paths, key=lambda p: (len(p), sum(not s.to_one for s in p))):
                if step.other not in reached:
                    steps.append(step)
                    reached.append(step.other)
        aliases = {t: t for t in reached}
        froms: list = [self._table(plan.base)]  # type: ignore[type-arg]
        for step in steps:
            on = self._raw(step.table, step.column).eq(self._raw(step.other, step.other_column))
            froms.append((self._table(step.other), on))
        return (aliases if len(reached) > 1 else {plan.base: ""}), froms

    def _table(self, name: str) -> exp.Table:
        parts = name.split(".")
        quoted = [exp.to_identifier(p, quoted=_quotes(p, self.dialect)) for p in parts]
        return exp.Table(this=quoted[-1], db=quoted[-2] if len(quoted) > 1 else None)

    def _raw(self, table: str, column: str) -> exp.Column:
        named = exp.to_identifier(column, quoted=_quotes(column, self.dialect))
        if not table:
            return exp.Column(this=named)
        last = table.rsplit(".", maxsplit=1)[-1]
        return exp.Column(
            this=named, table=exp.to_identifier(last, quoted=_quotes(last, self.dialect))
        )

    def _field(self, field: Field, aliases: dict[str, str]) -> exp.Expr:
        return self._raw(aliases.get(field.table, field.table), field.column)

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
            return [exp.Star() if only else exp.Column(this=exp.Star(), table=plan.base)]
        names = self.aliases(plan)
        shown: list[exp.Expr] = [self._grouped(g, aliases) for g in plan.groups]
        shown += [self._measure(m, aliases, plan) for m in plan.measures]
        outputs = [
            e if isinstance(e, exp.Column) and e.name == n else exp.alias_(e, _name(n))
            for e, n in zip(shown, names, strict=True)
        ]
        if plan.share and plan.measures:
            total = exp.Window(this=exp.Sum(this=self._measure(plan.measures[-1], aliases, plan)))
            part = exp.Mul(
                this=exp.Literal.number("100.0"),
                expression=self._measure(plan.measures[-1], aliases, plan),
            )
            share = self._round(exp.Div(this=part, expression=_not_zero(total)))
            outputs.append(exp.alias_(share, "share_percent"))
        return outputs

    def _grouped(self, group: Group, aliases: dict[str, str]) -> exp.Expr:
        column = self._field(group.field, aliases)
        return self._cut(column, group.grain) if group.grain else column

    def _cut(self, column: exp.Expr, grain: Grain) -> exp.Expr:
        return cuts.of(self.dialect)(column, grain)

    def _measure(self, measure: Measure, aliases: dict[str, str], plan: Plan) -> exp.Expr:
        value = self._aggregate(measure, aliases, plan)
        if measure.per:
            below = self._aggregate(measure.per, aliases, plan)
            factor = exp.Literal.number("100.0" if measure.percent else "1.0")
            value = exp.Div(
                this=exp.Mul(this=factor, expression=value), expression=_not_zero(below)
            )
            return self._round(value)
        return value

    def _aggregate(self, measure: Measure, aliases: dict[str, str], plan: Plan) -> exp.Expr:
        inner = self._amount(measure.amount, aliases) if measure.amount else None
        condition = (
            exp.and_(*(self._compare(c, aliases) for c in measure.only)) if (measure.only) else None
        )
        if measure.function == "count":
            if condition is not None:
                one = exp.Case().when(condition, exp.Literal.number(1)).else_(exp.Literal.number(0))
                return exp.Sum(this=one)
            doubled = any(self.joins.fan_out(measure.table, t) for t in tables_of(plan))
            key = self.lexicon.key(measure.table)
            if inner is None and doubled and key:
                return exp.Count(this=exp.Distinct(expressions=[self._field(key, aliases)]))
            return exp.Count(this=inner if inner is not None else exp.Star())
        assert inner is not None
        if condition is not None:
            inner = exp.Case().when(condition, inner)
        if measure.function == "count_distinct":
            return exp.Count(this=exp.Distinct(expressions=[inner]))
        kind = {"sum": exp.Sum, "avg": exp.Avg, "min": exp.Min, "max": exp.Max}[measure.function]
        return kind(this=inner)

    def _amount(self, amount: Amount, aliases: dict[str, str]) -> exp.Expr:
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
        if isinstance(condition, Either):
            return exp.paren(exp.or_(*(self._compare(c, aliases) for c in condition.options)))
        if isinstance(condition, Related):
            return self._related(condition, aliases)
        if isinstance(condition, Window):
            return self._window(condition, aliases)
        return self._compare(condition, aliases)

    def _related(self, condition: Related, aliases: dict[str, str]) -> exp.Expr:
        where: tuple[Condition, ...] = condition.where
        if condition.negated:
            where = (*where, Compare(condition.inner, "filled"))
        inner = self._select(
            Plan(
                condition.inner.table,
                groups=(Group(condition.inner, condition.inner.column.lower()),),
                conditions=where,
            )
        )
        if condition.number:
            operator, number = condition.number
            counted = Having(Measure("count", condition.inner.table), operator, (number,))
            inner = inner.group_by(self._raw("", condition.inner.column)).having(
                self._having(counted, Plan(condition.inner.table), {})
            )
        found = exp.In(this=self._field(condition.field, aliases), query=inner.subquery())
        return exp.not_(found) if condition.negated else found

    def _window(self, window: Window, aliases: dict[str, str]) -> exp.Expr:
        column = self._field(window.field, aliases)
        if self.lexicon.roles.get(window.field) is Role.YEAR:
            first = window.start.year if window.start else None
            last = window.end.year if window.end else None
            if first == last:
                return column.eq(exp.Literal.number(first or 0))
            bounds: list[exp.Expr] = [column >= exp.Literal.number(first)] if first else []
            bounds += [column.copy() <= exp.Literal.number(last)] if last else []
            return exp.and_(*bounds)
        parts: list[exp.Expr] = []
        if window.start:
            parts.append(column >= self._day(window.start))
        if window.end:
            parts.append(column.copy() < self._day(window.end + timedelta(days=1)))
        return exp.and_(*parts)

    def _day(self, day: date) -> exp.Expr:
        text = exp.Literal.string(day.isoformat())
        return text if self.dialect in ("sqlite", "mysql") else exp.cast(text, "date")

    def _compare(self, compare: Compare, aliases: dict[str, str]) -> exp.Expr:  # noqa: PLR0911 - one branch per form of words
        column = self._field(compare.field, aliases)
        if compare.operator == "empty":
            return column.is_(exp.null())
        if compare.operator == "filled":
            return exp.not_(column.is_(exp.null()))
        if compare.aggregate:
            kind = {"avg": exp.Avg, "min": exp.Min, "max": exp.Max}[compare.aggregate]
            whole = exp.select(kind(this=self._raw("", compare.field.column))).from_(
                self._table(compare.field.table)
            )
            return _SIGNS[compare.operator](this=column, expression=exp.paren(whole))
        values = [self._value(v, compare.field) for v in compare.values]
        if compare.operator == "between":
            return exp.Between(this=column, low=values[0], high=values[1])
        if compare.operator in ("in", "not in"):
            found = exp.In(this=column, expressions=values)
            return exp.not_(found) if compare.operator == "not in" else found
        if compare.operator in ("contains", "starts", "ends"):
            return self._like(column, str(compare.values[0]), compare.operator)
        return _SIGNS[compare.operator](this=column, expression=values[0])

    def _like(self, column: exp.Expr, text: str, how: str) -> exp.Expr:
        safe = text.replace("%", "").replace("_", " ") if "%" in text else text
        pattern = {"contains": f"%{safe}%", "starts": f"{safe}%", "ends": f"%{safe}"}[how]
        kind = exp.ILike if self.dialect in ("duckdb", "postgres") else exp.Like
        return kind(this=column, expression=exp.Literal.string(pattern))

    def _value(self, value: str | float, field: Field) -> exp.Expr:
        if isinstance(value, bool):
            return exp.true() if value else exp.false()
        if isinstance(value, str):
            return exp.Literal.string(value)
        number = str(int(value)) if value == int(value) else repr(value)
        kind = self.lexicon.column(field).data_type.upper()
        text = any(word in kind for word in ("CHAR", "TEXT", "STRING"))
        if text and self.lexicon.role(field) in (Role.TEXT, Role.KEY):
            return exp.Literal.string(number)
        if "BOOL" in kind:
            return exp.true() if value else exp.false()
        return exp.Literal.number(number)

    def _having(self, having: Having, plan: Plan, aliases: dict[str, str]) -> exp.Expr:
        measure = self._measure(having.measure, aliases, plan)
        values = [
            exp.Literal.number(str(int(v)) if v == int(v) else repr(v)) for v in having.values
        ]
        if having.operator == "between":
            return exp.Between(this=measure, low=values[0], high=values[1])
        return _SIGNS[having.operator](this=measure, expression=values[0])

    def _ordered(
        self, order: Order, plan: Plan, names: list[str], aliases: dict[str, str]
    ) -> exp.Ordered:
        by: exp.Expr
        if order.output is not None:
            by = exp.column(_name(names[order.output]))
            outputs = (*plan.groups, *plan.measures)
            shown = outputs[order.output]
            if isinstance(shown, Group) and shown.grain == "weekday":
                number = cuts.weekday_number(self.dialect)(self._field(shown.field, aliases))
                by = exp.Min(this=number)
            elif isinstance(shown, Group) and not plan.distinct:
                by = self._grouped(shown, aliases)
        elif order.measure:
            by = self._measure(order.measure, aliases, plan)
        else:
            assert order.field
            by = self._field(order.field, aliases)
        return exp.Ordered(this=by, desc=order.descending or None, nulls_first=not order.descending)

    def _round(self, value: exp.Expr) -> exp.Expr:
        if self.dialect == "postgres":
            value = exp.cast(value, "numeric")
        return exp.Round(this=value, decimals=exp.Literal.number(2))


def _not_zero(value: exp.Expr) -> exp.Expr:
    return exp.Nullif(this=value, expression=exp.Literal.number(0))


_RESERVED = {"order", "group", "table", "user", "index", "rank", "rows", "year", "month", "day",
             "date", "time", "from", "to", "by", "end", "start", "desc", "check", "references",
             "select", "where", "window", "limit", "column", "all", "any", "primary", "key",
             "values", "interval", "condition", "usage", "case", "when", "leave", "call",
             "change", "database", "schema", "grant", "match", "default", "current", "range",
             "groups", "lead", "lag", "read", "release", "system", "option",
             "position"}  # fmt: skip


def _name(alias: str) -> exp.Identifier:
    return exp.to_identifier(alias, quoted=alias in _RESERVED or not alias[:1].isalpha())


def _quotes(name: str, dialect: str) -> bool:
    plain = name.isascii() and name.replace("_", "a").isalnum() and not name[:1].isdigit()
    return (
        not plain or name.lower() in _RESERVED or (dialect == "postgres" and name != name.lower())
    )
