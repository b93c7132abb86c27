"""Row rules: where a table with one is read, a sub-select of the permitted rows stands."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sqlglot import exp

from core.errors import UnsafeSql
from core.guard import editing, fences, folding, names, parsing, retelling, text, tree
from core.guard.editing import Edit
from core.guard.policy import Policy
from core.guard.retelling import Piece
from core.guard.tree import Found

_FRAME: Final = "SELECT 1 FROM t WHERE ("
_FRAME_WORDS: Final = 5
_NOT_FOR_ROWS: Final = (exp.Query, exp.AggFunc, exp.Window, exp.Star, exp.Placeholder)
_PARTS_OF_A_TABLE: Final = frozenset({"sample", "hints", "partition", "indexed", "only"})
_PARTS_OF_A_RULE: Final = frozenset({"expressions", "from_", "where", "limit", "offset"})


@dataclass(frozen=True)
class Rule:
    """A condition on the rows of one table: as a tree, and as the words that will run."""

    condition: exp.Expr
    words: tuple[Piece, ...]


def check(condition: str, dialect: str, table: str, columns: tuple[str, ...]) -> None:
    """Whether the text can be a row rule of the table, for the form where it is written.

    It must be a condition over the table's own columns, with values as they are: no sub-select,
    aggregate, window or parameter. Raises UnsafeSql, which says what is wrong with it.
    """
    _rule(condition, dialect, table, columns)


def planned(
    root: exp.Expr, found: Found, real: dict[int, str], policy: Policy, dialect: str
) -> tuple[Edit, ...]:
    """Where the query must read less than it asks for. Raises UnsafeSql where it cannot be said."""
    if not policy.rows:
        return ()
    edits: list[Edit] = []
    ruled: set[str] = set()
    behind: tuple[Piece, ...] | None = None
    ruled_columns = frozenset(
        folding.lower(column) for table in policy.rows for column in policy.columns_of(table)
    )
    for table in found.tables:
        rule = _of(table, real, policy, dialect)
        if rule is None:
            continue
        ruled.add(folding.loose(table.name))
        extra = sorted(key for key in _PARTS_OF_A_TABLE if table.args.get(key))
        if extra:
            raise UnsafeSql(
                f"Only some rows of {table.name} are shown to you, so it is read without "
                f"{', '.join(extra)}.",
                "Write the name of the table alone.",
            )
        if behind is None:
            behind = fences.fence(dialect) if fences.needed(root, ruled_columns) else ()
        edits.append(_edit(table, rule, behind, dialect))
    for column in found.columns:
        if column.args.get("db") and folding.loose(column.table) in ruled:
            raise UnsafeSql(
                f"The column {column.table}.{column.name} is named with its schema.",
                f"Write {column.table}.{column.name}.",
            )
    return tuple(edits)


def folded(found: Found, real: dict[int, str], policy: Policy, dialect: str) -> None:
    """Put the plain tables back into a tree that rules were applied to.

    Raises UnsafeSql for a table that stands there without its rule: the proof that what runs
    reads no more than it may.
    """
    for table in found.tables:
        rule = _of(table, real, policy, dialect)
        if rule is None:
            continue
        within = _only_reads(table, rule)
        if within is None:
            raise UnsafeSql(
                f"The row rule of {table.name} could not be applied to this query.",
                "Write it in a simpler way.",
            )
        for key in ("alias", "joins", "laterals"):
            table.set(key, within.args.get(key))
        within.replace(table)


def _of(table: exp.Table, real: dict[int, str], policy: Policy, dialect: str) -> Rule | None:
    name = real.get(id(table))
    condition = policy.rule(name) if name is not None else None
    if name is None or condition is None:
        return None
    try:
        return _rule(condition, dialect, name, policy.columns_of(name))
    except UnsafeSql as problem:
        raise UnsafeSql(
            f"The row rule of {name} does not work, so the table is not read: {problem.message}",
            "Ask an administrator to correct the rule.",
        ) from problem


@lru_cache(maxsize=2048)
def _rule(condition: str, dialect: str, table: str, columns: tuple[str, ...]) -> Rule:
    if not columns:
        raise UnsafeSql(f"The columns of {table} are not known.", "Refresh the schema.")
    sql = f"{_FRAME}{condition}\n)"
    written = text.tokens(sql, dialect)
    root = parsing.parse(written, sql, dialect)
    found = tree.walk(root, dialect)
    text.check_names(written, dialect, found)
    where = root.args.get("where")
    plain = {key for key, value in root.args.items() if value} == {"expressions", "from_", "where"}
    if not plain or where is None or not isinstance(where.this, exp.Paren):
        raise UnsafeSql("It is not one condition.", "Write for example country = 'DE'.")
    if any(isinstance(node, _NOT_FOR_ROWS) for node in where.walk()):
        raise UnsafeSql(
            "It is more than a condition on a row.", "Compare columns of the table with values."
        )
    policy = Policy(frozenset({table}), {table: columns})
    for column in found.columns:
        if column.table:
            raise UnsafeSql(
                f"The column {column.name} is named with a table.", "Write the column alone."
            )
        _own_column(policy, table, column.this, dialect)
    named = {id(column.this) for column in found.columns}
    if any(id(name) not in named for name in where.find_all(exp.Identifier)):
        raise UnsafeSql("It names more than columns.", "Compare columns of the table with values.")
    told = retelling.pieces(sql, written, found, dialect)[_FRAME_WORDS:]
    words = tuple(
        Piece(piece.text, None, piece.glued and index > 0) for index, piece in enumerate(told)
    )
    return Rule(where.this.copy(), words)


def _own_column(policy: Policy, table: str, name: exp.Expr, dialect: str) -> None:
    known = names.known_column(policy, table, name, dialect)
    if known not in policy.columns_of(table):
        raise UnsafeSql(f"No column {name.name} in {table}.", "Use the columns of the table.")


def _edit(table: exp.Table, rule: Rule, fence: tuple[Piece, ...], dialect: str) -> Edit:
    if _is_command(table):
        raise UnsafeSql(
            f"Only some rows of {table.name} are shown to you, so TABLE is not enough.",
            "Write SELECT and the columns you need, then FROM and the table.",
        )
    parts = [table.args[key].meta for key in ("this", "db") if table.args.get(key)]
    if not all("start" in part for part in parts):
        raise UnsafeSql(f"The table {table.name} is named in an unusual way.", "Write its name.")
    behind = [*editing.words("WHERE"), *rule.words, *fence, *editing.words(")")]
    if not table.alias:
        behind += editing.words("AS", retelling.spelled(table.this, dialect))
    return Edit(
        min(part["start"] for part in parts),
        max(part["end"] for part in parts),
        before=editing.words("(", "SELECT", "*", "FROM"),
        behind=tuple(behind),
        keeps=True,
    )


def _is_command(table: exp.Table) -> bool:
    """Whether it stands in `TABLE orders`, where no sub-select may: its star has no place."""
    query = table.parent.parent if isinstance(table.parent, exp.From) else None
    if not isinstance(query, exp.Select) or not query.expressions:
        return False
    first = query.expressions[0]
    return isinstance(first, exp.Star) and "start" not in first.meta


def _only_reads(table: exp.Table, rule: Rule) -> exp.Subquery | None:
    """The sub-select around the table, if it is nothing but that and the rule."""
    begin = table.parent
    query = begin.parent if isinstance(begin, exp.From) else None
    within = query.parent if isinstance(query, exp.Select) else None
    if not isinstance(query, exp.Select) or not isinstance(within, exp.Subquery):
        return None
    where = query.args.get("where")
    fits = (
        {key for key, value in table.args.items() if value} <= {"this", "db"}
        and {key for key, value in query.args.items() if value} <= _PARTS_OF_A_RULE
        and fences.is_fence(query)
        and {k for k, v in within.args.items() if v} <= {"this", "alias", "joins", "laterals"}
        and bool(within.alias)
        and [type(output) for output in query.expressions] == [exp.Star]
        and not any(query.expressions[0].args.values())
        and where is not None
        and where.this == rule.condition
    )
    return within if fits else None
