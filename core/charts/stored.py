"""A chart's spec as the JSON it is stored as, and back. The one place that knows both."""

from dataclasses import asdict, fields
from typing import Any, get_args

from core.types import ChartGaps, ChartKind, ChartSort, ChartSpec, ChartStack, Json

_PLAIN = {field.name: field.default for field in fields(ChartSpec) if field.name != "kind"}
_ALWAYS = ("kind", "x", "y", "color", "title")


def to_json(spec: ChartSpec | None) -> Json | None:
    """The spec as JSON; options that leave the choice to the rules are left out."""
    if spec is None:
        return None
    found = asdict(spec) | {"y": list(spec.y), "colors": list(spec.colors)}
    return {k: v for k, v in found.items() if k in _ALWAYS or getattr(spec, k) != _PLAIN[k]}


def from_json(stored: Json | None) -> ChartSpec | None:
    """The spec that was stored, whatever version of the product stored it; None for nothing.

    A kind that is not known is a table; an option that is not one is left to the rules.
    """
    if not stored:
        return None
    return ChartSpec(
        kind=_one_of(stored.get("kind"), get_args(ChartKind), "table"),
        x=_name(stored.get("x")),
        y=_names(stored.get("y")),
        color=_name(stored.get("color")),
        title=str(stored.get("title") or ""),
        sort=_one_of(stored.get("sort"), get_args(ChartSort), ""),
        top=_count(stored.get("top")),
        stack=_one_of(stored.get("stack"), get_args(ChartStack), ""),
        log=stored.get("log") is True,
        labels=stored.get("labels") is True,
        colors=_names(stored.get("colors")),
        gaps=_one_of(stored.get("gaps"), get_args(ChartGaps), ""),
        currency=_name(stored.get("currency")) or "",
    )


def _one_of(value: Any, known: tuple[str, ...], otherwise: str) -> Any:
    return value if isinstance(value, str) and value in known else otherwise


def _name(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _names(value: Any) -> tuple[str, ...]:
    found = value if isinstance(value, list | tuple) else [value]
    return tuple(name for name in found if isinstance(name, str) and name)


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
