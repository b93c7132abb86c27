"""Clauses turned into conditions of a plan."""

from dataclasses import dataclass, field, replace

from core.analyst.local import dates, metrics, words
from core.analyst.local.clauses.binding import FIGURES, Binding
from core.analyst.local.clauses.tree import (
    Against,
    Clause,
    Filled,
    Noun,
    Rank,
    Relation,
    Test,
    Valued,
    When,
)
from core.analyst.local.grounding.binding import NotGrounded
from core.analyst.local.joins import Step
from core.analyst.local.lexicon import Meaning, spoken, vocabulary
from core.analyst.local.plan import (
    Compare,
    Condition,
    Either,
    Field,
    Function,
    Group,
    Having,
    Measure,
    Order,
    Plan,
    Window,
    Within,
    fields_of,
)
from core.analyst.local.roles import Role
from core.analyst.local.spans import Span

NEGATED = {"=": "!=", "!=": "=", ">": "<=", "<": ">=", ">=": "<", "<=": ">", "in": "not in"}


@dataclass
class Kept:
    """What must hold for the rows of one table."""

    table: str
    conditions: list[Condition] = field(default_factory=list)
    having: list[Having] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)
    twins: tuple[Condition, Condition] | None = None
    once: bool = False

    def tables(self) -> set[str]:
        """Tables that the conditions reach without a sub-select."""
        return {
            self.table,
            *self.joined,
            *(f.table for c in self.conditions for f in fields_of(c)),
        }


