"""A clause tree turned into a plan: subject, figures or rows, order."""

from dataclasses import replace
from datetime import date

from core.analyst.local.clauses.rows import Rows
from core.analyst.local.clauses.tree import Ask, Output
from core.analyst.local.grounding.binding import Grounded, NotGrounded
from core.analyst.local.lexicon import Lexicon, spoken
from core.analyst.local.plan import (
    Compare,
    Field,
    Measure,
    Order,
    Plan,
)
from core.analyst.local.render import tables_of
from core.analyst.local.spans import Reading


class Building(Rows):
    """Builds one plan."""

    def run(self) -> Grounded:
        """Subject first, then what is shown, what must hold, and the order."""
        ask = self.ask
        table = self._subject()
        self._split_names(table)
        figures: list[Output] = []
        for output in ask.outputs:
            for function in output.functions[:1] if output.count else output.functions:
                one = replace(output, functions=(function,))
                if not any(
                    f.span
                    and one.span
                    and f.span.text == one.span.text
                    and f.functions == one.functions
                    for f in figures
                ):
                    figures.append(one)
            if output.count:
                figures.append(output)
        plain = [o for o in ask.outputs if not (o.count or o.functions)]
        rank = ask.subject.rank
        if figures and not (rank and rank.counted and not ask.groups):
            plan = self._figures(table, figures, plain)
        else:
            plan = self._rows(table, plain, figures)
        plan = self._sorted(plan, table)
        self._check(plan)
        self.out.plan = plan
        return self.out

    def _sorted(self, plan: Plan, table: str) -> Plan:
        if not self.ask.sorting:
            return plan
        orders = list(plan.order) if plan.limit else []
        base = plan.base
        for sorting in self.ask.sorting:
            if sorting.span is None:
                if orders:
                    orders[0] = replace(orders[0], descending=sorting.descending)
                else:
                    last = len(plan.groups) + len(plan.measures) - 1
                    figure = plan.measures and not sorting.alphabetic
                    orders.append(Order(sorting.descending, output=last if figure else 0))
                continue
            if sorting.count:
                counted = self.table(sorting.span, [table])
                shown = next(
                    (i for i, m in enumerate(plan.measures) if m.function == "count"), None
                )
                if shown is not None:
                    orders.append(Order(sorting.descending, output=len(plan.groups) + shown))
                    continue
                measure = Measure("count", counted, None, self.count_label(counted))
                orders.append(Order(sorting.descending, measure=measure))
                base = counted
                continue
            at = self.shown(sorting.span, [table, *self._other_tables()])[0]
            orders.append(self._order_by(plan, at, sorting.descending))
        return replace(plan, order=tuple(orders), base=base)

    def _order_by(self, plan: Plan, at: Field, descending: bool) -> Order:
        for i, measure in enumerate(plan.measures):
            if measure.amount and measure.amount.single == at:
                return Order(descending, output=len(plan.groups) + i)
        for i, group in enumerate(plan.groups):
            if group.field == at:
                return Order(descending, output=i)
        return Order(descending, field=at)

    def _check(self, plan: Plan) -> None:
        tables = tables_of(plan)
        for other in tables:
            if self.joins.path(plan.base, other) is None:
                raise NotGrounded(
                    f"{' '.join(spoken(plan.base)).capitalize()} and {' '.join(spoken(other))} "
                    "are not connected in this data.", ()
                )  # fmt: skip
        for measure in plan.measures:
            for other in tables:
                if self.joins.fan_out(measure.table, other) and measure.function in ("sum", "avg"):
                    raise NotGrounded(
                        f"{measure.label.replace('_', ' ').capitalize()} cannot be split by "
                        f"{' '.join(spoken(other))} without counting rows twice.", ()
                    )  # fmt: skip
        for order in plan.order:
            if (
                order.field is not None
                and plan.measures
                and not any(g.field == order.field for g in plan.groups)
            ):
                raise NotGrounded("It is not clear how to sort groups by that.", ())
        for condition in plan.conditions:
            if isinstance(condition, Compare) and condition.field.table not in tables:
                raise NotGrounded("The parts of the question are not connected.", ())


def build(ask: Ask, reading: Reading, lexicon: Lexicon, today: date) -> Grounded:
    """The plan of a clause tree. Raises NotGrounded when it does not fit the schema."""
    return Building(ask, reading, lexicon, today).run()
