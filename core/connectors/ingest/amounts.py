"""Readings of numbers: plain ones, and as offices write them."""

import re
from collections.abc import Sequence
from dataclasses import replace

from core.connectors.ingest.reading import Reading, most

SPACES = "' \u00a0\u202f'"
_SPACE_LIKE = (" ", "\u00a0", "\u202f")

# A plus before many digits is a telephone number.
WHOLE = Reading(
    "BIGINT",
    "CASE WHEN regexp_full_match({v}, '-?(0|[1-9][0-9]{0,14})|[+](0|[1-9][0-9]{0,5})') "
    "THEN CAST({v} AS BIGINT) END",
    "whole numbers",
    sure="CAST({v} AS BIGINT)",
)
_PLAIN = (
    r"(-?((0|[1-9][0-9]{0,14})([.][0-9]*)?|[.][0-9]+)|[+](0|[1-9][0-9]{0,5})([.][0-9]*)?)"
    r"([eE][+-]?[0-9]{1,3})?"
)
NUMBER = Reading(
    "DOUBLE",
    f"CASE WHEN regexp_full_match({{v}}, '{_PLAIN}') THEN TRY_CAST({{v}} AS DOUBLE) END",
    "numbers",
    sure="CAST({v} AS DOUBLE)",
)

_CURRENCY = re.compile(
    r"(?:US|CA|AU|NZ|HK|A|C|R|S)\$|[€$£¥₹₽₩₺₴₪฿]|zł|Kč|\b(?:kr|Ft|Fr|lei)\b\.?"
    r"|\b(?:EUR|USD|GBP|CHF|JPY|SEK|NOK|DKK|PLN|CZK|HUF|RON|TRY|INR|CNY|BRL|CAD|AUD|NZD|ZAR|MXN)\b"
)
_DIGITS_ONLY = re.compile(r"[-−+(]? ?\d[\d.,'’ \u00a0\u202f]*\)?[-−]?")


def numbers(values: Sequence[str], european: bool) -> tuple[Reading, ...]:
    """Readings as numbers that most of the values could fit, likelier first.

    `european` says that the file looks continental (semicolons), which decides 1.234 and 1,234.
    Amounts in several currencies are no numbers.
    """
    currencies = {mark for value in values for mark in _CURRENCY.findall(value)}
    if len(currencies) > 1:
        return ()
    currency = next(iter(currencies), "")
    percent = most(value.endswith("%") for value in values)
    bare = [_bare(value, currency) for value in values]
    if not most(_DIGITS_ONLY.fullmatch(value) for value in bare):
        return _plain(values)
    dashes = any("−" in value for value in values)
    found = [
        written(thousands, decimal, currency, percent, dashes)
        for thousands, decimal in _separators(bare, european)
    ]
    if currency or percent:
        return tuple(found)
    if european and _grouped(bare, ".") and any("." in value for value in bare):
        told = replace(found[0], note="has dots as thousands separators: 1.000 is one thousand")
        return (told, *_plain(values))
    return (*_plain(values), *found)


def looks_written(value: str) -> bool:
    """Whether the value could be a number as somebody writes it."""
    return _DIGITS_ONLY.fullmatch(_bare(value, "".join(_CURRENCY.findall(value)[:1]))) is not None


def _plain(values: Sequence[str]) -> tuple[Reading, ...]:
    if not most(re.fullmatch(_PLAIN, value) for value in values):
        return ()
    return (NUMBER,) if any("." in value for value in values) else (WHOLE, NUMBER)


def _bare(value: str, currency: str) -> str:
    text = value.replace(currency, "") if currency else value
    return text.replace("%", "").strip(" \u00a0\u202f")


def _separators(values: Sequence[str], european: bool) -> list[tuple[str, str]]:
    """Pairs of thousands and decimal separator that could have written these, likelier first."""
    both = [value for value in values if "." in value and "," in value]
    if both:
        comma_last = sum(value.rfind(",") > value.rfind(".") for value in both)
        return [(".", ",")] if comma_last * 2 > len(both) else [(",", ".")]
    for mark in ("'", "’", *_SPACE_LIKE):
        if any(mark in value for value in values):
            comma = european or any("," in value for value in values)
            return [(mark, ","), (mark, ".")] if comma else [(mark, "."), (mark, ",")]
    comma = any("," in value for value in values)
    dot = any("." in value for value in values)
    many_dots = any(value.count(".") > 1 for value in values)
    if dot and (many_dots or (european and _grouped(values, "."))):
        return [(".", ",")]
    if comma and any(value.count(",") > 1 for value in values):
        return [(",", ".")]
    if comma:
        grouped_first = not european and _grouped(values, ",")
        return [(",", "."), (".", ",")] if grouped_first else [(".", ","), (",", ".")]
    return [(",", ".")]


def _grouped(values: Sequence[str], mark: str) -> bool:
    shape = re.compile(r"[-+(]?\d{1,3}(" + re.escape(mark) + r"\d{3})*\)?-?")
    return all(shape.fullmatch(value) for value in values if mark in value)


def written(
    thousands: str, decimal: str, currency: str = "", percent: bool = False, dashes: bool = False
) -> Reading:
    """Numbers with separators, a currency sign, a percent sign, or (1,234) for minus."""
    value = "{v}"
    if dashes:
        value = f"replace({value}, '−', '-')"
    if currency:
        value = f"replace({value}, '{currency}', '')"
    if percent:
        value = f"rtrim({value}, '% \u00a0\u202f')"
    value = f"trim({value}, {SPACES})"
    quoted = thousands.replace("'", "''")
    group = "[ \u00a0\u202f]" if thousands in _SPACE_LIKE else f"[{quoted}]"
    point = f"[{decimal}]"
    # In India the digits above the thousands go by twos: 12,34,567.
    groups = f"({group}[0-9]{{2}})*{group}[0-9]{{3}}" if thousands == "," else ""
    grouped = groups and f"[0-9]{{1,2}}{groups}|"
    number = f"({grouped}[0-9]{{1,3}}({group}[0-9]{{3}})+|[1-9][0-9]{{0,14}}|0)?({point}[0-9]*)?"
    shape = rf"([+-] ?)?{number}-?|[(]{number}[)]"
    strip = f"' {quoted}()+\u00a0\u202f'"
    digits = f"replace(translate({value}, {strip}, ''), '{decimal}', '.')"
    amount = (
        f"CASE WHEN regexp_full_match({value}, '{shape}') AND regexp_matches({value}, '[0-9]') "
        f"THEN CASE WHEN {value} LIKE '(%' OR {value} LIKE '%-' "
        f"THEN -TRY_CAST(rtrim({digits}, '-') AS DOUBLE) ELSE TRY_CAST({digits} AS DOUBLE) END END"
    )
    notes = []
    if percent:
        notes.append("is in percent: 12 stands for 12 %")
    if currency:
        notes.append(f"is in {currency}")
    return Reading("DOUBLE", amount, "numbers", note=" and ".join(notes))
