"""The allow-lists, read once from the text files beside this module (core/guard/lists)."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from sqlglot import exp

FOLDER: Final = Path(__file__).with_name("lists")

PARSED_AS: Final = {
    "postgres": "postgres",
    "mysql": "mysql",
    "mariadb": "mysql",
    "sqlite": "sqlite",
    "duckdb": "duckdb",
}

_QUANTIFIERS: Final = frozenset({"any", "some", "exists", "not"})


@dataclass(frozen=True)
class Lists:
    """What one dialect allows; all names in lower case.

    `functions` only compute a value, `table_functions` may also stand in FROM. `words` and
    `types` may stand before a bracket without being functions. `bare` are words that the engine
    takes for a function even without brackets; `over_only` are functions that must be followed
    by OVER or WITHIN GROUP; `keywords` are all other words a query may hold that are no names.
    `schemas` are where unqualified tables live.
    """

    functions: frozenset[str]
    table_functions: frozenset[str]
    words: frozenset[str]
    types: frozenset[str]
    named_types: frozenset[str]
    bare: frozenset[str]
    over_only: frozenset[str]
    keywords: frozenset[str]
    schemas: frozenset[str]

    @property
    def before_bracket(self) -> frozenset[str]:
        """All that may be written before an opening bracket."""
        return self.functions | self.table_functions | self.words | self.types | self.over_only


@dataclass(frozen=True)
class Nodes:
    """The kinds of tree nodes and of data types that a checked query may hold."""

    kinds: frozenset[type[exp.Expr]]
    types: frozenset[Any]


@cache
def of(dialect: str) -> Lists:
    """The lists of one dialect of `PARSED_AS`, the common ones included."""
    own, common = _sections(f"{dialect}.txt"), _sections("common.txt")

    def names(section: str) -> frozenset[str]:
        return own.get(section, frozenset()) | common.get(section, frozenset())

    return Lists(
        functions=names("functions"),
        table_functions=names("table functions"),
        words=names("words"),
        types=names("types"),
        named_types=names("named types"),
        bare=names("bare"),
        over_only=names("over only"),
        keywords=names("keywords"),
        schemas=names("schemas"),
    )


@cache
def before_bracket(dialect: str) -> frozenset[str]:
    """`Lists.before_bracket` of the dialect, made once."""
    return of(dialect).before_bracket


@cache
def callable_names(dialect: str) -> frozenset[str]:
    """What may be called: functions, types as conversions, and words no function can carry."""
    own = of(dialect)
    return own.functions | own.table_functions | own.over_only | own.types | _QUANTIFIERS


@cache
def spoken(dialect: str) -> frozenset[str]:
    """All words that a query may hold without their being names in the tree."""
    own = of(dialect)
    return own.before_bracket | own.keywords | own.named_types


@cache
def nodes() -> Nodes:
    """The kinds of nodes, the same for every dialect."""
    sections = _sections("nodes.txt")
    kinds = sections["nodes"] | sections["functions"]
    return Nodes(
        kinds=frozenset(getattr(exp, kind) for kind in kinds),
        types=frozenset(exp.DataType.Type[name] for name in sections["types"]),
    )


def _sections(file: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    section = ""
    for line in (FOLDER / file).read_text("utf-8").splitlines():
        words = line.split("#")[0].strip()
        if words.startswith("["):
            section = words.strip("[]")
            found.setdefault(section, set())
        elif words:
            found[section].update(words.split())
    return {section: frozenset(names) for section, names in found.items()}
