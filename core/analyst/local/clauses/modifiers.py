"""What must hold: comparisons, values, related things, the most and the least."""

from dataclasses import replace
from typing import cast

from core.analyst.local.clauses.cursor import ASKING
from core.analyst.local.clauses.heads import PREPOSITIONS, SENTENCE_ENDS, Heads
from core.analyst.local.clauses.items import Item
from core.analyst.local.clauses.tree import (
    Against,
    Filled,
    Noun,
    Output,
    Rank,
    Relation,
    Test,
    Valued,
    When,
)
from core.analyst.local.periods import Period
from core.analyst.local.plan import Function, Operator
from core.analyst.local.spans import Span, happened

_COPULA = {"is", "are", "was", "were", "be", "as", "equal", "from"}
_NAMED = {"named", "called", "titled", "with name"}
_IMPLIES = {
    "older": "age", "younger": "age", "longer": "length", "shorter": "length",
    "heavier": "weight", "lighter": "weight", "taller": "height", "cheaper": "price",
    "expensive": "price", "faster": "speed", "slower": "speed",
}  # fmt: skip
_EARNING = {"earn", "earning", "earned", "earns", "paid", "make", "makes", "making"}
_COSTING = {"cost", "costs", "costing", "priced"}
_WEIGHING = {"weigh", "weighs", "weighing"}


_WHO = {"that", "which", "whose", "who"}
_COMPARED = {
    "greater": ">", "higher": ">", "larger": ">", "bigger": ">", "more": ">", "longer": ">",
    "lower": "<", "smaller": "<", "less": "<", "fewer": "<", "shorter": "<",
}  # fmt: skip


