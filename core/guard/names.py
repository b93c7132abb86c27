"""Which real tables and columns the names of a query mean, and whether they may be read."""

import re
from difflib import get_close_matches
from typing import Final

from sqlglot import exp

from core.errors import UnsafeSql
from core.guard import lists
from core.guard.policy import Policy
from core.guard.tree import Found
from core.types import Reads

_SYSTEM_SCHEMAS: Final = frozenset(
    {
        "pg_catalog",
        "pg_toast",
        "pg_temp",
        "information_schema",
        "mysql",
        "performance_schema",
        "sys",
    }
)
_SYSTEM_NAMES: Final = re.compile(r"(pg|sqlite|pragma|duckdb|innodb)_|dbstat$", re.IGNORECASE)
_LIKE_A_FILE: Final = re.compile(r"[./\\:*?\[\]]")
_HIDDEN_COLUMNS: Final = frozenset({"rowid", "_rowid_", "oid", "ctid", "tableoid", "xmin", "rank"})


def check(found: Found, dialect: str, policy: Policy | None) -> Reads:
    """The real tables and columns that the query reads, all of them permitted.

    Raises UnsafeSql for tables of the server itself, tables outside the policy (with the names
    that resemble theirs), unknown columns of known tables, and private columns.
    """
    real: dict[int, str] = {}
    for table in found.tables:
        if not _means_a_step(table, dialect) and not _is_dual(table, dialect):
            real[id(table)] = _permitted(table, dialect, policy)
    scopes = _Scopes(real)
    columns: list[str] = []
    for column in found.columns:
        name = _read_column(column, scopes, policy, dialect)
        if name and name not in columns:
            columns.append(name)
    if policy and policy.private:
        _private(found, real, scopes, policy)
    return Reads(tables=tuple(sorted(set(real.values()))), columns=tuple(sorted(columns)))


def _permitted(table: exp.Table, dialect: str, policy: Policy | None) -> str:
    schema, name = table.db, table.name
    if schema.lower() in _SYSTEM_SCHEMAS or _SYSTEM_NAMES.match(name):
        raise UnsafeSql(
            f"The table {name} belongs to the database server itself and is not readable here.",
            "Read from tables of the connection.",
        )
    if table.catalog:
        raise UnsafeSql(
            f"A table of another database is not allowed: {table.catalog}.{schema}.{name}.",
            "Write the name of the table alone.",
        )
    usual = lists.of(dialect).schemas
    if policy and policy.schema:
        usual = frozenset({policy.schema.lower()})
    own = not schema or schema.lower() in usual
    full = f"{schema}.{name}" if schema else name
    if policy is None:
        if dialect == "duckdb" and _LIKE_A_FILE.search(name):
            raise UnsafeSql(
                f"Reading a file is not allowed: {name}.", "Upload it, then ask the upload."
            )
        if not own:
            raise UnsafeSql(
                f"The table {full} belongs to another schema than this connection's.",
                "Write the name of the table alone.",
            )
        return name
    if own and policy.allows(name):
        return name
    if schema and policy.allows(full):
        return full
    near = policy.near(name)
    raise UnsafeSql(
        f"No table {full}." + (f" Did you mean {_either(near)}?" if near else ""),
        "Use the tables of this connection.",
    )


def _means_a_step(table: exp.Table, dialect: str) -> bool:
    """Whether the name is that of a WITH step that is in scope at this place.

    Where it is not certain that the engine takes it for the step, it counts as a real table,
    which is the stricter reading.
    """
    if table.args.get("db"):
        return False
    wanted = _folded(table.this, dialect)
    below: exp.Expr = table
    above = table.parent
    while above is not None:
        if isinstance(above, exp.With):
            steps = above.expressions
            if not above.args.get("recursive") and dialect != "sqlite":
                index = next((i for i, step in enumerate(steps) if step is below), 0)
                steps = steps[:index]
            if any(_folded(step.args["alias"].this, dialect) == wanted for step in steps):
                return True
            if above.parent is not None:
                below, above = above.parent, above.parent.parent
                continue
        steps_with = above.args.get("with_") if above is not None else None
        if steps_with is not None and any(
            _folded(step.args["alias"].this, dialect) == wanted for step in steps_with.expressions
        ):
            return True
        below, above = above, above.parent
    return False


def _folded(name: exp.Expr, dialect: str) -> str:
    if dialect in ("mysql", "mariadb"):
        return name.name
    if dialect == "postgres" and name.args.get("quoted"):
        return name.name
    return name.name.lower()


def _is_dual(table: exp.Table, dialect: str) -> bool:
    return (
        dialect in ("mysql", "mariadb")
        and table.name.lower() == "dual"
        and not table.args.get("db")
    )


