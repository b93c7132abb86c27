"""Time expressions in a question: windows (last quarter), grains (by month), comparisons.

`find` reads them from left to right; each says which tokens it covers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from core.analyst.local import periods
from core.analyst.local.periods import Period
from core.analyst.local.plan import Grain
from core.analyst.local.words import Token

_UNITS: dict[str, Grain] = {"day": "day", "week": "week", "month": "month", "quarter": "quarter",
                            "year": "year", "hour": "hour"}  # fmt: skip
_ADVERBS: dict[str, Grain] = {"daily": "day", "weekly": "week", "monthly": "month",
                              "annual": "year",
                              "quarterly": "quarter", "yearly": "year", "annually": "year",
                              "hourly": "hour"}  # fmt: skip
_LAST = ("last", "previous", "past", "prior", "preceding", "recent")
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3,
             "4th": 4}  # fmt: skip
_OVER = {"mom": "month", "wow": "week", "qoq": "quarter", "yoy": "year"}


@dataclass(frozen=True)
class TimeSpan:
    """A time expression over tokens `first` to `last` (not counted).

    Exactly one of these is told: a `period`; a `grain` to group by; `over` (growth from unit
    to unit); `against`, the other side of a comparison ("previous", "year" or a period).
    """

    first: int
    last: int
    period: Period | None = None
    grain: Grain | None = None
    over: Grain | None = None
    against: str = ""
    year_only: int | None = None
    ends: tuple[Period, Period] | None = None
    earlier: Grain | None = None


def find(said: Sequence[Token], today: date) -> list[TimeSpan]:
    """Every time expression in the tokens, from left to right, longest first at each place."""
    reader = _Reader(said, today)
    found: list[TimeSpan] = []
    at = 0
    while at < len(said):
        span = None if said[at].quoted else reader.at(at)
        if span:
            found.append(span)
            at = span.last
        else:
            at += 1
    return found


class _Reader:
    def __init__(self, said: Sequence[Token], today: date) -> None:
        self.said = said
        self.today = today

    def word(self, i: int) -> str:
        return self.said[i].lemma if 0 <= i < len(self.said) and not self.said[i].quoted else ""

    def number(self, i: int) -> int | None:
        if 0 <= i < len(self.said) and self.said[i].number is not None:
            return int(self.said[i].number or 0)
        return None

    def at(self, i: int) -> TimeSpan | None:
        for read in (
            self._growth,
            self._earlier,
            self._against,
            self._to_date,
            self._grain,
            self._between,
            self._since,
            self._relative,
            self._named,
        ):
            span = read(i)
            if span:
                return span
        return None

    def _skip(self, i: int, *fill: str) -> int:
        while self.word(i) in fill:
            i += 1
        return i

    def _growth(self, i: int) -> TimeSpan | None:
        if self.word(i) in _OVER:
            return TimeSpan(i, i + 1, over=cast(Grain, _OVER[self.word(i)]))
        unit = _UNITS.get(self.word(i))
        if unit and self.word(i + 1) in ("over", "on") and self.word(i + 2) == self.word(i):
            return TimeSpan(i, i + 3, over=unit)
        if (
            unit
            and self.said[i + 1 : i + 2]
            and self.word(i + 1) == "-"
            and self.word(i + 2) in ("over", "on")
            and self.word(i + 4) == self.word(i)
        ):
            return TimeSpan(i, i + 5, over=unit)
        return None

    def _earlier(self, i: int) -> TimeSpan | None:
        """The month before: of the period spoken of, so many units earlier."""
        j = self._skip(i, "in", "for", "during", "the", "of")
        unit = _UNITS.get(self.word(j))
        if unit and self.word(j + 1) in ("before", "earlier", "prior"):
            after = self.word(j + 2)
            if after in ("", "that", "and", "too", "?", ","):
                return TimeSpan(i, j + 2 + (after == "that"), against="previous", earlier=unit)
        return None

    def _against(self, i: int) -> TimeSpan | None:  # noqa: PLR0911 - one branch per form of words
        j = i
        if self.word(i) in ("vs", "versus", "against") or (
            self.word(i) in ("compared", "compare", "than", "relative")
            and self.word(i + 1) in ("to", "with", "in", "the", "last", "a")
        ):
            j = i + 1
        elif (self.word(i), self.word(i + 1)) == ("same", "period"):
            j = i
        else:
            return None
        j = self._skip(j, "to", "with", "in", "the", "same", "of", "that", "time")
        if self.word(j) in ("period", "month", "quarter", "week", "year") and self.word(j + 1) in (
            "before",
            "earlier",
            "prior",
        ):
            kind = "year" if self.word(j) == "year" else "previous"
            return TimeSpan(i, j + 2, against=kind)
        if self.word(j) in ("previous", "prior", "preceding") and self.word(j + 1) == "period":
            return TimeSpan(i, j + 2, against="previous")
        if self.word(j) == "a" and self.word(j + 1) == "year":
            return TimeSpan(i, j + 3, against="year")
        same = any(self.word(k) == "same" for k in range(i, j))
        if same and self.word(j) in _UNITS:
            k = self._skip(j + 1, "of", "in", "the")
            if self.word(k) in (*_LAST, "a") and self.word(k + 1) == "year":
                return TimeSpan(i, k + 2 + (self.word(k + 2) == "ago"), against="year")
        if self.word(j) == "period":
            j = self._skip(j + 1, "of", "in", "the")
            same = True
        if self.word(j) in _LAST and self.word(j + 1) == "year":
            return TimeSpan(i, j + 2, against="year")
        inner = self._relative(j) or self._named(j)
        if inner and inner.period and not same:
            return TimeSpan(i, inner.last, period=inner.period, against="period")
        return None

    def _to_date(self, i: int) -> TimeSpan | None:
        unit = {"ytd": "year", "mtd": "month", "qtd": "quarter", "wtd": "week"}.get(self.word(i))
        last = i + 1
        if (
            not unit
            and self.word(i) in _UNITS
            and ((self.word(i + 1), self.word(i + 2)) == ("to", "date"))
        ):
            unit, last = self.word(i), i + 3
        if not unit:
            j = self._skip(i, "so", "far", "since", "from", "the")
            if j > i and self.word(j) in ("this", "start", "beginning"):
                k = self._skip(j + 1, "of", "the", "this")
                unit = self.word(k) if self.word(k) in _UNITS else None
                last = k + 1
        if not unit or unit not in _UNITS:
            return None
        start, _ = periods.whole(_UNITS[unit], self.today)
        return TimeSpan(i, last, Period(start, self.today, f"{unit} to date"))

    def _grain(self, i: int) -> TimeSpan | None:  # noqa: PLR0911 - one branch per form of words
        if self.word(i) in _ADVERBS:
            return TimeSpan(i, i + 1, grain=_ADVERBS[self.word(i)])
        if self.word(i) in ("weekend", "weekday") and {"weekend", "weekday"} <= {
            t.lemma for t in self.said
        }:
            return TimeSpan(i, i + 1, grain="weekend")
        if (self.word(i), self.word(i + 1)) == ("over", "time"):
            return TimeSpan(i, i + 2, grain="month")
        j = i
        if (
            self.word(i) == "and"
            and self.word(i + 1) in _UNITS
            and {"by", "per", "each"} & {self.word(k) for k in range(max(0, i - 4), i)}
        ):
            return TimeSpan(i, i + 2, grain=_UNITS[self.word(i + 1)])
        if self.word(i) in ("by", "per", "each", "every", "for", "in", "of", "on", "a"):
            j = self._skip(i + 1, "each", "every", "the", "calendar")
            if j == i + 1 and self.word(i) in ("for", "in", "of", "on", "a"):
                return None
        if (
            j > i
            and self.word(j) in _UNITS
            and self.word(j + 1) != "of"
            and (self.number(j + 1) is None and "the" not in (self.word(k) for k in range(i, j)))
        ):
            return TimeSpan(i, j + 1, grain=_UNITS[self.word(j)])
        day = {"weekday": 1, "dayofweek": 1}.get(self.word(j))
        if self.word(j) == "day" and self.word(self._skip(j + 1, "of", "the")) == "week":
            day = self._skip(j + 1, "of", "the") - j + 1
        if day and self.word(j + day) not in ("or", "and", "vs"):
            return TimeSpan(i, j + day, grain="weekday")
        return None

    def _between(self, i: int) -> TimeSpan | None:
        if self.word(i) not in ("between", "from"):
            return None
        left = self._date(i + 1)
        if not left:
            return None
        first, j = left
        if self.word(j) not in ("and", "to", "until", "till", "through", "-"):
            return None
        right = self._date(j + 1)
        if not right:
            return None
        last, end = right
        start, stop = first.start, last.end
        if start and stop and first.phrase == "no year":
            start = start.replace(year=stop.year if start.month <= stop.month else stop.year - 1)
        ends = (first, last) if first.unit and first.unit == last.unit else None
        return TimeSpan(i, end, Period(start, stop), ends=ends)

    def _since(self, i: int) -> TimeSpan | None:  # noqa: PLR0911 - one branch per form of words
        how = self.word(i)
        if how not in ("since", "after", "before", "until", "till", "through", "from"):
            return None
        if how == "from" and self.word(i + 2) not in ("on", "onward", "onwards"):
            return None
        inner = self._relative(i + 1)
        found = (inner.period, inner.last) if inner and inner.period else self._date(i + 1)
        if not found:
            return None
        period, last = found
        day_after = period.end + timedelta(days=1) if period.end else None
        day_before = period.start - timedelta(days=1) if period.start else None
        year = period.start.year if period.unit == "year" and period.start else None
        if how in ("since", "from"):
            return TimeSpan(i, last + (how == "from"), Period(period.start, None), year_only=year)
        if how == "after":
            return TimeSpan(i, last, Period(day_after, None), year_only=year)
        if how == "before":
            return TimeSpan(i, last, Period(None, day_before), year_only=year)
        return TimeSpan(i, last, Period(None, period.end), year_only=year)

    def _relative(self, i: int) -> TimeSpan | None:  # noqa: PLR0911 - one branch per form of words
        start = i
        i = self._skip(i, "in", "during", "within", "over", "for", "on")
        i = self._skip(i, "the")
        word = self.word(i)
        if word in ("today", "yesterday", "tomorrow"):
            by = {"today": 0, "yesterday": -1, "tomorrow": 1}[word]
            return TimeSpan(start, i + 1, periods.unit_around("day", self.today, by, word))
        if word in ("this", "current") and self.word(i + 1) in _UNITS:
            unit = _UNITS[self.word(i + 1)]
            return TimeSpan(start, i + 2, periods.unit_around(unit, self.today, 0, f"this {unit}"))
        if word == "next" and self.word(i + 1) in _UNITS:
            unit = _UNITS[self.word(i + 1)]
            return TimeSpan(start, i + 2, periods.unit_around(unit, self.today, 1, f"next {unit}"))
        if word not in _LAST:
            return None
        if self.word(i + 1) in _UNITS:
            unit = _UNITS[self.word(i + 1)]
            return TimeSpan(start, i + 2, periods.unit_around(unit, self.today, -1, f"last {unit}"))
        count, j = self.number(i + 1), i + 2
        if self.word(i + 1) == "couple" and self.word(i + 2) == "of":
            count, j = 2, i + 3
        if self.word(j) in ("full", "whole", "calendar", "complete"):
            j += 1
        unit_word = self.word(j)
        if count and unit_word in _UNITS and 0 < count <= 1000:
            last = self._with_today(j + 1)
            if last or (word == "past" and unit_word in ("month", "quarter", "year")):
                period = self._rolling(count, _UNITS[unit_word], bool(last))
                return TimeSpan(start, last or j + 1, period)
            return TimeSpan(start, j + 1, self._last_units(count, _UNITS[unit_word]))
        if self.word(i + 1) in periods.MONTHS:
            month = periods.MONTHS[self.word(i + 1)]
            year = self.today.year - (1 if month >= self.today.month else 0)
            return TimeSpan(start, i + 2, _month(year, month))
        return None

    def _with_today(self, i: int) -> int | None:
        """Where "inclusive of today" ends, when it follows."""
        i += i < len(self.said) and self.said[i].text in (",", "(")
        if self.word(i) not in ("inclusive", "including", "include"):
            return None
        j = self._skip(i + 1, "of")
        if self.word(j) != "today":
            return None
        j = self._skip(j + 1, "'s", "date")
        return j + (j < len(self.said) and self.said[j].text == ")")

    def _rolling(self, count: int, unit: Grain, with_today: bool) -> Period:
        """So many units up to yesterday, or to today when that is told."""
        start = periods.shift(unit, self.today, -count)
        end = self.today - timedelta(days=0 if with_today else 1)
        return Period(start, end, f"past {count} {unit}s")

    def _last_units(self, count: int, unit: Grain) -> Period:
        phrase = f"last {count} {unit}s"
        if unit in ("day", "hour"):
            return Period(
                self.today - timedelta(days=count), self.today - timedelta(days=1), phrase
            )
        first, _ = periods.whole(unit, self.today)
        return Period(periods.shift(unit, first, -count), first - timedelta(days=1), phrase)

    def _named(self, i: int) -> TimeSpan | None:
        j = self._skip(i, "in", "during", "for", "of", "on", "from", "the", "year", "month", "at")
        j = j if j == i or self._date(j) else i
        found = self._date(j)
        if not found:
            return None
        period, last = found
        bare = last == j + 1 and self.number(j) is not None
        if bare and j == i and not self._year_stands_alone(i):
            return None
        year = period.start.year if period.unit == "year" and period.start else None
        return TimeSpan(i, last, Period(period.start, period.end, "", period.unit), year_only=year)

    def _year_stands_alone(self, i: int) -> bool:
        year = self.number(i)
        return (
            year is not None
            and 1900 <= year <= self.today.year + 10
            and (
                "," not in self.said[i].text
                and self.said[i].text.isdigit()
                and self.word(i - 1)
                not in (
                    "over",
                    "than",
                    "above",
                    "below",
                    "under",
                    "least",
                    "top",
                    "most",
                    ">",
                    "<",
                    "=",
                    ">=",
                    "<=",
                    "equal",
                    "exceeding",
                )
            )
        )

    def _date(self, i: int) -> tuple[Period, int] | None:
        """A day, month, quarter, half or year at `i`, and where it ends."""
        i = self._skip(i, "the")
        if self.word(i) == "year" and self.number(self._skip(i + 1, "of")) is not None:
            i = self._skip(i + 1, "of")
        text = self.said[i].text if i < len(self.said) else ""
        if len(text) >= 8 and text.count("-") == 2 and text[:4].isdigit():
            try:
                year, month, day = (int(part) for part in text.split("-"))
                return _day(date(year, month, day)), i + 1
            except ValueError:
                return None
        if self.word(i) in ("today", "yesterday"):
            day_at = self.today - timedelta(days=self.word(i) == "yesterday")
            return _day(day_at), i + 1
        return self._quarter(i) or self._month_or_day(i) or self._year(i)

    def _year_after(self, i: int) -> tuple[int | None, int]:
        j = self._skip(i, "of", ",", "in", "year")
        year = self.number(j)
        if year and 1900 <= year <= 2100 and self.said[j].text.isdigit():
            return year, j + 1
        if self.word(j) in ("this", "last") and self.word(j + 1) == "year":
            return self.today.year - (self.word(j) == "last"), j + 2
        return None, i

    def _quarter(self, i: int) -> tuple[Period, int] | None:
        word, j = self.word(i), i + 1
        if len(word) == 2 and word[0] in "qh" and word[1] in "1234":
            unit, n = word[0], int(word[1])
        elif word in _ORDINALS and self.word(i + 1) in ("quarter", "half"):
            unit, n, j = self.word(i + 1)[0], _ORDINALS[word], i + 2
        else:
            return None
        size = 3 if unit == "q" else 6
        if (n - 1) * size >= 12:
            return None
        year, j = self._year_after(j)
        start = date(year or self.today.year, (n - 1) * size + 1, 1)
        if year is None and start > self.today:
            start = periods.add_months(start, -12)
        end = periods.add_months(start, size) - timedelta(days=1)
        return Period(start, end, "", "quarter" if unit == "q" else None), j

    def _month_or_day(self, i: int) -> tuple[Period, int] | None:
        day, j = self._day_number(i)
        if day and self.word(j) == "of":
            j += 1
        if not day:
            j = i
        month = periods.MONTHS.get(self.word(j))
        if not month:
            return None
        if (
            self.word(j) == "may"
            and self.word(j + 1) not in ("", "and")
            and j == i
            and (self.number(j + 1) is None and self.word(i - 1) not in ("in", "since", "of", "to"))
        ):
            return None
        j += 1
        if not day and self.word(i) != "march":
            day, after = self._day_number(j)
            if day and not (self.said[j].text.isdigit() and day > 31):
                j = after
            else:
                day = None
        year, j = self._year_after(j)
        chosen = year or self.today.year
        if year is None and date(chosen, month, 1) > self.today:
            chosen -= 1
        label = "" if year else "no year"
        if day:
            try:
                at = date(chosen, month, day)
            except ValueError:
                return None
            return Period(at, at, label, "day"), j
        found = _month(chosen, month)
        return Period(found.start, found.end, label, "month"), j

    def _day_number(self, i: int) -> tuple[int | None, int]:
        text = self.said[i].text.lower() if i < len(self.said) else ""
        digits = text.rstrip("stndrh.")
        if digits.isdigit() and 1 <= int(digits) <= 31:
            after = i + 1
            if self.word(after) in ("st", "nd", "rd", "th"):
                after += 1
            return int(digits), after
        return None, i

    def _year(self, i: int) -> tuple[Period, int] | None:
        year = self.number(i)
        if year is None or not 1900 <= year <= 2100 or not self.said[i].text.isdigit():
            return None
        return Period(date(year, 1, 1), date(year, 12, 31), "", "year"), i + 1


def _month(year: int, month: int) -> Period:
    start, end = periods.whole("month", date(year, month, 1))
    return Period(start, end, "", "month")


def _day(day: date) -> Period:
    return Period(day, day, "", "day")
