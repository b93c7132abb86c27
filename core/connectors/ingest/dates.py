"""Readings of days, moments and times of the day."""

import re
from collections.abc import Sequence

from core.connectors.ingest.reading import Reading, most, names_a_day

ISO_DAY = Reading("DATE", "CASE WHEN strlen({v}) <= 10 THEN TRY_CAST({v} AS DATE) END", "dates")
ISO_MOMENT = Reading(
    "TIMESTAMP",
    "CASE WHEN strlen({v}) <= 29 THEN TRY_CAST({v} AS TIMESTAMP) END",
    "dates with a time",
)
_ISO_ZONED = Reading(
    "TIMESTAMP WITH TIME ZONE",
    "CASE WHEN regexp_full_match({v}, '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:.]+ ?"
    "(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?)') THEN TRY_CAST(regexp_replace({v}, "
    r"' ?([+-][0-9]{2})([0-9]{2})$', '\1:\2') AS TIMESTAMPTZ) END",
    "dates with a time and zone",
)
TIME = Reading(
    "TIME",
    "CASE WHEN regexp_full_match({v}, '[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?') "
    "THEN TRY_CAST(CASE WHEN length({v}) <= 5 THEN {v} || ':00' ELSE {v} END AS TIME) END",
    "times",
)
_HALF_DAY_TIME = Reading(
    "TIME", "CAST(TRY_STRPTIME({v}, ['%I:%M %p', '%I:%M:%S %p', '%I:%M%p']) AS TIME)", "times"
)
_SERIAL_NOTE = "was read as Excel's day numbers: 45292 is 2024-01-01"
_SERIAL_DAY = Reading(
    "DATE",
    "CASE WHEN regexp_full_match({v}, '[2-7][0-9]{4}') THEN DATE '1899-12-30' "
    "+ CAST({v} AS INTEGER) END",
    "dates",
    note=_SERIAL_NOTE,
)
_SERIAL_MOMENT = Reading(
    "TIMESTAMP",
    "CASE WHEN regexp_full_match({v}, '[2-7][0-9]{4}([.][0-9]+)?') THEN TIMESTAMP '1899-12-30' "
    "+ to_seconds(CAST(round(CAST({v} AS DOUBLE) * 86400) AS BIGINT)) END",
    "dates with a time",
    note=_SERIAL_NOTE,
)
_COMPACT = Reading(
    "DATE",
    "CASE WHEN regexp_full_match({v}, '(19|20)[0-9]{6}') "
    "THEN CAST(TRY_STRPTIME({v}, '%Y%m%d') AS DATE) END",
    "dates",
    note="was read as days: 20241231 is 2024-12-31",
)

_ISO = re.compile(r"\d{4}-\d{1,2}-\d{1,2}([ T].*)?")
_ZONE = re.compile(r".*\d(Z| ?UTC| ?[+-]\d\d(:?\d\d)?)")
_PARTS = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:,? (.+))?")
_SERIAL = re.compile(r"[2-7]\d{4}(\.\d+)?")
_COMPACT_SHAPE = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])")


def dates(values: Sequence[str], label: str) -> tuple[Reading, ...]:
    """Readings as days or moments that most of the values could fit, likelier first.

    Numbers are days only below a header that says so (`label`).
    """
    if names_a_day(label):
        if most(_SERIAL.fullmatch(value) for value in values):
            return (_SERIAL_MOMENT if any("." in v for v in values) else _SERIAL_DAY,)
        if most(_COMPACT_SHAPE.fullmatch(value) for value in values):
            return (_COMPACT,)
    if most(_ISO.fullmatch(value) for value in values):
        if any(_ZONE.fullmatch(value) and len(value) > 10 for value in values):
            return (_ISO_ZONED,)
        days_only = all(len(value) <= 10 for value in values)
        return (ISO_DAY, ISO_MOMENT) if days_only else (ISO_MOMENT,)
    spelled = [one for one in SPELLED if most(re.fullmatch(one[0], value) for value in values)]
    return tuple(reading for _, reading in spelled) or in_numbers(values)


