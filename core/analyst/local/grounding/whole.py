"""The parts put together into a plan, and a last look at what would be wrong."""

from dataclasses import replace

from core.analyst.local.grounding.binding import Grounded, NotGrounded
from core.analyst.local.grounding.timing import Timing
from core.analyst.local.lexicon import spoken
from core.analyst.local.plan import (
    Compare,
    Measure,
    Order,
    Plan,
    fields_of,
)
from core.analyst.local.render import tables_of
from core.analyst.local.roles import Role


class Grounding(Timing):
    """Runs the steps of grounding in order."""

    def run(self) -> Grounded:
        """All steps in order. Raises NotGrounded when the question does not fit the schema."""
        self._anchor()
        self._verbs()
        self._status()
        self._pending()
        if self.intent.active is not None and self._active():
            pass
        else:
            self._outputs()
        self._groups()
        self._numbers_at_the_head()
        self._superlative()
        self._default_output()
        self._filters()
        self._current()
        self._times()
        self._orders()
        self._assemble()
        return self.out

    def _orders(self) -> None:
        for what, descending in self.intent.order:
            if what == "count":
                counted = self._table(self.intent.related[0]) if self.intent.related else self.base
                self.order.append(Order(descending, measure=Measure("count", counted)))
                self._set_base(counted, force=True)
            elif what == "output":
                outputs = len(self.groups) + len(self.measures)
                alphabetic = "alphabetical" in " ".join(self.said) or "alphabetically" in self.said
                position = 0 if alphabetic or not self.measures else outputs - 1
                self.order.insert(0, Order(descending, output=position))
            elif what.kind == "metric":
                self.order.append(Order(descending, output=len(self.groups)))
            else:
                at = self._column(what)
                shown = next((i for i, g in enumerate(self.groups) if g.field == at), None)
                by_amount = next(
                    (i for i, m in enumerate(self.measures) if m.amount and m.amount.single == at),
                    None,
                )
                if by_amount is not None:
                    self.order.append(Order(descending, output=len(self.groups) + by_amount))
                else:
                    self.order.append(
                        Order(descending, output=shown, field=None if shown is not None else at)
                    )

    def _assemble(self) -> None:
        if not self.base:
            raise NotGrounded("I could not make out what you want to know.", self.intent.open_words)
        if any(h.operator in ("contains", "starts", "ends") for h in self.having):
            raise NotGrounded("It is not clear what the limit in the question applies to.", ())
        counted = any(m.function.startswith("count") for m in self.measures)
        if self.intent.new and self.measures and not counted and not self._new_figure():
            raise NotGrounded("Figures of new ones alone are not something I can do.", ("new",))
        if self.out.plan.versus and not self.measures:
            raise NotGrounded("It is not clear which figure to compare.")
        self._without_constants()
        shown = range(len(self.groups) + len(self.measures))
        self.order = [o for o in self.order if o.output is None or o.output in shown]
        if self.measures and self.groups and not self.order:
            timed = any(g.grain for g in self.groups)
            last = len(self.groups) + len(self.measures) - 1
            self.order.append(Order(False, output=0) if timed else Order(True, output=last))
        plan = replace(
            self.out.plan,
            base=self.base,
            groups=tuple(self.groups),
            measures=tuple(self.measures),
            conditions=tuple(self.conditions),
            having=tuple(self.having),
            order=tuple(self.order),
            limit=self.limit,
            distinct=self.intent.distinct,
            chart=self.intent.chart,
            share=self.intent.share and bool(self.measures) and bool(self.groups),
        )
        if plan.then:
            how, other = plan.then
            rest = tuple(c for c in plan.conditions[:-1])
            plan = replace(
                plan,
                order=(),
                then=(
                    how,
                    replace(plan, then=None, order=(), conditions=(*rest, *other.conditions)),
                ),
            )
        if (
            self.intent.share
            and self.measures
            and self.intent.values
            and (all(g.grain for g in self.groups) or self._adjectives())
        ):
            plan = replace(self._share_of_filter(plan), share=False)
        elif self.intent.share and self.measures and not self.groups:
            plan = self._share_of_filter(plan)
        self._guard_against_doubling(plan)
        self._tell_of_cancelled(plan)
        self.out.plan = plan

    def _new_figure(self) -> bool:
        """New revenue, new MRR: what is new is the figure itself."""
        new = next((s for s in self.reading.spans if s.kind == "new"), None)
        figures = {w.span.first for w in self.intent.wanted if w.span and not w.count}
        return new is not None and new.last in figures

    def _adjectives(self) -> bool:
        """Whether every value stands right before the thing that it tells apart: won deals."""
        things = {e.first for e in self.intent.entities}
        things |= {w.span.first for w in self.intent.wanted if w.span and not w.functions}
        return all(span.last in things for span, _ in self.intent.values)

    def _without_constants(self) -> None:
        """A column held to one value by a condition tells nothing when shown."""
        fixed = {
            c.field
            for c in self.conditions
            if isinstance(c, Compare) and c.operator == "=" and len(c.values) == 1
        }
        asked = {m.field for s in self.intent.groups for m in s.meanings if m.kind == "column"}
        kept = [g for g in self.groups if g.field not in fixed or g.field in asked]
        if (kept or self.measures) and not self.order and not self.intent.both:
            self.groups = kept

    def _tell_of_cancelled(self, plan: Plan) -> None:
        """Money over rows of which some were cancelled: say that they are counted."""
        if not any(m.function in ("sum", "avg") for m in plan.measures):
            return
        held = {f for c in plan.conditions for f in fields_of(c)}
        for table in tables_of(plan):
            for at in self.lexicon.columns(table, Role.TEXT):
                stored = [s for s in self.lexicon.column(at).samples if "cancel" in s.lower()]
                if stored and "status" in spoken(at.column) and at not in held:
                    self.out.assumptions.append(
                        f"{' '.join(spoken(table)).capitalize()}s of every status count, "
                        f"{stored[0]} ones too."
                    )

    def _share_of_filter(self, plan: Plan) -> Plan:
        """Share of online orders: the filtered figure divided by the whole one."""
        only = tuple(c for c in plan.conditions if isinstance(c, Compare))
        if not only:
            raise NotGrounded("It is not clear what the share is of.", ())
        whole = plan.measures[0]
        part = replace(whole, only=only, per=whole, percent=True, label="share_percent")
        rest = tuple(c for c in plan.conditions if c not in only)
        return replace(plan, measures=(part,), conditions=rest)

    def _guard_against_doubling(self, plan: Plan) -> None:
        tables = tables_of(plan)
        for measure in plan.measures:
            for group in plan.groups:
                if self.lexicon.joins.sideways(measure.table, group.field.table):
                    raise NotGrounded(
                        f"{' '.join(spoken(measure.table)).capitalize()} has no "
                        f"{' '.join(spoken(group.field.column))} of its own: it is one of "
                        f"{' '.join(spoken(group.field.table))}.",
                        (),
                    )
            for other in tables:
                joins = self.lexicon.joins
                if joins.path(measure.table, other) is None:
                    raise NotGrounded(
                        f"{' '.join(spoken(measure.table)).capitalize()} and "
                        f"{' '.join(spoken(other))} are not connected in this data.",
                        (),
                    )
                if joins.fan_out(measure.table, other) and measure.function in ("sum", "avg"):
                    raise NotGrounded(
                        f"{measure.label.replace('_', ' ').capitalize()} cannot be split by "
                        f"{' '.join(spoken(other))} without counting rows twice.",
                        (),
                    )
