"""Tokens become a tree, or a refusal that shows where the text breaks."""

from collections.abc import Sequence
from typing import Final

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ErrorLevel, ParseError
from sqlglot.parser import Parser
from sqlglot.parsers.postgres import PostgresParser
from sqlglot.parsers.sqlite import SQLiteParser
from sqlglot.tokenizer_core import Token, TokenType

from core.errors import UnsafeSql
from core.guard import lists

_TOO_DEEP: Final = "The SQL is nested too deeply."
# The parser forgives a text that ends with one of these; the next word would be taken for theirs.
_UNFINISHED: Final = frozenset(
    {TokenType.ALIAS, TokenType.IN, TokenType.IS, TokenType.ON, TokenType.USING, TokenType.OVER}
    | {TokenType.DIV, TokenType.COMMA}
)


class _Sqlite(SQLiteParser):
    """Reads `LIMIT 2 - n % 2` as SQLite does, where % is no percentage."""

    def _parse_term(self, parse_mod: bool = True) -> exp.Expr | None:
        return super()._parse_term(parse_mod=True)


class _Postgres(PostgresParser):
    """Reads `LIMIT 2 - n % 2` as PostgreSQL does, where % is no percentage."""

    def _parse_term(self, parse_mod: bool = True) -> exp.Expr | None:
        return super()._parse_term(parse_mod=True)


_OWN: Final[dict[str, type[Parser]]] = {"sqlite": _Sqlite, "postgres": _Postgres}


def parse(found: Sequence[Token], sql: str, dialect: str) -> exp.Expr:
    """The one tree of these tokens, which are those of one statement. Raises UnsafeSql."""
    if found[-1].token_type in _UNFINISHED:
        raise UnsafeSql(
            f"The SQL could not be read: nothing follows {found[-1].text}.", "Check its end."
        )
    parser = _parser(lists.PARSED_AS[dialect])
    try:
        trees = parser.parse(list(found), sql)
    except ParseError as error:
        raise _syntax(error) from error
    except (RecursionError, MemoryError) as error:
        raise UnsafeSql(_TOO_DEEP, "Split the query into steps with WITH.") from error
    except Exception as error:
        raise UnsafeSql("The SQL could not be read.", "Write it in a simpler way.") from error
    if len(trees) != 1 or trees[0] is None:
        raise UnsafeSql("There is more than one statement.", "Send one query at a time.")
    root = trees[0]
    if any(_asks_for_nothing(select) for select in root.find_all(exp.Select)):
        raise UnsafeSql("A SELECT without columns asks for nothing.", "Name what it should give.")
    return root


def _parser(dialect: str) -> Parser:
    known = Dialect.get_or_raise(dialect)
    return _OWN.get(dialect, known.parser_class)(error_level=ErrorLevel.IMMEDIATE, dialect=known)


def _asks_for_nothing(select: exp.Select) -> bool:
    """Whether no column is named: a lone ALL is read as the name of one, by the parser alone."""
    if not select.expressions:
        return not select.args.get("from_")
    first = select.expressions[0]
    return isinstance(first, exp.Column) and first.sql().upper() == "ALL"


def _syntax(error: ParseError) -> UnsafeSql:
    if not error.errors:
        return UnsafeSql("The SQL could not be read.", "Check its spelling.")
    first = error.errors[0]
    near = str(first.get("highlight") or "").strip()[:60]
    before = str(first.get("start_context") or "").strip()[-40:]
    place = f"near {near!r}" if near else "at its end"
    return UnsafeSql(
        f"The SQL could not be read {place} (line {first.get('line')}, column {first.get('col')}).",
        f"Look at what stands after: {before}" if before else "Check its beginning.",
    )
