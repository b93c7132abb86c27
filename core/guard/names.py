"""Which real tables and columns the names of a query mean, and whether they may be read."""

from difflib import get_close_matches
from typing import Final

from sqlglot import exp

from core.errors import UnsafeSql
from core.guard import folding, resolving
from core.guard.policy import Policy
from core.guard.resolving import Scopes
from core.guard.tree import Found
from core.types import Reads

_SYSTEM_COLUMNS: Final = frozenset({"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"})
HIDDEN_COLUMNS: Final = {
    "sqlite": frozenset({"rowid", "_rowid_", "oid"}),
    "duckdb": frozenset({"rowid"}),
    "postgres": _SYSTEM_COLUMNS,
    "mysql": frozenset({"_rowid"}),
    # In the mode that speaks Oracle's SQL, `s.nextval` counts the sequence on.
    "mariadb": frozenset({"_rowid", "nextval", "currval", "lastval"}),
}


def check(found: Found, real: dict[int, str], dialect: str, policy: Policy | None) -> Reads:
    """The real tables and columns that the query reads. `real` is what `resolving.tables` found.

    Raises UnsafeSql for unknown columns of known tables, for columns that an engine keeps for
    itself, and for names where the engine could look up another thing than the guard did.
    """
    scopes = Scopes(real, dialect)
    columns: set[str] = set()
    hidden = HIDDEN_COLUMNS[dialect]
    for column in found.columns:
        if folding.lower(column.name) in hidden:
            _hidden_column(column, scopes, policy)
        name = _read_column(column, scopes, policy, dialect)
        if name:
            columns.add(name)
    if dialect == "sqlite":
        _no_table_behind_in(found)
    return Reads(tables=tuple(sorted(set(real.values()))), columns=tuple(sorted(columns)))


def _no_table_behind_in(found: Found) -> None:
    """SQLite reads a whole table for `x IN name`: a table that stands in no FROM."""
    for column in found.columns:
        if isinstance(column.parent, exp.In) and column.arg_key == "field":
            raise UnsafeSql(
                f"A list of values must follow IN, not the name {column.name}.",
                "Write a sub-select in brackets behind IN.",
            )


def _read_column(
    column: exp.Column, scopes: Scopes, policy: Policy | None, dialect: str
) -> str | None:
    """The column as "table.column" where it surely is one of a real table."""
    name = column.name
    if isinstance(column.this, exp.Star):
        return None
    if not column.table:
        return _unqualified(column, scopes, policy)
    source = scopes.source(column, column.args["table"])
    if source is None:
        return None
    _function_column(source, name, dialect)
    table = scopes.real.get(id(source))
    if table is None:
        return None
    if policy and not renamed(source):
        return f"{table}.{known_column(policy, table, column.this, dialect)}"
    return f"{table}.{name}"


def _unqualified(column: exp.Column, scopes: Scopes, policy: Policy | None) -> str | None:
    query = resolving.nearest(column)
    sources = list(scopes.sources(query).values()) if query is not None else []
    for source in sources:
        table = scopes.real.get(id(source))
        if table is None:
            continue
        known = policy.columns_of(table) if policy else ()
        own = next((c for c in known if c.lower() == column.name.lower()), None)
        if own is not None or (not known and len(sources) == 1):
            return f"{table}.{own or column.name}"
    return None


def renamed(source: exp.Expr) -> bool:
    """Whether the columns of the source get other names: AS t(a, b)."""
    alias = source.args.get("alias")
    return bool(alias and alias.args.get("columns"))


def _hidden_column(column: exp.Column, scopes: Scopes, policy: Policy | None) -> None:
    """Refuse columns that an engine keeps for itself, unless the name means something else."""
    if column.table:
        source = scopes.source(column, column.args["table"])
        if source is not None and id(source) not in scopes.real:
            return
        sources = [source] if source is not None else []
    else:
        query = resolving.nearest(column)
        sources = list(scopes.sources(query).values()) if query is not None else []
        if _named_in_order(column, query) or (
            sources and not any(id(source) in scopes.real for source in sources)
        ):
            return
    wanted = folding.lower(column.name)
    for source in sources:
        table = scopes.real.get(id(source))
        known = policy.columns_of(table) if policy and table else ()
        if any(folding.lower(name) == wanted for name in known):
            return
    raise UnsafeSql(
        f"The column {column.name} is one that the database keeps for itself.",
        "It says nothing about the data: use the table's own columns.",
    )


def _named_in_order(column: exp.Column, query: exp.Select | None) -> bool:
    """Whether ORDER BY speaks of an output that the query itself gave this name."""
    if query is None or not isinstance(column.parent, exp.Ordered):
        return False
    wanted = folding.lower(column.name)
    return any(
        isinstance(output, exp.Alias) and folding.lower(output.alias) == wanted
        for output in query.expressions
    )


def _function_column(source: exp.Expr, name: str, dialect: str) -> None:
    """PostgreSQL calls a function for `series.function`: only the row's own names may follow."""
    if dialect != "postgres":
        return
    call = source.this if isinstance(source, exp.Table | exp.Lateral) else source
    if not isinstance(call, exp.Func) or isinstance(call, exp.Subquery):
        return
    alias = source.args.get("alias")
    own = {source.alias_or_name.lower(), "ordinality", "value", "key"}
    own |= {c.name.lower() for c in (alias.args.get("columns") or ())} if alias else set()
    if isinstance(call.args.get("offset"), exp.Identifier):
        own.add(call.args["offset"].name.lower())
    if name.lower() not in own and name.lower() not in _series_names(call):
        raise UnsafeSql(
            f"No column {name} in {source.alias_or_name}.", "Name its columns: AS s(name)."
        )


def _series_names(call: exp.Expr) -> set[str]:
    return {str(call.name).lower() if isinstance(call, exp.Anonymous) else "generate_series"}


def known_column(policy: Policy, table: str, name: exp.Expr, dialect: str) -> str:
    """The column as the table spells it. Raises UnsafeSql for one that the table does not have."""
    columns = policy.columns_of(table)
    written = folding.looked_up(name, dialect)
    if not columns or written in columns:
        return written
    if dialect != "postgres":
        lowered = name.name.lower()
        own = next((c for c in columns if c.lower() == lowered), None)
        if own is not None:
            return own
    if folding.lower(name.name) in HIDDEN_COLUMNS[dialect]:
        return name.name
    near = get_close_matches(name.name.lower(), columns, n=3, cutoff=0.6)
    raise UnsafeSql(
        f"No column {name.name} in {table}."
        + (f" Did you mean {resolving.either(near)}?" if near else ""),
        "Use the columns of the table, spelled as they are.",
    )
