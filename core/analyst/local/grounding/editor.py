"""A follow-up bound around the plan that it edits."""

from dataclasses import replace
from datetime import date

from core.analyst.local.grounding.whole import Grounding
from core.analyst.local.intent import Intent
from core.analyst.local.lexicon import Lexicon
from core.analyst.local.plan import (
    Compare,
    Condition,
    Group,
    Measure,
    Plan,
)
from core.analyst.local.roles import Role
from core.analyst.local.spans import Reading, Span


class Editor(Grounding):
    """Binds the words of a follow-up around the plan that it edits."""

    def __init__(
        self, before: Plan, intent: Intent, reading: Reading, lexicon: Lexicon, today: date
    ) -> None:
        super().__init__(intent, reading, lexicon, today)
        self.before = before
        self.base = before.base
        self.anchors = [before.base]
        self.groups = list(before.groups)
        self.measures = list(before.measures)

    def dimension(self, span: Span) -> tuple[Group, ...]:
        """A new dimension, near the plan's rows."""
        return self._dimension(span)

    def shown(self) -> list[Group]:
        """Further columns to list."""
        return [
            Group(at, self.lexicon.label(at))
            for w in self.intent.wanted
            if w.span and not w.count and not w.functions and w.span.best("column")
            for at in self._columns(w.span)
        ]

    def conditions_only(self, plan: Plan) -> list[Condition]:
        """New conditions; a group that they are about is told apart by them."""
        self.groups, self.measures = list(plan.groups), list(plan.measures)
        self.conditions, self.having = [], []
        for test in self.intent.tests:
            self._test(test)
        before = len(self.groups)
        self._values()
        del self.groups[before:]
        for span in self.intent.without:
            self._without(span)
        self._flags()
        return self.conditions

    def _flags(self) -> None:
        """Only express, only those on call: the rows for which that is so."""
        if not {"only", "just", "those", "not"} & set(self.said):
            return
        for wanted in list(self.intent.wanted):
            if wanted.span is None or wanted.functions or not wanted.span.best("column"):
                continue
            at = self._column(wanted.span)
            if self.lexicon.role(at) is Role.FLAG:
                self.intent.wanted.remove(wanted)
                negated = "not" in self.said
                self.conditions.append(Compare(at, "=", (0.0 if negated else 1.0,)))

    def measures_only(self, plan: Plan) -> Plan | None:
        """The plan with the figure named in the follow-up instead of the old one."""
        wanted = [
            w
            for w in self.intent.wanted
            if w.span
            and (
                w.functions
                or w.count
                or w.span.kind == "metric"
                or (
                    plan.measures
                    and w.span.best("column")
                    and self.lexicon.role(self._column(w.span)) is Role.NUMBER
                )
            )
        ]
        if not wanted and self.intent.asks_count is False:
            return None
        self.measures = []
        for item in wanted:
            assert item.span
            if item.span.kind == "metric":
                self._metric(item, tuple(g.field.table for g in plan.groups))
            elif item.count:
                self._count(item)
            elif item.functions:
                self._aggregate(item)
            else:
                self._numeric_measure(self._column(item.span))
        if not self.measures:
            return None
        groups = plan.groups if plan.measures else ()
        order = (
            tuple(
                o
                for o in plan.order
                if o.field is None
                and o.measure is None
                and (o.output or 0) < len(groups) + len(self.measures)
            )
            if groups
            else ()
        )
        changed = replace(
            plan,
            measures=tuple(self.measures),
            groups=groups,
            order=order,
            base=self.measures[0].table,
            everything=False,
            distinct=False,
            limit=plan.limit if groups else None,
        )
        self._guard_against_doubling(changed)
        return changed

    def counted(self, plan: Plan) -> Plan:
        """How many of what was listed."""
        measure = Measure("count", plan.base, None, self._count_label(plan.base))
        return replace(
            plan,
            groups=(),
            measures=(measure,),
            order=(),
            limit=None,
            everything=False,
            distinct=False,
        )


def editor(before: Plan, intent: Intent, reading: Reading, lexicon: Lexicon, today: date) -> Editor:
    """Something that binds a follow-up's words around an earlier plan."""
    return Editor(before, intent, reading, lexicon, today)
