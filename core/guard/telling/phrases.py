"""Values and conditions of a query in plain words; SQL where words could be wrong."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlglot import exp

from core import formats
from core.guard.reading.walk import Walk, at
from core.types import Condition, Grouping, Output, Path, Reading, TableUse

LONGEST_VALUE = 80
MOST_LISTED = 8
LONGEST_SQL = 300

_AGGREGATES: Final[dict[type[exp.Expr], str]] = {
    exp.Sum: "the sum of",
    exp.Avg: "the average of",
    exp.Min: "the lowest",
    exp.Max: "the highest",
    exp.Median: "the median of",
}
_SAYS: Final = {
    "=": ("is", "is not"),
    "<>": ("is not", "is"),
    "<": ("is less than", "is at least"),
    "<=": ("is at most", "is more than"),
    ">": ("is more than", "is at most"),
    ">=": ("is at least", "is less than"),
    "is not distinct from": ("is", "is not"),
    "is distinct from": ("is not", "is"),
}
_SAYS_OF_TIMES: Final = {
    "<": ("is before", "is on or after"),
    "<=": ("is on or before", "is after"),
    ">": ("is after", "is on or before"),
    ">=": ("is on or after", "is before"),
}
_BARE: Final = {
    "is null": ("is empty", "is not empty"),
    "is true": ("is true", "is not true"),
    "is false": ("is false", "is not false"),
}
_QUERY: Final = (exp.Subquery, exp.Select, exp.SetOperation)


class Phrases:
    """The words for the parts of one query."""

    def __init__(self, root: exp.Expr, walk: Walk, reading: Reading) -> None:
        self._walk = walk
        self._tables: Mapping[tuple[Path, str], TableUse] = {
            (use.path, use.alias.lower()): use for use in reading.tables
        }
        self._uses = reading.tables
        self._conditions = {id(at(root, c.place)): c for c in reading.filters}
        self._dated = {id(reading.filters[i]) for period in reading.periods for i in period.filters}
        shown: tuple[Output | Grouping, ...] = (*reading.outputs, *reading.grouping)
        self._cuts = {
            part.sql: f"the {part.grain} of {_name(part.columns[0])}"
            for part in shown
            if part.grain and len(part.columns) == 1 and not part.unresolved and "(" in part.sql
        }

    def sql(self, node: exp.Expr) -> str:
        """The node as SQL, in one line of bearable length."""
        return formats.shortened(self._walk.sql(node), LONGEST_SQL)

    def value(self, node: exp.Expr) -> str:
        """What an expression is: a column by its table's name, a plain aggregate in words."""
        while isinstance(node, exp.Alias | exp.Paren):
            node = node.this
        if isinstance(node, exp.Column) and not isinstance(node.this, exp.Star):
            return self._column(node)
        if isinstance(node, exp.Star):
            return "all columns"
        return self._aggregate(node) or self._cuts.get(self._walk.sql(node)) or self.sql(node)

    def conditions(self, node: exp.Expr) -> list[str]:
        """What must hold, one sentence part for each thing that must hold by itself."""
        return [self._either(part, negated) for part, negated in _parts(node)]

    def alone(self, node: exp.Expr) -> list[tuple[str, Condition | None]]:
        """The same, each with its condition where it is a single one."""
        return [
            (self._either(part, negated), self._conditions.get(id(part)))
            for part, negated in _parts(node)
        ]

    def _either(self, node: exp.Expr, negated: bool) -> str:
        while isinstance(node, exp.Paren | exp.Not) and not isinstance(node.this, _QUERY):
            negated = negated != isinstance(node, exp.Not)
            node = node.this
        if not isinstance(node, exp.And | exp.Or):
            return self._single(node, negated)
        word = " or " if isinstance(node, exp.Or) != negated else " and "
        parts = [self._either(side, negated) for side in (node.this, node.expression)]
        nested = [
            f"({said})" if (" or " if word == " and " else " and ") in said else said
            for said in parts
        ]
        return word.join(nested)

    def _single(self, node: exp.Expr, negated: bool) -> str:
        told = self._conditions.get(id(node))
        said = self._said(node, told) if told else ""
        if said:
            return said
        return f"not: {self.sql(node)}" if negated else self.sql(node)

    def _said(self, node: exp.Expr, told: Condition) -> str:
        """A single condition in words, or "" where only its SQL says it right."""
        if told.operator == "exists" and told.subquery is not None:
            return self._exists(told)
        subject = self._subject(node)
        if not subject:
            return ""
        if told.operator in _BARE:
            return f"{subject} {_BARE[told.operator][told.negated]}"
        if told.links:
            sides = [self.value(side) for side in (node.this, node.expression)]
            return f"{sides[0]} {'is not' if told.negated else 'is'} {sides[1]}"
        if told.subquery is not None or told.parameters or not told.values:
            return ""
        return _compared(subject, told, dated=id(told) in self._dated)

    def _subject(self, node: exp.Expr) -> str:
        """The side of a condition with columns, where it is a column or a plain aggregate."""
        while isinstance(node, exp.Paren):
            node = node.this
        if isinstance(node, exp.Column):
            return self._column(node)
        if isinstance(node, exp.Escape):
            return ""
        sides = [
            side
            for side in (node.args.get("this"), node.args.get("expression"))
            if isinstance(side, exp.Expr)
        ]
        for side in sides:
            bare = side
            while isinstance(bare, exp.Paren):
                bare = bare.this
            if isinstance(bare, exp.Column):
                return self._column(bare)
            if self._aggregate(bare):
                return self._aggregate(bare)
        return ""

    def _exists(self, told: Condition) -> str:
        inside = [u.name for u in self._uses if u.path == told.subquery]
        if not inside:
            return ""
        no = "no " if told.negated else "a "
        return f"there is {no}matching row in {listed(inside)}"

    def _column(self, node: exp.Column) -> str:
        if not node.table:
            return _name(node.name)
        use = self._tables.get((self._walk.path(node), node.table.lower()))
        return _name(f"{use.name if use else node.table}.{node.name}")

    def _aggregate(self, node: exp.Expr) -> str:
        """A sum, average, count … of one column in words, else ""."""
        of = node.args.get("this")
        if isinstance(node, exp.Count):
            if isinstance(of, exp.Star | exp.Literal):
                return "how many rows there are"
            if isinstance(of, exp.Distinct) and len(of.expressions) == 1:
                one = of.expressions[0]
                if isinstance(one, exp.Column):
                    return f"how many different {self._column(one)} there are"
            if isinstance(of, exp.Column) and not node.expressions:
                return f"how many rows have {self._column(of)}"
            return ""
        if type(node) in _AGGREGATES and isinstance(of, exp.Column) and not node.expressions:
            return f"{_AGGREGATES[type(node)]} {self._column(of)}"
        return ""


