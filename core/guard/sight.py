"""From which places of a query a table with private columns can be seen."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from core.errors import UnsafeSql
from core.guard import folding, names, resolving
from core.guard.policy import Policy
from core.guard.tree import Found


@dataclass(frozen=True, eq=False)
class Source:
    """A table with private columns, read by `owner` under `alias`.

    `alias` and the keys of `hidden` are loose forms; `hidden` gives the columns' own names.
    """

    node: exp.Table
    table: str
    alias: str
    owner: exp.Select
    hidden: dict[str, str]


class Sight:
    """The private sources of a query, and who sees them."""

    def __init__(self, found: Found, real: dict[int, str], policy: Policy, dialect: str) -> None:
        self.dialect = dialect
        self.sources = [
            _source(table, real[id(table)], policy, dialect)
            for table in found.tables
            if id(table) in real and policy.private_columns(real[id(table)])
        ]
        if self.sources and found.natural:
            raise UnsafeSql(
                f"A NATURAL JOIN would compare the private columns of {self.sources[0].table}.",
                "Join with ON and name the columns.",
            )

    def owned(self, query: exp.Expr) -> list[Source]:
        """The private sources that the SELECT itself reads."""
        return [source for source in self.sources if source.owner is query]

    def seen(self, place: exp.Expr) -> list[Source]:
        """The private sources that a name at this place could mean."""
        if self.dialect == "sqlite" and _in_a_step(place):
            return self.sources
        return [source for query in self._outwards(place) for source in self.owned(query)]

    def _outwards(self, place: exp.Expr) -> Iterator[exp.Select]:
        """The SELECTs whose sources a name may mean, from the innermost.

        On SQLite a step of WITH sees what the places see where it is read. Elsewhere it does
        not see the query it belongs to. Nor does a query in FROM see its neighbours,
        except where LATERAL is written or, as on DuckDB, implied.
        """
        below: exp.Expr = place
        above = place.parent
        apart = False
        while above is not None:
            if isinstance(above, exp.With):
                if above.parent is None:
                    return
                below, above = above.parent, above.parent.parent
                continue
            if isinstance(above, exp.Select):
                if not apart:
                    yield above
                apart = False
            elif isinstance(above, exp.From | exp.Join) and below.arg_key == "this":
                apart = (
                    self.dialect != "duckdb"
                    and isinstance(below, exp.Subquery)
                    and isinstance(below.this, exp.Select | exp.SetOperation)
                )
            below, above = above, above.parent


def _in_a_step(place: exp.Expr) -> bool:
    return place.find_ancestor(exp.With) is not None


def is_private(table: str, column: str, hint: str = "") -> UnsafeSql:
    """The refusal of a use of a private column."""
    return UnsafeSql(
        f"The column {table}.{column} is private: nothing is computed, compared or sorted by it.",
        hint or "Leave it out, or name it alone in the outermost SELECT: it is shown as •••.",
    )


def _source(node: exp.Table, table: str, policy: Policy, dialect: str) -> Source:
    hidden = {folding.loose(column): column for column in policy.private_columns(table)}
    known = {folding.lower(column) for column in policy.columns_of(table)}
    if not known:
        raise UnsafeSql(
            f"The table {table} has private columns, and its columns are not known.",
            "Refresh the schema of this connection.",
        )
    for column in names.HIDDEN_COLUMNS[dialect] - known:
        hidden[column] = column
    if dialect == "sqlite" and folding.lower(table) not in known:
        # A full-text table has a column of its own name, which stands for all its columns.
        hidden[folding.loose(table)] = table
    first = next(iter(hidden.values()))
    if names.renamed(node):
        raise is_private(table, first, "Leave the list of names behind the table's alias out.")
    owner: exp.Expr | None = node.parent
    while owner is not None and not isinstance(owner, exp.Select):
        if isinstance(owner, exp.Subquery) and owner.args.get("alias"):
            raise is_private(table, first, "Leave the alias of the brackets around joins out.")
        owner = owner.parent
    name = resolving.name_of(node)
    if owner is None or name is None:
        raise is_private(table, first)
    return Source(node, table, folding.loose(name.name), owner, hidden)
