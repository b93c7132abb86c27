"""Spans turned into what is asked: outputs, groups, filters, order; not yet bound to columns.

One pass from left to right. A cue sets what the next mention is for; a mention without a cue
is an output at the head of the question and the start of a condition after it.
"""

from dataclasses import dataclass, field
from typing import Literal

from core.analyst.local.lexicon import Lexicon
from core.analyst.local.plan import Function, Grain, Operator
from core.analyst.local.roles import Role
from core.analyst.local.spans import Reading, Span
from core.analyst.local.times import TimeSpan


@dataclass
class Wanted:
    """An output: a column, an aggregate of one (`functions`), or a count."""

    span: Span | None
    functions: tuple[Function, ...] = ()
    count: bool = False
    distinct: bool = False
    rate: bool = False


@dataclass
class Test:
    """A condition as spoken: about `span`, or about the main figure when that is None."""

    span: Span | None
    operator: Operator
    values: tuple[str | float, ...] = ()
    aggregate: Function | None = None
    counted: bool = False
    alternative: bool = False
    about: str = ""


@dataclass
class Superlative:
    """The most or least of something; `n` rows. `target` is what is compared."""

    descending: bool
    n: int | None
    target: Span | None = None
    entity: Span | None = None
    implied: str = ""
    counted: bool = False
    aggregate: Function | None = None


@dataclass
class Intent:
    """Everything asked for, in the person's order."""

    entities: list[Span] = field(default_factory=list)
    wanted: list[Wanted] = field(default_factory=list)
    groups: list[Span] = field(default_factory=list)
    grains: list[Grain] = field(default_factory=list)
    tests: list[Test] = field(default_factory=list)
    values: list[tuple[Span, bool]] = field(default_factory=list)
    without: list[Span] = field(default_factory=list)
    related: list[Span] = field(default_factory=list)
    order: list[tuple[Span | Literal["count", "output"], bool]] = field(default_factory=list)
    superlative: Superlative | None = None
    times: list[TimeSpan] = field(default_factory=list)
    metrics: list[Span] = field(default_factory=list)
    time_columns: list[Span] = field(default_factory=list)
    distinct: bool = False
    share: bool = False
    change: bool = False
    new: bool = False
    active: str | None = None
    trend: bool = False
    both: bool = False
    chart: str = ""
    unsold: bool = False
    listing: bool = False
    asks_count: bool = False
    open_words: tuple[str, ...] = ()


_LISTING = ("list", "show", "give", "display", "find", "return", "which", "who", "what", "tell")


def understand(reading: Reading, lexicon: Lexicon) -> Intent:
    """Sort the spans of a question into an intent."""
    return _Walk(reading, lexicon).intent()


