"""Parameters of a query: `{{name}}` in its text, typed, bound by the driver, never pasted."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal

from core.errors import BadInput

Kind = Literal["text", "number", "date", "list"]
KINDS: Final[tuple[Kind, ...]] = ("text", "number", "date", "list")
MOST: Final = 20
PREFIX: Final = "given_"
"""Before each name that is bound: {{from}} is no word of SQL then."""
MOST_LISTED: Final = 500

_NAME: Final = r"\{\{\s*([A-Za-z_][A-Za-z0-9_]{0,49})\s*\}\}"
_MARK: Final = re.compile(_NAME)
_QUOTED_MARK: Final = re.compile(rf"'{_NAME}'")
_PARTS: Final = re.compile(
    rf"({_QUOTED_MARK.pattern.replace('(', '(?:', 1)}|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`"
    r"|--[^\n]*|/\*.*?\*/)",
    re.DOTALL,
)
_DATES: Final = ("date", "day", "from", "to", "since", "until", "start", "end", "before", "after")


@dataclass(frozen=True)
class Parameter:
    """A parameter as it is kept with a query. `default` is text as people type it."""

    name: str
    kind: Kind = "text"
    default: str = ""


def names(sql: str) -> tuple[str, ...]:
    """The parameters that a text names, in its order, each once."""
    found = [mark for part in _split(sql) if _is_open(part) for mark in _MARK.findall(part)]
    return tuple(dict.fromkeys(found))


def of(sql: str, kept: Sequence[Parameter] = ()) -> tuple[Parameter, ...]:
    """The parameters of a text: as kept, or new ones whose kind their name suggests."""
    known = {parameter.name: parameter for parameter in kept}
    return tuple(known.get(name) or Parameter(name, _guessed(name)) for name in names(sql))


def bound(
    sql: str, parameters: Sequence[Parameter], given: Mapping[str, str]
) -> tuple[str, dict[str, Any]]:
    """The text with `:given_name` in place of `{{name}}`, and the values to bind.

    What is not given takes its default. A list becomes one place for each of its values. Quotes
    around a parameter are left out: '{{from}}' is {{from}}. Raises BadInput for a value that is
    missing or of another kind, and for a parameter inside of a longer text.
    """
    found = of(sql, parameters)
    if len(found) > MOST:
        raise BadInput(f"A query has at most {MOST} parameters.", "Use fewer.")
    values = {p.name: _read(p, given.get(p.name, p.default)) for p in found}
    params: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, tuple):
            params |= {f"{PREFIX}{name}_{number}": one for number, one in enumerate(value)}
        else:
            params[PREFIX + name] = value

    def place(mark: re.Match[str]) -> str:
        value = values[mark[1]]
        if isinstance(value, tuple):
            return ", ".join(f":{PREFIX}{mark[1]}_{number}" for number in range(len(value)))
        return f":{PREFIX}{mark[1]}"

    return "".join(_put(part, place) for part in _split(sql)), params


def as_json(parameters: Sequence[Parameter]) -> list[dict[str, str]]:
    """How parameters are kept with a query."""
    return [{"name": p.name, "kind": p.kind, "default": p.default} for p in parameters]


def from_json(kept: Sequence[Mapping[str, str]]) -> tuple[Parameter, ...]:
    """Parameters as they were kept."""
    return tuple(
        Parameter(one["name"], one["kind"], one.get("default", ""))  # type: ignore[arg-type]
        for one in kept
        if one.get("kind") in KINDS
    )


def _split(sql: str) -> list[str]:
    parts, edge = [], 0
    for found in _PARTS.finditer(sql):
        parts += [sql[edge : found.start()], found.group()]
        edge = found.end()
    return [*parts, sql[edge:]]


def _is_open(part: str) -> bool:
    """Whether parameters count in this part: code, and a text that is nothing but one."""
    return bool(_QUOTED_MARK.fullmatch(part)) or not part.startswith(("'", '"', "`", "--", "/*"))


def _put(part: str, place: Any) -> str:
    if _QUOTED_MARK.fullmatch(part):
        return _MARK.sub(place, part[1:-1])
    if _is_open(part):
        return _MARK.sub(place, part)
    if part.startswith("'") and (inside := _MARK.search(part)):
        raise BadInput(
            f"The parameter {{{{{inside[1]}}}}} stands inside of a longer text.",
            "Put it together in SQL: '%' || {{name}} || '%'.",
        )
    return part


def _guessed(name: str) -> Kind:
    words = name.lower().split("_")
    if any(word in _DATES for word in words):
        return "date"
    return "list" if words[-1] in ("list", "ids", "values") else "text"


def _read(parameter: Parameter, text: str) -> Any:
    text = text.strip()
    if not text:
        raise BadInput(f"The parameter “{parameter.name}” has no value.", "Give it one.")
    match parameter.kind:
        case "number":
            return _number(parameter.name, text)
        case "date":
            return _date(parameter.name, text)
        case "list":
            values = tuple(one for part in text.split(",") if (one := part.strip()))
            if not 1 <= len(values) <= MOST_LISTED:
                raise BadInput(
                    f"The list “{parameter.name}” takes 1 to {MOST_LISTED} values.",
                    "Write them with commas between.",
                )
            return values
        case "text":
            return text


def _number(name: str, text: str) -> int | Decimal:
    try:
        number = Decimal(text.replace(",", "").replace(" ", ""))
    except InvalidOperation as error:
        raise BadInput(
            f"“{text[:40]}” is not a number ({name}).", "Write it in digits, for example 2.5."
        ) from error
    if not number.is_finite():
        raise BadInput(f"“{text[:40]}” is not a number ({name}).", "Write it in digits.")
    return int(number) if number == number.to_integral_value() else number


def _date(name: str, text: str) -> date:
    try:
        return datetime.fromisoformat(text).date() if "T" in text else date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(
            f"“{text[:40]}” is not a date ({name}).", "Write it as 2026-10-31."
        ) from error
