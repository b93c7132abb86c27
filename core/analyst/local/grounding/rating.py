"""Rates: the share of rows for which something happened, or of what ran before for what ended."""

from dataclasses import replace
from datetime import timedelta

from core.analyst.local import dates, rates
from core.analyst.local.grounding.binding import Binder, NotGrounded
from core.analyst.local.lexicon import spoken
from core.analyst.local.periods import Period
from core.analyst.local.plan import (
    Compare,
    Condition,
    Either,
    Field,
    Flow,
    Group,
    Measure,
    Related,
    Window,
)
from core.analyst.local.rates import Happening
from core.analyst.local.roles import Role
from core.analyst.local.spans import Span

_BEGAN = {"start", "started", "begin", "created", "signed", "signup", "joined", "hire", "hired",
          "since", "opened", "registered", "activated", "subscribed"}  # fmt: skip


class Rating(Binder):
    """Binds rates."""

    def _rate(self, span: Span) -> None:
        word = span.detail
        options = rates.find(word, self.lexicon)
        if not options:
            raise NotGrounded(f"I see nothing here that tells the {span.text}.", (span.text,))
        near = list(dict.fromkeys([*self._mentioned_tables(), *self.anchors]))
        told = min(options, key=lambda h: h.cost + self._distance_cost(h.at.table, near))
        label = f"{'_'.join(span.text.lower().split())}_percent"
        if told.ends and told.kind in ("date", "table") and self._over_time():
            self._ending(told, label)
            return
        self._share(told, span, label)

    def _over_time(self) -> bool:
        return bool(self.intent.times or self.intent.grains or self.intent.trend)

    def _share(self, told: Happening, span: Span, label: str) -> None:
        table, happened, among = self._happened(told)
        self._set_base(table)
        self._add_anchor(table)
        every = Measure("count", table, only=among)
        part = Measure("count", table, None, label, happened, per=every, percent=True)
        self.measures.append(part)
        self.out.assumptions.append(f"{span.text.capitalize()} is {self._in_words(told, table)}.")

    def _happened(
        self, told: Happening
    ) -> tuple[str, tuple[Condition, ...], tuple[Condition, ...]]:
        """The rows that are counted, and what holds for those where it happened, and for all."""
        at = told.at
        if told.kind == "flag":
            return at.table, (Compare(at.field, "=", (1.0,)),), ()
        if told.kind == "value":
            value = at.value or ""
            among = (Compare(at.field, "in", (value, *told.others)),) if told.others else ()
            return at.table, (Compare(at.field, "=", (value,)),), among
        if told.kind == "date":
            return at.table, (Compare(at.field, "filled"),), ()
        parent, related = self._of_parent(at.table)
        return parent, (related,), ()

    def _of_parent(self, table: str) -> tuple[str, Related]:
        """What a row of a table of happenings happened to: a refund to an order."""
        step = next(s for s in self.lexicon.joins.steps(table) if s.to_one)
        inner = Field(table, step.column)
        return step.other, Related(Field(step.other, step.other_column), inner, False)

    def _in_words(self, told: Happening, table: str) -> str:
        rows = self._rows(table)
        at = told.at
        if told.kind == "value":
            decided = " or ".join((at.value or "", *told.others))
            of = f"those that are {decided}" if told.others else f"all {rows}"
            return f"the share of {rows} where {at.table}.{at.column} is {at.value}, of {of}"
        if told.kind == "table":
            return f"the share of {rows} that have a row in {at.table}"
        return f"the share of {rows} where {at.table}.{at.column} is set"

    def _rows(self, table: str) -> str:
        return self._count_label(table).replace("_", " ")

    def _ending(self, told: Happening, label: str) -> None:
        """What ended in a period, of what ran when it began."""
        if told.kind == "date":
            table, end = told.at.table, told.at.field
        else:
            table, _ = self._of_parent(told.at.table)
            ends = self.lexicon.columns(told.at.table, Role.TIME)
            if not ends:
                raise NotGrounded("There is no date that tells when it ended.")
            end = ends[0]
        start = self._began(table, end)
        self._set_base(table)
        self._add_anchor(table)
        rows = self._rows(table)
        if self.intent.grains or self.intent.trend:
            self._flow(table, start, end, label)
            self.out.assumptions.append(
                f"The rate is what ended in a period, of the {rows} that ran when it began."
            )
            return
        spans = [s for s in self.intent.times if s.period and not s.against]
        period = spans[0].period if len(spans) == 1 and len(self.intent.times) == 1 else None
        if period is None or period.start is None:
            raise NotGrounded("It is not clear for which period the rate is asked.")
        self.intent.times = []
        self._rate_of_period(table, start, end, period, label)
        self.out.assumptions.append(
            f"The rate is what ended in the period, of the {rows} that ran when it began."
        )

    def _rate_of_period(
        self, table: str, start: Field, end: Field, period: Period, label: str
    ) -> None:
        assert period.start
        window = Window(end, period.start, period.end, period.phrase, period.unit)
        before = period.start - timedelta(days=1)
        began = Window(start, None, before)
        ended: Condition
        running: Condition
        if end.table == table:
            ended = window
            running = Either((Compare(end, "empty"), Window(end, period.start, None)))
        else:
            _, related = self._of_parent(end.table)
            ended = replace(related, where=(window,))
            running = replace(related, negated=True, where=(Window(end, None, before),))
        every = Measure("count", table, only=(began, running))
        self.measures.append(
            Measure("count", table, None, label, (ended,), per=every, percent=True)
        )

    def _flow(self, table: str, start: Field, end: Field, label: str) -> None:
        grain = self.intent.grains[0] if self.intent.grains else "month"
        if self.intent.groups or len(self.intent.grains) > 1:
            raise NotGrounded("A rate over time can not be split further yet.")
        period = next((s.period for s in self.intent.times if s.period), None)
        if period:
            self.conditions.append(
                Window(start, period.start, period.end, period.phrase, period.unit)
            )
        self.intent.grains, self.intent.times, self.intent.trend = [], [], False
        self.groups.append(Group(start, grain, grain))
        self.measures.append(Measure("count", table, None, label))
        self.out.plan = replace(self.out.plan, flow=Flow(start, end))

    def _began(self, table: str, end: Field) -> Field:
        own = [f for f in self.lexicon.columns(table, Role.TIME) if f != end]
        named = [f for f in own if _BEGAN & set(spoken(f.column))]
        chosen = next(iter(named or own), None) or dates.choose(table, self.lexicon)
        if chosen is None or chosen == end:
            raise NotGrounded(f"There is no date that tells since when {table} run.")
        return chosen
