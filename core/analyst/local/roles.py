"""What a column holds: a key, a number to add up, a date, a category, a name."""

import re
from collections.abc import Callable, Mapping
from enum import Enum

from core.analyst.local.plan import Field
from core.types import SchemaColumn, Table


class Role(Enum):
    """Kinds of columns, as far as questions treat them differently."""

    KEY = "key"
    NUMBER = "number"
    TIME = "time"
    YEAR = "year"
    FLAG = "flag"
    TEXT = "text"


_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}.*)?$")
_NUMBER = re.compile(r"^-?\d+(\.\d+)?$")
_NUMERIC = ("INT", "NUMERIC", "DECIMAL", "REAL", "DOUBLE", "FLOAT", "MONEY", "NUMBER", "SERIAL")
_YEAR = re.compile(r"^(1[5-9]|20)\d\d$")
_FOUNDED = {"founded", "established", "built", "opened", "released", "published", "born",
            "launched", "since", "season", "vintage", "introduced", "commissioned", "completed",
            "formed", "opening", "open", "founding", "debut"}  # fmt: skip
_AVERAGED = {"price", "rate", "rating", "score", "satisfaction", "csat", "age", "percentage",
             "temperature", "minute", "duration", "weight", "height", "gpa", "grade", "salary",
             "latitude", "longitude", "discount", "level", "size", "nps", "stars",
             "star"}  # fmt: skip


def of(table: Table, column: SchemaColumn, spoken: Callable[[str], tuple[str, ...]]) -> Role:
    """The role of a column, by key, type, name and samples."""
    said = spoken(column.name)
    kind = column.data_type.upper()
    samples = [s for s in column.samples if s]
    if column.primary_key or column.references or (said and said[-1] == "id"):
        return Role.KEY
    if "BOOL" in kind or (set(samples) <= {"0", "1"} and len(samples) == 2 and "INT" in kind):
        return Role.FLAG
    if any(word in kind for word in ("DATE", "TIMESTAMP")) and "UPDATE" not in kind:
        return Role.TIME
    if samples and all(_DATE.match(s) for s in samples):
        return Role.TIME
    numeric = any(word in kind for word in _NUMERIC) or (
        bool(samples)
        and kind.startswith(("TEXT", "VARCHAR", "CHAR", ""))
        and all(_NUMBER.match(s) and not re.match(r"^0\d", s) for s in samples)
        and not {"phone", "zip", "postal", "code", "number", "name"} & set(said)
    )
    if numeric and _tells_year(said, samples):
        return Role.YEAR
    return Role.NUMBER if numeric else Role.TEXT


def _tells_year(said: tuple[str, ...], samples: list[str]) -> bool:
    if _FOUNDED & set(said) and samples and all(_YEAR.match(s) for s in samples):
        return True
    return "year" in said and "service" not in said and not {"of", "per"} & set(said)


def averaged(said: tuple[str, ...]) -> bool:
    """Whether adding up such a column makes no sense, so that its average is meant."""
    return bool(_AVERAGED & set(said)) and "total" not in said


def name_columns(  # noqa: PLR0911 - one return per kind of name
    table: Table, roles: Mapping[Field, Role], spoken: Callable[[str], tuple[str, ...]]
) -> tuple[Field, ...]:
    """The columns that name a row of the table, or its key when nothing does."""
    own = set(spoken(table.name))
    texts = [c for c in table.columns if roles[Field(table.name, c.name)] is Role.TEXT]
    by_words = {spoken(c.name): c for c in texts}

    def ending(*last: str) -> SchemaColumn | None:
        return next((c for said, c in by_words.items() if said[-len(last) :] == last), None)

    first, last = ending("first", "name"), ending("last", "name")
    full = next(
        (
            c
            for said, c in by_words.items()
            if said in (("name",), ("title",), ("full", "name"))
            or (
                said[-1] in ("name", "title")
                and set(said[:-1]) & own
                and not {"first", "last", "middle", "given", "family"} & set(said)
            )
        ),
        None,
    )
    if full:
        return (Field(table.name, full.name),)
    if first and last:
        return Field(table.name, first.name), Field(table.name, last.name)
    named = ending("name") or ending("title")
    if named:
        return (Field(table.name, named.name),)
    same = next((c for said, c in by_words.items() if set(said) <= own), None)
    if same:
        return (Field(table.name, same.name),)
    last_word = {said[-1]: c for said, c in reversed(by_words.items()) if set(said[:-1]) & own}
    told = last_word.get("detail") or last_word.get("description") or last_word.get("text")
    if told:
        return (Field(table.name, told.name),)
    key = next((c for c in table.columns if c.primary_key), None)
    if key:
        return (Field(table.name, key.name),)
    chosen = texts[0] if texts else table.columns[0]
    return (Field(table.name, chosen.name),)
