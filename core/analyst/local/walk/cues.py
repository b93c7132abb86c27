"""One pass from left to right over the spans of a question.

A cue sets what the next mention is for; a mention without a cue is an output at the head of
the question and the start of a condition after it.
"""

from core.analyst.local import words
from core.analyst.local.intent import Intent, Superlative, Wanted
from core.analyst.local.spans import Span
from core.analyst.local.walk.comparing import Comparing
from core.analyst.local.walk.naming import Naming

_LISTING = ("list", "show", "give", "display", "find", "return", "which", "who", "what", "tell")


class Walk(Naming, Comparing):
    """Turns spans into an intent; each kind of span has its step."""

    def intent(self) -> Intent:
        """Everything asked for, in the person's order."""
        first = next((t.lemma for t in self.reading.tokens if not t.stop), "")
        self.out.listing = first in _LISTING
        at = 0
        while at < len(self.spans):
            span = self.spans[at]
            step = getattr(self, f"_{span.kind}", None)
            at += (step(span, at) or 1) if step else 1
        self._finish()
        return self.out

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

    def _pending(self, span: Span, at: int) -> None:
        self.out.pending = span.detail

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

    def _count_what_is_named(self) -> None:
        """Customers per country: several things that are named alone, then divided, are counted."""
        alone = len(self.out.wanted) == 1 and not (self.out.entities or self.out.superlative)
        if not alone or self.counting or self.functions or self.out.listing:
            return
        wanted = self.out.wanted[0]
        span = wanted.span
        if span is None or span is not self.last or wanted.functions or wanted.rate:
            return
        word = span.text.split()[-1].lower()
        if words.lemma(word) != word and span.best("column") and not self.numeric(span):
            wanted.count = True
            self.out.asks_count = True

    def _group(self, span: Span, at: int) -> None:
        self._count_what_is_named()
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
        sup = Superlative(span.detail == "desc", n, word=word)
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

    def _implied(self, span: Span, at: int) -> int:
        n = None
        before = self.spans[at - 1] if at else None
        if before and before.kind == "number" and self._adjacent(before, span, 0):
            n = int(before.number)
        after = self._next(at)
        used = 1
        if n is None and after and after.kind == "number" and self._adjacent(span, after, 0):
            n, used = int(after.number), 2
        self.out.superlative = Superlative(False, n, implied=span.detail)
        self.open_superlative = self.out.superlative
        self.role = "entity"
        return used

    def _time(self, span: Span, at: int) -> None:
        assert span.time
        if span.time.grain:
            self._count_what_is_named()
            self.out.grains.append(span.time.grain)
        elif span.time.over:
            self.out.change = True
            self.out.grains.append(span.time.over)
        else:
            self.out.times.append(span.time)

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
