"""A tree becomes the text that will run, and proves to be the same tree again."""

from functools import cache

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ErrorLevel, ParseError, SqlglotError
from sqlglot.generator import Generator
from sqlglot.tokens import Token

from core.errors import UnsafeSql
from core.guard import lists

_CANNOT = "This query could not be prepared so that it surely means the same."


def parse(found: list[Token], sql: str, dialect: str) -> exp.Expr:
    """The one tree of these tokens. Raises UnsafeSql that shows where the text breaks."""
    parser = Dialect.get_or_raise(lists.PARSED_AS[dialect]).parser(error_level=ErrorLevel.IMMEDIATE)
    try:
        trees = parser.parse(found, sql)
    except ParseError as error:
        raise _syntax(error) from error
    except RecursionError as error:
        raise UnsafeSql(
            "The SQL is nested too deeply.", "Split the query into steps with WITH."
        ) from error
    except Exception as error:
        raise UnsafeSql("The SQL could not be read.", "Write it in a simpler way.") from error
    if len(trees) != 1 or trees[0] is None:
        raise UnsafeSql("There is more than one statement.", "Send one query at a time.")
    return trees[0]


def render(tree: exp.Expr, dialect: str) -> str:
    """The tree as text of the dialect, without comments. Raises UnsafeSql if it cannot be."""
    maker = _generators()[dialect]
    generator = maker(
        dialect=Dialect.get_or_raise(lists.PARSED_AS[dialect]),
        comments=False,
        normalize_functions=False,
        unsupported_level=ErrorLevel.RAISE,
    )
    try:
        return generator.generate(tree, copy=False)
    except SqlglotError as error:
        raise UnsafeSql(_CANNOT, "Write it in a simpler way.") from error
    except RecursionError as error:
        raise UnsafeSql(
            "The SQL is nested too deeply.", "Split the query into steps with WITH."
        ) from error
    except Exception as error:
        raise UnsafeSql(_CANNOT, "Write it in a simpler way.") from error


def differs() -> UnsafeSql:
    """The refusal of a query whose rendered text reads as another tree."""
    return UnsafeSql(_CANNOT, "Write the query in a simpler way.")


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


def _named_placeholder(_: Generator, node: exp.Placeholder) -> str:
    return f":{node.name}" if node.this else "?"


def _regexp(self: Generator, node: exp.RegexpLike) -> str:
    if node.args.get("flag"):
        return str(self.func("REGEXP_LIKE", node.this, node.expression, node.args["flag"]))
    return str(self.binary(node, "REGEXP"))


@cache
def _generators() -> dict[str, type[Generator]]:
    """Each dialect's generator, changed where its text would mean another thing to the engine.

    Parameters stay `:name` on PostgreSQL, MySQL and SQLite, and `$name` on DuckDB. MariaDB has
    no REGEXP_LIKE, so REGEXP stays the operator that was written.
    """
    made: dict[str, type[Generator]] = {}
    for dialect, parsed_as in lists.PARSED_AS.items():
        base: type[Generator] = Dialect.get_or_raise(parsed_as).generator_class
        changes: dict[type[exp.Expr], object] = {}
        if dialect != "duckdb":
            changes[exp.Placeholder] = _named_placeholder
        if parsed_as == "mysql":
            changes[exp.RegexpLike] = _regexp
        made[dialect] = type(
            f"{dialect.title()}Text", (base,), {"TRANSFORMS": {**base.TRANSFORMS, **changes}}
        )
    return made
