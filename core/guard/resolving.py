"""Which real table a name in FROM means, and which sources a place in the query sees."""

import re
from collections.abc import Iterator
from typing import Final

from sqlglot import exp

from core.errors import UnsafeSql
from core.guard import folding, lists
from core.guard.policy import Policy
from core.guard.tree import Found

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
_SEE_LATER_STEPS: Final = frozenset({"sqlite", "postgres"})


def tables(found: Found, dialect: str, policy: Policy | None) -> dict[int, str]:
    """The name of each real table by the id of its node, as the policy spells it.

    Raises UnsafeSql for tables of the server itself and tables outside the policy.
    """
    return {
        id(table): _permitted(table, dialect, policy)
        for table in found.tables
        if not _means_a_step(table, dialect) and not _is_dual(table, dialect)
    }


class Scopes:
    """Which sources a place in the query sees, by their alias."""

    def __init__(self, real: dict[int, str], dialect: str) -> None:
        self.real = real
        self._dialect = dialect
        self._sources: dict[int, dict[str, exp.Expr]] = {}

    def source(self, place: exp.Expr, alias: exp.Expr) -> exp.Expr | None:
        """The source that the alias means here: the nearest query outwards that has it."""
        above = place.parent
        wanted = folding.looked_up(alias, self._dialect)
        while above is not None:
            if isinstance(above, exp.Select) and wanted in self.sources(above):
                return self.sources(above)[wanted]
            above = above.parent
        return None

    def sources(self, query: exp.Select) -> dict[str, exp.Expr]:
        """The sources of one SELECT by their alias, as the engine looks it up."""
        known = self._sources.get(id(query))
        if known is None:
            known = {}
            for source in listed(query):
                name = name_of(source)
                known[folding.looked_up(name, self._dialect) if name is not None else ""] = source
            self._sources[id(query)] = known
        return known


def name_of(source: exp.Expr) -> exp.Expr | None:
    """The name under which a source of FROM is spoken of: its alias, or a table's own name."""
    alias = source.args.get("alias")
    if isinstance(alias, exp.TableAlias) and alias.this is not None:
        given: exp.Expr = alias.this
        return given
    return source.this if isinstance(source.this, exp.Identifier) else None


def listed(query: exp.Select) -> Iterator[exp.Expr]:
    """The sources of one SELECT in the order of their text, those of bracketed joins singly."""
    begin = query.args.get("from_")
    if begin is not None:
        yield from _unwrapped(begin.this)
    for join in query.args.get("joins") or ():
        yield from _unwrapped(join.this)
    for lateral in query.args.get("laterals") or ():
        yield from _unwrapped(lateral)


def is_bracketed_join(source: exp.Expr) -> bool:
    """Whether the source is no query but brackets around sources: (a JOIN b ON …)."""
    return isinstance(source, exp.Subquery) and not isinstance(source.this, exp.Query)


def joins_of(query: exp.Select) -> Iterator[exp.Join]:
    """The joins of one SELECT, those in brackets too."""
    yield from query.args.get("joins") or ()
    for source in listed(query):
        yield from source.args.get("joins") or ()


def nearest(place: exp.Expr) -> exp.Select | None:
    """The SELECT this place stands in."""
    above = place.parent
    while above is not None and not isinstance(above, exp.Select):
        above = above.parent
    return above


def _unwrapped(source: exp.Expr) -> Iterator[exp.Expr]:
    if is_bracketed_join(source) or (
        isinstance(source, exp.Subquery) and isinstance(source.this, exp.Subquery)
    ):
        if source.args.get("alias"):
            yield source
        yield from _unwrapped(source.this)
    else:
        yield source
    for join in source.args.get("joins") or ():
        yield from _unwrapped(join.this)
    for lateral in source.args.get("laterals") or ():
        yield from _unwrapped(lateral)


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
    own = not schema or _is_own(table.args["db"], dialect, policy)
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
    known = _of_policy(table, own, dialect, policy)
    if known is None:
        near = policy.near(name) or policy.near(full)
        raise UnsafeSql(
            f"No table {full}." + (f" Did you mean {either(near)}?" if near else ""),
            "Use the tables of this connection, spelled as they are.",
        )
    return known


def _is_own(schema: exp.Expr, dialect: str, policy: Policy | None) -> bool:
    """Whether the schema is the one that the connection's unqualified tables are in."""
    written = folding.looked_up(schema, dialect)
    if policy and policy.schema:
        wanted = exp.to_identifier(policy.schema, quoted=True)
        return written == folding.looked_up(wanted, dialect)
    return written in lists.of(dialect).schemas


def _of_policy(table: exp.Table, own: bool, dialect: str, policy: Policy) -> str | None:
    as_written = dialect not in ("sqlite", "duckdb")
    name = folding.looked_up(table.this, dialect)
    if as_written and "." in name:
        return None
    known = policy.table(name, as_written=as_written) if own else None
    if known is None and table.args.get("db"):
        full = f"{folding.looked_up(table.args['db'], dialect)}.{name}"
        known = policy.table(full, as_written=as_written)
    return known


def _means_a_step(table: exp.Table, dialect: str) -> bool:
    """Whether the name is that of a WITH step that is in scope at this place.

    Where it is not certain that the engine takes it for the step, it counts as a real table,
    which is the stricter reading.
    """
    if table.args.get("db"):
        return False
    wanted = folding.looked_up(table.this, dialect)
    below: exp.Expr = table
    above = table.parent
    while above is not None:
        if isinstance(above, exp.With):
            if wanted in _steps(_seen_from(above, below, table, dialect), dialect):
                return True
            if above.parent is not None:
                below, above = above.parent, above.parent.parent
                continue
        with_steps = above.args.get("with_") if above is not None else None
        if with_steps is not None and wanted in _steps(with_steps.expressions, dialect):
            return True
        below, above = above, above.parent
    return False


def _seen_from(steps: exp.With, step: exp.Expr, place: exp.Expr, dialect: str) -> list[exp.Expr]:
    """The steps that a place in one of them may read: those before it, and sometimes itself."""
    every: list[exp.Expr] = steps.expressions
    recursive = bool(steps.args.get("recursive"))
    index = next((i for i, other in enumerate(every) if other is step), 0)
    itself = every[index : index + 1] if _in_recursive_term(step, place, dialect) else []
    if dialect == "sqlite" or (recursive and dialect in _SEE_LATER_STEPS):
        return [*every[:index], *itself, *every[index + 1 :]]
    return [*every[:index], *itself] if recursive else every[:index]


def _in_recursive_term(step: exp.Expr, place: exp.Expr, dialect: str) -> bool:
    """Whether the step's own name can mean the step here: never in the part it begins with.

    DuckDB takes it there for a table outside, and PostgreSQL, like it, knows but one other part.
    """
    above: set[int] = set()
    at: exp.Expr | None = place
    while at is not None and at is not step:
        above.add(id(at))
        at = at.parent
    query = step.this
    while isinstance(query, exp.Union):
        if id(query.expression) in above:
            return True
        if dialect in ("duckdb", "postgres"):
            return False
        query = query.this
    return False


def _steps(steps: list[exp.Expr], dialect: str) -> set[str]:
    return {folding.looked_up(step.args["alias"].this, dialect) for step in steps}


def _is_dual(table: exp.Table, dialect: str) -> bool:
    return (
        dialect in ("mysql", "mariadb")
        and table.name.lower() == "dual"
        and not table.this.args.get("quoted")
        and not table.args.get("db")
    )


def either(names: list[str] | tuple[str, ...]) -> str:
    """Names to choose from, as they stand in a sentence."""
    return " or ".join(names)
