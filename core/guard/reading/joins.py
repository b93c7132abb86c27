"""How the sources of a query are joined, told as facts: kinds, pairs of columns, declared keys."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeGuard

from sqlglot import exp

from core.guard.reading import resolving
from core.guard.reading.lineage import Lineage
from core.guard.reading.origin import Origin, Source
from core.guard.reading.walk import Walk
from core.types import JoinUse

_SIDES: Final = {"LEFT": "left", "RIGHT": "right", "FULL": "full"}
_METHODS: Final = {"ASOF": "asof", "POSITIONAL": "positional"}
_KINDS: Final = {"SEMI": "semi", "ANTI": "anti", "CROSS": "cross"}
Pairs = tuple[tuple[str, str], ...]


def of(walk: Walk, lineage: Lineage) -> tuple[JoinUse, ...]:
    """Every join of the query, also those inside its steps and sub-selects."""
    return tuple(_join(join, walk, lineage) for join in walk.all(exp.Join))


def holder(node: exp.Column, lineage: Lineage) -> Source | None:
    """The source that a column is one of, None where that is not certain."""
    if node.table:
        return resolving.source(node, node.table, lineage)
    select = node.find_ancestor(exp.Select)
    sources = lineage.sources(select) if select is not None else ()
    told = [s for s in sources if s.field(node.name) is not None]
    return told[0] if len(told) == 1 else None


def _join(join: exp.Join, walk: Walk, lineage: Lineage) -> JoinUse:
    select = walk.home(join)
    sources = lineage.sources(select) if isinstance(select, exp.Select) else ()
    at = next((i for i, s in enumerate(sources) if s.key == _key(join.this)), None)
    joined = sources[at] if at is not None else None
    before = sources[:at] if at is not None else ()
    pairs: Pairs = ()
    written, complete = "", True
    condition = join.args.get("on")
    if joined is not None and condition is not None:
        written = "on"
        pairs, complete = _equal(condition, joined, before, lineage)
    elif joined is not None and joined.merged:
        written = "natural" if join.method == "NATURAL" else "using"
        pairs = _shared(joined, before)
        complete = len(pairs) == len(joined.merged)
    elif joined is not None and not join.args.get("using") and join.method != "NATURAL":
        where = select.args.get("where")
        pairs, _ = _equal(where.this, joined, before, lineage) if where else ((), True)
        written = "where" if pairs else ""
    elif join.args.get("using") or join.method == "NATURAL":
        written, complete = ("using" if join.args.get("using") else "natural"), False
    return JoinUse(
        kind=_kind(join),
        table=joined.table if joined else "",
        alias=joined.alias if joined else join.this.alias_or_name,
        on=pairs,
        written=written,  # type: ignore[arg-type]
        complete=complete,
        on_declared_key=_declared(pairs, lineage),
        lateral=isinstance(join.this, exp.Lateral),
        sql=walk.sql(condition) if condition is not None else "",
        path=walk.path(join),
    )


def _key(node: exp.Expr) -> int:
    while isinstance(node, exp.Subquery) and isinstance(node.this, exp.Table) and not node.alias:
        node = node.this
    return id(node)


def _kind(join: exp.Join) -> Any:
    kind = _METHODS.get(join.method) or _KINDS.get(join.kind) or _SIDES.get(join.side)
    bound = join.args.get("on") or join.args.get("using") or join.method == "NATURAL"
    return kind or ("inner" if bound or join.kind == "INNER" else "cross")


def _equal(
    condition: exp.Expr, joined: Source, before: Sequence[Source], lineage: Lineage
) -> tuple[Pairs, bool]:
    """The pairs of real columns that the condition holds equal, and whether it says no more."""
    pairs: list[tuple[str, str]] = []
    complete = True
    for part in _parts(condition):
        pair = _pair(part, joined, before, lineage)
        complete = complete and pair is not None
        if pair is not None:
            pairs.append(pair)
    return tuple(pairs), complete


def _parts(condition: exp.Expr) -> Iterable[exp.Expr]:
    stack = [condition]
    while stack:
        node = stack.pop()
        if isinstance(node, exp.Paren):
            stack.append(node.this)
        elif isinstance(node, exp.And):
            stack += [node.expression, node.this]
        else:
            yield node


def _pair(
    part: exp.Expr, joined: Source, before: Sequence[Source], lineage: Lineage
) -> tuple[str, str] | None:
    if not isinstance(part, exp.EQ):
        return None
    left, right = part.this, part.expression
    if not isinstance(left, exp.Column) or not isinstance(right, exp.Column):
        return None
    of_left, of_right = holder(left, lineage), holder(right, lineage)
    if of_left is None or of_right is None:
        return None
    if of_left.key == joined.key:
        left, right, of_left, of_right = right, left, of_right, of_left
    if of_right.key != joined.key or all(of_left.key != s.key for s in before):
        return None
    one, other = lineage.of(left), lineage.of(right)
    if not (_is_real(one) and _is_real(other)):
        return None
    return one.columns[0], other.columns[0]


def _shared(joined: Source, before: Sequence[Source]) -> Pairs:
    """The pairs of USING and NATURAL."""
    pairs: list[tuple[str, str]] = []
    for name in sorted(joined.merged):
        there = [s for s in before if any(f.name.lower() == name for f in s.fields)]
        there = there or [s for s in before if s.open]
        left = there[0].field(name) if there else None
        right = joined.field(name)
        if _is_real(left) and _is_real(right):
            pairs.append((left.columns[0], right.columns[0]))
    return tuple(pairs)


def _is_real(origin: Origin | None) -> TypeGuard[Origin]:
    """Whether the value is that of one real column, unchanged."""
    return (
        origin is not None
        and origin.kind == "column"
        and len(origin.columns) == 1
        and not origin.unresolved
    )


def _declared(pairs: Pairs, lineage: Lineage) -> bool | None:
    """Whether the pairs lead to a whole primary key by columns that are no key to elsewhere."""
    tables = {_table(column) for pair in pairs for column in pair}
    known = [lineage.names.known(table) for table in tables]
    if not pairs or any(table is None for table in known):
        return None
    if not any(c.primary_key or c.references for table in known if table for c in table.columns):
        return None
    both_ways = [*pairs, *((other, one) for one, other in pairs)]
    return any(_leads_to_a_key(table, both_ways, lineage) for table in tables)


def _leads_to_a_key(table: str, both_ways: Sequence[tuple[str, str]], lineage: Lineage) -> bool:
    found = lineage.names.known(table)
    keys = {c.name.lower() for c in found.columns if c.primary_key} if found else set()
    ways = [(one, other) for one, other in both_ways if _table(other) == table]
    fitting = {_name(other) for one, other in ways if _fits(one, other, lineage)}
    if keys:
        return keys <= fitting
    return any(_reference(one, lineage) == other.lower() for one, other in ways)


def _fits(one: str, other: str, lineage: Lineage) -> bool:
    """Whether the column may refer to the other: it is declared to, or nothing is declared."""
    declared = _reference(one, lineage)
    return not declared or declared in (other.lower(), _reference(other, lineage))


def _reference(column: str, lineage: Lineage) -> str:
    known = lineage.names.column(column)
    return (known.references or "").lower() if known else ""


def _table(column: str) -> str:
    return column.rpartition(".")[0]


def _name(column: str) -> str:
    return column.rpartition(".")[2].lower()
