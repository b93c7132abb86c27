"""The walk over the tree: every node must be of a kind on the list, and used as a reader would."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from sqlglot import exp

from core.errors import UnsafeSql
from core.guard import lists, text

MAX_NODES: Final = 40_000

_SPOKEN: Final[dict[str, str]] = {
    "Insert": "INSERT",
    "Update": "UPDATE",
    "Delete": "DELETE",
    "Merge": "MERGE",
    "Into": "SELECT INTO",
    "Lock": "Locking rows (FOR UPDATE, FOR SHARE)",
    "Parameter": "A variable or a numbered parameter",
    "SessionParameter": "A variable of the server (@@)",
    "Hint": "A hint to the server",
    "Command": "This statement",
    "Create": "CREATE",
    "Drop": "DROP",
    "Operator": "An operator with a schema",
    "UnicodeString": "Text written as U&'…'",
    "ObjectIdentifier": "A cast to a name of the server (regclass …)",
    "HistoricalData": "Reading an earlier version of a table",
    "Pivot": "PIVOT",
    "Pragma": "PRAGMA",
    "Returning": "RETURNING",
}
_HARMLESS_MODIFIERS: Final = frozenset(
    {"STRAIGHT_JOIN", "SQL_NO_CACHE", "SQL_BIG_RESULT", "SQL_SMALL_RESULT", "HIGH_PRIORITY"}
)
_TABLE_ARGUMENTS: Final = frozenset(
    {"this", "db", "catalog", "alias", "joins", "sample", "hints", "partition", "indexed", "only"}
    | {"ordinality", "laterals"}
)
_SERIES: Final = (
    exp.ExplodingGenerateSeries,
    exp.GenerateSeries,
    exp.Unnest,
    exp.JSONTable,
)


@dataclass
class Found:
    """What the walk came by, for the checks after it.

    `aliases` are the names given to sources and steps. `places` are where in the text names
    stand, `lists` where those do that a list of columns follows, `calls` where functions do;
    `words` are names without a known place, units and parameters, in lower case.
    """

    tables: list[exp.Table] = field(default_factory=list)
    columns: list[exp.Column] = field(default_factory=list)
    dots: list[exp.Dot] = field(default_factory=list)
    stars: list[exp.Star] = field(default_factory=list)
    identifiers: list[exp.Identifier] = field(default_factory=list)
    placeholders: set[str] = field(default_factory=set)
    places: set[int] = field(default_factory=set)
    lists: set[int] = field(default_factory=set)
    calls: set[int] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    aliases: list[str] = field(default_factory=list)
    natural: bool = False


def walk(root: exp.Expr, dialect: str) -> Found:
    """Check every node of the tree against the lists. Raises UnsafeSql, naming the first hit."""
    if not isinstance(root, exp.Select | exp.SetOperation | exp.Values | exp.Subquery):
        raise refused(root)
    kinds = lists.nodes().kinds
    found = Found()
    allowed = lists.of(dialect)
    stack: list[exp.Expr] = [root]
    seen = 0
    while stack:
        node = stack.pop()
        kind = type(node)
        if kind not in kinds and not _column_of_a_function(node):
            raise refused(node)
        look = _LOOKS.get(kind)
        if look:
            look(node, allowed, found)
        if kind is not exp.Identifier and "start" in node.meta:
            found.calls.add(node.meta["start"])
        for value in node.args.values():
            if isinstance(value, exp.Expr):
                stack.append(value)
            elif isinstance(value, list):
                stack.extend(item for item in value if isinstance(item, exp.Expr))
        seen += 1
        if seen > MAX_NODES:
            raise UnsafeSql("The query has too many parts.", "Ask for less in one query.")
    return found


def refused(node: exp.Expr) -> UnsafeSql:
    """The refusal of a kind of node, in words of the person's SQL where there are such."""
    if isinstance(node, exp.Func) and not isinstance(node, exp.Anonymous):
        return text.unknown_function(node.sql_name())
    if isinstance(node, exp.Aliases):
        return text.unknown_function(node.this.sql())
    spoken = _SPOKEN.get(type(node).__name__, type(node).__name__)
    return UnsafeSql(f"{spoken} is not allowed here.", text.ONLY_READING)


