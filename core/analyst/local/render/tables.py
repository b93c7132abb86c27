"""Tables and columns as SQL: quoting, and the joins that a plan needs."""

from sqlglot import exp

from core.analyst.local.joins import Joins
from core.analyst.local.lexicon import Lexicon
from core.analyst.local.plan import Field, Measure, Plan, fields_of
from core.analyst.local.render import names
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
    found += [f.table for c in measure.only for f in fields_of(c)]
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
        parts = [names.identifier(part, self.dialect) for part in self._parts(name)]
        return exp.Table(this=parts[-1], db=parts[0] if len(parts) > 1 else None)

    def _name(self, name: str) -> exp.Identifier:
        return names.identifier(name, self.dialect)

    def _as(self, value: exp.Expr, name: str) -> exp.Expr:
        return exp.alias_(value, self._name(name))

    def _parts(self, table: str) -> list[str]:
        """The schema and the name of a table; SQLite has no schemas, so a dot is part of it."""
        return [table] if self.dialect == "sqlite" else table.split(".", 1)

    def _raw(self, table: str, column: str) -> exp.Column:
        return names.column(column, self.dialect, self._parts(table)[-1])

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
