"""When: windows, grains, and one period beside another."""

from dataclasses import replace
from datetime import date, timedelta

from core.analyst.local import dates, periods
from core.analyst.local.grounding.binding import NotGrounded
from core.analyst.local.grounding.conditions import Conditions
from core.analyst.local.lexicon import spoken
from core.analyst.local.plan import (
    Compare,
    Either,
    Field,
    Grain,
    Group,
    Order,
    Plan,
    Related,
    Window,
)
from core.analyst.local.roles import Role
from core.analyst.local.times import TimeSpan


class Timing(Conditions):
    """Binds time expressions to the date column of the rows."""

    versus_previous = False

    def _times(self) -> None:
        spans = self.intent.times
        grains = list(self.intent.grains)
        if self.intent.trend and not grains:
            grains = ["month"]
        if (
            self.intent.change
            and not grains
            and not any(s.against for s in spans)
            and self.measures
        ):
            grains = self._grain_of_change(spans)
        if not spans and not grains:
            for verb in self.verbs:
                if self.lexicon.column(verb).nullable and not {"created", "signed"} & set(
                    spoken(verb.column)
                ):
                    self.conditions.append(Compare(verb, "filled"))
            return
        table = self.measures[0].table if self.measures else self.base
        if not table:
            raise NotGrounded("I could not make out what you want to know.", ())
        if not grains and self._none_in_a_period(spans):
            return
        chosen = (
            self._date_named()
            or next(iter(self.verbs), None)
            or dates.choose(table, self.lexicon, self.said, self.intent.new)
        )
        if chosen is None:
            raise NotGrounded(f"There is no date for {' '.join(spoken(table))} in this data.", ())
        at = chosen
        self._windows(at)
        for grain in dict.fromkeys(grains):
            self._grain(at, grain)
        if self.measures or spans:
            self.out.assumptions.append(f"Dates are taken from {at.table}.{at.column}.")

    def _none_in_a_period(self, spans: list[TimeSpan]) -> bool:
        """Customers without an order since May: the period is that of the orders."""
        none = next((c for c in self.conditions if isinstance(c, Related) and c.negated), None)
        if none is None or self.intent.new or any(s.against or not s.period for s in spans):
            return False
        at = dates.choose(none.inner.table, self.lexicon, self.said)
        known = set(self.anchors) | {self.base}
        if at is None or (at.table != none.inner.table and at.table in known):
            return False
        windows = tuple(self._window(at, s.period) for s in spans if s.period)
        where = replace(none, where=(*none.where, *windows))
        self.conditions = [where if c is none else c for c in self.conditions]
        self.out.assumptions.append(f"Dates are taken from {at.table}.{at.column}.")
        return True

    def _date_named(self) -> Field | None:
        for group in list(self.groups):
            if group.grain and self.lexicon.role(group.field) is Role.TIME:
                self.groups.remove(group)
                return group.field
        for group in list(self.groups):
            if self.lexicon.role(group.field) is Role.TIME and self.measures:
                self.groups.remove(group)
                return group.field
        return None

    def _grain_of_change(self, spans: list) -> list[Grain]:  # type: ignore[type-arg]
        period = next((s.period for s in spans if s.period), None)
        if len(spans) == 1 and spans[0].ends:
            return []
        if period and period.unit in ("week", "month", "quarter", "year") and len(spans) == 1:
            self.out.plan = replace(self.out.plan, change=False)
            self.versus_previous = True
            return []
        return ["month"]

    def _windows(self, at: Field) -> None:  # noqa: PLR0912 - one branch per form of words
        own = [s for s in self.intent.times if s.period and not s.against]
        if len(own) == 1 and own[0].ends and self.intent.change and self.measures:
            first, last = own[0].ends
            self.conditions.append(self._window(at, last))
            self.out.plan = replace(self.out.plan, versus=self._window(at, first), change=False)
            return
        against = next((s for s in self.intent.times if s.against), None)
        if len(own) == 2 and not against and self._side_by_side():
            own.sort(key=lambda s: (s.period and s.period.start) or date.min, reverse=True)
            against = replace(own.pop(), against="period")
        windows = [self._window(at, s.period) for s in own if s.period]
        if len(windows) >= 2 and not against:
            self._several(windows)
        else:
            self.conditions += windows[:1]
        if against or self.versus_previous:
            period = own[0].period if own else None
            other = against.period if against and against.period else None
            if period is None and against and against.against in ("year", "previous"):
                unit: Grain = "year" if against.against == "year" else "month"
                by = 0 if against.against == "year" else -1
                period = periods.unit_around(unit, self.today, by, "")
                if unit == "year":
                    period = periods.Period(period.start, self.today, "year to date")
                self.conditions.append(self._window(at, period))
            running = bool(period and period.end and period.end > self.today)
            if period and other and running and other.start and period.start:
                days = (self.today - period.start).days
                until = min(other.end or self.today, other.start + timedelta(days=days))
                other = periods.Period(other.start, until)
                self._until_today(at, period)
            if period and other is None:
                year = against is not None and against.against == "year"
                if running and not year and period.unit and period.start:
                    whole = periods.previous(period)
                    days = (self.today - period.start).days
                    until = (whole.start or self.today) + timedelta(days=days)
                    self._until_today(at, period)
                    other = periods.Period(whole.start, min(whole.end or until, until))
                elif running:
                    period = self._until_today(at, period)
                if other is None:
                    other = periods.year_earlier(period) if year else periods.previous(period)
            if other:
                self.out.plan = replace(self.out.plan, versus=self._window(at, other))

    def _until_today(self, at: Field, period: periods.Period) -> periods.Period:
        """A running period cut at today: it is compared with as many days, never as a whole."""
        cut = periods.Period(period.start, self.today, f"{period.phrase} so far")
        self.conditions = [c for c in self.conditions if not isinstance(c, Window)]
        self.conditions.append(self._window(at, cut))
        self.out.assumptions.append("The running period is compared with as many days before.")
        return cut

    def _only_whole(self, at: Field, grain: Grain) -> None:
        """Growth from period to period leaves the running period out."""
        start, end = periods.whole(grain, self.today)
        if end <= self.today:
            return
        last = start - timedelta(days=1)
        window = next((c for c in self.conditions if isinstance(c, Window)), None)
        if window and (
            (window.end and window.end < start) or (window.start and window.start > last)
        ):
            return
        rest = [c for c in self.conditions if not isinstance(c, Window)]
        cut = replace(window, end=last) if window else Window(at, None, last)
        self.conditions = [*rest, cut]
        self.out.assumptions.append(f"The running {grain} is left out.")

    def _side_by_side(self) -> bool:
        """Two periods named are compared, unless either will do."""
        comparing = {"and", "vs", "versus", "to", "from", "with", "than", "compare", "compared"}
        return bool(comparing & set(self.said)) and "or" not in self.said and bool(self.measures)

    def _window(self, at: Field, period: periods.Period) -> Window:
        return Window(at, period.start, period.end, period.phrase, period.unit)

    def _several(self, windows: list[Window]) -> None:
        open_ended = any(w.start is None or w.end is None for w in windows)
        if open_ended and "or" in self.said:
            self.conditions.append(Either(tuple(windows)))
            return
        if (
            {"and", "vs", "versus", "to", "from"} & set(self.said)
            and self.measures
            and "or" not in self.said
            and not self.groups
        ):
            first, second = sorted(windows[:2], key=lambda w: w.start or date.min)
            if self.lexicon.role(first.field) is not Role.YEAR:
                self.conditions.append(second)
                self.out.plan = replace(self.out.plan, versus=first)
                return
        if self.lexicon.role(windows[0].field) is Role.YEAR:
            years = tuple(float(w.start.year) for w in windows if w.start)
            if self.intent.both and not self.measures:
                at = windows[0].field
                self.conditions.append(Compare(at, "=", years[:1]))
                self.out.plan = replace(
                    self.out.plan,
                    then=("intersect", Plan(self.base, conditions=(Compare(at, "=", years[1:2]),))),
                )
                return
            self.conditions.append(Compare(windows[0].field, "in", years))
            return
        starts = [w.start for w in windows if w.start]
        ends = [w.end for w in windows if w.end]
        if starts and ends:
            self.conditions.append(replace(windows[0], start=min(starts), end=max(ends), phrase=""))

    def _grain(self, at: Field, grain: Grain) -> None:
        if not self.measures:
            self._row_measure(self.base)
        if self.lexicon.role(at) is Role.YEAR:
            self.groups.append(Group(at, self.lexicon.label(at)))
            return
        held = any(c.field == at for c in self.conditions if isinstance(c, Window | Compare))
        if self.lexicon.column(at).nullable and not held:
            self.conditions.append(Compare(at, "filled"))
        at_front = Group(at, grain, grain)
        self.groups = [at_front, *self.groups]
        self.order = [
            replace(o, output=o.output + 1) if o.output is not None else o for o in self.order
        ]
        if not self.order:
            self.order.append(Order(False, output=0))
        if self.intent.change and grain in ("day", "week", "month", "quarter", "year"):
            self.out.plan = replace(self.out.plan, change=True)
            self._only_whole(at, grain)
