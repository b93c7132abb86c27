"""Every word that could reach a private column must be cleared, or the query is refused.

Not the tree's columns are gone through but the person's words: a parser may take a name for a
unit or a keyword, the engine reads it as it is written. So each word that looks like a private
column, or like a table that has one, needs a reason why it is harmless.
"""

from collections.abc import Sequence
from typing import Final

from sqlglot import exp
from sqlglot.tokenizer_core import Token, TokenType

from core.errors import UnsafeSql
from core.guard import folding, resolving, text
from core.guard.sight import Sight, Source, is_private
from core.guard.tree import Found

_STRINGS: Final = text.TEXTS - {TokenType.IDENTIFIER}
_UNITS_FIRST: Final = frozenset({"timestampdiff", "timestampadd", "extract"})
# Where a word before a text is its type (DATE '2026-01-01'), and no column with an alias.
_DATES: Final = frozenset({"date", "time", "timestamp"})
_TYPES_OF_TEXTS: Final = dict.fromkeys(("postgres", "duckdb", "mysql", "mariadb"), _DATES)


def checked(found: Found, written: Sequence[Token], sight: Sight, cleared: set[int]) -> None:
    """Raises UnsafeSql for a use of a private column or of a whole row with one.

    `cleared` are the places of words that are masked or left out.
    """
    if sight.dialect == "sqlite":
        _no_search(sight)
    columns: dict[str, Source] = {k: s for s in sight.sources for k in s.hidden}
    rows: dict[str, Source] = {s.alias: s for s in sight.sources}
    known = {folding.loose(name) for name in _names_of_sources(found)}
    at: dict[int, list[exp.Expr]] = {}
    for node in found.identifiers:
        if "start" in node.meta:
            at.setdefault(node.meta["start"], []).append(node)
    for index, token in enumerate(written):
        if token.token_type in _STRINGS or token.start in cleared:
            continue
        word = folding.loose(token.text)
        if word not in columns and word not in rows:
            continue
        meant = at.get(token.start, [])
        if not meant and not _is_no_name(written, index, sight.dialect):
            raise _refused(word, columns, rows)
        for name in meant:
            if word in columns and not _another_column(name, word, sight, known):
                raise _refused(word, columns, {})
            if word in rows and not _no_row(name, word, sight, known):
                raise _refused(word, {}, rows)


def _no_search(sight: Sight) -> None:
    """Refuse MATCH: what is searched for may name another column (`title MATCH 'body:x'`)."""
    root = sight.sources[0].node.root()
    for search in root.find_all(exp.Match):
        for source in sight.seen(search):
            raise is_private(
                source.table,
                next(iter(source.hidden.values())),
                "MATCH can search every column of the table: compare with LIKE.",
            )


def _another_column(name: exp.Expr, word: str, sight: Sight, known: set[str]) -> bool:
    """Whether the name surely is none of a private column."""
    if _only_names(name):
        return True
    column = name.parent
    if not isinstance(column, exp.Column):
        return False
    seen = [source for source in sight.seen(column) if word in source.hidden]
    if name.arg_key == "this" and column.table:
        of = folding.loose(column.table)
        if of in known:
            seen = [source for source in seen if source.alias == of]
    return not seen


def _no_row(name: exp.Expr, word: str, sight: Sight, known: set[str]) -> bool:
    """Whether the name of a table does not stand for its whole row."""
    if _only_names(name):
        return True
    column = name.parent
    if not isinstance(column, exp.Column):
        return False
    if name.arg_key != "this":
        return True
    if column.table and folding.loose(column.table) in known:
        return True
    return not any(source.alias == word for source in sight.seen(column))


def _only_names(name: exp.Expr) -> bool:
    """Whether the place gives a name or names a table: nothing is read by it."""
    holder = name.parent
    return (
        isinstance(holder, exp.Table | exp.TableAlias)
        or (isinstance(holder, exp.Alias) and name.arg_key == "alias")
        or (isinstance(holder, exp.ColumnDef) and isinstance(holder.parent, exp.TableAlias))
    )


def _is_no_name(written: Sequence[Token], index: int, dialect: str) -> bool:
    """Whether a word that is no name in the tree is a type, a function or a unit of time."""
    before = written[index - 1] if index else None
    behind = written[index + 1] if index + 1 < len(written) else None
    if behind is not None and behind.token_type is TokenType.L_PAREN:
        return True
    if behind is not None and behind.token_type is TokenType.STRING:
        return written[index].text.lower() in _TYPES_OF_TEXTS.get(dialect, frozenset())
    if before is None:
        return False
    if before.token_type in (TokenType.DCOLON, TokenType.STRING, TokenType.NUMBER):
        return True
    closes = behind is not None and behind.token_type is TokenType.R_PAREN
    if before.token_type is TokenType.ALIAS and closes:
        return True
    return (
        before.token_type is TokenType.L_PAREN
        and index > 1
        and written[index - 2].text.lower() in _UNITS_FIRST
    )


def _names_of_sources(found: Found) -> list[str]:
    given = (resolving.name_of(table) for table in found.tables)
    return [*(name.name for name in given if name is not None), *found.aliases]


def _refused(word: str, columns: dict[str, Source], rows: dict[str, Source]) -> UnsafeSql:
    if word in columns:
        return is_private(columns[word].table, columns[word].hidden[word])
    source = rows[word]
    return is_private(
        source.table,
        next(iter(source.hidden.values())),
        "Name the columns you need, not the whole row.",
    )
