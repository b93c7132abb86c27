"""Which rows count: comparisons, stored values, related rows that are there or missing."""

from dataclasses import replace

from core.analyst.local import metrics, words
from core.analyst.local.grounding.binding import NotGrounded
from core.analyst.local.grounding.ranking import Ranking
from core.analyst.local.intent import Test
from core.analyst.local.lexicon import spoken
from core.analyst.local.plan import (
    Compare,
    Either,
    Field,
    Group,
    Having,
    Measure,
    Plan,
    Related,
    fields_of,
)
from core.analyst.local.roles import Role
from core.analyst.local.spans import Span


class Conditions(Ranking):
    """Binds tests and values to conditions."""

    def _filters(self) -> None:
        self._set_base(self.base or (self.anchors[0] if self.anchors else ""))
        for test in self.intent.tests:
            self._test(test)
        self._values()
        for span in self.intent.without:
            self._without(span)
        if self.intent.unsold and not self.intent.without and self.anchors:
            found = metrics.find("revenue", self.lexicon, (self.anchors[0],))
            related = self._related(self.anchors[0], found.table, True) if found else None
            if not related:
                raise NotGrounded("I cannot tell what was never sold.", ())
            self.conditions.append(related)
        for span in self.intent.related:
            self._relate(span)

    def _test(self, test: Test) -> None:  # noqa: PLR0911, PLR0912 - one branch per form of words
        if test.about == "times":
            self._so_often(test)
            return
        if test.about:
            owner = self.base or (self.anchors[0] if self.anchors else "")
            for table in (owner, *(a for a in self.anchors if a != owner)):
                for at in self.lexicon.columns(table, Role.NUMBER) if table else ():
                    if test.about in spoken(at.column):
                        self._condition(Compare(at, test.operator, test.values), test)
                        return
            raise NotGrounded(f"I see no {test.about} in this data.", (test.about,))
        if test.counted and test.span is not None and test.span.kind != "metric":
            self._having_count(test)
            return
        if test.span is None:
            if self.measures and test.values and self.groups:
                numbers = tuple(float(v) for v in test.values if not isinstance(v, str))
                self.having.append(Having(self.measures[-1], test.operator, numbers))
                return
            if self.measures and not self.groups and self.measures[0].amount and test.values:
                single = self.measures[0].amount.single
                if single:
                    self.conditions.append(Compare(single, test.operator, test.values))
                    return
            names = self._name_for(test)
            if names is None:
                raise NotGrounded("It is not clear what the limit in the question applies to.", ())
            self._condition(Compare(names, test.operator, test.values, test.aggregate), test)
            return
        if test.span.kind == "metric":
            found = metrics.find(test.span.detail, self.lexicon, self._mentioned_tables())
            if not found:
                raise NotGrounded(
                    f"I found nothing that holds {test.span.text}.", (test.span.text,)
                )
            if "%" in self.said or "margin" in test.span.text.lower():
                raise NotGrounded("A limit in percent is not something I can do here.")
            measure = Measure("sum", found.table, found.amount, test.span.detail)
            numbers = tuple(float(v) for v in test.values if not isinstance(v, str))
            single = found.amount.single
            if self.measures and not self.groups and single and single.table == self.base:
                self.conditions.append(Compare(single, test.operator, test.values))
            else:
                self.having.append(Having(measure, test.operator, numbers))
                self._set_base(found.table, force=True)
            return
        numeric = bool(test.values) and not isinstance(test.values[0], str)
        if test.span.best("table") > test.span.best("column") and test.values and not numeric:
            at, values = self._stored(self.lexicon.names(self._table(test.span))[0], test)
            self._condition(Compare(at, test.operator, values), test)
            return
        if test.span.best("table") > test.span.best("column") and numeric:
            own = self.lexicon.columns(self._table(test.span), Role.NUMBER)
            if len(own) == 1:
                self._condition(Compare(own[0], test.operator, test.values), test)
                return
            raise NotGrounded("It is not clear what the number in the question applies to.", ())
        roles = (Role.NUMBER, Role.YEAR, Role.KEY, Role.FLAG) if numeric or test.aggregate else ()
        at = self._column(test.span, *roles)
        if isinstance((test.values or (0.0,))[0], str):
            at, values = self._stored(at, test)
            self._condition(Compare(at, test.operator, values), test)
            return
        self._condition(Compare(at, test.operator, test.values, test.aggregate), test)

    def _so_often(self, test: Test) -> None:
        """More than 10 times: so many rows of the table that the verb belongs to."""
        owner = self.base or (self.anchors[0] if self.anchors else "")
        stems = {words.stem(w) for w in self.said if w.endswith("ed")}
        for step in self.lexicon.joins.steps(owner) if owner else ():
            if not step.to_one and {words.stem(w) for w in spoken(step.other)} & stems:
                self.conditions.append(
                    Related(
                        Field(owner, step.column),
                        Field(step.other, step.other_column),
                        False,
                        number=(test.operator, float(test.values[0])),
                    )
                )
                return
        raise NotGrounded("It is not clear what should have happened so often.", ())

    def _stored(self, at: Field, test: Test) -> tuple[Field, tuple[str | float, ...]]:
        if test.operator not in ("=", "!="):
            return at, test.values
        wanted = str(test.values[0]).lower()
        for meanings in self.lexicon.values.values():
            for m in meanings:
                if m.field == at and m.value is not None and m.value.lower() == wanted:
                    return at, (m.value,)
        return at, test.values

    def _name_for(self, test: Test) -> Field | None:
        table = self.base or (self.anchors[0] if self.anchors else "")
        if not table:
            return None
        if test.values and isinstance(test.values[0], str):
            return self.lexicon.names(table)[0]
        if self.groups and self.lexicon.role(self.groups[-1].field) is Role.NUMBER:
            return self.groups[-1].field
        numbers = self.lexicon.columns(table, Role.NUMBER)
        if "older" in self.said or "younger" in self.said:
            numbers = tuple(f for f in numbers if "age" in spoken(f.column))
        return numbers[0] if len(numbers) == 1 else None

    def _condition(self, condition: Compare, test: Test) -> None:
        if (
            test.alternative
            and self.conditions
            and isinstance(self.conditions[-1], Compare | Either)
        ):
            last = self.conditions.pop()
            options = last.options if isinstance(last, Either) else (last,)
            assert all(isinstance(o, Compare) for o in options)
            self.conditions.append(Either((*options, condition)))
            return
        self.conditions.append(condition)

    def _having_count(self, test: Test) -> None:
        assert test.span
        if test.span.best("table") < 0.5:
            at = self._column(test.span)
            table = at.table
            numeric = self.lexicon.role(at) is Role.NUMBER
            if numeric:
                self._condition(Compare(at, test.operator, test.values), test)
                return
        table = self._table(test.span)
        numbers = tuple(float(v) for v in test.values if not isinstance(v, str))
        measure = Measure("count", table, None, self._count_label(table))
        if (
            self.measures
            and self.groups
            and self.measures[0].table == table
            and (self.measures[0].function == "count")
        ):
            self.having.append(Having(self.measures[0], test.operator, numbers))
            return
        if self.measures and self.measures[0].table != table and not self.intent.groups:
            related = self._related(self.measures[0].table, table, negated=False)
            if related and len(numbers) == 1:
                self.groups = []
                self.conditions.append(replace(related, number=(test.operator, numbers[0])))
                return
        if not self.groups:
            owner = self.base or (self.anchors[0] if self.anchors else "")
            if not owner or owner == table:
                raise NotGrounded("It is not clear what should be counted.", (test.span.text,))
            self.groups = list(self._named(owner))
        entity = self.base if self.base != table else self.groups[0].field.table
        key = self.lexicon.key(entity)
        if (
            key
            and self.groups[0].key is None
            and self.groups[0].field != key
            and (self.groups[0].field.table == entity)
        ):
            self.groups[0] = replace(self.groups[0], key=key)
        if self.measures and self.measures[0].function == "count" and not self.intent.groups:
            raise NotGrounded(
                "Counting groups of a certain size is not something I can do yet.", ()
            )
        self.having.append(Having(measure, test.operator, numbers))
        self._set_base(table, force=True)

    def _values(self) -> None:
        chosen: dict[tuple[Field, bool], list[str]] = {}
        near = list(
            dict.fromkeys(
                [
                    *([self.base] if self.base else []),
                    *self.anchors,
                    *(g.field.table for g in self.groups),
                ]
            )
        )
        for span, negated in self.intent.values:
            options = [m for m in span.meanings if m.kind == "value"]
            if not options:
                raise NotGrounded(f"I found no “{span.text}” in this data.", (span.text,))
            hints = {(m.table, m.column) for other in self.reading.spans
                     for m in other.meanings if m.kind == "column" and m.score > 0.7
                     and abs(other.first - span.first) <= 3}  # fmt: skip
            best = max(
                options,
                key=lambda m: (
                    m.score
                    - 2 * self._distance_cost(m.table, near)
                    + (0.3 if (m.table, m.column) in hints else 0)
                ),
            )
            if self._distance_cost(best.table, near) > 2:
                raise NotGrounded(f"{span.text} is not connected with what is asked.", (span.text,))
            chosen.setdefault((best.field, negated), []).append(best.value or "")
        for (at, negated), values in chosen.items():
            owner = self.groups[0].field.table if self.groups else self.base
            if (
                negated
                and owner
                and at.table != owner
                and self.lexicon.joins.fan_out(owner, at.table)
            ):
                related = self._related(owner, at.table, negated=True)
                if related:
                    where = (Compare(at, "in" if len(values) > 1 else "=", tuple(values)),)
                    self.conditions.append(replace(related, where=where))
                    continue
            if self.intent.both and len(values) == 2 and not negated and not self.measures:
                self._intersect(at, values)
            elif len(values) == 1:
                self.conditions.append(Compare(at, "!=" if negated else "=", tuple(values)))
            else:
                self.conditions.append(Compare(at, "not in" if negated else "in", tuple(values)))
                apart = {"vs", "versus", "compare"} & set(self.said) or self.said.count("many") > 1
                if (
                    (self.measures or self.intent.grains)
                    and not negated
                    and (apart or (not self.groups and "and" in self.said))
                    and all(g.field != at for g in self.groups)
                ):
                    self.groups.append(Group(at, self.lexicon.label(at)))

    def _intersect(self, at: Field, values: list[str]) -> None:
        self.conditions.append(Compare(at, "=", (values[0],)))
        self.out.plan = replace(
            self.out.plan,
            then=("intersect", Plan(self.base, conditions=(Compare(at, "=", (values[1],)),))),
        )

    def _without(self, span: Span) -> None:
        other = self._table(span)
        owner = next(
            (
                t
                for t in (
                    self.groups[0].field.table if self.groups else "",
                    *self.anchors,
                    self.base,
                )
                if t and t != other
            ),
            "",
        )
        related = self._related(owner, other, negated=True) if owner else None
        if not related:
            raise NotGrounded(f"I cannot tell what has no {span.text}.", (span.text,))
        inside = [c for c in self.conditions if isinstance(c, Compare) and c.field.table == other]
        if related.inner.table == other:
            self.conditions = [c for c in self.conditions if c not in inside]
            related = replace(related, where=(*related.where, *inside))
        self.conditions.append(related)

    def _related(self, owner: str, other: str, negated: bool) -> Related | None:
        path = self.lexicon.joins.path(owner, other)
        if not path:
            return None
        first = path[0]
        if len(path) == 1 or (len(path) <= 3 and not first.to_one):
            return Related(
                Field(owner, first.column), Field(first.other, first.other_column), negated
            )
        return None

    def _relate(self, span: Span) -> None:
        """A table named in a condition: only rows that have one, unless it is joined anyway."""
        if span.best("table") < 0.8:
            return
        other = self._table(span)
        needed = {
            self.base,
            *(g.field.table for g in self.groups),
            *(m.table for m in self.measures),
        }
        needed |= {f.table for c in self.conditions for f in fields_of(c)}
        if other in needed or not self.base:
            return
        if self.lexicon.joins.path(self.base, other, only_up=True):
            return
        related = self._related(self.base, other, negated=False)
        if related:
            self.conditions.append(related)
