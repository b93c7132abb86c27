"""A plan rendered as SQL of a dialect, through sqlglot's tree: no SQL is glued from text."""

from core.analyst.local.lexicon import Lexicon
from core.analyst.local.plan import Plan
from core.analyst.local.render.query import Renderer
from core.analyst.local.render.tables import NoPath, tables_of


def sql(plan: Plan, lexicon: Lexicon) -> str:
    """The plan as one readable SELECT. Raises NoPath when tables do not connect."""
    dialect = lexicon.schema.dialect
    tree = Renderer(lexicon).query(plan)
    return tree.sql(dialect=dialect, pretty=True)


__all__ = ["NoPath", "Renderer", "sql", "tables_of"]
