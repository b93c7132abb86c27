"""Related rows: that are there, are not there, or are there so many times."""

from dataclasses import replace

from core.analyst.local import metrics
from core.analyst.local.clauses.kept import Kept
from core.analyst.local.clauses.ranking import Ranking
from core.analyst.local.clauses.tree import (
    Noun,
    Relation,
)
from core.analyst.local.grounding.binding import NotGrounded
from core.analyst.local.joins import Step
from core.analyst.local.lexicon import Meaning, spoken
from core.analyst.local.plan import (
    Compare,
    Condition,
    Field,
    Having,
    Measure,
    Order,
    Plan,
    Within,
)
from core.analyst.local.spans import Span


class Relating(Ranking):
    """Binds relations, in sub-selects where rows could repeat."""

    def keep_in(self, kept: Kept, noun: Noun, table: str) -> None:
        """The clauses of a thing; a layer above knows how."""
        raise NotImplementedError

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
        bare = not (noun.clauses or noun.rank)
        if relation.negated and bare and all(s.to_one for s in path):
            self._none_of(kept, table, other, path)
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

    def _none_of(self, kept: Kept, table: str, other: str, path: tuple[Step, ...]) -> None:
        """Without any job: none in the past, or, where only one can be kept, none at all."""
        try:
            self._sub(kept, self._through(table, other), [], [], True)
        except NotGrounded:
            kept.conditions.append(Compare(Field(table, path[0].column), "empty"))

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
