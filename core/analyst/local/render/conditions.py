"""Conditions as SQL: comparisons, time windows, and rows that have related ones."""

from datetime import date, timedelta

from sqlglot import exp

from core.analyst.local.plan import (
    Compare,
    Condition,
    Either,
    Group,
    Having,
    Measure,
    Plan,
    Related,
    Window,
    Within,
)
from core.analyst.local.render.figures import SIGNS, Figures
from core.analyst.local.roles import Role


class Conditions(Figures):
    """Renders what a SELECT keeps."""

    def _condition(self, condition: Condition, aliases: dict[str, str]) -> exp.Expr:
        if isinstance(condition, Either):
            return exp.paren(exp.or_(*(self._condition(c, aliases) for c in condition.options)))
        if isinstance(condition, Within):
            return self._within(condition, aliases)
        if isinstance(condition, Related):
            return self._related(condition, aliases)
        if isinstance(condition, Window):
            return self._window(condition, aliases)
        return self._compare(condition, aliases)

    def _within(self, condition: Within, aliases: dict[str, str]) -> exp.Expr:
        column = self._field(condition.field, aliases)
        inner = self._select(condition.plan)
        if condition.operator not in ("in", "not in"):
            return SIGNS[condition.operator](this=column, expression=exp.paren(inner))
        if condition.plan.limit:
            inner = exp.select("*").from_(inner.subquery("chosen"))
        found = exp.In(this=column, query=inner.subquery())
        return exp.not_(found) if condition.operator == "not in" else found

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
        bare = self._kept_as_text(window.field)
        parts: list[exp.Expr] = []
        if window.start:
            parts.append(column >= self._day(window.start, bare))
        if window.end:
            parts.append(column.copy() < self._day(window.end + timedelta(days=1), bare))
        return exp.and_(*parts)

    def _day(self, day: date, bare: bool = False) -> exp.Expr:
        """A day to compare with; `bare` where the column is text, whose days sort as they are."""
        text = exp.Literal.string(day.isoformat())
        return text if bare or self.dialect in ("sqlite", "mysql") else exp.cast(text, "date")

    def _compare(self, compare: Compare, aliases: dict[str, str]) -> exp.Expr:  # noqa: PLR0911 - one branch per form of words
        column = self._field(compare.field, aliases)
        if compare.operator == "empty":
            return column.is_(exp.null())
        if compare.operator == "filled":
            return exp.not_(column.is_(exp.null()))
        if compare.other:
            other = self._field(compare.other, aliases)
            return SIGNS[compare.operator](this=column, expression=other)
        if compare.aggregate:
            kind = {"avg": exp.Avg, "min": exp.Min, "max": exp.Max}[compare.aggregate]
            whole = exp.select(kind(this=self._raw("", compare.field.column))).from_(
                self._table(compare.field.table)
            )
            return SIGNS[compare.operator](this=column, expression=exp.paren(whole))
        values = [self._value(v, compare.field) for v in compare.values]
        if compare.operator == "between":
            return exp.Between(this=column, low=values[0], high=values[1])
        if compare.operator in ("in", "not in"):
            found = exp.In(this=column, expressions=values)
            return exp.not_(found) if compare.operator == "not in" else found
        if compare.operator in ("contains", "starts", "ends"):
            return self._like(column, str(compare.values[0]), compare.operator)
        compared = SIGNS[compare.operator](this=column, expression=values[0])
        if compare.operator == "!=" and self.lexicon.has_gaps(compare.field):
            return exp.paren(exp.or_(compared, column.copy().is_(exp.null())))
        return compared

    def _like(self, column: exp.Expr, text: str, how: str) -> exp.Expr:
        safe = text.replace("%", "").replace("_", " ") if "%" in text else text
        pattern = {"contains": f"%{safe}%", "starts": f"{safe}%", "ends": f"%{safe}"}[how]
        kind = exp.ILike if self.dialect in ("duckdb", "postgres") else exp.Like
        return kind(this=column, expression=exp.Literal.string(pattern))