def _column_of_a_function(node: exp.Expr) -> bool:
    """A typed column in `json_to_record(…) AS t(a int)` or `STRUCT(a int)`: name and type only."""
    return (
        isinstance(node, exp.ColumnDef)
        and isinstance(node.parent, exp.TableAlias | exp.DataType)
        and {key for key, value in node.args.items() if value} <= {"this", "kind"}
    )


def _identifier(node: exp.Identifier, _: lists.Lists, found: Found) -> None:
    found.identifiers.append(node)
    place = node.meta.get("start") if node._meta else None
    if place is None:
        found.words.add(node.name.lower())
    else:
        found.places.add(place)


def _var(node: exp.Var, _: lists.Lists, found: Found) -> None:
    found.words.add(node.name.lower())


def _anonymous(node: exp.Anonymous, allowed: lists.Lists, _: Found) -> None:
    name = node.this
    if not isinstance(name, str):
        raise UnsafeSql(
            f'A quoted function name is not allowed: "{node.name}".',
            "Write the name of the function without quotes.",
        )
    if name.lower() not in allowed.functions | allowed.table_functions:
        raise text.unknown_function(name)


def _aggregate(node: exp.Func, allowed: lists.Lists, _: Found) -> None:
    if str(node.name).lower() not in allowed.functions:
        raise text.unknown_function(str(node.name))


def _dot(node: exp.Dot, _: lists.Lists, found: Found) -> None:
    if not isinstance(node.expression, exp.Identifier | exp.Star):
        called = node.expression
        name = called.name if isinstance(called, exp.Anonymous) else called.sql()
        raise UnsafeSql(
            f"A function with a schema before its name is not allowed: {node.this.sql()}.{name}.",
            "Write the name of the function alone.",
        )
    if isinstance(node.expression, exp.Identifier):
        found.dots.append(node)


def _column(node: exp.Column, allowed: lists.Lists, found: Found) -> None:
    name = node.this
    if not isinstance(name, exp.Identifier | exp.Star):
        raise UnsafeSql(
            f"This is no name of a column: {name.sql()}.", 'Write names as they are or in "quotes".'
        )
    if (
        isinstance(name, exp.Identifier)
        and not name.quoted
        and not node.args.get("table")
        and name.name.lower() in allowed.bare
    ):
        raise text.unknown_function(name.name)
    found.columns.append(node)


def _star(node: exp.Star, _: lists.Lists, found: Found) -> None:
    if not isinstance(node.parent, exp.Count) or any(node.args.values()):
        found.stars.append(node)


def _table(node: exp.Table, allowed: lists.Lists, found: Found) -> None:
    extra = {key for key, value in node.args.items() if value} - _TABLE_ARGUMENTS
    if extra:
        raise UnsafeSql(
            "This way of naming a table is not allowed (" + ", ".join(sorted(extra)) + ").",
            text.ONLY_READING,
        )
    if isinstance(node.this, exp.Identifier):
        if isinstance(node.parent, exp.Table) and node.arg_key == "indexed":
            return
        if not node.this.quoted and not node.db and node.name.lower() in allowed.bare:
            raise UnsafeSql(
                f"FROM {node.name} reads what the server says of this session, not a table.",
                f'Write the name of the table in quotes: "{node.name}".',
            )
        found.tables.append(node)
    else:
        _rows_from(node.this, allowed)


def _lateral(node: exp.Lateral, allowed: lists.Lists, _: Found) -> None:
    if not isinstance(node.this, exp.Subquery):
        _rows_from(node.this, allowed)


def _json_table(node: exp.JSONTable, _: lists.Lists, __: Found) -> None:
    """Anywhere but in FROM it is not the engine's own: JSON_TABLE(1) calls somebody's function."""
    if not isinstance(node.parent, exp.Table | exp.Lateral | exp.From | exp.Join):
        raise text.unknown_function("JSON_TABLE")