class Modifiers(Heads):
    """Reads clauses about the thing in scope."""

    def modify(self) -> None:
        """From here on, what is named restricts."""
        if not self.modifying:
            for value in self.held:
                self.add(Valued(value))
            self.held = []
        self.modifying = True
        self.functions = [] if not self.counting else self.functions
        self.own = False

    def modifier(self, item: Item) -> int:
        """One step inside the clauses; gives the items used."""
        step = getattr(self, f"_mod_{item.kind}", None)
        return cast(int, step(item)) if step else 1

    def _mod_stop(self, item: Item) -> int:
        if item.text in SENTENCE_ENDS:
            self.settle()
            self.new_sentence()
        return 1

    def settle(self) -> None:
        """What is still open at the end of a clause: a verb, a column without a test."""
        if self.rank is not None:
            self._settle_rank(self.rank)
            self.rank = None
        if self.pending is not None and self.is_flag(self.pending):
            self.add(Test(self.pending, "=", (1.0,)))
        elif self.pending is not None and (
            self.negated or self._had(self.pending) or happened(self.pending, self.lexicon)
        ):
            self.add(Filled(self.pending))
        elif self.negated and self.verb:
            self.add(Relation(Noun(), verb=self.verb))
        if self.counting and self.ask.outputs:
            self.count_alone()
        if self.counting and not self.ask.outputs:
            self.ask.outputs.append(
                Output(self.ask.subject.span, count=True, noun=self.ask.subject)
            )
            self.ask.named = False
        self.pending, self.pending_function, self.name_next = None, None, False
        self.negated = self.counting = False
        self.verb = ""

    def _settle_rank(self, rank: Rank) -> None:
        noun = self.rank_noun or self.scope
        if rank.counted or self.verb or rank.word in ("most", "least"):
            rank.noun = rank.noun or Noun()
            rank.counted = True
            noun.rank = rank

    def _had(self, span: Span) -> bool:
        """Whether something is said to have it: who have a commission."""
        before = {t.lemma for t in self.reading.tokens[max(0, span.first - 3) : span.first]}
        return bool({"have", "has", "had", "having", "with"} & before)

    def _mod_word(self, item: Item) -> int:
        if item.text in PREPOSITIONS:
            self.prep = item.text
        elif item.text == "but":
            self._return_to_clause()
        elif item.text in ("null", "empty", "missing"):
            return self._empty(item)
        elif item.text in ("multiple", "several"):
            return self.compare(">", (1.0,), 1)
        elif item.text in _COMPARED:
            return self._compared(item)
        elif item.text in ("letter", "letters", "word", "substring", "string"):
            self.used.add(item.first)
            return self._like("contains", 1)
        elif self._lone_letter(item):
            return self._like("contains", 0)
        elif item.text.endswith(("ed", "ing")) or item.text in (
            "bought",
            "sold",
            "taught",
            "made",
            "use",
            "uses",
            "play",
            "buy",
            "sell",
        ):
            self.verb = item.lemma
        return 1

    def _lone_letter(self, item: Item) -> bool:
        """With D or S in their first name: parts of a text."""
        text = self.reading.tokens[item.first].text
        return len(text) == 1 and text.isalpha() and text.isupper() and self.prep == "with"

    def _empty(self, item: Item) -> int:
        self.used.add(item.first)
        following, ahead = self.after()
        used = 1
        column = self.pending
        if column is None and following is not None and following.kind == "mention":
            column, used = following.span, ahead + 1
        if column is not None:
            self.negated = not self.negated
            self.add(Filled(column))
            self.pending = None
        return used

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

    def _return_to_clause(self) -> None:
        if self.rank is None:
            self.scope = self.clause_noun

    def _mod_also(self, item: Item) -> int:
        return self._and(item)

    def _mod_join(self, item: Item) -> int:
        if item.lemma in ("both", "either"):
            self.ask.both = self.ask.both or item.lemma == "both"
            return 1
        if item.lemma == "or":
            self.alternative = True
            return 1
        return self._and(item)

    def _and(self, item: Item) -> int:
        following = self.item(1)
        skip = 1
        while following is not None and following.text in ("also", "then", "show", "the"):
            skip += 1
            following = self.item(skip)
        if following is None:
            return 1
        their = following.text in ("their", "its", "his", "her")
        if (
            following.text.split()[0] in ASKING
            and following.kind != "group"
            and following.text != "whose"
        ) or their:
            self.settle()
            self.modifying = False
            self.own = their
            self.prep = ""
            return 1
        if following.kind == "count" and self.rank is None and not self.negated:
            self.settle()
            self.modifying = False
            self.prep = ""
            return 1
        if item.kind == "also":
            self.settle()
            self.modifying = False
            self.prep = ""
            return 1
        return 1

    def _mod_clause(self, item: Item) -> int:
        before = self.before()
        linked = before is not None and (
            before.kind in ("join", "also") or before.text in (",", "but")
        )
        if linked:
            self._return_to_clause()
        elif item.text in ("who", "that", "which", "whose", "with", "having", "where", "when"):
            self.clause_noun = self.scope
        self.prep = item.text if item.text in ("with", "whose") else ""
        return 1

    def _mod_negation(self, item: Item) -> int:
        before = self.before()
        if before is not None and (before.kind in ("join", "also") or before.text in (",", "but")):
            self._return_to_clause()
        self.negated = not self.negated
        return 1

    def _mod_distinct(self, item: Item) -> int:
        following, ahead = self.after(1, "from")
        link = self.item(1)
        if link is not None and link.text in ("from", "than") and following is not None:
            if self.pending is not None and following.kind == "mention" and following.span:
                self.add(Test(self.pending, "!=", against=Against(column=following.span)))
                self.pending = None
                return ahead + 1
            return 1
        if following is not None and following.lemma in ("than",) and ahead:
            return 1
        self.distinct = True
        return 1

    def _mod_count(self, item: Item) -> int:
        if self.rank is not None:
            self.rank.counted = True
            return 1
        self.counting = True
        return 1

    def _mod_aggregate(self, item: Item) -> int:
        following, ahead = self.after()
        if following is not None and following.kind == "count":
            return 1
        if item.detail in ("max", "min") and following is not None and following.kind == "mention":
            two, _ = self.after(ahead + 1)
            tested = two is not None and (
                two.kind in ("operator", "number", "quote") or self.is_value(two)
            )
            if not tested:
                self.rank = Rank(item.detail == "max", word="highest")
                self.rank_noun = self.scope
                return 1
        self.pending_function = cast(Function, item.detail)
        return 1

    def _mod_superlative(self, item: Item) -> int:
        following, ahead = self.after()
        n = None
        used = 1
        if following is not None and following.kind == "number" and following.span:
            n, used = int(following.span.number), ahead + 1
        if item.text in ("first", "last"):
            return used if n else 1
        if self.loose is not None and n is None:
            n, self.loose = int(self.loose), None
        self.rank = Rank(item.detail == "desc", n, word=item.text)
        self.rank_noun = self.scope
        if self.counting:
            self.counting = False
        if any(w in item.text for w in ("common", "popular", "frequent", "often", "prominent")):
            self.rank.counted = True
            self.scope.rank = self.rank
        return used

    def _mod_implied(self, item: Item) -> int:
        following, _ = self.after()
        rank = Rank(False, int(self.loose) if self.loose else None, implied=item.detail)
        self.loose = None
        if following is not None and following.kind == "mention" and self.is_table(following):
            self.rank, self.rank_noun = rank, self.scope
            return 1
        if following is not None and following.kind == "mention" and self.is_column(following):
            rank.target = following.span
            rank.implied = ""
            rank.descending = item.detail in (
                "newest",
                "latest",
                "most recent",
                "longest",
                "oldest",
                "most expensive",
                "heaviest",
                "tallest",
                "fastest",
                "most costly",
            )
            self.scope.rank = rank
            return 2
        self.scope.rank = rank
        return 1

    def _mod_group(self, item: Item) -> int:
        following, _ = self.after()
        if item.text == "by":
            self.prep = "by"
            figures = self._figures() or self.ask.groups
            if not (figures and following and self.is_column(following)):
                return 1
        if item.text in ("across",) or (
            following is not None and following.kind == "mention" and self.is_value(following)
        ):
            return 1
        self.settle()
        self.modifying = False
        self.grouping = True
        return 1

    def _mod_order(self, item: Item) -> int:
        self.settle()
        self.sorting = item.detail == "desc"
        return self.sort()

    def _mod_direction(self, item: Item) -> int:
        self.settle()
        return self.direct(item)

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

    def compare(  # noqa: PLR0911, PLR0912 - one branch per form of words
        self, operator: Operator, values: tuple[float, ...], used: int
    ) -> int:
        """A number with its operator: about a count, a column named after it or before it."""
        before = self.before()
        if self.items[self.at].text == "one" and before and before.kind == "mention":
            return used
        following, ahead = self.after(used)
        if following is not None and following.text in ("different", "distinct", "unique"):
            self.distinct = True
            following, ahead = self.after(ahead + 1)
        if following is not None and following.text in ("time", "times"):
            self.add(Relation(Noun(), number=(operator, values), verb=self.verb or "time"))
            self.pending = None
            return ahead + 1
        if (
            following is not None
            and following.kind == "mention"
            and self.is_value(following)
            and self.pending is None
        ):
            held = self.at
            self.at += ahead
            belongs = self.value_of_next_table(0)
            self.at = held
            if belongs:
                assert following.span
                self.held.append(following.span)
                following, ahead = self.after(ahead + 1)
        if (
            self.pending is None
            and following is not None
            and following.kind in ("mention", "metric")
        ):
            if self.is_table(following) or (following.kind == "metric" and following.best("table")):
                assert following.span
                noun = self.noun(following.span)
                relation = Relation(noun, number=(operator, values), distinct=self.distinct)
                self.distinct = False
                self.open_relation(relation)
                return ahead + 1
            if self.is_column(following):
                assert following.span
                if not self.numeric(following.span):
                    relation = Relation(
                        Noun(following.span), number=(operator, values), distinct=self.distinct
                    )
                    self.add(relation)
                    self.distinct = False
                    return ahead + 1
                self.add(Test(following.span, operator, values))
                return ahead + 1
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

    def _mod_operator(self, item: Item) -> int:  # noqa: PLR0911, PLR0912 - one branch per form of words
        operator = cast(Operator, item.detail)
        if item.text in _NAMED:
            self.name_next = True
            return 1
        following, ahead = self.after()
        if following is None:
            return 1
        if item.text in _COPULA:
            if item.text == "equal":
                pass
            elif item.text == "from" and following.kind == "number":
                return self._between(following, ahead)
            else:
                self.prep = "from" if item.text == "from" else self.prep
                return 1
        if operator == "between":
            return self._between(following, ahead) if following.kind == "number" else 1
        if operator in ("contains", "starts", "ends"):
            named = following.kind in ("group", "operator") and following.detail != "contains"
            named = named or (
                following.kind in ("mention", "number", "negation", "superlative")
                and not self.is_value(following)
                and following.text not in ("letter", "word")
            )
            if operator == "contains" and named and item.text.startswith(("contain", "includ")):
                self.verb = item.lemma
                return 1
            return self._like(operator, ahead)
        implied = next((a for w, a in _IMPLIES.items() if w in item.text), "")
        if following.kind == "number" and following.span:
            after = self.item(ahead + 1)
            values = (following.span.number,)
            if implied and self.pending is None:
                self.add(Test(None, operator, values, about=implied))
                return ahead + 1 + self._unit(ahead + 1)
            del after
            return self.compare(operator, values, ahead + 1)
        if following.kind == "time" and following.span and following.span.time and operator != "!=":
            return self._time_bound(operator, following, ahead)
        if following.kind == "aggregate":
            return self._against_aggregate(operator, ahead, implied)
        if following.kind == "superlative" and following.text in ("average",):
            return 1
        if following.kind in ("mention", "metric") and operator not in ("!=",):
            two, further = self.after(ahead + 1)
            if (
                self.is_column(following)
                and two is not None
                and two.kind == "number"
                and two.span
                and operator not in ("=",)
            ):
                assert following.span
                self.add(Test(following.span, operator, (two.span.number,)))
                return further + 1
            if not self.is_value(following) and operator in (">", "<", ">=", "<=", "="):
                return self._against_thing(operator, following, ahead, implied)
        if operator == "!=":
            if following.kind == "number" and following.span:
                return self.compare("!=", (following.span.number,), ahead + 1)
            self.negated = not self.negated
            if item.text in ("other than", "except", "except for", "but not", "apart from"):
                self._return_to_clause()
        return 1

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

    def _like(self, operator: Operator, ahead: int) -> int:
        at = ahead
        while (item := self.item(at)) is not None and (
            (
                item.text
                in (
                    "the",
                    "a",
                    "an",
                    "letter",
                    "word",
                    "substring",
                    "phrase",
                    "string",
                    "with",
                    "by",
                    "character",
                    "prefix",
                )
                and item.kind in ("word", "clause", "group")
            )
            or item.detail == "contains"
        ):
            at += 1
        if item is None or item.kind in ("stop", "clause"):
            return 1
        text = item.span.text if item.span else item.text
        if item.kind == "word":
            text = self.reading.tokens[item.first].text
        self.used |= set(range(item.first, item.last))
        column, behind = self.pending, 0
        if column is None:
            column, behind = self._column_behind(at)
        self.add(Test(column, operator, (text,)))
        following = self.item(at + 1)
        second = self.item(at + 2)
        if (
            following is not None
            and following.kind == "join"
            and second is not None
            and (second.kind == "quote" or (second.kind == "word" and len(second.text) == 1))
        ):
            self.alternative = following.lemma == "or"
            second_text = self.reading.tokens[second.first].text
            column = column or self._column_behind(at + 2)[0]
            self.used |= set(range(second.first, second.last))
            self.add(Test(column, operator, (second_text,)))
            at += 2
            behind = self._column_behind(at)[1]
        self.pending = None
        return at + 1 + behind

    def _column_behind(self, at: int) -> tuple[Span | None, int]:
        """The column that a part of a text is in, when it is named after: in its name."""
        link = self.item(at + 1)
        if link is None or link.text not in ("in", "within", "as"):
            return None, 0
        column, ahead = self.after(at + 2)
        if column is None or column.kind != "mention" or not column.best("column"):
            return None, 0
        return column.span, ahead - at

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

    def _mod_quote(self, item: Item) -> int:
        assert item.span
        text = item.span.text
        column, behind = self._column_behind(0)
        if self.pending is None and column is not None:
            self.add(Test(column, "contains", (text,)))
            return 1 + behind
        if self.pending is not None and not self.name_next:
            self.add(Test(self.pending, "=", (text,)))
        elif item.span.meanings and not self.name_next:
            self.add(Valued(item.span))
        else:
            self.add(Test(None, "=", (text,), about="name"))
        self.pending, self.name_next = None, False
        return 1

    def _mod_metric(self, item: Item) -> int:
        return self._mod_mention(item)

    def _mod_mention(self, item: Item) -> int:
        assert item.span
        if (
            self.is_value(item)
            or (item.best("value") and self.name_next)
            or self._value_of_pending(item.span)
        ):
            return self._value(item)
        if self.is_table(item) and not self._own_column(item):
            return self._table(item)
        return self._column(item)

    def _own_column(self, item: Item) -> bool:
        """Whether the thing in scope has a column of that name, and a test of it follows."""
        assert item.span
        following, _ = self.after()
        tested = following is not None and following.kind in ("operator", "quote")
        if not tested or self.scope.span is None or self.rank is not None:
            return False
        own = self.tables_of(self.scope.span, "table")
        return any(
            m.kind == "column" and m.table in own and m.score > 0.75 for m in item.span.meanings
        )

    def _value_of_pending(self, span: Span) -> bool:
        """Whether the column just named holds it: in status cancelled."""
        if self.pending is None:
            return False
        named = {(m.table, m.column) for m in self.pending.meanings if m.kind == "column"}
        return any((m.table, m.column) in named for m in span.meanings if m.kind == "value")

    def _value(self, item: Item) -> int:
        assert item.span
        if self.value_of_next_table(0):
            self.held.append(item.span)
            return 1
        column = self.pending
        self.pending = None
        self.name_next = False
        following = self.item(1)
        if column is None and following is not None and following.text in _WHO:
            own = self.tables_of(self.scope.span, "table") if self.scope.span else set()
            if own and not own & self.tables_of(item.span, "value"):
                self.open_relation(Relation(Noun(None, [Valued(item.span)], value=item.span)))
                return 1
        self.add(Valued(item.span, column=column))
        label, ahead = self.after(2)
        if (
            following is not None
            and following.text == "as"
            and label is not None
            and label.kind == "mention"
            and self.tables_of(item.span, "value")
            & {m.table for m in (label.span or item.span).meanings}
        ):
            return ahead + 1
        if (
            following is not None
            and following.kind == "mention"
            and following.span
            and not self.is_value(following)
        ):
            columns = {(m.table, m.column) for m in following.span.meanings if m.kind == "column"}
            stored = {(m.table, m.column) for m in item.span.meanings if m.kind == "value"}
            if columns & stored:
                return 2
        return 1

    def _table(self, item: Item) -> int:
        assert item.span
        if self.rank is not None and self.rank.target is None:
            rank, self.rank = self.rank, None
            holder = self.rank_noun or self.scope
            noun = self.noun(item.span)
            if rank.implied:
                noun.rank = rank
                self.relate(noun)
                return 1
            rank.noun = noun
            holder.rank = rank
            self.scope = noun
            return 1
        following, ahead = self.after()
        if (
            following is not None
            and ahead == 1
            and following.kind == "mention"
            and self.is_column(following)
        ):
            self.pending = following.span
            return 2
        if (
            item.best("column") > 0.9
            and following is not None
            and (following.kind in ("quote", "number") or self.is_value(following))
            and self.prep in ("with", "whose")
        ):
            self.pending = item.span
            return 1
        self.relate(self.noun(item.span))
        return 1

    def relate(self, noun: Noun) -> None:
        """Open a relation from the thing in scope."""
        self.open_relation(Relation(noun, verb=self.verb))
        self.pending = None

    def _column(self, item: Item) -> int:
        assert item.span
        if self.rank is not None and self.rank.target is None:
            rank, self.rank = self.rank, None
            rank.target = item.span
            rank.function = self.pending_function
            self.pending_function = None
            holder = self.rank_noun or self.scope
            if rank.counted:
                rank.noun = Noun(item.span)
                rank.target = None
            holder.rank = rank
            return 1
        if self._happening(item) and not self.dated(item.span):
            self.verb = item.text
            return 1
        self.pending = item.span
        return 1