class _Scopes:
    """Which sources a place in the query sees, by their alias."""

    def __init__(self, real: dict[int, str]) -> None:
        self.real = real
        self._sources: dict[int, dict[str, exp.Expr]] = {}

    def source(self, place: exp.Expr, alias: str) -> exp.Expr | None:
        """The source that the alias means here: the nearest query outwards that has it."""
        above = place.parent
        wanted = alias.lower()
        while above is not None:
            if isinstance(above, exp.Select) and wanted in self.sources(above):
                return self.sources(above)[wanted]
            above = above.parent
        return None

    def sources(self, query: exp.Select) -> dict[str, exp.Expr]:
        """The sources of one SELECT by their alias, in lower case."""
        known = self._sources.get(id(query))
        if known is None:
            known = {}
            todo: list[exp.Expr] = [j.this for j in query.args.get("joins") or ()]
            todo += query.args.get("laterals") or ()
            if query.args.get("from_"):
                todo.append(query.args["from_"].this)
            while todo:
                source = todo.pop()
                known[source.alias_or_name.lower()] = source
                todo += [j.this for j in source.args.get("joins") or ()]
                if isinstance(source, exp.Subquery) and isinstance(source.this, exp.Table):
                    todo.append(source.this)
            self._sources[id(query)] = known
        return known

    def nearest(self, place: exp.Expr) -> exp.Select | None:
        """The SELECT this place stands in."""
        above = place.parent
        while above is not None and not isinstance(above, exp.Select):
            above = above.parent
        return above


def _read_column(
    column: exp.Column, scopes: _Scopes, policy: Policy | None, dialect: str
) -> str | None:
    """The column as "table.column" where it surely is one of a real table."""
    name = column.name
    if isinstance(column.this, exp.Star):
        return None
    if not column.table:
        return _unqualified(column, scopes, policy)
    source = scopes.source(column, column.table)
    if source is None:
        return None
    _function_column(source, name, dialect)
    table = scopes.real.get(id(source))
    if table and policy and not _renamed(source):
        _known_column(policy, table, name)
    return f"{table}.{name}" if table else None


def _unqualified(column: exp.Column, scopes: _Scopes, policy: Policy | None) -> str | None:
    query = scopes.nearest(column)
    sources = scopes.sources(query).values() if query is not None else ()
    tables = [scopes.real.get(id(source)) for source in sources]
    for table in tables:
        known = policy.columns_of(table) if policy and table else ()
        if table and (column.name.lower() in known or (not known and len(tables) == 1)):
            return f"{table}.{column.name}"
    return None


def _renamed(source: exp.Expr) -> bool:
    alias = source.args.get("alias")
    return bool(alias and alias.args.get("columns"))


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
    if name.lower() not in own and name.lower() not in _series_names(call):
        raise UnsafeSql(
            f"No column {name} in {source.alias_or_name}.", "Name its columns: AS s(name)."
        )


def _series_names(call: exp.Expr) -> set[str]:
    return {str(call.name).lower() if isinstance(call, exp.Anonymous) else "generate_series"}


def _known_column(policy: Policy, table: str, name: str) -> None:
    columns = policy.columns_of(table)
    if columns and name.lower() not in columns and name.lower() not in _HIDDEN_COLUMNS:
        near = get_close_matches(name.lower(), columns, n=3, cutoff=0.6)
        raise UnsafeSql(
            f"No column {name} in {table}." + (f" Did you mean {_either(near)}?" if near else ""),
            "Use the columns of the table.",
        )


def _private(found: Found, real: dict[int, str], scopes: _Scopes, policy: Policy) -> None:
    """Refuse every way to a private column: by name, star, whole row, renaming, natural join."""
    hidden: dict[str, str] = {}
    for node in found.tables:
        table = real.get(id(node))
        for column in policy.private_columns(table) if table else ():
            hidden[column] = f"{table}.{column}"
            if found.natural or _renamed(node):
                raise _is_private(f"{table}.{column}")
    if not hidden:
        return
    for identifier in found.identifiers:
        name = identifier.name.lower()
        if name in hidden and not _clearly_another(identifier, scopes, policy):
            raise _is_private(hidden[name])
    for star in found.stars:
        for table in _tables_of_star(star, scopes):
            for column in policy.private_columns(table):
                raise _is_private(f"{table}.{column}")
    for column_node in found.columns:
        if column_node.table or isinstance(column_node.this, exp.Star):
            continue
        source = scopes.source(column_node, column_node.name)
        table = real.get(id(source)) if source is not None else None
        for column in policy.private_columns(table) if table else ():
            raise _is_private(f"{table}.{column}")


def _clearly_another(identifier: exp.Identifier, scopes: _Scopes, policy: Policy) -> bool:
    column = identifier.parent
    if not isinstance(column, exp.Column) or identifier.arg_key != "this" or not column.table:
        return False
    source = scopes.source(column, column.table)
    table = scopes.real.get(id(source)) if source is not None else None
    return table is not None and identifier.name.lower() not in policy.private_columns(table)


def _tables_of_star(star: exp.Star, scopes: _Scopes) -> list[str]:
    if isinstance(star.parent, exp.Column) and star.parent.table:
        source = scopes.source(star.parent, star.parent.table)
        return [scopes.real[id(source)]] if source is not None and id(source) in scopes.real else []
    query = scopes.nearest(star)
    sources = scopes.sources(query).values() if query is not None else ()
    return [scopes.real[id(s)] for s in sources if id(s) in scopes.real]


def _is_private(column: str) -> UnsafeSql:
    return UnsafeSql(
        f"The column {column} is private.",
        "Leave it out and name the columns you need instead of a star.",
    )


def _either(names: list[str] | tuple[str, ...]) -> str:
    return " or ".join(names)