def listed(parts: Sequence[str], most: int = MOST_LISTED, word: str = "and") -> str:
    """ "a, b and c", with "and 3 more" for what is too much."""
    shown = list(parts[:most])
    if len(parts) > most:
        return f"{', '.join(shown)} {word} {len(parts) - most} more"
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} {word} {shown[-1]}"


def value(given: Any) -> str:
    """A constant as people read it; texts in quotes."""
    if given is None:
        return "nothing"
    if isinstance(given, str):
        return f"“{formats.shortened(given, LONGEST_VALUE)}”"
    if isinstance(given, tuple | list):
        return listed([value(one) for one in given])
    return formats.shortened(formats.cell(given), LONGEST_VALUE)


def _compared(subject: str, told: Condition, *, dated: bool) -> str:
    values, negated = told.values, told.negated
    if dated:
        values = tuple(_day(v) for v in values)
    timed = isinstance(values[0], date | datetime)
    says = (_SAYS_OF_TIMES if timed else _SAYS).get(told.operator) or _SAYS.get(told.operator)
    if says and len(values) == 1:
        return f"{subject} {says[negated]} {value(values[0])}"
    if told.operator == "between" and len(values) == 2:
        word = "is not between" if negated else "is between"
        return f"{subject} {word} {value(values[0])} and {value(values[1])}"
    if told.operator == "in":
        if len(values) == 1:
            return f"{subject} {'is not' if negated else 'is'} {value(values[0])}"
        word = "is none of" if negated else "is one of"
        return f"{subject} {word} {listed([value(v) for v in values], word='or')}"
    if told.operator in ("like", "ilike") and isinstance(values[0], str):
        return f"{subject} {_pattern(values[0], negated)}"
    return ""


def _day(given: Any) -> Any:
    """A text that is a day or a moment as one."""
    if not isinstance(given, str):
        return given
    try:
        return (
            datetime.fromisoformat(given)
            if len(given) > len("2026-01-31")
            else (date.fromisoformat(given))
        )
    except ValueError:
        return given


def _pattern(pattern: str, negated: bool) -> str:
    inner = pattern.strip("%")
    plain = inner and not set(inner) & {"%", "_", "\\"}
    begins, ends = pattern.startswith("%"), pattern.endswith("%")
    ways = {
        (True, True): ("contains", "does not contain"),
        (False, True): ("begins with", "does not begin with"),
        (True, False): ("ends with", "does not end with"),
        (False, False): ("is", "is not"),
    }
    if plain:
        return f"{ways[begins, ends][negated]} {value(inner)}"
    return f"{'is not' if negated else 'is'} like {value(pattern)}"


def _parts(node: exp.Expr) -> list[tuple[exp.Expr, bool]]:
    """What is joined by AND at the top, NOT worked in, in order."""
    found: list[tuple[exp.Expr, bool]] = []
    stack = [(node, False)]
    while stack:
        part, negated = stack.pop()
        if isinstance(part, exp.Paren) and not isinstance(part.this, _QUERY):
            stack.append((part.this, negated))
        elif isinstance(part, exp.Not):
            stack.append((part.this, not negated))
        elif isinstance(part, exp.Or if negated else exp.And):
            stack += [(part.expression, negated), (part.this, negated)]
        else:
            found.append((part, negated))
    return found


def _name(name: str) -> str:
    return formats.shortened(name, LONGEST_VALUE)
