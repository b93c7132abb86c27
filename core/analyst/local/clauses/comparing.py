"""Comparisons: a number or a time with its operator, and what it is about."""

from dataclasses import replace
from typing import cast

from core.analyst.local.clauses.heads import Heads
from core.analyst.local.clauses.items import Item
from core.analyst.local.clauses.tree import (
    Against,
    Filled,
    Noun,
    Relation,
    Test,
    When,
)
from core.analyst.local.periods import Period
from core.analyst.local.plan import Function, Operator
from core.analyst.local.spans import Span, happened

_EARNING = {"earn", "earning", "earned", "earns", "paid"}
_COSTING = {"cost", "costs", "costing", "priced"}
_WEIGHING = {"weigh", "weighs", "weighing"}
_COMPARED = {
    "greater": ">", "higher": ">", "larger": ">", "bigger": ">", "more": ">", "longer": ">",
    "lower": "<", "smaller": "<", "less": "<", "fewer": "<", "shorter": "<",
}  # fmt: skip


class Comparing(Heads):
    """Reads numbers and their operators as tests."""

    def _had(self, span: Span) -> bool:
        """Whether something is said to have it: who have a commission."""
        before = {t.lemma for t in self.reading.tokens[max(0, span.first - 3) : span.first]}
        return bool({"have", "has", "had", "having", "with"} & before)

    def _close_pending(self) -> bool:
        """A column named without a test: a yes or no that is set, or something to have."""
        if self.pending is None:
            return False
        if self.flagged(self.pending):
            self.add(Test(self.pending, "=", (1.0,)))
        elif self.negated or self._had(self.pending) or happened(self.pending, self.lexicon):
            self.add(Filled(self.pending))
        else:
            return False
        self.pending = None
        return True

    def _return_to_clause(self) -> None:
        if self.rank is None:
            self.scope = self.clause_noun

    def _compared(self, item: Item) -> int:
        """A greater weight than 10: the column between the comparative and its "than"."""
        column, ahead = self.after()
        than = self.item(ahead + 1)
        if column is None or column.kind != "mention" or than is None or than.text != "than":
            return 1
        self.pending = column.span
        self.used.add(item.first)
        number, further = self.after(ahead + 2)
        operator = cast(Operator, _COMPARED[item.text])
        if number is not None and number.kind == "mention" and not self.is_value(number):
            return self._against_thing(operator, number, further, "")
        if number is not None and number.kind == "number" and number.span:
            return self.compare(operator, (number.span.number,), further + 1)
        if number is not None and number.kind == "aggregate":
            return self._against_aggregate(operator, further, "")
        return 1

    def _mod_bound(self, item: Item) -> int:
        return 1

    def _mod_time(self, item: Item) -> int:
        assert item.span
        assert item.span.time
        column, time = self.pending, item.span.time
        bound = self.item(1)
        used = 1
        if bound is not None and bound.kind == "bound" and time.period is not None:
            self.used |= {bound.first, bound.first + 1}
            later = bound.detail == ">="
            start, end = time.period.start, time.period.end
            period = Period(start if later else None, None if later else end)
            time, used = replace(time, period=period), 2
        self.add(When(time, column))
        self.pending = None
        return used

    def _mod_number(self, item: Item) -> int:
        assert item.span
        number = item.span.number
        if item.text.startswith("0") and item.text.isdigit() and len(item.text) > 1:
            self.add(Test(self.pending, "=", (item.text,)))
            self.pending = None
            return 1
        bound = self.item(1)
        operator: Operator = "="
        used = 1
        if bound is not None and bound.kind == "bound":
            operator, used = cast(Operator, bound.detail), 2
        if self.rank is not None and self.rank.n is None and operator == "=":
            self.rank.n = int(number)
            return used
        following, _ = self.after(used)
        if (
            self.pending is None
            and following is not None
            and following.kind
            in (
                "superlative",
                "implied",
            )
        ):
            self.loose = number
            return used
        return self.compare(operator, (number,), used)

    def compare(  # noqa: PLR0911 - one branch per form of words
        self, operator: Operator, values: tuple[float, ...], used: int
    ) -> int:
        """A number with its operator: about a count, a column named after it or before it."""
        if self.name_next and operator == "=":
            self.name_next = False
            self.add(Test(None, "=", (self.items[self.at].text,), about="name"))
            return used
        before = self.before()
        if self.items[self.at].text == "one" and before and before.kind == "mention":
            return used
        aged = self._aged(used)
        if aged:
            self.add(Test(None, operator, values, about="age"))
            self.pending = None
            return aged
        following, ahead = self.after(used)
        if following is not None and following.text in ("different", "distinct", "unique"):
            self.distinct = True
            following, ahead = self.after(ahead + 1)
        if following is not None and following.text in ("time", "times"):
            said = [t.lemma for t in self.reading.tokens[: self.items[self.at].first]]
            verb = next((w for w in reversed(said) if w.endswith("ed")), "time")
            self.add(Relation(Noun(), number=(operator, values), verb=self.verb or verb))
            self.pending = None
            return ahead + 1
        if self.pending is None and following is not None:
            named = self._number_of(operator, values, following, ahead)
            if named:
                return named
        before = self.before()
        last = self.scope.clauses[-1] if self.scope.clauses else None
        again = before is not None and before.kind == "join" and isinstance(last, Test)
        if self.pending is None and again and isinstance(last, Test) and operator != "=":
            self.pending, self.pending_function = last.column, last.function
        if self.pending is None and self.alternative and isinstance(last, Test) and last.values:
            self.add(Test(last.column, operator, values, last.function, about=last.about))
            return used
        if (
            self.pending is None
            and operator == "="
            and before is not None
            and before.kind == "mention"
            and self.is_table(before)
        ):
            self.add(Test(before.span, "=", values, about="key"))
            return used
        if self.pending is None and self.counting:
            self.counting = False
        self.add(
            Test(self.pending, operator, values, self.pending_function, about=self._implication())
        )
        if not self._goes_on(used):
            self.pending, self.pending_function = None, None
        return used

    def _number_of(
        self, operator: Operator, values: tuple[float, ...], following: Item, ahead: int
    ) -> int:
        """More than two (red) products, more than five pages; gives the items used, or 0."""
        named: Item | None = following
        if following.kind == "mention" and self.is_value(following):
            held = self.at
            self.at += ahead
            belongs = self.value_of_next_table(0)
            self.at = held
            if belongs:
                assert following.span
                self.held.append(following.span)
                named, ahead = self.after(ahead + 1)
        if named is None or named.span is None or named.kind not in ("mention", "metric"):
            return 0
        if self.is_table(named) or (named.kind == "metric" and named.best("table")):
            noun = self.noun(named.span)
            self.open_relation(Relation(noun, number=(operator, values), distinct=self.distinct))
        elif self.is_column(named) and not self.numeric(named.span):
            noun = Noun(named.span)
            self.add(Relation(noun, number=(operator, values), distinct=self.distinct))
        elif self.is_column(named):
            self.add(Test(named.span, operator, values))
            return ahead + 1
        else:
            return 0
        self.distinct = False
        return ahead + 1

    def _aged(self, used: int) -> int:
        """Three years old: items up to there, or 0."""
        unit, old = self.item(used), self.item(used + 1)
        if unit is None or unit.lemma not in ("year", "years") or old is None:
            return 0
        return used + 2 if old.text in ("old", "age") else 0

    def _goes_on(self, used: int) -> bool:
        """Whether a further value for the same column follows: 70 or 90."""
        first, second = self.item(used), self.item(used + 1)
        return (
            first is not None
            and first.kind == "join"
            and second is not None
            and second.kind in ("number", "quote", "operator")
        )

    def _implication(self) -> str:
        if self.pending is not None:
            return ""
        said = {w for t in self.reading.tokens for w in (t.lemma, t.text.lower())}
        if _EARNING & said:
            return "salary"
        if _COSTING & said:
            return "price"
        if _WEIGHING & said:
            return "weight"
        return ""

    def _unit(self, ahead: int) -> int:
        """Years after an age, kilograms after a weight: passed over."""
        item = self.item(ahead)
        return int(item is not None and item.lemma in ("year", "years", "old", "kg", "day", "days"))

    def _time_bound(self, operator: Operator, following: Item, ahead: int) -> int:
        assert following.span
        assert following.span.time
        year = following.span.time.year_only
        if year is not None:
            return self.compare(operator, (float(year),), ahead + 1)
        self.add(When(following.span.time, self.pending))
        self.pending = None
        return ahead + 1

    def _between(self, following: Item, ahead: int) -> int:
        assert following.span
        link, second = self.item(ahead + 1), self.item(ahead + 2)
        if link is None or second is None or second.kind != "number" or second.span is None:
            return 1
        values = (following.span.number, second.span.number)
        return self.compare("between", values, ahead + 3)

    def _against_aggregate(self, operator: Operator, ahead: int, implied: str) -> int:
        item = self.item(ahead)
        assert item
        function = cast(Function, item.detail)
        following, further = self.after(ahead + 1, "for", "among")
        column = None
        used = ahead + 1
        if following is not None and following.kind == "mention" and self.is_column(following):
            column, used = following.span, further + 1
        test = Test(
            self.pending, operator, (), self.pending_function, Against(function, column),
            about=implied or ("" if column else self._implication()),
        )  # fmt: skip
        if test.column is None and column is not None:
            test.column = column
        self.add(test)
        self.pending, self.pending_function = None, None
        following, further = self.after(used, "for", "among")
        if following is not None and following.kind == "mention" and self.is_table(following):
            link = {i.text for i in self.items[self.at + used : self.at + further]}
            assert test.against
            if link & {"of", "for", "in", "among", "all", "any"} and following.span:
                test.against.noun = Noun(following.span)
                self.scope = test.against.noun
                used = further + 1
        return used

    def _against_thing(self, operator: Operator, following: Item, ahead: int, implied: str) -> int:
        """More than the employee with id 163; longer than the film named X; above its own."""
        item = self.items[self.at]
        if "than" not in item.text and self.pending is None:
            self.prep = "in"
            return 1
        against = Against()
        used = ahead + 1
        assert following.span
        if self.is_table(following):
            against.noun = Noun(following.span)
        else:
            against.column = following.span
            two, further = self.after(used)
            if two is not None and two.kind == "mention" and self.is_table(two) and two.span:
                against.noun = Noun(two.span)
                used = further + 1
        test = Test(self.pending, operator, (), None, against, about=implied or self._implication())
        self.add(test)
        self.pending = None
        if against.noun is not None:
            self.scope = against.noun
        return used
