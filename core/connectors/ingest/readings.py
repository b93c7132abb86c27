"""Ways to read the text of a column: as whole numbers, amounts, dates … each one as SQL.

`candidates` proposes readings from a sample, best first; `decide` (in columns) tries them on
all values. An expression gives NULL where the value does not fit.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

MISSING = ("null", "n/a", "na", "n.a.", "#n/a", "#na", "none", "nan", "-", "--", "?", "nil", "k.a.")
SPACES = "' \u00a0\u202f'"


@dataclass(frozen=True)
class Reading:
    """One way to read a column. `sql` has {v} where the value stands.

    `sure` is a quicker expression for a column all of whose values are known to fit.
    `noun` completes "… were not": numbers, dates. `note` is told when this reading wins.
    `day_first` is set where the order of day and month could have been the other.
    """

    type: str
    sql: str
    noun: str
    sure: str = ""
    note: str = ""
    day_first: bool | None = None
    european: bool = False

    def of(self, value: str) -> str:
        """The expression for a value, given as SQL."""
        return self.sql.replace("{v}", value)

    def surely_of(self, value: str) -> str:
        """The expression for a value that is known to fit."""
        return (self.sure or self.sql).replace("{v}", value)


TEXT = Reading("VARCHAR", "{v}", "text")
_BOOLEAN = Reading("BOOLEAN", "CASE lower({v}) WHEN 'true' THEN true WHEN 'false' THEN false END",
                   "true or false")  # fmt: skip
_WHOLE = Reading(
    "BIGINT",
    "CASE WHEN regexp_full_match({v}, '[+-]?(0|[1-9][0-9]{0,14})') THEN CAST({v} AS BIGINT) END",
    "whole numbers",
    sure="CAST({v} AS BIGINT)",
)
_PLAIN = r"[+-]?((0|[1-9][0-9]{0,14})([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,3})?"
_NUMBER = Reading(
    "DOUBLE",
    f"CASE WHEN regexp_full_match({{v}}, '{_PLAIN}') THEN TRY_CAST({{v}} AS DOUBLE) END",
    "numbers",
    sure="CAST({v} AS DOUBLE)",
)

_CURRENCY = re.compile(r"[€$£¥]|\b(?:EUR|USD|GBP|CHF|JPY)\b")
_DIGITS_ONLY = re.compile(r"[-+(]?\d[\d.,'’ \u00a0\u202f]*\)?-?")


def candidates(sample: Sequence[str], european: bool) -> tuple[Reading, ...]:
    """Readings that most of the sample fits, best first; empty for a column of text.

    `european` says that the file looks continental (semicolons), which decides 1.234 and 1,234.
    """
    values = [value for value in sample if value.lower() not in MISSING]
    if not values:
        return ()
    lower = [value.lower() for value in values]
    if _most(value in ("true", "false") for value in lower):
        return (_BOOLEAN,)
    if _most(any(c.isdigit() for c in value) for value in values):
        return (*_numbers(values, european), *_dates(values), *_times(values))
    return ()


def _most(truths: Iterable[object]) -> bool:
    listed = list(map(bool, truths))
    return sum(listed) >= 0.8 * len(listed)


def _numbers(values: Sequence[str], european: bool) -> tuple[Reading, ...]:
    currencies = {mark for value in values for mark in _CURRENCY.findall(value)}
    if len(currencies) > 1:
        return ()
    currency = next(iter(currencies), "")
    percent = _most(value.endswith("%") for value in values)
    bare = [_bare(value, currency) for value in values]
    if not _most(_DIGITS_ONLY.fullmatch(value) for value in bare):
        return _plain(values)
    written = [
        _written(thousands, decimal, currency, percent)
        for thousands, decimal in _separators(bare, european)
    ]
    if currency or percent:
        return tuple(written)
    if european and _grouped(bare, ".") and any("." in value for value in bare):
        told = replace(written[0], note="has dots as thousands separators: 1.000 is one thousand")
        return (told, *_plain(values))
    return (*_plain(values), *written)


def _plain(values: Sequence[str]) -> tuple[Reading, ...]:
    if not _most(re.fullmatch(_PLAIN, value) for value in values):
        return ()
    return (_NUMBER,) if any("." in value for value in values) else (_WHOLE, _NUMBER)


def _bare(value: str, currency: str) -> str:
    text = value.replace(currency, "") if currency else value
    return text.replace("%", "").strip(" \u00a0\u202f")


def _separators(values: Sequence[str], european: bool) -> list[tuple[str, str]]:
    """Pairs of thousands and decimal separator that could have written these, likelier first."""
    both = [value for value in values if "." in value and "," in value]
    if both:
        comma_last = sum(value.rfind(",") > value.rfind(".") for value in both)
        return [(".", ",")] if comma_last * 2 > len(both) else [(",", ".")]
    for mark in ("'", "’", " ", "\u00a0", "\u202f"):
        if any(mark in value for value in values):
            return [(mark, ","), (mark, ".")] if european else [(mark, "."), (mark, ",")]
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


def _written(thousands: str, decimal: str, currency: str, percent: bool) -> Reading:
    """Numbers with separators, a currency sign, a percent sign, or (1,234) for minus."""
    value = "{v}"
    if currency:
        value = f"replace({value}, '{currency}', '')"
    if percent:
        value = f"rtrim({value}, '% \u00a0\u202f')"
    value = f"trim({value}, {SPACES})"
    quoted = thousands.replace("'", "''")
    group = f"[{quoted}]" if thousands != " " else "[ \u00a0\u202f]"
    point = f"[{decimal}]"
    number = f"([0-9]{{1,3}}({group}[0-9]{{3}})+|[1-9][0-9]{{0,14}}|0)?({point}[0-9]*)?"
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
    return Reading("DOUBLE", amount, "numbers", note=" and ".join(notes), european=decimal == ",")


# --- dates -------------------------------------------------------------------------------

_ISO_DAY = Reading(
    "DATE",
    "CASE WHEN strlen({v}) <= 10 THEN TRY_CAST({v} AS DATE) END",
    "dates",
)
_ISO_MOMENT = Reading(
    "TIMESTAMP",
    "CASE WHEN strlen({v}) <= 29 THEN TRY_CAST({v} AS TIMESTAMP) END",
    "dates with a time",
)
_ISO_ZONED = Reading(
    "TIMESTAMP WITH TIME ZONE",
    "CASE WHEN regexp_full_match({v}, '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:.]+ ?"
    "(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?)') THEN TRY_CAST({v} AS TIMESTAMPTZ) END",
    "dates with a time and zone",
)
_ISO = re.compile(r"\d{4}-\d{1,2}-\d{1,2}([ T].*)?")
_ZONE = re.compile(r".*\d(Z| ?UTC| ?[+-]\d\d(:?\d\d)?)")
_PARTS = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:,? (.+))?")
_WORDS = re.compile(r"(\d{1,2}[ -]\w{3,9}[ -]\d{2,4}|\w{3,9} \d{1,2},? \d{4})")
_WORD_FORMATS = ("%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y", "%B %d, %Y",
                 "%b %d %Y")  # fmt: skip


def _dates(values: Sequence[str]) -> tuple[Reading, ...]:
    if _most(_ISO.fullmatch(value) for value in values):
        if any(_ZONE.fullmatch(value) and len(value) > 10 for value in values):
            return (_ISO_ZONED,)
        days_only = all(len(value) <= 10 for value in values)
        return (_ISO_DAY, _ISO_MOMENT) if days_only else (_ISO_MOMENT,)
    if _most(_WORDS.fullmatch(value) for value in values):
        return tuple(_by_format(f"'{one}'", "", None) for one in _WORD_FORMATS)
    return _in_numbers(values)


def _in_numbers(values: Sequence[str]) -> tuple[Reading, ...]:
    """Dates of three numbers: 31.12.2024, 12/31/24, 2024/12/31, with or without a time."""
    parts = [match for match in map(_PARTS.fullmatch, values) if match]
    if len(parts) < 0.8 * len(values):
        return ()
    mark = parts[0][2]
    clock = next((_clock(match[5]) for match in parts if match[5]), "")
    if _most(len(match[1]) == 4 for match in parts):
        return (_by_format(f"'%Y{mark}%m{mark}%d'", clock, None),)
    year = "%Y" if any(len(match[4]) == 4 for match in parts) else "%y"
    day_first = _by_format(f"'%d{mark}%m{mark}{year}'", clock, True)
    month_first = _by_format(f"'%m{mark}%d{mark}{year}'", clock, False)
    return (day_first,) if mark == "." else (day_first, month_first)


def _clock(text: str) -> str:
    half = " %p" if re.search(r"[ap]\.?m", text.lower()) else ""
    hour = "%I" if half else "%H"
    return f"{hour}:%M" + (":%S" if text.count(":") > 1 else "") + half


def _by_format(pattern: str, clock: str, day_first: bool | None) -> Reading:
    if not clock:
        sql = f"CAST(TRY_STRPTIME({{v}}, {pattern}) AS DATE)"
        return Reading("DATE", _sane(sql), "dates", day_first=day_first)
    bare = pattern.strip("'")
    sql = f"TRY_STRPTIME({{v}}, ['{bare} {clock}', '{bare}, {clock}', '{bare}'])"
    return Reading("TIMESTAMP", _sane(sql), "dates with a time", day_first=day_first)


def _sane(sql: str) -> str:
    """Without the years that a missing digit makes."""
    return f"CASE WHEN year({sql}) BETWEEN 1000 AND 2999 THEN {sql} END"


_TIME = Reading(
    "TIME",
    "CASE WHEN regexp_full_match({v}, '[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?') "
    "THEN TRY_CAST(CASE WHEN length({v}) <= 5 THEN {v} || ':00' ELSE {v} END AS TIME) END",
    "times",
)


def _times(values: Sequence[str]) -> tuple[Reading, ...]:
    shape = re.compile(r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?")
    return (_TIME,) if _most(shape.fullmatch(value) for value in values) else ()
