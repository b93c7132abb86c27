"""Comparisons: an operator with its number, value or aggregate, and numbers that stand alone."""

from core.analyst.local.intent import Test
from core.analyst.local.plan import Operator
from core.analyst.local.spans import Span
from core.analyst.local.walk.state import State


class Comparing(State):
    """Reads operators and numbers as tests."""

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
