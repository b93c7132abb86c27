"""Tables and columns as SQL: quoting, and the joins that a plan needs."""

from sqlglot import exp

from core.analyst.local.joins import Joins
from core.analyst.local.lexicon import Lexicon
from core.analyst.local.plan import Field, Measure, Plan, fields_of
from core.analyst.local.roles import Role


class NoPath(Exception):
    """Two tables of a plan are not connected."""

    def __init__(self, start: str, end: str) -> None:
        super().__init__(f"{start} and {end} are not connected")
        self.start, self.end = start, end


def tables_of(plan: Plan) -> tuple[str, ...]:
    """Every table that the plan's own SELECT needs, the base first."""
    found = [plan.base, *plan.joined]
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


class Tables:
    """Renders names and joins over one schema."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.joins: Joins = lexicon.joins
        self.dialect = lexicon.schema.dialect

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


_RESERVED = {"order", "group", "table", "user", "index", "rank", "rows", "year", "month", "day",
             "date", "time", "from", "to", "by", "end", "start", "desc", "check", "references",
             "select", "where", "window", "limit", "column", "all", "any", "primary", "key",
             "values", "interval", "condition", "usage", "case", "when", "leave", "call",
             "change", "database", "schema", "grant", "match", "default", "current", "range",
             "groups", "lead", "lag", "read", "release", "system", "option",
             "position"}  # fmt: skip


def name_of(alias: str) -> exp.Identifier:
    """A result column's name, quoted where a database might take it for a keyword."""
    return exp.to_identifier(alias, quoted=alias in _RESERVED or not alias[:1].isalpha())


def _quotes(name: str, dialect: str) -> bool:
    plain = name.isascii() and name.replace("_", "a").isalnum() and not name[:1].isdigit()
    return (
        not plain or name.lower() in _RESERVED or (dialect == "postgres" and name != name.lower())
    )
