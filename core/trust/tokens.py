"""The figures of a text: numbers with their rounding and unit, ordinals, multiples, codes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from core.types import SpanKind

Near = Literal["", "about", "over", "under"]

SYMBOLS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR"}
CODES = ("EUR", "USD", "GBP", "CHF", "JPY", "CNY", "INR", "AUD", "CAD", "SEK", "NOK", "DKK", "PLN",
         "CZK", "HUF", "BRL", "MXN", "ZAR", "TRY", "KRW", "SGD", "HKD", "NZD")  # fmt: skip
SPOKEN = {"euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD", "pounds": "GBP",
          "yen": "JPY", "rupees": "INR", "francs": "CHF"}  # fmt: skip
NUMBER_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
ORDINAL_WORDS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12,
}  # fmt: skip
_MULTIPLES = {
    "twice": "2", "double": "2", "doubled": "2", "doubles": "2", "triple": "3", "tripled": "3",
    "thrice": "3", "quadrupled": "4", "half": "0.5", "halved": "0.5", "a third": "1/3",
    "one third": "1/3", "one-third": "1/3", "two thirds": "2/3", "two-thirds": "2/3",
    "a quarter": "0.25", "one quarter": "0.25", "three quarters": "0.75", "three-quarters": "0.75",
    "a fifth": "0.2", "one fifth": "0.2", "a tenth": "0.1", "one tenth": "0.1",
}  # fmt: skip
_SCALES = {
    "k": 3, "thousand": 3, "m": 6, "mn": 6, "mln": 6, "mio": 6, "million": 6, "millions": 6,
    "bn": 9, "b": 9, "billion": 9, "billions": 9, "t": 12, "tn": 12, "trillion": 12,
}  # fmt: skip
_ABOUT = re.compile(
    r"(?:(?P<about>about|around|roughly|approximately|approx\.?|close to|circa|ca\.|some|~|≈)"
    r"|(?P<over>over|more than|above|at least|just over|just above|exceeding|upwards of)"
    r"|(?P<under>nearly|almost|under|less than|below|just under|just below|up to|at most"
    r"|fewer than|close on))\s*(?:the\s+|a\s+)?$"
)
_MONEY_BEFORE = rf"(?:(?:US|A|C|NZ|HK|S)?[€$£¥₹]|(?:{'|'.join(CODES)})[ \u00a0]?)"
_MONEY_AFTER = rf"(?:[ \u00a0]?[€$£¥₹](?!\d)|[ \u00a0](?:{'|'.join(CODES)}|{'|'.join(SPOKEN)})\b)"
_FIGURE = re.compile(
    r"(?P<code>\d+(?:\.\d+){2,}(?![\d,])|\+\d[\d \u00a0()/-]{5,}\d|\(\d{3}\)[ -]?\d{3}[ -]\d{4}"
    r"|\b\d{3}[ -]\d{3}[ -]\d{4}\b|\b\d{3}-\d{4}\b|\b\d+(?:-\d+){2,}\b|\b\d{1,2}:\d{2}(?::\d{2})?"
    r"|\b\d+(?:/\d+)+|(?<!\w)(?!(?:top|bottom|first|last|best|worst)-)[^\W\d_][\w]*-\d[\w.-]*)"
    r"|(?P<ordinal>\b\d{1,4}(?:st|nd|rd|th)\b)"
    r"|(?P<sign>(?<![\w)%.,])[-–+±])?(?:(?P<before>" + _MONEY_BEFORE + r")(?P<inner>[-–])?)?"
    r"(?P<digits>(?<![\w.])(?:"
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?|\d{1,3}(?:\.\d{3})+,\d+"
    r"|\d{1,3}(?:[\u00a0'’]\d{3})+(?:[.,]\d+)?|\d+,\d{1,2}(?![\d,])|\d+(?:\.\d+)?|\.\d+))"
    r"(?P<exponent>[eE][+-]?\d{1,4})?"
    r"(?P<scale>(?:[kKMBT]|[mb]n|mln|mio|m)\b|[ \u00a0](?:[KMB]|bn|mn|mln|mio|thousand|millions?"
    r"|billions?|trillion)\b)?"
    r"(?P<unit>[ \u00a0]?(?:%|percent\b|per cent\b)(?:[ -]?(?:points?|pts?)\b)?"
    r"|[ \u00a0]?(?:pp|ppts?|pts|percentage points?)\b|[ \u00a0]?(?:bps|basis points)\b"
    r"|[ \u00a0]?(?:x|×|-fold|fold)(?!\w)|[ \u00a0]times\b|" + _MONEY_AFTER + r")?"
    r"|(?P<glued>\w*\d\w*)",
)
_WORDS = re.compile(
    r"\b(?:(?P<multiple>" + "|".join(sorted(_MULTIPLES, key=len, reverse=True)) + r")"
    r"|(?P<rank>" + "|".join(ORDINAL_WORDS) + r")(?=[ -](?:highest|largest|biggest|most|best|lowest"
    r"|smallest|fewest|worst|strongest|weakest|place|rank)\b)"
    r"|(?P<placed>(?<=ranks )(?:" + "|".join(ORDINAL_WORDS) + r")|(?<=ranked )(?:"
    + "|".join(ORDINAL_WORDS) + r")|(?<=comes )(?:" + "|".join(ORDINAL_WORDS) + r"))"
    r"|(?P<number>" + "|".join(NUMBER_WORDS) + r")(?![-\w])"
    r"|(?P<vague>twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?"
    r"|millions?|billions?|dozens?|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)"
    r")\b"
)  # fmt: skip
_FORMS = re.compile(r"[²³¹⁰⁴-⁹₀-₉½⅓⅔¼¾⅕-⅞⅐⅑⅒①-⓿❶-➓Ⅰ-ↈ㈠-㉃㊀-㊰∞]+")
_LARGEST_EXPONENT = 400


@dataclass(frozen=True)
class Token:
    """A figure by place in the clean text. `step` is the worth of its last digit.

    `value` is None for what is no number: a code, or a number that is only hinted at. `places`
    says where a number stops being exact: the worth of its last digit that is not zero.
    """

    start: int
    end: int
    kind: SpanKind
    value: Decimal | None = None
    step: Decimal = Decimal(0)
    place: Decimal = Decimal(0)
    signed: bool = False
    currency: str = ""
    near: Near = ""
    word: bool = False
    plain: bool = False


def of(text: str, low: str, taken: list[tuple[int, int]]) -> list[Token]:
    """All figures of a clean text but those inside of what is taken already, in order."""
    european = _is_european(text)
    found = list(_figures(text, low, european, taken))
    found += _spoken(low, [*taken, *((token.start, token.end) for token in found)])
    found += [Token(m.start(), m.end(), "code") for m in _FORMS.finditer(text) if not _in(m, taken)]
    return sorted(found, key=lambda token: token.start)


def _in(match: re.Match[str], taken: list[tuple[int, int]]) -> bool:
    return any(s < match.end() and match.start() < e for s, e in taken)


def _is_european(text: str) -> bool:
    """Whether the text surely writes 1.234,5 for what English writes as 1,234.5."""
    decimal_comma = re.search(r"(?<![\d.,])(?:\d{1,3}(?:\.\d{3})+,\d+|\d+,\d{1,2})(?![\d,])", text)
    return bool(decimal_comma) and not re.search(r"\d,\d{3}(?!\d)|\d\.\d{1,2}(?![\d.])", text)


def _figures(text: str, low: str, european: bool, taken: list[tuple[int, int]]) -> Iterator[Token]:
    at = 0
    while match := _FIGURE.search(text, at):
        inside = max((e for s, e in taken if s < match.end() and match.start() < e), default=None)
        if inside is not None:
            at = max(inside, match.start() + 1)
            continue
        token = _figure(match, text, low, european)
        at = max(token.end, match.start() + 1)
        yield token


def _figure(match: re.Match[str], text: str, low: str, european: bool) -> Token:
    start, end = match.span()
    after = text[end : end + 2]
    runs_on = bool(re.match(r"\w|[.,:/'’]\d", after))
    if match["ordinal"]:
        rank = Decimal(re.sub(r"\D", "", match["ordinal"]))
        return Token(start, end, "ordinal", rank, plain=True)
    if match["digits"] is None or runs_on:
        longer = re.compile(r"[\w.,:/'’-]*[\w]").match(text, start)
        return Token(start, longer.end() if longer else end, "code")
    value, step = _value(match["digits"], match["exponent"], match["scale"], european)
    if value is None:
        return Token(start, end, "code")
    kind, currency = _unit(match)
    sign = (match["sign"] or "") + (match["inner"] or "")
    if "-" in sign or "–" in sign:
        value = -value
    near = _near(low, start)
    if sign == "±":
        near = "about"
    plain = not (match["scale"] or match["exponent"] or sign or currency) and kind == "number"
    if match["unit"] and ("bps" in match["unit"] or "basis" in match["unit"]):
        value, step = value / 100, step / 100
    return Token(start, end, kind, value, step, _place(value, step), bool(sign), currency, near,
                 plain=plain and match["digits"].replace(",", "").isdigit())  # fmt: skip


def _value(
    digits: str, exponent: str | None, scale: str | None, european: bool
) -> tuple[Decimal | None, Decimal]:
    bare = re.sub(r"[\u00a0'’]", "", digits)
    dots = re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?|\d{1,3}(?:\.\d{3})+,\d+", bare)
    comma = re.fullmatch(r"\d+,\d{1,2}", bare)
    if dots or comma or (european and "." in bare) or (european and "," in bare):
        bare = bare.replace(".", "").replace(",", ".")
    else:
        bare = bare.replace(",", "")
    if len(bare) > 60:
        return None, Decimal(0)
    power = int(exponent[1:]) if exponent else 0
    if abs(power) > _LARGEST_EXPONENT:
        return None, Decimal(0)
    power += _SCALES[scale.strip().lower()] if scale else 0
    decimals = len(bare.partition(".")[2])
    return Decimal(bare).scaleb(power), Decimal(1).scaleb(power - decimals)


def _place(value: Decimal, step: Decimal) -> Decimal:
    """The worth of the last digit that is not zero: 100 of 1,200."""
    if not value or not step:
        return step
    units = abs(int((value / step).to_integral_value()))
    place = step
    while units and units % 10 == 0:
        units //= 10
        place *= 10
    return place


def _unit(match: re.Match[str]) -> tuple[SpanKind, str]:
    unit = (match["unit"] or "").strip(" \u00a0").lower()
    before = (match["before"] or "").strip(" \u00a0")
    currency = before if before in CODES else SYMBOLS.get(before[-1:], "")
    if re.search(r"point|pts?$|^pp|bps", unit):
        return "points", currency
    if unit.startswith(("%", "per")):
        return "percent", currency
    if unit in ("x", "×", "times", "fold", "-fold"):
        return "multiple", currency
    after = SYMBOLS.get(unit, "") or (
        unit.upper() if unit.upper() in CODES else SPOKEN.get(unit, "")
    )
    found = currency or after
    return ("money" if found else "number"), found


def _near(low: str, start: int) -> Near:
    match = _ABOUT.search(low, max(0, start - 24), start)
    if not match:
        return ""
    if match["about"]:
        return "about"
    return "over" if match["over"] else "under"


def _spoken(low: str, taken: list[tuple[int, int]]) -> Iterator[Token]:
    for match in _WORDS.finditer(low):
        if _in(match, taken):
            continue
        start, end = match.span()
        near = _near(low, start)
        if match["multiple"]:
            if _is_multiple(low, match):
                top, _, bottom = _MULTIPLES[match["multiple"]].partition("/")
                value = Decimal(top) / Decimal(bottom or 1)
                yield Token(start, end, "multiple", value, near=near, word=True)
        elif match["rank"] or match["placed"]:
            value = Decimal(ORDINAL_WORDS[match["rank"] or match["placed"]])
            yield Token(start, end, "ordinal", value, word=True, plain=True)
        elif match["number"]:
            if match["number"] != "one" or _counts_one(low, match):
                value = Decimal(NUMBER_WORDS[match["number"]])
                unit = re.match(r" ?(?:%|percent\b|per cent\b)| (?P<times>times\b)", low[end:][:10])
                kind: SpanKind = "number"
                if unit:
                    kind = "multiple" if unit["times"] else "percent"
                yield Token(start, end, kind, value, Decimal(1), Decimal(1), near=near,
                            word=True, plain=kind == "number")  # fmt: skip
        else:
            yield Token(start, end, "number", word=True)


def _is_multiple(low: str, match: re.Match[str]) -> bool:
    before, after = low[max(0, match.start() - 8) : match.start()], low[match.end() :][:12]
    if match["multiple"] == "half":
        return not re.search(r"(?:first|second|last|other|1st|2nd) $", before)
    if "quarter" in match["multiple"]:
        return after.startswith(" of ")
    return True


def _counts_one(low: str, match: re.Match[str]) -> bool:
    before = low[max(0, match.start() - 9) : match.start()]
    return bool(re.search(r"\b(?:only|just|exactly|single) $", before)) and not low[
        match.end() :
    ].startswith(" of ")
