"""Which rows and groups a SELECT keeps."""

from dataclasses import replace
from datetime import date, timedelta

from sqlglot import exp

from core.analyst.local.lexicon import Lexicon
from core.analyst.local.plan import (
    Compare,
    Condition,
    Either,
    Field,
    Having,
    Operator,
    Window,
    Within,
)
from core.analyst.local.recollecting.figures import Figures
from core.analyst.local.recollecting.nodes import (
    Unreadable,
    all_of,
    any_of,
    is_link,
    is_text,
    literal,
    number,
)
from core.analyst.local.roles import Role

_SIGNS: dict[type[exp.Expr], Operator] = {
    exp.EQ: "=", exp.NEQ: "!=", exp.GT: ">", exp.GTE: ">=", exp.LT: "<", exp.LTE: "<=",
}  # fmt: skip
_TURNED: dict[Operator, Operator] = {">": "<", ">=": "<=", "<": ">", "<=": ">="}
_OPPOSITE: dict[Operator, Operator] = {
    "=": "!=", "!=": "=", ">": "<=", ">=": "<", "<": ">=", "<=": ">", "in": "not in",
    "empty": "filled", "filled": "empty",
}  # fmt: skip


class Rows(Figures):
    """Reads WHERE and HAVING."""

    def _havings(self) -> list[Having]:
        clause = self.select.args.get("having")
        found = []
        for node in all_of(clause.this) if clause else ():
            operator = _SIGNS.get(type(node))
            if operator is None:
                raise Unreadable
            value = number(node.expression)
            found.append(Having(self._measure(node.this), operator, (value,)))
        return found

    def _conditions(self) -> list[Condition]:
        clause = self.select.args.get("where")
        found: list[Condition] = []
        for node in all_of(clause.this) if clause else ():
            if not is_link(node):
                found.append(self._condition(node))
        return _windows(found, self.lexicon)

    def _condition(self, node: exp.Expr) -> Condition:  # noqa: PLR0911 - one branch per form of condition
        if isinstance(node, exp.Paren):
            return self._condition(node.this)
        if isinstance(node, exp.Or):
            return Either(tuple(self._condition(n) for n in any_of(node)))
        if isinstance(node, exp.Not):
            return _opposite(self._condition(node.this))
        if isinstance(node, exp.Is) and isinstance(node.expression, exp.Null):
            return Compare(self._field(node.this), "empty")
        if isinstance(node, exp.Between):
            low, high = literal(node.args["low"]), literal(node.args["high"])
            return Compare(self._field(node.this), "between", (low, high))
        if isinstance(node, exp.In):
            query = node.args.get("query")
            if query is not None:
                inner = self.query(query)
                return Within(self._field(node.this), "in", inner)
            return Compare(
                self._field(node.this), "in", tuple(literal(e) for e in node.expressions)
            )
        if isinstance(node, exp.Like | exp.ILike):
            return self._like(node)
        operator = _SIGNS.get(type(node))
        if operator is None:
            raise Unreadable
        left, right = node.this, node.expression
        if not isinstance(left, exp.Column):
            left, right, operator = right, left, _TURNED.get(operator, operator)
        at = self._field(left)
        if isinstance(right, exp.Column) and not is_text(right):
            return Compare(at, operator, other=self._field(right))
        if isinstance(right, exp.Subquery):
            return Within(at, operator, self.query(right))
        return Compare(at, operator, (literal(right),))

    def _like(self, node: exp.Binary) -> Compare:
        text = str(literal(node.expression))
        inside = text.strip("%")
        if "%" in inside or "_" in inside:
            raise Unreadable
        at = self._field(node.this)
        if text == f"%{inside}%":
            return Compare(at, "contains", (inside,))
        if text.startswith("%"):
            return Compare(at, "ends", (inside,))
        return Compare(at, "starts" if text.endswith("%") else "=", (inside,))


def _windows(found: list[Condition], lexicon: Lexicon) -> list[Condition]:
    """Bounds of a date become the window that a follow-up can move."""
    kept: list[Condition] = []
    bounds: dict[Field, dict[str, date]] = {}
    for condition in found:
        days = _days(condition, lexicon)
        if days and isinstance(condition, Compare):
            bounds.setdefault(condition.field, {}).update(days)
        else:
            kept.append(condition)
    for at, sides in bounds.items():
        kept.append(Window(at, sides.get("start"), sides.get("end")))
    return kept


def _days(condition: Condition, lexicon: Lexicon) -> dict[str, date]:
    if not isinstance(condition, Compare) or lexicon.roles.get(condition.field) is not Role.TIME:
        return {}
    try:
        days = [date.fromisoformat(str(v)[:10]) for v in condition.values]
    except ValueError:
        return {}
    if condition.operator == "between":
        return {"start": days[0], "end": days[1]}
    if condition.operator in (">=", ">") and days:
        return {"start": days[0] + timedelta(days=condition.operator == ">")}
    if condition.operator in ("<", "<=") and days:
        return {"end": days[0] - timedelta(days=condition.operator == "<")}
    return {}


def _opposite(condition: Condition) -> Condition:
    if isinstance(condition, Compare) and condition.operator in _OPPOSITE:
        return replace(condition, operator=_OPPOSITE[condition.operator])
    if isinstance(condition, Within) and condition.operator == "in":
        return replace(condition, operator="not in")
    raise Unreadable