def in_numbers(values: Sequence[str]) -> tuple[Reading, ...]:
    """Dates of three numbers: 31.12.2024, 12/31/24, 2024/12/31, with or without a time."""
    parts = [match for match in map(_PARTS.fullmatch, values) if match]
    if not parts or len(parts) < 0.8 * len(values):
        return ()
    mark = parts[0][2]
    clock = next((_clock(match[5]) for match in parts if match[5]), "")
    if most(len(match[1]) == 4 for match in parts):
        return (_by_format(f"'%Y{mark}%m{mark}%d'", clock, None),)
    year = "%Y" if any(len(match[4]) == 4 for match in parts) else "%y"
    day_first = _by_format(f"'%d{mark}%m{mark}{year}'", clock, True)
    month_first = _by_format(f"'%m{mark}%d{mark}{year}'", clock, False)
    return (day_first,) if mark == "." else (day_first, month_first)


def any_in_numbers(values: Sequence[str]) -> tuple[Reading, ...]:
    """Readings of dates of three numbers, by those among the values that look like one."""
    return in_numbers([value for value in values if _PARTS.fullmatch(value)])


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


TIMES = (TIME, _HALF_DAY_TIME)


def days() -> tuple[Reading, ...]:
    """Readings of days that need no sample."""
    return (ISO_DAY, *(reading for _, reading in SPELLED), _COMPACT, _SERIAL_DAY, _SERIAL_MOMENT)


def moments() -> tuple[Reading, ...]:
    """Readings of moments that need no sample."""
    return (ISO_MOMENT, _ISO_ZONED)


def times(values: Sequence[str]) -> tuple[Reading, ...]:
    """Readings as times of the day that most of the values could fit."""
    shape = re.compile(r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?( ?[AaPp][Mm])?")
    if not most(shape.fullmatch(value) for value in values):
        return ()
    return (_HALF_DAY_TIME if any(v[-1] in "Mm" for v in values) else TIME,)


# --- months by name ----------------------------------------------------------------------

_MONTHS = """
    january february march april may june july august september october november december
    jan feb mar apr may jun jul aug sep oct nov dec
    januar februar marz april mai juni juli august september oktober november dezember
    jan feb mrz apr mai jun jul aug sept okt nov dez
    janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
    janv fevr mars avr mai juin juil aout sept oct nov dec
    enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
    ene feb mar abr may jun jul ago sep oct nov dic
    gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
    gen feb mar apr mag giu lug ago set ott nov dic
    januari februari maart april mei juni juli augustus september oktober november december
    janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro
""".split()  # noqa: SIM905
_WEEKDAY = r"(?:[A-Za-zÀ-ſ]{2,10}[.]?,? )?"
_NAME = r"([A-Za-zÀ-ſ]{3,10})[.]?"
_DAY_THEN_MONTH = (
    rf"{_WEEKDAY}([0-9]{{1,2}})(?:st|nd|rd|th|[.])?[ -]+(?:de )?{_NAME},?[ -]+(?:de )?"
    r"([0-9]{4}|[0-9]{2})"
)
_MONTH_THEN_DAY = rf"{_WEEKDAY}{_NAME} ([0-9]{{1,2}})(?:st|nd|rd|th)?,? ([0-9]{{4}})"


def _spelled(shape: str, day: int, month: int) -> Reading:
    names = ", ".join(f"'{name}'" for name in _MONTHS)
    part = [f"regexp_extract({{v}}, '^{shape}$', {group})" for group in range(4)]
    at = f"list_position([{names}], strip_accents(lower({part[month]})))"
    short = f"TRY_CAST({part[3]} AS INTEGER)"
    year = f"CASE WHEN {short} < 70 THEN 2000 + {short} WHEN {short} < 100 THEN 1900 + {short} " \
           f"ELSE {short} END"  # fmt: skip
    written = f"({year}) || '-' || (({at} - 1) % 12 + 1) || '-' || {part[day]}"
    return Reading("DATE", f"CASE WHEN {at} > 0 THEN TRY_CAST({written} AS DATE) END", "dates")


SPELLED = (
    (_DAY_THEN_MONTH, _spelled(_DAY_THEN_MONTH, 1, 2)),
    (_MONTH_THEN_DAY, _spelled(_MONTH_THEN_DAY, 2, 1)),
)
"""Shape and reading of dates with a month by name: 1. Januar 2024, and Jan 1, 2024."""
