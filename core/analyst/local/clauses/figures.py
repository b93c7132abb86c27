"""Plans with counts and aggregates, by groups or alone."""

from dataclasses import replace

from core.analyst.local import metrics
from core.analyst.local.clauses.binding import FIGURES
from core.analyst.local.clauses.choosing import Choosing
from core.analyst.local.clauses.kept import Kept
from core.analyst.local.clauses.tree import Noun, Output, Rank
from core.analyst.local.grounding.binding import NotGrounded
from core.analyst.local.lexicon import spoken
from core.analyst.local.plan import (
    Compare,
    Field,
    Group,
    Measure,
    Order,
    Plan,
)
from core.analyst.local.roles import Role
from core.analyst.local.spans import Span

_PREFIX = {"sum": "total", "avg": "average", "min": "minimum", "max": "maximum"}


class Figures(Choosing):
    """Builds plans of figures."""

    def _figures(self, table: str, figures: list[Output], plain: list[Output]) -> Plan:
        ask = self.ask
        counted = next((o for o in figures if o.count and o.noun is not None), None)
        base = table
        measures: list[Measure] = []
        own: list[Noun] = []
        for output in figures:
            measure, noun = self._measure(output, table)
            measures.append(measure)
            if noun is not None and noun is not ask.subject:
                own.append(noun)
        if counted is not None or all(m.table == measures[0].table for m in measures):
            base = next((m.table for m in measures if m.function == "count"), measures[0].table)
        groups = self._dimensions(table, base, plain)
        if not groups and base != table and ask.subject.span is not None and counted is not None:
            groups = self.groups_of(table)
        kept = Kept(base, once=True)
        path = self.joins.path(base, table)
        if path is None:
            raise NotGrounded("The parts of the question are not connected in this data.", ())
        joined: list[str] = []
        aside = self.keep(ask.subject, table, once=True)
        kept.conditions += aside.conditions
        kept.having += aside.having
        joined += aside.joined
        if aside.conditions and table != base:
            joined.append(table)
        for noun in own:
            inner = self.keep(noun, base, once=True)
            kept.conditions += inner.conditions
            joined += inner.joined
            kept.having += inner.having
        if len(measures) == 1 and measures[0].function == "count":
            bridge = self._bridge(base, groups)
            if bridge:
                joined += [base] if any(c for c in kept.conditions) else []
                measures = [replace(measures[0], table=bridge)]
                base = bridge
        plan = Plan(
            base,
            groups=tuple(groups),
            measures=tuple(measures),
            conditions=tuple(kept.conditions),
            having=tuple(kept.having),
            joined=tuple(dict.fromkeys(joined)),
        )
        if ask.both and aside.twins:
            raise NotGrounded("Counting what is both is not something I can do yet.", ())
        rank = ask.subject.rank
        if rank is not None:
            plan = self._rank_groups(plan, rank, table)
        return plan

    def _bridge(self, base: str, groups: list[Group]) -> str | None:
        """The table between what is counted and what it is counted by: one row a pair."""
        for group in groups:
            path = self.joins.path(base, group.field.table)
            if path and len(path) > 1 and not path[0].to_one and all(s.to_one for s in path[1:]):
                return path[0].other
        return None

    def _counted(self, output: Output, at: Field) -> Measure:
        """How many of a column: its sum, the rows for which it is so, or its different values."""
        if not output.distinct and self.lexicon.added_up(at):
            function = output.functions[0] if output.functions else "sum"
            label = f"{_PREFIX.get(function, function)}_{self.lexicon.label(at)}"
            return Measure(function, at.table, metrics.of_field(at), label)
        if not output.distinct and self.lexicon.role(at) is Role.FLAG:
            held = (Compare(at, "=", (1.0,)),)
            return Measure("count", at.table, None, self.count_label(at.table), held)
        return Measure("count_distinct", at.table, metrics.of_field(at), self.lexicon.counted(at))

    def _measure(self, output: Output, table: str) -> tuple[Measure, Noun | None]:
        near = [table, *self._other_tables()]
        if output.count and output.noun is not None:
            if output.span is None:
                return Measure("count", table, None, self.count_label(table)), output.noun
            other = table if output.noun is self.ask.subject else self.table(output.span, near)
            key = self.lexicon.key(other)
            if output.distinct and key is not None:
                label = f"different_{self.count_label(other)}"
                measure = Measure("count_distinct", other, metrics.of_field(key), label)
                return measure, output.noun
            return Measure("count", other, None, self.count_label(other)), output.noun
        assert output.span
        if output.count:
            return self._counted(output, self.shown(output.span, near)[0]), None
        at = self.column(output.span, near, *FIGURES)
        role = self.lexicon.role(at)
        functions = output.functions
        summed = set(functions) & {"sum", "avg"}
        if role in (Role.KEY, Role.TEXT) and summed:
            raise NotGrounded(
                f"{output.span.text.capitalize()} is not a number that can be added up.",
                (output.span.text,),
            )
        label = f"{_PREFIX.get(functions[0], functions[0])}_{self.lexicon.label(at)}"
        return Measure(functions[0], at.table, metrics.of_field(at), label), None

    def _dimensions(self, table: str, base: str, plain: list[Output]) -> list[Group]:
        groups: list[Group] = []

        def add(found: list[Group]) -> None:
            for group in found:
                if all(g.field != group.field for g in groups):
                    groups.append(group)

        shown = [at for o in plain if o.span for at in self.shown(o.span, self._near(o, table))]
        entities: list[str] = []
        for span in self.ask.groups:
            dimension = self._dimension(span, table, base)
            if isinstance(dimension, str):
                entities.append(dimension)
            else:
                add([self.group(dimension)])
        entity = entities[0] if entities else None
        if entity is None and self.ask.subject.span is not None and base != table:
            entity = table
        for at in shown:
            key = self.lexicon.key(at.table) if at.table == entity else None
            add([replace(self.group(at), key=key if key != at else None)])
        for other in entities:
            if not any(g.field.table == other for g in groups):
                add(self.groups_of(other))
        return groups

    def _near(self, output: Output, table: str) -> list[str]:
        if output.owner is not None:
            return [self.table(output.owner, [table]), table]
        return [table, *self._other_tables()]

    def _dimension(self, span: Span, table: str, base: str) -> Field | str:
        """What "each X" groups by: a column, or the rows of another table (then its name)."""
        near = [base] if base == table else [base, table]
        options: list[tuple[float, Field | str]] = []
        for meaning in span.meanings:
            score = meaning.score - self.cost(meaning.table, near)
            if meaning.kind == "table" and meaning.table != base:
                options.append((score, meaning.table))
            elif meaning.kind == "table":
                options.append((score - 0.2, meaning.table))
            elif meaning.kind == "column":
                role = self.lexicon.role(meaning.field)
                ident = {"id", "number", "code"} & set(spoken(span.text))
                score -= 0.25 if role is Role.KEY and not ident else 0.0
                options.append((score, meaning.field))
        if not options:
            raise NotGrounded(f"I do not know {span.text} here.", (span.text,))
        best = max(options, key=lambda o: o[0])
        if best[0] < -1:
            raise NotGrounded(
                f"{span.text.capitalize()} is not connected with what is asked.", (span.text,)
            )
        return best[1]

    def _rank_groups(self, plan: Plan, rank: Rank, table: str) -> Plan:
        if not plan.groups:
            raise NotGrounded("It is not clear what to rank.", ())
        if rank.target is not None and not rank.counted:
            at = self.column(rank.target, [table], *FIGURES)
            for i, measure in enumerate(plan.measures):
                if measure.amount and measure.amount.single == at:
                    order = Order(rank.descending, output=len(plan.groups) + i)
                    return replace(plan, order=(order,), limit=rank.n or 1)
        order, _, joined, conditions = self.ordering(rank, table)
        if order.measure is not None and order.measure.function == "count":
            for i, measure in enumerate(plan.measures):
                if measure.function == "count" and not conditions:
                    order = Order(rank.descending, output=len(plan.groups) + i)
        return replace(
            plan, order=(order,), limit=rank.n or 1,
            conditions=(*plan.conditions, *conditions),
            joined=tuple(dict.fromkeys((*plan.joined, *joined))),
        )  # fmt: skip
