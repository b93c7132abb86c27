"""The rows behind a tile: its query without what sums them up."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlglot import exp

from core import query, schema
from core.chips import opened
from core.dashboards import restricting, rights
from core.dashboards.restricting import Restriction
from core.dashboards.views import tile_of
from core.datamind import DataMind
from core.errors import BadInput
from core.guard import rewriting
from core.types import Actor, DatabaseSchema, Query, QueryResult

MOST_ROWS: Final = 1_000
_SUMMING: Final = ("group", "having", "order", "limit", "offset", "distinct", "qualify", "windows")


def rows(
    dm: DataMind, actor: Actor, widget_id: UUID, asked: Sequence[Restriction] = ()
) -> QueryResult:
    """Up to 1,000 rows that the tile's figures are made of, under the same restrictions.

    Raises BadInput for a query whose rows cannot be told with certainty, and as `query.run`.
    """
    with dm.sessions.read() as db:
        tile = tile_of(rights.widget(db, actor, widget_id))
    if tile.connection_id is None:
        raise _cannot()
    known = schema.read(dm, actor, tile.connection_id)
    bound = restricting.restricted(
        unsummed(tile.sql_on(dm.clock.today(actor.time_zone)), known), known, asked
    )
    wanted = Query(tile.connection_id, bound.sql, bound.params, purpose="widget")
    return query.run(dm, actor, wanted, known=known)


def unsummed(sql: str, schema: DatabaseSchema) -> str:
    """The query for the rows behind a query: all columns of the tables in its FROM.

    Raises BadInput where FROM holds something else than tables, or several queries are joined.
    """
    root = rewriting.tree(sql, schema.guarded_as)
    if not isinstance(root, exp.Select) or not root.args.get("from_"):
        raise _cannot()
    shown: dict[str, exp.Expr] = {}
    named = {cte.alias.lower() for cte in root.find_all(exp.CTE)}
    for source in [root.args["from_"].this, *(join.this for join in root.args.get("joins") or ())]:
        table = schema.table(source.name) if isinstance(source, exp.Table) else None
        if table is None or source.name.lower() in named:
            raise _cannot()
        alias = source.args.get("alias")
        call = alias.this if alias is not None else source.this
        for column in table.columns:
            node = exp.Column(this=opened.identifier(column.name), table=call.copy())
            shown.setdefault(column.name.lower(), node)
    for part in _SUMMING:
        root.set(part, None)
    root.set("expressions", list(shown.values()))
    written = rewriting.written(root.limit(MOST_ROWS), schema.guarded_as)
    if written is None:
        raise _cannot()
    return written


def _cannot() -> BadInput:
    return BadInput(
        "The rows behind this tile cannot be told with certainty.",
        "Its query sums up in several steps. Look at its SQL instead.",
    )
