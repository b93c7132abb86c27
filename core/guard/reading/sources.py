"""What each source of a FROM gives: tables, steps, sub-selects, rows of values, series."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from sqlglot import exp

from core.guard.reading.origin import Field, Origin, Source, column
from core.types import SchemaColumn

if TYPE_CHECKING:
    from core.guard.reading.lineage import Lineage

_JSON_ROWS: Final = ("key", "value", "type", "atom", "id", "parent", "fullkey", "path")
_PAIRS: Final = frozenset({"json_each", "jsonb_each", "json_each_text", "jsonb_each_text"})
_ONE_COLUMN: Final = (exp.Unnest, exp.GenerateSeries, exp.ExplodingGenerateSeries)


def of_select(select: exp.Select, lineage: "Lineage") -> Iterator[Source]:
    """The sources of one SELECT, in the order in which they are written."""
    found: list[Source] = []
    todo: list[tuple[exp.Expr, exp.Join | None]] = []
    if select.args.get("from_"):
        todo.append((select.args["from_"].this, None))
    todo += [(join.this, join) for join in select.args.get("joins") or ()]
    todo += [(lateral, None) for lateral in select.args.get("laterals") or ()]
    while todo:
        node, join = todo.pop(0)
        inside = isinstance(node, exp.Subquery) and isinstance(node.this, exp.Table)
        if inside and not node.alias:
            todo.insert(0, (node.this, join))
            continue
        found.append(_joined(of(node, lineage), join, found))
        yield found[-1]
        todo[:0] = [(inner.this, inner) for inner in node.args.get("joins") or ()]


def of(node: exp.Expr, lineage: "Lineage") -> Source:
    """One source: its name and its columns."""
    alias = node.args.get("alias")
    columns = alias.args.get("columns") or () if isinstance(alias, exp.TableAlias) else ()
    named = [column.name for column in columns]
    inner = node.this if isinstance(node, exp.Lateral | exp.Table) else node
    if isinstance(node, exp.Table) and isinstance(inner, exp.Identifier):
        step = lineage.names.step(node)
        if step is None:
            return _renamed(_real(node, lineage), named)
        return _renamed(lineage.source_of_step(step, node.alias_or_name, id(node)), named)
    if isinstance(inner, exp.Subquery | exp.Values | exp.Select | exp.SetOperation):
        if isinstance(inner, exp.Subquery) and isinstance(inner.this, exp.Table):
            return _bracketed(node, inner.this, lineage)
        fields = lineage.fields(inner)
        return _renamed(given(node.alias_or_name, id(node), fields), named)
    return _series(node, inner, named, lineage)


def given(alias: str, key: int, fields: Sequence[Field]) -> Source:
    """A source whose columns are those of a query."""
    unread = [field for field in fields if field.star is not None or field.name == "*"]
    return Source(alias, key, fields=tuple(fields), open=bool(unread))


def _joined(source: Source, join: exp.Join | None, before: Sequence[Source]) -> Source:
    if join is None:
        return source
    hidden = join.kind in ("SEMI", "ANTI")
    common = frozenset(name.name.lower() for name in join.args.get("using") or ())
    if join.method == "NATURAL":
        known = {field.name.lower() for earlier in before for field in earlier.fields}
        common = frozenset(f.name.lower() for f in source.fields if f.name.lower() in known)
    return Source(
        source.alias,
        source.key,
        source.table,
        source.fields,
        source.open,
        source.rest,
        hidden,
        common,
        join.side,
    )


def _real(node: exp.Table, lineage: "Lineage") -> Source:
    table = lineage.names.table(node)
    known = lineage.names.known(table)
    if known is None:
        nowhere = not table
        return Source(node.alias_or_name, id(node), table, open=not nowhere)
    fields = tuple(Field(c.name, column(known.name, c.name, _grain(c))) for c in known.columns)
    return Source(node.alias_or_name, id(node), table, fields, open=not fields)


def _grain(column: SchemaColumn) -> str | None:
    """Days, where the column holds nothing finer."""
    kind = column.data_type.upper()
    if kind == "DATE":
        return "day"
    return None


def _bracketed(node: exp.Expr, first: exp.Table, lineage: "Lineage") -> Source:
    """Joins in brackets under one name."""
    inner = [of(first, lineage)]
    inner += [of(join.this, lineage) for join in first.args.get("joins") or ()]
    fields: list[Field] = []
    for source in inner:
        fields += source.fields
        if source.open:
            fields.append(Field("*", source.everything, source))
    return given(node.alias_or_name, id(node), fields)


def _renamed(source: Source, named: Sequence[str]) -> Source:
    """The source with the names of `AS t(a, b)`, which go by position."""
    if not named:
        return source
    fields: list[Field] = []
    for index, name in enumerate(named):
        certain = index < len(source.fields) and not any(
            field.name == "*" for field in source.fields[: index + 1]
        )
        missing = Origin(unresolved=(f"{source.alias}.{name}",))
        fields.append(Field(name, source.fields[index].origin if certain else missing))
    if not any(field.name == "*" for field in source.fields):
        fields += source.fields[len(named) :]
    return Source(source.alias, source.key, source.table, tuple(fields), source.open)


def _series(node: exp.Expr, call: exp.Expr, named: Sequence[str], lineage: "Lineage") -> Source:
    """Rows that a function makes: all its columns come from what it is given."""
    told = lineage.of(call)
    rest = Origin("expression", told.columns, told.unresolved)
    alias = node.alias_or_name
    names = list(named) or _made_up(call, alias, lineage.names.dialect)
    if node.args.get("ordinality") or call.args.get("offset"):
        offset = call.args.get("offset")
        names.append(offset.name if isinstance(offset, exp.Identifier) else "ordinality")
    fields = tuple(Field(name, rest) for name in names)
    return Source(alias, id(node), fields=fields, open=not fields, rest=rest)


def _made_up(call: exp.Expr, alias: str, dialect: str) -> list[str]:  # noqa: PLR0911 - as engines do
    """The names that engines give the columns of a series; none where that is not known."""
    name = str(call.this).lower() if isinstance(call, exp.Anonymous) else ""
    if isinstance(call, exp.JSONTable):
        return [column.name for column in call.find_all(exp.JSONColumnDef)]
    if name in ("json_each", "json_tree") and dialect != "postgres":
        return list(_JSON_ROWS)
    if name in _PAIRS:
        return ["key", "value"]
    if name.startswith(("json_array_elements", "jsonb_array_elements")):
        return ["value"]
    if not isinstance(call, _ONE_COLUMN):
        return [alias or name] if dialect == "postgres" else []
    if isinstance(call, exp.Unnest):
        return [alias or "unnest"] if dialect == "postgres" else ["unnest"]
    if dialect == "postgres":
        return [alias or "generate_series"]
    return ["range" if call.args.get("is_end_exclusive") else "generate_series"]
