"""The stars that stand for private columns: where they are, and the sources they cover."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlglot import exp
from sqlglot.tokenizer_core import Token, TokenType

from core.errors import UnsafeSql
from core.guard import folding, resolving
from core.guard.sight import Sight, is_private
from core.guard.sight import Source as Private
from core.guard.tree import Found

_NAME_THEM: Final = "Name the columns you need instead of a star."
_PLAIN: Final = frozenset({"expressions", "from_", "joins", "where", "kind"})


@dataclass(frozen=True)
class Covered:
    """A source that a star covers. `table` is set where its columns are to be listed."""

    name: exp.Expr
    table: str | None


@dataclass(frozen=True)
class Star:
    """A star among the outputs of `query`, from `begin` to `end` in the text.

    `without` are the loose forms of the columns it leaves out, `places` where those are named.
    """

    item: exp.Expr
    query: exp.Select
    begin: int
    end: int
    sources: tuple[Covered, ...]
    without: frozenset[str]
    places: frozenset[int]


def stars(found: Found, written: Sequence[Token], sight: Sight) -> list[Star]:
    """The stars that cover private columns. Raises UnsafeSql for those that cannot be listed."""
    known = {folding.loose(name) for name in found.aliases}
    known |= {folding.loose(table.name) for table in found.tables}
    covering: list[Star] = []
    for star in found.stars:
        column = star.parent if isinstance(star.parent, exp.Column) else None
        item: exp.Expr = star if column is None else column
        of = folding.loose(column.table) if column is not None else ""
        private = [
            source for source in sight.seen(item) if source.alias == of or not of or of not in known
        ]
        query = item.parent
        is_output = isinstance(query, exp.Select) and item.arg_key == "expressions"
        if isinstance(query, exp.Select) and is_output and not of:
            private = sight.owned(query)
        if not private:
            continue
        first = private[0]
        if not isinstance(query, exp.Select) or not is_output:
            raise _refused(first)
        if _only_asks_whether(query):
            continue
        covering.append(_listed(star, column, query, written, private, sight))
    return covering


def _listed(
    star: exp.Star,
    column: exp.Column | None,
    query: exp.Select,
    written: Sequence[Token],
    private: Sequence[Private],
    sight: Sight,
) -> Star:
    first = private[0]
    if any(value for key, value in star.args.items() if key != "except_"):
        raise _refused(first)
    if column is None:
        covered = tuple(_of_all(query, private, sight))
    else:
        if len(private) != 1 or private[0].owner is not query or column.args.get("db"):
            raise _refused(first)
        covered = (Covered(column.args["table"], private[0].table),)
    begin = (column.args["table"] if column is not None else star).meta.get("start")
    index = next((i for i, t in enumerate(written) if t.start == star.meta.get("start")), None)
    if begin is None or index is None or written[index].token_type is not TokenType.STAR:
        raise UnsafeSql(
            f"The columns of {first.table} are asked for without a star or their names.",
            "Write SELECT and the columns you need.",
        )
    left_out = star.args.get("except_") or []
    if left_out and len(covered) != 1:
        raise _refused(first)
    places: set[int] = set()
    for name in left_out:
        part = name.this if isinstance(name, exp.Column) and not name.table else name
        if not isinstance(part, exp.Identifier) or "start" not in part.meta:
            raise _refused(first)
        places.add(part.meta["start"])
    return Star(
        item=star if column is None else column,
        query=query,
        begin=begin,
        end=written[_end(written, index)].end if left_out else written[index].end,
        sources=covered,
        without=frozenset(folding.loose(name.name) for name in left_out),
        places=frozenset(places),
    )


def _of_all(query: exp.Select, private: Sequence[Private], sight: Sight) -> Iterator[Covered]:
    """The sources of a bare star in their order. Raises UnsafeSql where they blend."""
    tables = {id(source.node): source.table for source in private}
    seen: set[str] = set()
    for join in resolving.joins_of(query):
        if join.args.get("using") or str(join.args.get("kind") or "").upper() in ("SEMI", "ANTI"):
            raise _refused(private[0])
    for source in resolving.listed(query):
        name = resolving.name_of(source)
        if name is None or folding.loose(name.name) in seen:
            raise _refused(private[0])
        seen.add(folding.loose(name.name))
        yield Covered(name, tables.get(id(source)))


def _end(written: Sequence[Token], star: int) -> int:
    """The last token of what a star leaves out: EXCLUDE name, or EXCLUDE (names)."""
    at = star + 2
    if written[at].token_type is not TokenType.L_PAREN:
        return at
    while written[at].token_type is not TokenType.R_PAREN:
        at += 1
    return at


def _only_asks_whether(query: exp.Select) -> bool:
    """Whether it is EXISTS (SELECT * FROM …), which reads nothing of the rows."""
    return (
        isinstance(query.parent, exp.Exists)
        and len(query.expressions) == 1
        and {key for key, value in query.args.items() if value} <= _PLAIN
    )


def _refused(source: Private) -> UnsafeSql:
    return is_private(source.table, next(iter(source.hidden.values())), _NAME_THEM)
