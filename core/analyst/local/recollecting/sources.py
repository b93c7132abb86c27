"""Where a SELECT reads from: its tables by alias, and whose column a name is."""

from dataclasses import dataclass, field
from typing import cast

from sqlglot import exp

from core.analyst.local.joins import Joins
from core.analyst.local.lexicon import Lexicon
from core.analyst.local.plan import Field, Plan
from core.analyst.local.recollecting.nodes import Unreadable, is_link, last


@dataclass
class Sources:
    """One SELECT on its way to a plan."""

    select: exp.Select
    lexicon: Lexicon
    names: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, int] = field(default_factory=dict)

    def query(self, tree: exp.Expr) -> Plan:
        """A query inside of this one; the whole knows how."""
        raise NotImplementedError

    def _sources(self) -> None:
        source = self.select.args.get("from_")
        if source is None:
            raise Unreadable
        for part in (source.this, *(j.this for j in self.select.args.get("joins") or ())):
            if not isinstance(part, exp.Table):
                raise Unreadable
            wanted = part.name.lower()
            known = next(
                (t.name for t in self.lexicon.schema.tables if last(t.name) == wanted), None
            )
            if known is None or known in self.names.values():
                raise Unreadable
            self.names[part.alias_or_name.lower()] = known
        for join in self.select.args.get("joins") or ():
            if join.args.get("side") or join.args.get("kind") not in (None, "", "INNER"):
                raise Unreadable
            on = join.args.get("on")
            if on is not None and not is_link(on):
                raise Unreadable

    def _field(self, node: exp.Expr | None) -> Field:
        if not isinstance(node, exp.Column) or isinstance(node.this, exp.Star):
            raise Unreadable
        tables = [self.names.get(node.table.lower())] if node.table else list(self.names.values())
        for name in tables:
            table = self.lexicon.schema.table(name) if name else None
            for column in table.columns if table else ():
                if column.name.lower() == node.name.lower():
                    return Field(cast(str, name), column.name)
        raise Unreadable

    def _finest(self) -> str:
        """The table whose rows the joined rows are: none of the others repeats them."""
        joins: Joins = self.lexicon.joins
        tables = list(dict.fromkeys(self.names.values()))
        for table in tables:
            if not any(joins.fan_out(table, other) for other in tables if other != table):
                return table
        raise Unreadable
