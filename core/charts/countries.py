"""Countries: which one a text names, and where it lies on a map.

Outlines are Natural Earth's (public domain), in the Equal Earth projection; names in eight
languages and ISO codes. scripts/countries.py made the file.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core import columns
from core.columns import Column

WIDTH, BOTTOM, TOP = 812, -320, 400
"""How far the map reaches: to both sides, down and up."""
ENOUGH = 0.8
"""The part of a column's values that have to be countries."""
_FILE = Path(__file__).with_name("countries.json")
_SAID = {"country", "countries", "nation", "nationality", "land", "iso", "iso2", "iso3", "market"}
_SIGNS = re.compile(r"[\W_]+")

Ring = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Country:
    """A country by its two letters. A small one has no outline but a `dot`."""

    code: str
    name: str
    rings: tuple[Ring, ...]
    dot: tuple[int, int] | None


@cache
def world() -> dict[str, Country]:
    """All countries by their two letters."""
    found = json.loads(_FILE.read_text(encoding="utf-8"))
    return {
        code: Country(
            code,
            one["names"][0],
            tuple(tuple(zip(r[::2], r[1::2], strict=True)) for r in one.get("rings", ())),
            tuple(one["dot"]) if "dot" in one else None,
        )
        for code, one in found.items()
    }


def located(column: Column) -> list[str | None] | None:
    """The two letters of every row's country; None where the column holds something else.

    Codes of two or three letters are taken for countries only where the column's name says so:
    IT, DE and ME are departments elsewhere.
    """
    if column.role != "category" or column.identifier:
        return None
    return _located(column, _texts(column))


def _texts(column: Column) -> list[str]:
    return ["" if not isinstance(v, str) else v for v in column.values]


def _located(column: Column, texts: Sequence[str]) -> list[str | None] | None:
    names, codes = _names()
    by_code = bool(_SAID & set(columns.words(column.name)))
    found: dict[str, str | None] = {}
    for text in set(texts):
        code = codes.get(text.strip().upper()) if by_code else None
        found[text] = code or names.get(_plain(text))
    given = [text for text in found if text]
    known = [text for text in given if found[text]]
    if len(known) < 2 or len(known) < ENOUGH * len(given):
        return None
    return [found[text] for text in texts]


@cache
def _names() -> tuple[dict[str, str], dict[str, str]]:
    found = json.loads(_FILE.read_text(encoding="utf-8"))
    names = {_plain(name): code for code, one in found.items() for name in one["names"]}
    codes = {key: code for code, one in found.items() for key in (code, one["code"])}
    codes["UK"] = "GB"
    return names, codes


def _plain(text: str) -> str:
    return _SIGNS.sub(" ", text).strip().casefold()
