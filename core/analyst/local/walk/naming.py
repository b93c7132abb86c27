"""Mentions: whether a named column, table, value or metric is shown, grouped by or a condition."""

from core.analyst.local.intent import Test, Wanted
from core.analyst.local.roles import Role
from core.analyst.local.spans import Span
from core.analyst.local.walk.state import State


class Naming(State):
    """Gives every mention its part in the question."""

    def _quote(self, span: Span, at: int) -> None:
        self._value(span)

    def _value(self, span: Span) -> None:
        self.out.values.append((span, self.negated))
        self.negated = False
        if self.out.wanted and self.last is not None and self.out.wanted[-1].span is self.last:
            columns = {(m.table, m.column) for m in self.last.meanings if m.kind == "column"}
            stored = {(m.table, m.column) for m in span.meanings}
            near = span.first - self.last.last <= 2
            if near and columns & stored and not self.out.wanted[-1].functions:
                self.out.wanted.pop()
        self.head = self.head and not (self.out.wanted or self.out.entities)

    def _metric(self, span: Span, at: int) -> int | None:  # noqa: PLR0911 - one per form of words
        if span.best("table") >= 0.9 and (
            self.counting or not (self.functions or self.role or self.head or self.bound)
        ):
            return self._mention(span, at)
        if span.best("column") >= 0.9 and self.functions and self.functions != ["sum"]:
            return self._mention(span, at)
        if self.role == "group" and span.best("column") >= 0.9:
            return self._mention(span, at)
        sup = self.open_superlative
        if sup and sup.counted and self.role == "target" and span.best("table") >= 0.9:
            return self._mention(span, at)
        if span.best("table") >= 0.9 and self._figure_named() and not self.role:
            self.out.related.append(span)
            return None
        if self.negated and span.detail in ("revenue", "units"):
            self.out.unsold = True
            self.negated = False
            return None
        self._counted_beside(at)
        functions, self.functions = tuple(self.functions), []
        if self.role in ("target", "entity") and self.open_superlative:
            self.open_superlative.target = span
            self.open_superlative.aggregate = functions[0] if functions else None
        elif self.role == "order":
            self.out.order.append((span, bool(self.descending)))
        else:
            self.out.metrics.append(span)
            self.out.wanted.append(Wanted(span, functions or ()))
        self.role = ""
        self.counting = False
        self.last = span
        return None

    def _counted_beside(self, at: int) -> None:
        """Orders and revenue: a thing that stands beside a figure is counted."""
        before = self.spans[max(0, at - 2) : at]
        if len(before) == 2 and before[1].kind == "join" and before[1].detail in ("and", ","):
            thing = before[0]
            alone = thing in self.out.entities and len(self.out.entities) == 1
            if alone and at == 2 and not self.out.wanted:
                self.out.wanted.append(Wanted(thing, count=True))

    def _figure_named(self) -> bool:
        """Whether the figure was told before: the average price of sales."""
        return bool(self.out.metrics) or any(w.functions or w.count for w in self.out.wanted)

    def _rate(self, span: Span, at: int) -> None:
        self.out.wanted.append(Wanted(span, rate=True))
        self.functions = []
        self.last = span

    def _mention(self, span: Span, at: int) -> int | None:  # noqa: PLR0912, PLR0915 - one branch per form of words
        table, column = span.best("table"), span.best("column")
        if not table and not column:
            self._value(span)
            return None
        if span.best("value") and (max(table, column) < 0.75 or self._values_of_entity(span)):
            self._value(span)
            return None
        if self._names_value(span, at):
            self.last = span
            return None
        behind = self._next(at)
        if (
            self.role == "group"
            and column
            and behind
            and behind.kind == "number"
            and self._adjacent(span, behind, 0)
        ):
            self.role = ""
            self._about(Test(span, "=", (behind.number,)), span)
            return 2
        if self.role == "group":
            self.out.groups.append(span)
            self.head = self.head and not self.out.wanted
            after = self._next(at)
            if not (after and after.kind == "join" and after.detail in ("and", ",")):
                self.role = ""
        elif self.role == "order":
            if self.counting and table >= column:
                self.out.order.append(("count", bool(self.descending)))
                self.out.related.append(span)
                self.counting = False
            else:
                self.out.order.append((span, bool(self.descending)))
            self.role = "" if not self._continues(at) else "order"
        elif self.role == "target" and self.open_superlative:
            self._target(span)
        elif self.role == "entity" and self.open_superlative and table >= column * 0.9:
            self.open_superlative.entity = span
            self.out.entities.append(span)
            self.role = ""
        elif self.role == "entity" and self.open_superlative:
            self.open_superlative.entity = span
            self.role = ""
        elif self.counting:
            figures = tuple(self.functions) if column > table else ()
            self.out.wanted.append(Wanted(span, figures, count=True, distinct=self.distinct))
            if table >= column:
                self.out.entities.append(span)
            self.counting = self.distinct = False
        elif self.negated and table >= column:
            self.out.without.append(span)
            self.negated = False
        elif self.functions and column >= table:
            self.out.wanted.append(Wanted(span, tuple(self.functions)))
            if not self._another_function(at):
                self.functions = []
        elif (
            table > column
            or (table == column and not self.head)
            or (table >= 0.7 and self._after_preposition(span))
        ):
            (self.out.entities if self.head else self.out.related).append(span)
        elif self.head and self._is_so(span, at):
            self.out.tests.append(Test(span, "=", (1.0,)))
            return None
        elif self.head:
            self.out.wanted.append(Wanted(span, distinct=self.distinct))
            self.out.distinct = self.out.distinct or self.distinct
            self.distinct = False
        self.last = span
        return None

    def _is_so(self, span: Span, at: int) -> bool:
        """Whether a yes or no tells which rows are meant: cancelled bookings, were cancelled."""
        columns = [m for m in span.meanings if m.kind == "column"]
        best = max(columns, key=lambda meaning: meaning.score, default=None)
        if best is None or self.lexicon.role(best.field) is not Role.FLAG:
            return False
        after = self._next(at)
        thing = after is not None and after.kind in ("mention", "metric")
        before = self.reading.tokens[span.first - 1].text.lower() if span.first else ""
        told = before in ("was", "were", "is", "are", "been") and bool(self.out.wanted)
        return told or (thing and self._adjacent(span, after, 0))

    def _after_preposition(self, span: Span) -> bool:
        """Whether the mention is what something is of: the names of all makers."""
        before = [t.lemma for t in self.reading.tokens[max(0, span.first - 3) : span.first]]
        return bool({"of", "all", "for"} & set(before)) and bool(self.out.wanted)

    def _values_of_entity(self, span: Span) -> bool:
        """Whether only the value belongs to what is asked about: cancelled orders."""
        spans = [*self.out.entities, *(w.span for w in self.out.wanted if w.count and w.span)]
        behind = next((s for s in self.spans if s.first == span.last), None)
        if behind and behind.kind == "mention" and behind.best("table") > 0.7:
            spans.append(behind)
        about = {m.table for s in spans for m in s.meanings if m.kind == "table" and m.score > 0.7}
        stored = {m.table for m in span.meanings if m.kind == "value"}
        named = {m.table for m in span.meanings if m.kind != "value" and m.score > 0.6}
        return bool(about & stored) and not about & named

    def _continues(self, at: int) -> bool:
        after = self._next(at)
        return bool(after and after.kind == "join")

    def _another_function(self, at: int) -> bool:
        return False

    def _names_value(self, span: Span, at: int) -> bool:
        """A column named right beside one of its values only says where the value lies."""
        if self.counting or self.role in ("group", "target", "order") or self.functions:
            return False
        columns = {(m.table, m.column) for m in span.meanings if m.kind == "column"}
        for other in (self.spans[at - 1] if at else None, self._next(at, "clause")):
            if (
                other
                and other.kind in ("mention", "quote")
                and not (other.best("table") or other.best("column"))
            ):
                gap = min(abs(other.first - span.last), abs(span.first - other.last))
                stored = {(m.table, m.column) for m in other.meanings}
                if gap <= 1 and columns & stored and not self.out.wanted:
                    return other.first < span.first or not self.head or self.out.entities != []
        return False

    def _target(self, span: Span) -> None:
        assert self.open_superlative
        sup = self.open_superlative
        sup.target = span
        if sup.counted or span.best("table") >= max(span.best("column"), 0.7):
            sup.counted = True
        self.role = ""
        self.counting = False