class _Walk:
    def __init__(self, reading: Reading, lexicon: Lexicon) -> None:
        self.reading = reading
        self.lexicon = lexicon
        self.spans = reading.spans
        self.out = Intent(open_words=reading.unknown)
        self.head = True
        self.functions: list[Function] = []
        self.counting = False
        self.distinct = False
        self.role: str = ""
        self.descending: bool | None = None
        self.negated = False
        self.last: Span | None = None
        self.bound: tuple[Operator, tuple[str | float, ...]] | None = None
        self.open_superlative: Superlative | None = None
        self.alternative = False
        self.loose_number: int | None = None

    def intent(self) -> Intent:
        first = next((t.lemma for t in self.reading.tokens if not t.stop), "")
        self.out.listing = first in _LISTING
        at = 0
        while at < len(self.spans):
            span = self.spans[at]
            step = getattr(self, f"_{span.kind}", None)
            at += (step(span, at) or 1) if step else 1
        self._finish()
        return self.out

    def numeric(self, span: Span) -> bool:
        """Whether the column most likely meant holds numbers or dates."""
        columns = [m for m in span.meanings if m.kind == "column"]
        best = max((m.score for m in columns), default=0.0)
        kinds = (Role.NUMBER, Role.YEAR, Role.TIME, Role.FLAG)
        return any(self.lexicon.role(m.field) in kinds for m in columns if m.score >= best - 0.05)

    def _next(self, at: int, *skip: str) -> Span | None:
        for span in self.spans[at + 1 :]:
            if span.kind not in skip:
                return span
        return None

    def _adjacent(self, left: Span, right: Span | None, gap: int = 2) -> bool:
        return right is not None and right.first - left.last <= gap

    def _stop(self, span: Span, at: int) -> None:
        if span.text in ".?;":
            self.head = True
            self.role = ""

    def _join(self, span: Span, at: int) -> None:
        self.alternative = span.detail == "or"
        if span.detail == "both":
            self.out.both = True

    def _count(self, span: Span, at: int) -> None:
        after = self._next(at)
        if self.open_superlative and (self.role == "order" or not self.open_superlative.target):
            self.open_superlative.counted = True
            return
        if self.negated and after is None:
            return
        self.counting = True
        self.out.asks_count = True

    def _aggregate(self, span: Span, at: int) -> int | None:
        if self.last and not self.functions and self._next(at) is None and not self.out.wanted:
            self.out.wanted.append(Wanted(self.last, (span.detail,)))  # type: ignore[arg-type]
            return None
        self.functions.append(span.detail)  # type: ignore[arg-type]
        return None

    def _distinct(self, span: Span, at: int) -> None:
        self.distinct = True

    def _share(self, span: Span, at: int) -> None:
        self.out.share = True

    def _change(self, span: Span, at: int) -> None:
        self.out.change = True

    def _trend(self, span: Span, at: int) -> None:
        self.out.trend = True

    def _new(self, span: Span, at: int) -> None:
        self.out.new = True

    def _active(self, span: Span, at: int) -> None:
        self.out.active = span.detail

    def _chart(self, span: Span, at: int) -> None:
        self.out.chart = span.detail

    def _clause(self, span: Span, at: int) -> None:
        """whose, with, that: from here on mentions are conditions."""
        if at == 0 or not (self.out.wanted or self.out.entities or self.last):
            return
        helping = span.text.lower() in ("have", "has", "had", "do", "does", "did")
        following = self._next(at)
        goes_on = following and following.kind in ("mention", "operator", "superlative")
        if helping and (self.counting or self.head) and not goes_on:
            return
        self.head = False
        self.role = ""

    def _negation(self, span: Span, at: int) -> None:
        self.negated = True
        self.head = False
        self.role = ""

    def _group(self, span: Span, at: int) -> None:
        if (
            self.open_superlative
            and span.text.lower() in ("by", "per")
            and (self.open_superlative.entity and not self.open_superlative.target)
        ):
            self.role = "target"
            return
        self.role = "group"
        self.functions = []
        if self.counting and self.out.entities and not self.out.wanted:
            pass
        self.counting = False

    def _order(self, span: Span, at: int) -> None:
        self.role = "order"
        self.descending = span.detail == "desc"

    def _direction(self, span: Span, at: int) -> None:
        descending = span.detail == "desc"
        if self.out.order:
            self.out.order = [(what, descending) for what, _ in self.out.order]
        elif self.role == "order":
            self.descending = descending
        else:
            self.out.order.append(("output", descending))

    def _superlative(self, span: Span, at: int) -> int | None:
        word = span.text.lower()
        before = self.spans[at - 1] if at else None
        after = self._next(at)
        n: int | None = None
        used = 1
        if before and before.kind == "number" and self._adjacent(before, span, 0):
            n = int(before.number)
        elif after and after.kind == "number" and self._adjacent(span, after, 0):
            n, used = int(after.number), 2
        if word in ("first", "last") and n is None:
            return 1
        if n is None and self.loose_number:
            n = self.loose_number
        if (
            word == "most"
            and n is None
            and after
            and after.kind == "mention"
            and (self._adjacent(span, after, 0))
        ):
            pass
        sup = Superlative(span.detail == "desc", n)
        ranking = word in ("top", "bottom", "best", "worst", "leading", "first", "last") or (
            "selling" in word or "performing" in word or "popular" in word or "common" in word
        )
        if "common" in word or "popular" in word or "frequent" in word or "often" in word:
            sup.counted = True
        if ranking or (n is not None and n > 1 and word not in ("most", "fewest", "least")):
            self.role = "entity"
        else:
            self.role = "target"
        if n is None and word in ("top", "best", "bottom", "worst") and not ranking:
            sup.n = 1
        self.out.superlative = sup
        self.open_superlative = sup
        self.functions = []
        return used

    def _implied(self, span: Span, at: int) -> None:
        n = None
        before = self.spans[at - 1] if at else None
        if before and before.kind == "number" and self._adjacent(before, span, 0):
            n = int(before.number)
        self.out.superlative = Superlative(False, n, implied=span.detail)
        self.open_superlative = self.out.superlative
        self.role = "entity"

    def _operator(self, span: Span, at: int) -> int | None:  # noqa: PLR0911, PLR0912, PLR0915 - one branch per form of words
        operator: Operator = span.detail  # type: ignore[assignment]
        after = self._next(at)
        word = span.text.lower()
        if operator in (">", "<") and word in ("older than", "younger than"):
            number = after if after and after.kind == "number" else None
            if number:
                self._about(Test(None, operator, (number.number,), about="age"), None)
                return 2
        plain = word in (
            "is",
            "are",
            "was",
            "were",
            "be",
            "as",
            "from",
            "not",
            "over",
            "under",
            "include",
            "including",
            "like",
            "non",
            "equal",
        )
        if after is None:
            return None
        if operator == "between" and after.kind != "number":
            return None
        values: list[str | float] = []
        used = 1
        if after.kind == "number" and self._adjacent(span, after, 1):
            values.append(after.number)
            used = 2
            tail = self.spans[at + 2 : at + 4]
            if operator == "between" and len(tail) == 2 and tail[1].kind == "number":
                values.append(tail[1].number)
                used = 4
            elif operator == "between":
                return None
        elif (
            after.kind == "aggregate"
            and self._adjacent(span, after, 2)
            and after.detail != "sum"
            and operator in (">", "<", ">=", "<=", "=", "!=")
            and (operator not in ("=", "!=") or "equal" in word)
        ):
            self._about(Test(self.last, operator, (), after.detail), self.last)  # type: ignore[arg-type]
            following = self.spans[at + 2 : at + 3]
            if following and following[0].kind == "mention" and following[0].best("column"):
                if not (self.last and self._describes(self.last, at)):
                    self.out.tests[-1].span = following[0]
                return 3
            return 2
        elif after.kind == "quote" and self._adjacent(span, after, 2):
            values.append(after.text)
            used = 2
            if operator == "=" and after.meanings and not self.last:
                return None
        elif (
            after.kind == "mention"
            and after.best("column")
            and operator not in ("=", "!=")
            and self._adjacent(span, after, 1)
            and self._number_after(at)
        ):
            self._about(Test(after, operator, (self.spans[at + 2].number,)), after)
            return 3
        elif operator in ("contains", "starts", "ends") and after.kind in ("mention",):
            values.append(after.text)
            used = 2
            if not self.last:
                return None
        elif (
            after.kind == "mention" and after.best("value") and operator == "!="
        ) or operator == "!=":
            self.negated = True
            return None
        else:
            return None
        if plain and operator == "=" and not self.last:
            return None
        if self.negated and operator == "=":
            operator = "!="
        if self.negated and operator == "contains":
            operator, self.negated = "contains", True
        if (
            isinstance(values[0], float)
            and self.reading.tokens[
                self.spans[at + used - 1].last : self.spans[at + used - 1].last + 1
            ]
            and self.reading.tokens[self.spans[at + used - 1].last].lemma in ("time",)
        ):
            self._about(Test(None, operator, tuple(values), about="times"), None)
            return used
        following = self.spans[at + used : at + used + 1]
        if following and following[0].kind == "direction":
            following = ()
        if operator in (">", ">=", "<", "<=", "=", "!=") and isinstance(values[0], float):
            target = following[0] if following else None
            if (
                target
                and target.kind in ("mention", "metric")
                and self._adjacent(self.spans[at + used - 1], target, 1)
                and (target.best("table") or target.best("column") or target.kind == "metric")
                and not (self.last is not None and self._describes(self.last, at))
            ):
                counted = target.best("table") >= target.best("column") and target.kind != "metric"
                self._about(Test(target, operator, tuple(values), counted=counted), target)
                self.negated = False
                return used + 1
        self._about(Test(self.last, operator, tuple(values)), self.last)
        self.negated = False
        return used

    def _number_after(self, at: int) -> bool:
        """Whether the mention after this cue has a number right behind it: above age 20."""
        behind = self.spans[at + 2 : at + 3]
        return (
            bool(behind)
            and behind[0].kind == "number"
            and self._adjacent(self.spans[at + 1], behind[0], 1)
        )

    def _describes(self, span: Span, at: int) -> bool:
        """Whether a number column was just named, so that the comparison is about it."""
        return (
            span.best("column") > span.best("table")
            and self.numeric(span)
            and self.spans[at].first - span.last <= 2
            and self.role != "group"
        )

    def _about(self, test: Test, span: Span | None) -> None:
        test.alternative = self.alternative and bool(self.out.tests)
        self.alternative = False
        if span is not None and self.counting and not test.counted:
            test.counted = True
            self.counting = False
        if (
            span is not None
            and not test.counted
            and self.out.wanted
            and (self.out.wanted[-1].span is span and not self.head)
        ):
            self.out.wanted.pop()
        self.out.tests.append(test)
        self.head = False

    def _number(self, span: Span, at: int) -> int | None:
        after = self._next(at)
        if after and after.kind in ("superlative", "implied") and self._adjacent(span, after, 0):
            return None
        tail = [t.lemma for t in self.reading.tokens[span.last : span.last + 2]]
        if tail in (["or", "more"], ["or", "above"], ["or", "less"], ["or", "fewer"]):
            operator: Operator = ">=" if tail[1] in ("more", "above") else "<="
            self._about(Test(self.last, operator, (span.number,)), self.last)
            return None
        if (
            self.last
            and span.first - self.last.last <= 1
            and (self.last.best("column") and not self.functions and self.role != "group")
        ):
            operator = "!=" if self.negated else "="
            if self.out.wanted and self.out.wanted[-1].span is self.last:
                self.out.wanted.pop()
            self._about(Test(self.last, operator, (span.number,)), self.last)
            self.negated = False
            return None
        if self.alternative and self.out.tests and self.out.tests[-1].values:
            before = self.out.tests[-1]
            self._about(Test(before.span, before.operator, (span.number,)), before.span)
            self.out.tests[-1].alternative = True
            return None
        if (
            after
            and after.kind == "mention"
            and after.best("column")
            and not self.out.asks_count
            and self._adjacent(span, after, 0)
            and not self.head
        ):
            self._about(Test(after, "=", (span.number,)), after)
            return 2
        if 1 < span.number <= 1000 and self.head:
            self.loose_number = int(span.number)
        return None

    def _time(self, span: Span, at: int) -> None:
        assert span.time
        if span.time.grain:
            self.out.grains.append(span.time.grain)
        elif span.time.over:
            self.out.change = True
            self.out.grains.append(span.time.over)
        else:
            self.out.times.append(span.time)

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

    def _metric(self, span: Span, at: int) -> int | None:
        if span.best("table") >= 0.9 and (
            self.counting or not (self.functions or self.role or self.head or self.bound)
        ):
            return self._mention(span, at)
        if span.best("column") >= 0.9 and self.functions and self.functions != ["sum"]:
            return self._mention(span, at)
        if self.role == "group" and span.best("column") >= 0.9:
            return self._mention(span, at)
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
            self.out.wanted.append(Wanted(span, count=True, distinct=self.distinct))
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
        elif self.head:
            self.out.wanted.append(Wanted(span, distinct=self.distinct))
            self.out.distinct = self.out.distinct or self.distinct
            self.distinct = False
        self.last = span
        return None

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

    def _finish(self) -> None:
        said = {t.lemma for t in self.reading.tokens}
        if self.negated and said & {"sold", "ordered", "bought", "purchased", "used"}:
            self.out.unsold = True
        if self.out.change and self.out.share:
            self.out.share = False
        if self.counting and not any(w.count for w in self.out.wanted):
            self.out.asks_count = True
        if self.functions and self.last is None and not self.out.wanted:
            self.out.wanted.append(Wanted(None, tuple(self.functions)))
