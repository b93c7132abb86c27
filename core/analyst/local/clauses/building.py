"""A clause tree turned into a plan: subject, figures, rows, order."""

from dataclasses import replace
from datetime import date

from core.analyst.local import dates, metrics, words
from core.analyst.local.clauses.binding import FIGURES
from core.analyst.local.clauses.conditions import Conditions, Kept
from core.analyst.local.clauses.tree import Ask, Noun, Output, Rank, Relation, Test, Valued
from core.analyst.local.grounding.binding import Grounded, NotGrounded
from core.analyst.local.lexicon import Lexicon, spoken
from core.analyst.local.plan import (
    Compare,
    Field,
    Function,
    Group,
    Having,
    Measure,
    Order,
    Plan,
)
from core.analyst.local.render import tables_of
from core.analyst.local.roles import Role
from core.analyst.local.spans import Reading, Span

_PEOPLE = {"customer", "client", "user", "member", "person", "employee", "student", "patient",
           "teacher", "professor", "author", "player", "staff", "driver", "doctor",
           "contact"}  # fmt: skip
_CUES: dict[str, Function] = {"minimum": "min", "maximum": "max", "min": "min", "max": "max",
                              "average": "avg", "total": "sum"}  # fmt: skip
_PREFIX = {"sum": "total", "avg": "average", "min": "minimum", "max": "maximum"}


def build(ask: Ask, reading: Reading, lexicon: Lexicon, today: date) -> Grounded:
    """The plan of a clause tree. Raises NotGrounded when it does not fit the schema."""
    return Building(ask, reading, lexicon, today).run()


class Building(Conditions):
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

    def _split_names(self, table: str) -> None:
        """The minimum salary of employees is an aggregate unless they have such a column."""
        for output in self.ask.outputs:
            said = output.span.text.lower().split() if output.span else []
            function = _CUES.get(said[0]) if len(said) > 1 and not output.count else None
            if function is None or output.functions:
                continue
            assert output.span
            rest = tuple(words.lemma(w) for w in said[1:])
            meanings = self.lexicon.meanings(rest)
            own = [m for m in output.span.meanings if m.kind == "column" and m.table == table]
            bare = [m for m in meanings if m.kind == "column" and m.score > 0.75]
            if bare and not own:
                output.span = replace(output.span, meanings=tuple(meanings))
                output.functions = (function,)

    def _subject(self) -> str:
        subject = self.ask.subject
        if subject.span is not None:
            near = self._other_tables()
            return self.table(subject.span, near)
        return self._implied_subject()

    def _other_tables(self) -> list[str]:
        """Tables that the rest of the question names beyond doubt."""
        found: list[str] = []
        for span in self.reading.spans:
            tables = {m.table for m in span.meanings if m.kind == "table" and m.score > 0.85}
            if len(tables) == 1 and span is not self.ask.subject.span:
                found += tables
        return list(dict.fromkeys(found))

    def _implied_subject(self) -> str:  # noqa: PLR0912 - one branch per form of words
        """The table whose columns and neighbours fit best what is shown and what must hold."""
        spans: list[tuple[Span, float]] = []
        tables: list[Span] = []
        for output in self.ask.outputs:
            if output.noun is not None and output.noun.span is not None:
                tables.append(output.noun.span)
            elif output.span is not None:
                spans.append((output.span, 1.0))
        for group in self.ask.groups:
            spans.append((group, 0.8))
        rank = self.ask.subject.rank
        if rank is not None:
            if rank.target is not None:
                spans.append((rank.target, 0.9))
            if rank.noun is not None and rank.noun.span is not None:
                tables.append(rank.noun.span)
        values: list[Span] = []
        for clause in self.ask.subject.clauses:
            if isinstance(clause, Test) and clause.column is not None:
                spans.append((clause.column, 0.9))
            elif isinstance(clause, Valued):
                values.append(clause.span)
            elif isinstance(clause, Relation) and clause.noun.span is not None:
                tables.append(clause.noun.span)
        best: tuple[float, str] | None = None
        named = {m.table for s in tables for m in s.meanings if m.kind == "table"}
        barred = {
            self.table(clause.noun.span)
            for clause in self.ask.subject.clauses
            if isinstance(clause, Relation) and clause.negated and clause.noun.span is not None
        }
        candidates = {m.table for s, _ in spans for m in s.meanings if m.score > 0.4}
        candidates |= {m.table for s in values for m in s.meanings} if not candidates else set()
        candidates = (candidates or named) - barred
        if self.ask.person:
            candidates = {t.name for t in self.lexicon.schema.tables} - barred
        for table in sorted(candidates):
            score = 0.0
            if self.ask.person:
                score += 0.6 if self._of_people(table) else -0.6
            for span, weight in spans:
                fits = [
                    m.score - (0.0 if m.kind == "column" else 0.05) - self.cost(m.table, [table])
                    for m in span.meanings
                    if m.kind != "value"
                ]
                score += weight * max(fits, default=-1.0)
            for span in tables:
                fits = [
                    m.score - 1.2 * self.cost(m.table, [table])
                    for m in span.meanings
                    if m.kind == "table"
                ]
                score += 0.8 * max(fits, default=-1.0)
            for span in values:
                fits = [1 - self.cost(m.table, [table]) for m in span.meanings if m.kind == "value"]
                score += 0.5 * max(fits, default=-1.0)
            if best is None or score > best[0] + 1e-9:
                best = (score, table)
        if best is None:
            raise NotGrounded("I could not make out what you want to know.", ())
        return best[1]

    def _of_people(self, table: str) -> bool:
        """Whether the rows of a table are people."""
        said = {w for at in self.lexicon.columns(table) for w in spoken(at.column)}
        return bool(_PEOPLE & set(spoken(table))) or {"first", "last", "name"} <= said

    # ------------------------------------------------------------ figures

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
            at = self.shown(output.span, near)[0]
            label = f"different_{self.lexicon.label(at)}"
            return Measure("count_distinct", at.table, metrics.of_field(at), label), None
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

    # ------------------------------------------------------------ rows

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
            raise NotGrounded("It is not clear which figure is meant.", ())

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
            if self.ask.subject.span is not None or any(g.field == key for g in groups):
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

    # ------------------------------------------------------------ the rest

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
