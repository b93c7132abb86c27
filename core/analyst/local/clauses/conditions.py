"""Clauses turned into conditions of a plan."""

from dataclasses import replace

from core.analyst.local import dates, words
from core.analyst.local.clauses.kept import Kept
from core.analyst.local.clauses.testing import Testing
from core.analyst.local.clauses.tree import (
    Clause,
    Filled,
    Noun,
    Relation,
    Same,
    Test,
    Valued,
    When,
)
from core.analyst.local.grounding.binding import NotGrounded
from core.analyst.local.lexicon import spoken
from core.analyst.local.plan import (
    Compare,
    Condition,
    Either,
    Field,
    Plan,
    Window,
    Within,
    fields_of,
)
from core.analyst.local.roles import Role


class Conditions(Testing):
    """Binds every clause of a thing."""

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
        elif isinstance(clause, Same):
            self._same(kept, clause, table)
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
            equal = added.operator == earlier.operator == "="
            if not equal and not self._contradict(earlier, added):
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

    @staticmethod
    def _contradict(one: Compare, two: Compare) -> bool:
        """Above 40 and below 30: no single row can be both."""
        low = next((c for c in (one, two) if c.operator in (">", ">=")), None)
        high = next((c for c in (one, two) if c.operator in ("<", "<=")), None)
        numbers = [c.values[0] for c in (low, high) if c is not None and c.values]
        return (
            len(numbers) == 2
            and not isinstance(numbers[0], str)
            and not isinstance(numbers[1], str)
            and numbers[0] >= numbers[1]
        )

    def _same(self, kept: Kept, clause: Same, table: str) -> None:
        other = self.table(clause.shared, [table]) if clause.shared.best("table") > 0.7 else ""
        path = self.joins.path(table, other, only_up=True) if other else None
        at = Field(table, path[0].column) if path else self.column(clause.shared, [table])
        inner = self.keep(clause.noun, table)
        if not inner.conditions or at.table != table:
            raise NotGrounded("It is not clear what should be the same.", ())
        plan = Plan(
            table,
            groups=(self.group(at),),
            conditions=tuple(inner.conditions),
            joined=tuple(inner.joined),
        )
        kept.conditions.append(Within(at, "not in" if clause.negated else "in", plan))

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
        at = at or self._date_near(table, kept)
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

    def _date_near(self, table: str, kept: Kept) -> Field | None:
        """The date of a row, or of the rows nearest to it that have one."""
        found = dates.choose(table, self.lexicon, self.said)
        if found is not None:
            return found
        others = [t.name for t in self.lexicon.schema.tables if t.name != table]
        others.sort(key=lambda t: (t not in kept.joined, self.joins.distance(table, t)))
        for other in others:
            if self.joins.distance(table, other) > 3:
                continue
            own = self.lexicon.columns(other, Role.TIME, Role.YEAR)
            chosen = dates.choose(other, self.lexicon, self.said) if own else None
            if chosen is not None and chosen in own:
                return chosen
        return None

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


def _several(text: str) -> bool:
    """Whether a name stands in the plural: with no visits counts them, with no fee does not."""
    last = text.lower().split()[-1]
    return words.lemma(last) != last