def _rows_from(call: exp.Expr, allowed: lists.Lists) -> None:
    if isinstance(call, exp.Anonymous):
        if call.name.lower() not in allowed.table_functions:
            raise UnsafeSql(
                f"Reading rows from the function {call.name} is not allowed.",
                "Read from tables of the connection.",
            )
    elif not isinstance(call, _SERIES):
        raise UnsafeSql(
            f"Reading rows from {call.sql()[:40]} is not allowed.",
            "Read from tables of the connection.",
        )


def _alias(node: exp.TableAlias, _: lists.Lists, found: Found) -> None:
    if node.this is not None:
        found.aliases.append(node.name)
        if node.args.get("columns") and "start" in node.this.meta:
            found.lists.add(node.this.meta["start"])


def _placeholder(node: exp.Placeholder, _: lists.Lists, found: Found) -> None:
    if not isinstance(node.this, str) or not node.this.isidentifier():
        raise UnsafeSql("A parameter without a name is not allowed.", "Write it as :name.")
    found.placeholders.add(node.this)
    found.words.add(node.this.lower())


def _type(node: exp.DataType, allowed: lists.Lists, found: Found) -> None:
    kind = node.this
    if kind is exp.DataType.Type.USERDEFINED:
        name = node.args.get("kind")
        name = name.name if isinstance(name, exp.Expr) else str(name)
        if name.lower() in allowed.named_types:
            found.words.add(name.lower())
            return
        raise UnsafeSql(f"The data type {name} is not allowed here.", "Use a basic type.")
    if isinstance(kind, exp.DataType.Type) and kind not in lists.nodes().types:
        raise UnsafeSql(f"The data type {kind.value} is not allowed here.", "Use a basic type.")


def _select(node: exp.Select, _: lists.Lists, __: Found) -> None:
    for modifier in node.args.get("operation_modifiers") or ():
        if modifier.name.upper() not in _HARMLESS_MODIFIERS:
            raise UnsafeSql(f"{modifier.name} is not allowed here.", "Leave it out.")


def _join(node: exp.Join, _: lists.Lists, found: Found) -> None:
    if any(not isinstance(name, exp.Identifier) for name in node.args.get("using") or ()):
        raise UnsafeSql(
            "USING needs the names of columns.", 'Write names as they are or in "quotes".'
        )
    found.natural = found.natural or str(node.args.get("method") or "").upper() == "NATURAL"


def _assignment(node: exp.PropertyEQ, _: lists.Lists, __: Found) -> None:
    if not isinstance(node.parent, exp.Struct):
        raise UnsafeSql("Assigning a variable (:=) is not allowed.", text.ONLY_READING)


def _over_only(node: exp.Func, allowed: lists.Lists, _: Found) -> None:
    """Nobody's own function can be followed by OVER or WITHIN GROUP, so these are the engine's."""
    name = node.sql_name().lower()
    if name in allowed.over_only and not isinstance(node.parent, exp.Window | exp.WithinGroup):
        raise text.unknown_function(node.sql_name())


_LOOKS: Final[dict[type[exp.Expr], Callable[..., None]]] = {
    exp.Identifier: _identifier,
    exp.Var: _var,
    exp.Anonymous: _anonymous,
    exp.AnonymousAggFunc: _aggregate,
    exp.ParameterizedAgg: _aggregate,
    exp.CombinedAggFunc: _aggregate,
    exp.Dot: _dot,
    exp.Column: _column,
    exp.Star: _star,
    exp.Table: _table,
    exp.Lateral: _lateral,
    exp.JSONTable: _json_table,
    exp.TableAlias: _alias,
    exp.Placeholder: _placeholder,
    exp.DataType: _type,
    exp.Select: _select,
    exp.Join: _join,
    exp.PropertyEQ: _assignment,
    exp.Median: _over_only,
    exp.PercentileCont: _over_only,
    exp.PercentileDisc: _over_only,
}
