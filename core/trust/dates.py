"""The dates of a text: days, weeks, months, quarters, halves and years, told or relative."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from core.trust import periods
from core.trust.periods import Calendar, Stretch, Unit
from core.trust.tokens import NUMBER_WORDS, ORDINAL_WORDS

_MONTH_NAMES = ("jan(?:uary)?", "feb(?:ruary)?", "mar(?:ch)?", "apr(?:il)?", "may", "june?",
                "july?", "aug(?:ust)?", "sept?(?:ember)?", "oct(?:ober)?", "nov(?:ember)?",
                "dec(?:ember)?")  # fmt: skip
_MONTH = rf"(?P<month>{'|'.join(_MONTH_NAMES)})\b\.?"
_ANY_YEAR = r"(?P<year>1[5-9]\d\d|2[0-4]\d\d)"
_YEAR = _ANY_YEAR + r"(?!\d|[.,]\d)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?![\d:])"
_CLOCK = r"(?:[t ,]{1,2}(?P<clock>\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(?:z\b|[+-]\d{2}:?\d{2})?)?"
_ORDINAL = r"(?P<nth>first|second|third|fourth|1st|2nd|3rd|4th)"
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(NUMBER_WORDS)})"
_WHOLE = r"(?:(?:whole|full|complete|completed|calendar|fiscal|consecutive)[ ])?"
_RELATIVE = (
    r"\b(?P<which>this|current|running|last|past|previous|prior|preceding|latest|next)[ ]"
    rf"{_WHOLE}(?:{_COUNT}[ ])?{_WHOLE}(?P<unit>day|week|month|quarter|year)s?\b"
)
_MOST_YEARS = 60


@dataclass(frozen=True)
class DateToken:
    """A date by place in the clean text, and the stretches that it may mean.

    `perhaps_number`: a bare "2026", which may also be an amount. `month` is set where a month is
    named without its year; `clock` is the "10:30" that stands with a day.
    """

    start: int
    end: int
    stretches: tuple[Stretch, ...]
    perhaps_number: bool = False
    relative: bool = False
    count: int | None = None
    month: int | None = None
    clock: str = ""


def of(
    text: str,
    low: str,
    calendar: Calendar | None,
    years: Sequence[int],
    taken: Sequence[tuple[int, int]],
) -> list[DateToken]:
    """All dates but those inside of what is taken already, in order.

    `years` are those that a date without one may be of.
    """
    known = tuple(dict.fromkeys(years))[:_MOST_YEARS]
    reader = _Reader(text, low, calendar, known)
    found: list[DateToken] = []
    used = list(taken)
    for pattern, read in reader.patterns:
        for match in pattern.finditer(low):
            if any(s < match.end() and match.start() < e for s, e in used):
                continue
            for token in read(match):
                found.append(token)
                used.append((token.start, token.end))
    return sorted(found, key=lambda token: token.start)


class _Reader:
    """Knows how each way of writing a date is read."""

    def __init__(
        self, text: str, low: str, calendar: Calendar | None, years: tuple[int, ...]
    ) -> None:
        self._text, self._low, self._calendar, self._years = text, low, calendar, years
        written: tuple[tuple[str, Callable[[re.Match[str]], Iterator[DateToken]]], ...] = (
            (rf"(?<![\w.-]){_ANY_YEAR}-(?P<m>\d\d)-(?P<day>\d\d){_CLOCK}(?![\w-])", self._iso),
            (rf"(?<![\w.-]){_ANY_YEAR}-(?P<m>0\d|1[0-2])(?![\w-])", self._iso),
            (rf"(?<![\w.]){_ANY_YEAR}[ -]?q(?P<q>[1-4])\b", self._quarter),
            (rf"\bq(?P<q>[1-4])(?:[ /-]|[ ]of[ ])(?:fy[ ]?)?{_YEAR}", self._quarter),
            (rf"\b{_ORDINAL}[ ]quarter(?:[ ](?:of[ ])?{_YEAR})?", self._quarter),
            (r"\bq(?P<q>[1-4])\b(?![/-]\d)", self._quarter),
            (rf"\bh(?P<h>[12])[ ](?:of[ ])?{_YEAR}", self._half),
            (rf"\b{_ORDINAL}[ ]half(?:[ ]of)?[ ]{_YEAR}", self._half),
            (rf"\b{_MONTH}[ ]{_DAY}(?:[ ]?[-–][ ]?(?P<until>[0-3]?\d)(?![\d:]))?"
             rf"(?:,?[ ]{_YEAR})?{_CLOCK}", self._day),
            (rf"(?<![\w.,]){_DAY}[ ](?:of[ ])?{_MONTH}(?:,?[ ]{_YEAR})?{_CLOCK}", self._day),
            (rf"\b{_MONTH}[ ](?:of[ ])?{_YEAR}", self._month),
            (r"\bweek[ ](?P<w>[0-5]?\d)(?:,?[ ](?:of[ ])?(?P<year>20\d\d|19\d\d))?(?![\d.,]*\d)",
             self._week),
            (rf"\b{_MONTH}(?!\w)", self._month),
            (r"\b(?:fy|fiscal(?: year)?)[ ]?(?P<year>20\d\d|19\d\d)\b", self._fiscal),
            (_RELATIVE, self._relative),
            (r"\b(?P<which>yesterday|today)\b", self._relative_day),
            (rf"(?<![\w.,/€$£-]){_YEAR}(?![\w%/]|[ ]?%)", self._year),
        )  # fmt: skip
        self.patterns = [(re.compile(pattern), read) for pattern, read in written]

    def _iso(self, match: re.Match[str]) -> Iterator[DateToken]:
        day = match.groupdict().get("day")
        first = _date(int(match["year"]), int(match["m"]), int(day or 1))
        if first:
            yield self._token(match, [periods.beginning(first, "day" if day else "month")])

    def _quarter(self, match: re.Match[str]) -> Iterator[DateToken]:
        nth = match.groupdict().get("nth")
        quarter = int(match["q"]) if not nth else _nth(nth)
        shift = self._calendar.year_starts - 1 if self._calendar else 0
        found = []
        for year in self._of_years(match):
            start = date(year, quarter * 3 - 2, 1)
            found.append(periods.beginning(start, "quarter"))
            if shift:
                found.append(
                    periods.beginning(periods.shifted(start, "month", shift - 12), "quarter")
                )
        yield self._token(match, found)

    def _half(self, match: re.Match[str]) -> Iterator[DateToken]:
        nth = match.groupdict().get("nth")
        first = (int(match["h"]) if not nth else _nth(nth)) == 1
        year = int(match["year"])
        yield self._token(
            match,
            [Stretch(date(year, 1, 1), date(year, 6, 30))
             if first else Stretch(date(year, 7, 1), date(year, 12, 31))],
        )  # fmt: skip

    def _month(self, match: re.Match[str]) -> Iterator[DateToken]:
        written = self._text[match.start("month") : match.end("month")]
        said = match.groupdict().get("year")
        if not said and (not written[:1].isupper() or not self._names_month(match)):
            return
        month = _month_number(match["month"])
        found = [periods.beginning(date(y, month, 1), "month") for y in self._of_years(match)]
        yield self._token(match, found, month=None if said else month)

    def _names_month(self, match: re.Match[str]) -> bool:
        """May, March and the like are words too."""
        if match["month"] not in ("may", "march", "mar", "sep", "dec", "jan"):
            return True
        before = self._low[max(0, match.start() - 9) : match.start()]
        after = self._low[match.end() : match.end() + 6]
        led = re.search(r"\b(?:in|of|since|until|to|from|by|for|last|this|during|through|and|than"
                        r"|or|–|-|between|after|before)[ ]$|[(,:]\s?$", before)  # fmt: skip
        return bool(led) or match["month"] != "may" or bool(re.match(r"[),;:]|\.?$|\n", after))

    def _day(self, match: re.Match[str]) -> Iterator[DateToken]:
        month, day = _month_number(match["month"]), int(match["day"])
        until = match.groupdict().get("until")
        found = []
        for year in self._of_years(match):
            first = _date(year, month, day)
            last = _date(year, month, int(until)) if until else first
            if first and last and first <= last:
                found.append(Stretch(first, last))
        if found or match.groupdict().get("year"):
            yield self._token(match, found)

    def _week(self, match: re.Match[str]) -> Iterator[DateToken]:
        found = []
        for year in self._of_years(match):
            try:
                found.append(
                    periods.beginning(date.fromisocalendar(year, int(match["w"]), 1), "week")
                )
            except ValueError:
                continue
        yield self._token(match, found)

    def _fiscal(self, match: re.Match[str]) -> Iterator[DateToken]:
        starts = self._calendar.year_starts if self._calendar else 1
        year = int(match["year"])
        begun = (
            [date(year, 1, 1)] if starts == 1 else [date(y, starts, 1) for y in (year - 1, year)]
        )
        yield self._token(match, [periods.beginning(day, "year") for day in begun])

    def _year(self, match: re.Match[str]) -> Iterator[DateToken]:
        stretch = periods.beginning(date(int(match["year"]), 1, 1), "year")
        yield DateToken(match.start(), match.end(), (stretch,), perhaps_number=True)

    def _relative(self, match: re.Match[str]) -> Iterator[DateToken]:
        compared = re.search(
            r"\b(?:than|from|against|vs\.?|with|to|over|on|same \w+|of)(?: the| in the)? $",
            self._low[max(0, match.start() - 14) : match.start()],
        )
        which, unit = match["which"], _unit(match["unit"])
        if compared and which in ("previous", "prior", "preceding", "last") and not match["count"]:
            return
        if self._calendar is None:
            yield self._token(match, [], relative=True)
            return
        count = match["count"]
        number = None if not count else int(count) if count.isdigit() else NUMBER_WORDS[count]
        stretches = _counted_back(unit, number, which, self._calendar)
        yield self._token(match, stretches, relative=True, count=number)

    def _relative_day(self, match: re.Match[str]) -> Iterator[DateToken]:
        if self._calendar:
            today = self._calendar.today
            day = periods.shifted(today, "day", -1) if match["which"] == "yesterday" else today
            yield self._token(match, [Stretch(day, day)], relative=True)

    def _of_years(self, match: re.Match[str]) -> Sequence[int]:
        said = match.groupdict().get("year")
        return [int(said)] if said else self._years

    @staticmethod
    def _token(
        match: re.Match[str],
        stretches: Sequence[Stretch],
        *,
        relative: bool = False,
        count: int | None = None,
        month: int | None = None,
    ) -> DateToken:
        end = match.end() - (1 if match[0].endswith((" ", ".")) else 0)
        clock = match.groupdict().get("clock") or ""
        return DateToken(
            match.start(), end, tuple(stretches), relative=relative, count=count, month=month,
            clock=clock,
        )  # fmt: skip


def _counted_back(unit: Unit, number: int | None, which: str, calendar: Calendar) -> list[Stretch]:
    """What "last quarter", "this month", "past 30 days" or "last two months" may mean."""
    now = periods.around(calendar.today, unit, calendar)
    if which in ("this", "current", "running"):
        return [now] if number in (None, 1) else []
    if which == "next":
        return []
    back = number or 1
    first = periods.shifted(now.first, unit, -back)
    yesterday = periods.shifted(now.first, "day", -1)
    found = [Stretch(first, yesterday)] if first <= yesterday else []
    if number and number > 0:
        rolling = periods.shifted(calendar.today, unit, -number)
        found += [
            Stretch(rolling, calendar.today),
            Stretch(rolling, periods.shifted(calendar.today, "day", -1)),
            Stretch(periods.shifted(rolling, "day", 1), calendar.today),
            Stretch(periods.shifted(now.first, unit, 1 - number), now.last),
        ]
    return found


def _unit(word: str) -> Unit:
    return next(unit for unit in periods.UNITS if unit == word)


def _nth(word: str) -> int:
    return int(word[0]) if word[0].isdigit() else ORDINAL_WORDS[word]


def _month_number(word: str) -> int:
    return next(n for n, name in enumerate(_MONTH_NAMES, 1) if re.fullmatch(name, word))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
