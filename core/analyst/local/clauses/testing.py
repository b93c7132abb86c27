"""Comparisons and values turned into conditions."""

from dataclasses import replace

from core.analyst.local import metrics, words
from core.analyst.local.clauses.binding import FIGURES
from core.analyst.local.clauses.kept import Kept
from core.analyst.local.clauses.relating import Relating
from core.analyst.local.clauses.tree import (
    Against,
    Clause,
    Test,
    Valued,
)
from core.analyst.local.grounding.binding import NotGrounded
from core.analyst.local.lexicon import spoken
from core.analyst.local.plan import (
    Compare,
    Condition,
    Field,
    Having,
    Measure,
    Plan,
    Within,
)
from core.analyst.local.roles import Role

NEGATED = {"=": "!=", "!=": "=", ">": "<=", "<": ">=", ">=": "<", "<=": ">", "in": "not in"}


class Testing(Relating):
    """Binds tests, where they belong: here, or in a sub-select."""

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
