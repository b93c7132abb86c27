"""Plans that list rows, or the first of them."""

from dataclasses import replace

from core.analyst.local import dates, metrics
from core.analyst.local.clauses.figures import Figures
from core.analyst.local.clauses.kept import Kept
from core.analyst.local.clauses.tree import Output, Rank, Relation
from core.analyst.local.grounding.binding import NotGrounded
from core.analyst.local.plan import (
    Group,
    Having,
    Measure,
    Order,
    Plan,
)
from core.analyst.local.roles import Role


class BareFigure(NotGrounded):
    """A number named alone: not a question about things, but one about a figure."""


class Rows(Figures):
    """Builds plans of rows."""

    def _rows(self, table: str, plain: list[Output], figures: list[Output]) -> Plan:
        ask = self.ask
        groups = self._listed(table, plain)
        if ask.when and not groups:
            at = dates.choose(table, self.lexicon, self.said)
            if at is None:
                raise NotGrounded("I see no date for that in this data.", ())
            groups = [self.group(at)]
        self._refuse_bare_figures(groups)
        once = True
        counted = self._group_sizes(table, groups)
        kept = self.keep(ask.subject, table, once=once)
        base = table
        everything = ask.everything and not plain
        if not groups and not everything:
            restricted = bool(ask.subject.clauses or ask.subject.rank)
            everything = ask.listing and not restricted
            groups = [replace(g, key=None) for g in self.groups_of(table)]
        having = [*kept.having, *counted]
        if having:
            key = self.lexicon.key(table)
            if (
                ask.subject.span is not None
                and groups
                and key is not None
                and (all(g.field != key for g in groups))
            ):
                groups = [replace(groups[0], key=key), *groups[1:]]
        plan = Plan(
            base,
            groups=() if everything else tuple(groups),
            conditions=tuple(kept.conditions),
            having=tuple(having),
            distinct=ask.distinct,
            everything=everything,
            joined=tuple(dict.fromkeys(kept.joined)),
        )
        if ask.subject.rank is not None:
            plan = self._rank_rows(plan, ask.subject.rank, table, figures)
        if kept.twins is not None:
            plan = self._both(plan, kept)
        return plan

    def _refuse_bare_figures(self, groups: list[Group]) -> None:
        """A number named alone, of nothing: whether to list or to add it up is not said."""
        ask = self.ask
        bare = ask.subject.span is None and not (
            ask.subject.clauses or ask.subject.rank or ask.groups or ask.sorting or ask.distinct
        )
        if bare and groups and all(self.lexicon.role(g.field) is Role.NUMBER for g in groups):
            raise BareFigure("It is not clear which figure is meant.", ())

    def _listed(self, table: str, plain: list[Output]) -> list[Group]:
        groups: list[Group] = []
        for output in plain:
            assert output.span
            for at in self.shown(output.span, self._near(output, table)):
                if all(g.field != at for g in groups):
                    groups.append(self.group(at))
        return groups

    def _grouped_by_rank(self, rank: Rank | None, table: str) -> bool:
        return rank is not None and (rank.counted or rank.noun is not None)

    def _group_sizes(self, table: str, groups: list[Group]) -> list[Having]:
        """Countries with more than 3 singers, where the country is a column of the singers."""
        found: list[Having] = []
        for clause in list(self.ask.subject.clauses):
            if not isinstance(clause, Relation) or clause.number is None:
                continue
            if clause.noun.span is None:
                continue
            other = self.table(clause.noun.span, [table])
            up = self.joins.path(table, other, only_up=True)
            if up is None or not groups:
                continue
            if self.ask.subject.span is not None:
                continue
            self.ask.subject.clauses.remove(clause)
            self.ask.subject.clauses += clause.noun.clauses
            operator, numbers = clause.number
            measure = Measure("count", table, None, self.count_label(table))
            if other != table:
                key = self.lexicon.key(other)
                if key is not None and clause.distinct:
                    measure = Measure("count_distinct", other, metrics.of_field(key), "count")
            found.append(Having(measure, operator, numbers))
        return found

    def _rank_rows(self, plan: Plan, rank: Rank, table: str, figures: list[Output]) -> Plan:
        order, base, joined, conditions = self.ordering(rank, table)
        groups = list(plan.groups)
        measures: list[Measure] = []
        if order.measure is not None and order.measure.function == "count" and base == table:
            key = self.lexicon.key(table)
            named = {g.field for g in self.groups_of(table)}
            if any(g.field == key or g.field in named for g in groups):
                raise NotGrounded("It is not clear what should be counted.", ())
        if order.measure is not None:
            key = self.lexicon.key(table)
            grain = self.ask.subject.span is not None or base != table
            if (
                grain
                and key is not None
                and groups
                and base != table
                and all(g.field != key for g in groups)
            ):
                first = next((i for i, g in enumerate(groups) if g.field.table == table), None)
                if first is not None:
                    groups[first] = replace(groups[first], key=key)
            if figures:
                measures = [order.measure]
                order = Order(rank.descending, output=len(groups))
        return replace(
            plan,
            base=base,
            groups=tuple(groups),
            measures=tuple(measures),
            everything=plan.everything and order.measure is None,
            order=(order,),
            limit=rank.n or 1,
            distinct=plan.distinct and order.measure is None,
            conditions=(*plan.conditions, *conditions),
            joined=tuple(dict.fromkeys((*plan.joined, *joined))),
        )

    def _both(self, plan: Plan, kept: Kept) -> Plan:
        assert kept.twins
        one, two = kept.twins
        left = tuple(c for c in plan.conditions if c != two)
        right = tuple(c for c in plan.conditions if c != one)
        return replace(
            plan,
            conditions=left,
            order=(),
            then=("intersect", replace(plan, conditions=right, order=())),
        )
