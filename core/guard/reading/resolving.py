"""Which source a column's name means at its place, by the rules that engines go by."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from sqlglot import exp

from core.guard.reading.origin import Field, Origin, Source, merged
from core.guard.reading.origin import column as real

if TYPE_CHECKING:
    from core.guard.reading.lineage import Lineage

_ALIASES_COUNT: Final = ("group", "having", "qualify", "order", "distinct")
_LENIENT: Final = ("sqlite", "duckdb")
_FIRST_IN_STARS: Final = ("postgres", "mysql", "mariadb")
_HIDDEN: Final = frozenset({"rowid", "_rowid_", "oid", "ctid", "tableoid", "xmin", "rank"})


def column(node: exp.Column, lineage: "Lineage") -> Origin:
    """Where a column comes from; `unresolved` holds its name where that is not certain."""
    if node.table:
        return _qualified(node, lineage)
    return _unqualified(node, lineage)


def starred(select: exp.Select, star: exp.Star, table: str, lineage: "Lineage") -> Iterator[Field]:
    """The columns that a star stands for; those of a source with unknown columns stay a star."""
    sources = [source for source in lineage.sources(select) if not source.hidden]
    if table:
        sources = [s for s in sources if s.alias.lower() == table.lower()][:1]
        fields = [field for s in sources for field in _shown(s)] or [_unread(table)]
    else:
        fields = _merged_star(sources, lineage)
    left_out = {c.name.lower() for c in star.args.get("except_") or ()}
    replaced = {e.alias.lower(): e for e in star.args.get("replace") or ()}
    renamed = {e.this.name.lower(): e.alias for e in star.args.get("rename") or ()}
    for field in fields:
        name = field.name.lower()
        if name in left_out:
            continue
        if name in replaced:
            yield Field(field.name, lineage.of(replaced[name]))
        else:
            yield Field(renamed.get(name, field.name), field.origin, field.star)


def source(node: exp.Expr, alias: str, lineage: "Lineage") -> Source | None:
    """The source of that name: in the nearest query outwards that has it."""
    wanted = alias.lower()
    above = node.parent
    while above is not None:
        if isinstance(above, exp.Select):
            for one in lineage.sources(above) if above is not node else ():
                if one.alias.lower() == wanted:
                    return one
        above = above.parent
    return None


def _qualified(node: exp.Column, lineage: "Lineage") -> Origin:
    found = source(node, node.table, lineage)
    if found is not None:
        known = found.named(node.name)
        if known is None and found.table and node.name.lower() in _HIDDEN:
            return real(found.table, node.name.lower())
        return known or Origin("column", unresolved=(f"{node.table}.{node.name}",))
    outer = exp.column(node.args["table"].copy())
    outer.parent, outer.arg_key, outer.index = node.parent, node.arg_key, node.index
    struct = _unqualified(outer, lineage)
    if struct.certain and struct.columns:
        return Origin("expression", struct.columns)
    return Origin("column", unresolved=(f"{node.table}.{node.name}",))


def _unqualified(node: exp.Column, lineage: "Lineage") -> Origin:
    name = node.name.lower()
    below: exp.Expr = node
    above = node.parent
    while above is not None:
        if isinstance(above, exp.SetOperation) and below.arg_key == "order":
            for field in lineage.fields(above):
                if field.name.lower() == name:
                    return field.origin
        if isinstance(above, exp.Select):
            found = _in_select(node, name, above, str(below.arg_key), lineage)
            if found is not None:
                return found
        below, above = above, above.parent
    return Origin("column", unresolved=(node.name,))


def _in_select(
    node: exp.Column, name: str, select: exp.Select, clause: str, lineage: "Lineage"
) -> Origin | None:
    ordered = node.parent
    if (
        clause == "order"
        and isinstance(ordered, exp.Ordered)
        and ordered.parent is (select.args.get("order"))
    ):
        alias = _alias(name, select)
        if alias is not None:
            return lineage.of(alias)
    sources = [s for s in lineage.sources(select) if not s.hidden or clause == "joins"]
    hits = [(s, s.field(name)) for s in sources if not s.open or _told(s, name)]
    known = [(s, origin) for s, origin in hits if origin is not None]
    if known:
        return _one_of(known)
    unknown = [s for s in sources if s.open]
    alias = _usable_alias(node, name, select, clause, lineage, bool(unknown))
    if alias is not None:
        return lineage.of(alias)
    return _guessed(node, name, sources, unknown)


def _guessed(
    node: exp.Column, name: str, sources: Sequence[Source], unknown: Sequence[Source]
) -> Origin | None:
    """The one source whose columns are not known, or its whole row; None where there is none."""
    if len(unknown) > 1 and any(name in s.merged for s in sources):
        unknown = unknown[:1] if name in sources[1].merged else unknown
    for one in sources:
        if one.alias.lower() == name and (len(unknown) != 1 or unknown[0] is one):
            return one.everything
    if len(unknown) == 1:
        return unknown[0].field(node.name)
    if unknown:
        return Origin("column", unresolved=(node.name,))
    tables = [s.table for s in sources if s.table]
    if name in _HIDDEN and len(tables) == 1 == len(sources):
        return real(tables[0], name)
    return None


def _told(one: Source, name: str) -> bool:
    return any(field.name.lower() == name for field in one.fields)


def _one_of(known: Sequence[tuple[Source, Origin]]) -> Origin:
    """The column of several sources that USING or NATURAL made one."""
    if len(known) == 1:
        return known[0][1]
    sides = {s.side for s, _ in known[1:]}
    if "FULL" in sides:
        return merged(origin for _, origin in known)
    return known[-1][1] if sides == {"RIGHT"} else known[0][1]


def _alias(name: str, select: exp.Select) -> exp.Alias | None:
    for projection in select.expressions:
        if isinstance(projection, exp.Alias) and projection.alias.lower() == name:
            return projection
    return None


def _usable_alias(
    node: exp.Column,
    name: str,
    select: exp.Select,
    clause: str,
    lineage: "Lineage",
    guessing: bool,
) -> exp.Alias | None:
    """The output of that name, where the clause may use it and no column can be meant."""
    alias = _alias(name, select)
    if alias is None:
        return None
    lenient = lineage.names.dialect in _LENIENT
    if clause == "expressions":
        if guessing or not lenient or not _earlier(alias, node, select):
            return None
        return alias
    if clause not in _ALIASES_COUNT and not (lenient and clause == "where"):
        return None
    if guessing and any(c.name.lower() == name for c in alias.this.find_all(exp.Column)):
        return None
    return alias


def _earlier(alias: exp.Alias, node: exp.Expr, select: exp.Select) -> bool:
    inside: exp.Expr = node
    while inside.parent is not None and inside.parent is not select:
        inside = inside.parent
    return (alias.index or 0) < (inside.index or 0)


def _shown(one: Source) -> list[Field]:
    known = [field for field in one.fields if field.name != "*" or field.star is not None]
    if one.open and len(known) == len(one.fields) and not any(f.star for f in one.fields):
        known.append(Field("*", Origin("star", unresolved=(f"{one.table or one.alias}.*",)), one))
    return known or [_unread(one.alias)]


def _unread(alias: str) -> Field:
    return Field("*", Origin("star", unresolved=(f"{alias}.*",)))


def _merged_star(sources: Sequence[Source], lineage: "Lineage") -> list[Field]:
    """All columns of all sources; those that USING or NATURAL makes one come once."""
    once = frozenset[str]().union(*(s.merged for s in sources)) if sources else frozenset()
    found: list[Field] = []
    for one in sources:
        found += [f for f in _shown(one) if f.star or f.name.lower() not in one.merged]
    if not once:
        return found
    same = {
        name: _one_of([(s, o) for s in sources if (o := s.field(name)) is not None])
        for name in once
        if any(_told(s, name) for s in sources)
    }
    found = [Field(f.name, same.get(f.name.lower(), f.origin), f.star) for f in found]
    if lineage.names.dialect in _FIRST_IN_STARS:
        found.sort(key=lambda field: field.name.lower() not in once)
    return found