class Conditions(Binding):
    """Binds clauses."""

    def keep(self, noun: Noun, table: str, once: bool = False) -> Kept:
        """All clauses of a noun whose rows are the table's.

        With `once`, no row may be repeated: related rows are asked for in a sub-select.
        """
        kept = Kept(table, once=once)
        self.keep_in(kept, noun, table)
        return kept

    def keep_in(self, kept: Kept, noun: Noun, table: str) -> None:
        """The clauses of a noun added to what is kept already."""
        for clause in noun.clauses:
            before = len(kept.conditions)
            self._clause(kept, clause, table)
            added = kept.conditions[before:]
            if clause.alternative and before and len(added) == 1:
                self._either(kept, before)
            elif before and len(added) == 1:
                self._pair(kept, added[0], table)

    def _clause(self, kept: Kept, clause: Clause, table: str) -> None:
        if isinstance(clause, Test):
            self._test(kept, clause, table)
        elif isinstance(clause, Valued):
            self._valued(kept, clause, table)
        elif isinstance(clause, Relation):
            self._relation(kept, clause, table)
        elif isinstance(clause, When):
            self._when(kept, clause, table)
        else:
            self._filled(kept, clause, table)

    def _either(self, kept: Kept, before: int) -> None:
        last, added = kept.conditions[before - 1], kept.conditions[before]
        options = last.options if isinstance(last, Either) else (last,)
        kept.conditions[before - 1 :] = [Either((*options, added))]

    def _pair(self, kept: Kept, added: Condition, table: str) -> None:
        """Two values of one column: both are wanted, which no single row can satisfy."""
        earlier = next(
            (
                c
                for c in kept.conditions[:-1]
                if type(c) is type(added)
                and fields_of(c) == fields_of(added)
                and not isinstance(c, Within | Either)
            ),
            None,
        )
        if earlier is None:
            return
        if isinstance(added, Compare) and isinstance(earlier, Compare):
            if added.operator != earlier.operator or added.operator != "=":
                opposite = {added.operator, earlier.operator} in ({">", "<"}, {">=", "<="})
                if not (self.ask.both and opposite):
                    return
            if added.values == earlier.values:
                kept.conditions.pop()
                return
            at = added.field
            many = at.table != table and self.joins.fan_out(table, at.table)
            if not self.ask.both and not many and added.operator == "=":
                kept.conditions.remove(earlier)
                kept.conditions[-1] = replace(
                    added, operator="in", values=(*earlier.values, *added.values)
                )
                return
        kept.twins = (earlier, added)

    def _test(self, kept: Kept, test: Test, table: str) -> None:
        near = [table, *kept.joined]
        if test.about == "key":
            key = self.lexicon.key(table)
            if test.column is not None and self.table(test.column, near) != table:
                key = self.lexicon.key(self.table(test.column, near))
            if key is None:
                raise NotGrounded("It is not clear what the number in the question applies to.")
            self._compare(kept, Compare(key, test.operator, test.values), test, table)
            return
        if test.about == "name":
            self._named(kept, test, table)
            return
        at = self._tested(test, near)
        if test.function is not None:
            self._having(kept, test, at)
            return
        if test.against is not None:
            self._against(kept, test, test.against, at, table)
            return
        operator, values = test.operator, test.values
        if values and isinstance(values[0], str):
            stored = self._stored(at, str(values[0])) if operator in ("=", "!=") else None
            values = (stored,) if stored else values
        self._compare(kept, Compare(at, operator, values), test, table)

    def _tested(self, test: Test, near: list[str]) -> Field:  # noqa: PLR0911 - one return per form of words
        if test.column is None:
            if test.about:
                return self.implied(test.about, near)
            if test.operator in ("contains", "starts", "ends"):
                return self._spoken_of(near)
            numbers = self.lexicon.columns(near[0], Role.NUMBER)
            shown = [o.span for o in self.ask.outputs if o.span and not o.count]
            for span in reversed(shown):
                options = self.options(span, near, (Role.NUMBER,))
                if options and options[0][1].field in numbers:
                    return options[0][1].field
            if len(numbers) == 1:
                return numbers[0]
            raise NotGrounded("It is not clear what the limit in the question applies to.", ())
        numeric = bool(test.values) and not isinstance(test.values[0], str)
        if numeric or test.against is not None:
            if test.operator == "=" and numeric:
                return self.column(test.column, near)
            return self.column(test.column, near, *FIGURES)
        return self.shown(test.column, near)[0]

    def _spoken_of(self, near: list[str]) -> Field:
        for output in reversed(self.ask.outputs):
            if output.span and not output.count:
                return self.shown(output.span, near)[0]
        return self.lexicon.names(near[0])[0]

    def _named(self, kept: Kept, test: Test, table: str) -> None:
        named = self.lexicon.names(table)
        text = str(test.values[0])
        parts = text.split()
        if len(named) == 2 and len(parts) == 2:
            for at, part in zip(named, parts, strict=True):
                kept.conditions.append(Compare(at, "=", (self._stored(at, part) or part,)))
            return
        at = next((f for f in named if self._stored(f, text)), named[0])
        stored = self._stored(at, text)
        self._compare(kept, Compare(at, test.operator, (stored or text,)), test, table)

    def _stored(self, at: Field, text: str) -> str | None:
        wanted = tuple(t.lemma for t in words.tokens(text) if not t.stop)
        for span in self.reading.spans:
            for m in span.meanings:
                if m.kind == "value" and m.field == at and (m.value or "").lower() == text.lower():
                    return m.value
        for m in self.lexicon.values.get(wanted, ()):
            if m.field == at:
                return m.value
        return None

    def _compare(self, kept: Kept, compare: Compare, clause: Clause, table: str) -> None:
        """A plain condition, put where it belongs: here, or in a sub-select for related rows."""
        at = compare.field
        path = self.joins.path(table, at.table)
        if path is None:
            raise NotGrounded(
                f"{' '.join(spoken(at.column)).capitalize()} is not connected with "
                f"{' '.join(spoken(table))}.", (" ".join(spoken(at.column)),)
            )  # fmt: skip
        many = any(not s.to_one for s in path)
        if clause.negated and compare.operator in ("contains", "starts", "ends") and not many:
            kept.conditions.append(
                Within(at, "not in", Plan(at.table, (self.group(at),), conditions=(compare,)))
            )
            return
        if many and (clause.negated or kept.once or compare.operator == "!="):
            positive = replace(compare, operator="=") if compare.operator == "!=" else compare
            negated = clause.negated or compare.operator == "!="
            self._sub(kept, path, [positive], [], negated)
            return
        if clause.negated:
            opposite = NEGATED.get(compare.operator)
            if opposite is None:
                raise NotGrounded("I cannot turn this condition round.", ())
            compare = replace(compare, operator=opposite)  # type: ignore[arg-type]
        kept.conditions.append(compare)

    def _sub(
        self,
        kept: Kept,
        path: tuple[Step, ...],
        conditions: list[Condition],
        joined: list[str],
        negated: bool,
        having: tuple[Having, ...] = (),
        order: tuple[Order, ...] = (),
        limit: int | None = None,
    ) -> None:
        """Rows whose key is (or is not) among the related rows that the conditions keep."""
        first = path[0]
        at = Field(first.table, first.column)
        inner = Field(first.other, first.other_column)
        if (
            negated
            and self.lexicon.column(inner).nullable
            and inner != self.lexicon.key(inner.table)
        ):
            conditions = [*conditions, Compare(inner, "filled")]
        end = [path[-1].other] if len(path) > 1 else []
        plan = Plan(
            inner.table,
            groups=(self.group(inner),),
            conditions=tuple(conditions),
            having=having,
            order=order,
            limit=limit,
            joined=tuple(dict.fromkeys([*joined, *end])),
        )
        kept.conditions.append(Within(at, "not in" if negated else "in", plan))

    def _valued(self, kept: Kept, clause: Valued, table: str) -> None:
        near = [table, *kept.joined]
        span = clause.span
        hinted: dict[tuple[str, str | None], float] = {}
        if clause.column is not None:
            hinted = {
                (m.table, m.column): m.score for m in clause.column.meanings if m.kind == "column"
            }
        else:
            for other in self.reading.spans:
                if abs(other.first - clause.span.first) <= 2 and other is not clause.span:
                    for m in other.meanings:
                        if m.kind == "column" and m.score > 0.7:
                            hinted[(m.table, m.column)] = 0.4 * m.score
        best = self.stored(span, near, hinted)
        self._compare(kept, Compare(best.field, "=", (best.value or "",)), clause, table)

    def stored(
        self, span: Span, near: list[str], hinted: dict[tuple[str, str | None], float]
    ) -> Meaning:
        """The stored value that a span most likely means. Raises NotGrounded."""
        options = [m for m in span.meanings if m.kind == "value"]
        if not options:
            raise NotGrounded(f"I found no “{span.text}” in this data.", (span.text,))

        def score(m: Meaning) -> float:
            named = 0.1 if m.field in self.lexicon.names(m.table) else 0.0
            hint = hinted.get((m.table, m.column), 0.0)
            exact = 0.15 if m.value == span.text else 0.0
            return m.score - 1.5 * self.cost(m.table, near) + 1.2 * hint + named + exact

        best = max(options, key=score)
        if self.cost(best.table, near) > 2:
            raise NotGrounded(f"{span.text} is not connected with what is asked.", (span.text,))
        return best

    def _when(self, kept: Kept, clause: When, table: str) -> None:
        period = clause.time.period
        if period is None:
            raise NotGrounded("I cannot tell which time is meant.", ())
        near = [table, *kept.joined]
        at: Field | None = None
        if clause.column is not None:
            at = self.column(clause.column, near, Role.TIME, Role.YEAR)
            if self.lexicon.role(at) not in (Role.TIME, Role.YEAR):
                at = None
        at = at or dates.choose(table, self.lexicon, self.said)
        if at is None:
            raise NotGrounded(
                f"{' '.join(spoken(table)).capitalize()} has no date in this data.", ()
            )
        window = Window(at, period.start, period.end, period.phrase, period.unit)
        path = self.joins.path(table, at.table) or ()
        if clause.negated:
            raise NotGrounded("I cannot turn this period round.", ())
        if kept.once and any(not s.to_one for s in path):
            self._sub(kept, path, [window], [], False)
            return
        kept.conditions.append(window)

    def _filled(self, kept: Kept, clause: Filled, table: str) -> None:
        at = self.shown(clause.column, [table, *kept.joined])[0]
        if at.table != table and self.joins.fan_out(table, at.table):
            path = self.joins.path(table, at.table) or ()
            self._sub(kept, path, [], [], clause.negated)
            return
        empty = Compare(at, "empty")
        if not clause.negated:
            kept.conditions.append(Compare(at, "filled"))
        elif self.lexicon.role(at) is Role.NUMBER and _several(clause.column.text):
            kept.conditions.append(Either((Compare(at, "=", (0.0,)), empty)))
        else:
            kept.conditions.append(empty)

    def _having(self, kept: Kept, test: Test, at: Field) -> None:
        assert test.function
        measure = Measure(
            test.function, at.table, metrics.of_field(at), f"{test.function}_{at.column.lower()}"
        )
        if test.against is not None and test.against.function is not None:
            column = test.against.column
            other = self.column(column, [at.table], *FIGURES) if column else at
            kept.having.append(
                Having(measure, test.operator, (), self._figure(test.against, other))
            )
            return
        numbers = tuple(float(v) for v in test.values if not isinstance(v, str))
        kept.having.append(Having(measure, test.operator, numbers))

    def _figure(self, against: Against, at: Field) -> Plan:
        """One aggregate of a column over all rows, or those that the noun keeps."""
        assert against.function
        measure = Measure(against.function, at.table, metrics.of_field(at), against.function)
        conditions: tuple[Condition, ...] = ()
        joined: tuple[str, ...] = ()
        if against.noun is not None and against.noun.span is not None:
            other = self.table(against.noun.span, [at.table])
            if against.noun.clauses or against.noun.rank:
                inner = self.keep(against.noun, other)
                conditions, joined = tuple(inner.conditions), tuple(inner.joined)
                if other != at.table:
                    joined = (*joined, other)
        return Plan(at.table, measures=(measure,), conditions=conditions, joined=joined)

    def _against(self, kept: Kept, test: Test, against: Against, at: Field, table: str) -> None:
        if against.function is not None:
            other = at
            if against.column is not None:
                other = self.column(against.column, [at.table, table], *FIGURES)
            kept.conditions.append(Within(at, test.operator, self._figure(against, other)))
            return
        if against.noun is None:
            assert against.column
            other = self.column(against.column, [table], *FIGURES)
            if other == at:
                raise NotGrounded("It is not clear what should be compared.", ())
            kept.conditions.append(Compare(at, test.operator, other=other))
            return
        assert against.noun.span
        owner = self.table(against.noun.span, [at.table])
        other = self.column(against.column, [owner], *FIGURES) if against.column else at
        inner = self.keep(against.noun, owner)
        if not inner.conditions:
            raise NotGrounded("It is not clear what should be compared.", ())
        plan = Plan(
            owner,
            groups=(self.group(other),),
            conditions=tuple(inner.conditions),
            joined=tuple(inner.joined),
        )
        kept.conditions.append(Within(at, test.operator, plan))

    def related_by_verb(self, table: str, verb: str) -> str:
        """The table whose rows a verb speaks of: ordered, enrolled. Raises NotGrounded."""
        root = words.stem(verb)
        alike = {"bought": "order", "sold": "order", "purchas": "order", "buy": "order"}
        roots = {root, alike.get(verb, root), alike.get(root, root)}
        for step in sorted(self.joins.steps(table), key=lambda s: s.to_one):
            if {words.stem(w) for w in spoken(step.other)} & roots:
                return step.other
        for other in self.lexicon.schema.tables:
            near = self.joins.distance(table, other.name) < 3
            if near and {words.stem(w) for w in spoken(other.name)} & roots:
                return other.name
        many = [s.other for s in self.joins.steps(table) if not s.to_one]
        if len(many) == 1:
            return many[0]
        raise NotGrounded(f"I cannot tell what “{verb}” refers to.", (verb,))

    def _relation(self, kept: Kept, relation: Relation, table: str) -> None:
        noun = relation.noun
        if noun.value is not None:
            other = self.stored(noun.value, [table], {}).table
        elif noun.span is None:
            other = self.related_by_verb(table, relation.verb)
        else:
            other = self.table(noun.span, [table, *kept.joined])
        if other == table and relation.number is None:
            self._same_table(kept, relation, table)
            return
        path = self.joins.path(table, other)
        if path is None or (other == table and relation.number is None):
            raise NotGrounded(
                f"{' '.join(spoken(table)).capitalize()} and {' '.join(spoken(other))} are not "
                "connected in this data.", ()
            )  # fmt: skip
        if relation.number is not None:
            self._so_many(kept, relation, table, other, path)
            return
        many = any(not s.to_one for s in path)
        taken = other in kept.tables() and bool(noun.clauses)
        ranked = noun.rank is not None
        if ranked:
            self._ranked_relation(kept, relation, other, path)
            return
        if relation.negated or (many and (kept.once or taken)):
            inner = self.keep(noun, other)
            for conditions in self._each_twin(inner):
                self._sub(kept, path, conditions, inner.joined, relation.negated)
            return
        kept.joined.append(other)
        self.keep_in(kept, noun, other)

    @staticmethod
    def _each_twin(kept: Kept) -> list[list[Condition]]:
        """Two values of one column that no single row can have: asked for one by one."""
        if kept.twins is None:
            return [kept.conditions]
        one, two = kept.twins
        return [
            [c for c in kept.conditions if c != two],
            [c for c in kept.conditions if c != one],
        ]

    def _same_table(self, kept: Kept, relation: Relation, table: str) -> None:
        """Stadiums except those stadiums that ...: the same thing once more."""
        if relation.noun.rank is not None or (relation.negated and relation.noun.clauses):
            key = self.lexicon.key(table)
            if key is None:
                raise NotGrounded("It is not clear what should be left out.", ())
            inner = self.keep(relation.noun, table)
            plan = Plan(
                table,
                groups=(self.group(key),),
                conditions=tuple(inner.conditions),
                joined=tuple(inner.joined),
            )
            if relation.noun.rank is not None:
                plan = self.ranked(plan, relation.noun.rank, table)
            kept.conditions.append(Within(key, "not in" if relation.negated else "in", plan))
            return
        self.keep_in(kept, relation.noun, table)

    def _so_many(
        self, kept: Kept, relation: Relation, table: str, other: str, path: tuple[Step, ...]
    ) -> None:
        assert relation.number
        operator, numbers = relation.number
        inner = self.keep(relation.noun, other)
        if not path or all(s.to_one for s in path):
            path = self._through(table, other)
        base = path[0].other
        measure = Measure("count", base, None, "count")
        key = self.lexicon.key(other)
        if relation.distinct and key:
            measure = Measure("count_distinct", other, metrics.of_field(key), "count")
        self._sub(
            kept, path, inner.conditions, inner.joined, relation.negated,
            having=(Having(measure, operator, numbers),),
        )  # fmt: skip

    def _through(self, table: str, other: str) -> tuple[Step, ...]:
        """Another way, through a table that has many rows for each: jobs held in the past."""
        for first in self.joins.steps(table):
            if first.to_one:
                continue
            for second in self.joins.steps(first.other):
                if second.to_one and second.other == other and other != table:
                    return (first, second)
        raise NotGrounded("It is not clear what should be counted.", ())

    def _ranked_relation(
        self, kept: Kept, relation: Relation, other: str, path: tuple[Step, ...]
    ) -> None:
        """In the stadium with the highest capacity: rows of the one that comes first."""
        rank = relation.noun.rank
        assert rank
        key = self.lexicon.key(other)
        last = path[-1]
        picked = Field(other, last.other_column) if last.other == other else key
        if picked is None:
            raise NotGrounded("It is not clear which one is meant.", ())
        inner = self.keep(relation.noun, other)
        plan = Plan(
            other,
            groups=(self.group(picked),),
            conditions=tuple(inner.conditions),
            joined=tuple(inner.joined),
        )
        plan = self.ranked(plan, rank, other)
        if len(path) == 1 and path[0].to_one:
            at = Field(path[0].table, path[0].column)
        elif key is not None:
            at = key
            plan = replace(plan, groups=(self.group(key),))
        else:
            raise NotGrounded("It is not clear which one is meant.", ())
        operator = "=" if plan.limit == 1 else "in"
        if relation.negated:
            operator = "!=" if plan.limit == 1 else "not in"
        condition = Within(at, operator, plan)  # type: ignore[arg-type]
        if (
            at.table != kept.table
            and (kept.once or relation.negated)
            and any(not s.to_one for s in path)
        ):
            self._sub(kept, path, [replace(condition)], [], relation.negated)
            return
        kept.conditions.append(condition)

    def ranked(self, plan: Plan, rank: Rank, table: str) -> Plan:
        """A list of rows cut to those that come first. Raises NotGrounded."""
        order, base, joined, conditions = self.ordering(rank, table)
        groups = plan.groups
        if base != plan.base and order.measure is not None:
            joined = (*joined, plan.base)
        return replace(
            plan,
            base=base,
            groups=groups,
            order=(order,),
            limit=rank.n or 1,
            conditions=(*plan.conditions, *conditions),
            joined=tuple(dict.fromkeys((*plan.joined, *joined))),
        )

    def ordering(
        self, rank: Rank, table: str
    ) -> tuple[Order, str, tuple[str, ...], tuple[Condition, ...]]:
        """What a rank sorts by: the order, the base to count rows of, and its conditions."""
        if rank.implied:
            return self._implied_order(rank, table)
        if rank.counted or (rank.target is None and rank.noun is not None):
            return self._counted_order(rank, table)
        if rank.target is None:
            raise NotGrounded("It is not clear by which figure to rank.", ())
        at = self.column(rank.target, [table], *FIGURES)
        if self.lexicon.role(at) not in FIGURES:
            raise NotGrounded(
                f"{rank.target.text.capitalize()} is not a number to rank by.", (rank.target.text,)
            )
        if rank.function in ("sum", "avg"):
            measure = Measure(
                rank.function, at.table, metrics.of_field(at), f"{rank.function}_{at.column}"
            )
            return Order(rank.descending, measure=measure), at.table, (), ()
        return Order(rank.descending, field=at), table, (), ()

    def _implied_order(
        self, rank: Rank, table: str
    ) -> tuple[Order, str, tuple[str, ...], tuple[Condition, ...]]:
        direction, *names = vocabulary("cues")["implied"][rank.implied]
        for name in names:
            bare, _, other = name.partition(":")
            wanted = set(bare.split())
            descending = (other or direction) == "desc"
            if wanted == {"date"}:
                own = self.lexicon.columns(table, Role.TIME, Role.YEAR)
                chosen = dates.choose(table, self.lexicon, self.said)
                if chosen is None:
                    continue
                at = chosen if chosen in own or not own else own[0]
                return Order(descending, field=at), table, (), ()
            for at in self.lexicon.columns(table, Role.NUMBER, Role.TIME):
                if wanted <= set(spoken(at.column)):
                    return Order(descending, field=at), table, (), ()
        raise NotGrounded(f"I see nothing here that tells what is {rank.implied}.", (rank.implied,))

    def _counted_order(
        self, rank: Rank, table: str
    ) -> tuple[Order, str, tuple[str, ...], tuple[Condition, ...]]:
        noun = rank.noun or Noun()
        if noun.span is None:
            verb = next((w for w in reversed(self.said) if w.endswith("ed")), "")
            other = self.related_by_verb(table, verb) if verb else table
        else:
            other = self.table(noun.span, [table])
        inner = self.keep(noun, other)
        path = self.joins.path(table, other)
        if path is None:
            raise NotGrounded("It is not clear what should be counted.", ())
        base = other
        measure: Measure = Measure("count", other, None, self.count_label(other))
        if path and all(s.to_one for s in path) and other != table:
            base = table
            measure = Measure("count", table, None, self.count_label(table))
        return (
            Order(rank.descending, measure=measure), base, tuple(inner.joined),
            tuple(inner.conditions),
        )  # fmt: skip

    @staticmethod
    def count_label(table: str) -> str:
        """A name for the number of a table's rows."""
        said = "_".join(spoken(table))
        return (
            said if said.endswith("s") else said[:-1] + "ies" if said.endswith("y") else said + "s"
        )


__all__ = ["Conditions", "Function", "Group", "Kept"]


def _several(text: str) -> bool:
    """Whether a name stands in the plural: with no visits counts them, with no fee does not."""
    last = text.lower().split()[-1]
    return words.lemma(last) != last
