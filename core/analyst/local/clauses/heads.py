"""The head of a question: what is to be shown, and of which thing."""

from typing import cast

from core.analyst.local.clauses.cursor import ASKING
from core.analyst.local.clauses.items import Item
from core.analyst.local.clauses.subjects import Subjects
from core.analyst.local.clauses.tree import Output, Rank
from core.analyst.local.plan import Function

PREPOSITIONS = {"of", "for", "from", "in", "by", "on", "at", "to", "among", "about", "into",
                "within", "across", "per", "under", "inside", "through", "between"}  # fmt: skip
SENTENCE_ENDS = {".", "?", "!", ";"}
_HELPING = {"have", "has", "had", "do", "does", "did"}


class Heads(Subjects):
    """Reads the words that tell what a mention at the head is for."""

    def head(self, item: Item) -> int:
        """One step at the head of a question or sentence; gives the items used."""
        step = getattr(self, f"_head_{item.kind}", None)
        return cast(int, step(item)) if step else 1

    def _head_stop(self, item: Item) -> int:
        if self.ends_sentence(item):
            self.new_sentence()
        elif not self.grouping:
            self.prep = ""
        return 1

    def ends_sentence(self, item: Item) -> bool:
        """Whether a stop ends a sentence; that of an abbreviation (Ph.D. degree) does not."""
        if item.text not in SENTENCE_ENDS:
            return False
        following = self.item(1)
        if item.text != "." or following is None or following.kind == "stop":
            return True
        text = self.reading.tokens[following.first].text
        return text[:1].isupper() or following.text.split()[0] in ASKING

    def new_sentence(self) -> None:
        """What follows may name further outputs."""
        self.count_alone()
        self.modifying = self.own = False
        self.scope = self.clause_noun = self.ask.subject
        self.pending, self.rank, self.functions = None, None, []
        self.grouping, self.counting, self.sorting = False, False, None
        self.prep = ""

    def count_alone(self) -> None:
        """Types of stores and the number of them: how many rows there are of each."""
        if self.counting and (self.ask.outputs or self.ask.groups):
            self.ask.outputs.append(Output(None, count=True, noun=self.ask.subject))
        self.counting = False

    def _head_word(self, item: Item) -> int:
        if item.text in ("their", "its", "his", "her"):
            self.own = True
            self.prep = ""
        elif item.text in PREPOSITIONS:
            self.prep = item.text
        elif item.text in ("information", "info", "everything", "detail", "details", "data"):
            before = self.before()
            if (
                item.text == "everything"
                or "all" in self._said(item.first - 4, item.first)
                or (before and before.text in ("show", "list") and not self.ask.outputs)
            ):
                self.ask.everything = True
        elif item.text == "ids" and self.begun:
            pass
        elif (
            self.ask.subject.span is not None
            and item.text not in ASKING
            and self._verb(item)
            and self.begun
        ):
            self.verb = item.lemma
            self.modify()
        return 1

    def _verb(self, item: Item) -> bool:
        return item.text.endswith(("ed", "ing", "s")) and len(item.text) > 3

    def _said(self, first: int, last: int) -> set[str]:
        return {t.lemma for t in self.reading.tokens[max(0, first) : last]}

    def _head_also(self, item: Item) -> int:
        self.prep = ""
        return 1

    def _head_join(self, item: Item) -> int:
        self.alternative = item.lemma == "or"
        if item.lemma == "both":
            self.ask.both = True
        if not self.held and not self.grouping:
            self.prep = ""
        return 1

    def _head_clause(self, item: Item) -> int:
        following = self.item(1)
        if item.text == "with" and following and following.text in ("their", "its", "his", "her"):
            self.prep = ""
            return 1
        if item.text in _HELPING and self.counting:
            return 1
        if not self.begun:
            return 1
        if item.text in _HELPING and self.at + 1 >= len(self.items):
            return 1
        self.modify()
        return 0

    def _head_operator(self, item: Item) -> int:
        if item.text in ("including", "include") and self._next_is_column():
            return 1
        if not self.begun or item.text in ("as", "be"):
            if item.text == "from":
                self.prep = "from"
            return 1
        if item.text == "from":
            self.prep = "from"
            following, _ = self.after()
            if following and following.kind in ("mention", "group") and self.is_table(following):
                return 1
        if item.text in ("is", "are", "was", "were") and not self._opens_clause():
            return 1
        self.modify()
        return 0

    def _next_is_column(self) -> bool:
        following, _ = self.after()
        return following is not None and following.kind == "mention" and self.is_column(following)

    def _opens_clause(self) -> bool:
        """A copula after the subject starts what must hold; before it, it does not."""
        following, _ = self.after()
        if following is None or following.kind == "stop":
            return False
        if following.kind == "word" and following.text in ("there", "they"):
            return False
        return self.ask.subject.span is not None or not following.best("table")

    def _head_negation(self, item: Item) -> int:
        if self.begun:
            self.modify()
            return 0
        return 1

    def _head_count(self, item: Item) -> int:
        self.counting = True
        self.prep = ""
        if "different" in item.text:
            self.distinct = True
        return 1

    def _head_aggregate(self, item: Item) -> int:
        following, _ = self.after()
        if item.text in ("total", "overall") and following and following.kind == "count":
            return 1
        if item.text == "how much" and following and following.kind == "clause":
            return 1
        self.functions.append(cast(Function, item.detail))
        return 1

    def _head_distinct(self, item: Item) -> int:
        self.distinct = True
        return 1

    def _head_number(self, item: Item) -> int:
        before = self.before()
        column = before and before.kind == "mention" and self.is_column(before) and before.span
        if column and before and self.begun:
            self.modify()
            self.pending = before.span
            if self.ask.outputs and self.ask.outputs[-1].span is before.span:
                self.ask.outputs.pop()
            return 0
        table = before and before.kind == "mention" and self.is_table(before)
        if table and self.begun:
            self.modify()
            return 0
        self.loose = item.span.number if item.span else None
        return 1

    def _head_superlative(self, item: Item) -> int:
        following, ahead = self.after()
        twin, _ = self.after(2)
        pair = (
            following is not None
            and following.kind == "join"
            and twin is not None
            and (twin.kind in ("superlative", "aggregate"))
        )
        if item.text not in ("first", "last") and (
            pair or (self.functions and self.functions[-1] in ("max", "min"))
        ):
            self.functions.append("max" if item.detail == "desc" else "min")
            return 1
        number = (
            following.span.number
            if following and following.kind == "number" and following.span
            else None
        )
        n = int(number) if number and following and following.span else None
        used = ahead + 1 if n is not None else 1
        if item.text in ("first", "last") and n is None and self.loose is None:
            return self._ordinal(item)
        if self.loose is not None and n is None:
            n, self.loose = int(self.loose), None
        self.rank = Rank(item.detail == "desc", n, word=item.text)
        if any(w in item.text for w in ("common", "popular", "frequent", "often", "prominent")):
            self.rank.counted = True
        return used

    def _ordinal(self, item: Item) -> int:
        """The first student to register: the earliest; but not the first name."""
        following, _ = self.after()
        if following and following.kind == "mention" and self.is_table(following):
            self.rank = Rank(
                item.text == "last", None, implied="latest" if item.text == "last" else "earliest"
            )
        return 1

    def _head_implied(self, item: Item) -> int:
        n = int(self.loose) if self.loose is not None else None
        self.loose = None
        self.rank = Rank(False, n, implied=item.detail)
        if self.modifying or (self.ask.subject.span is not None and not self.prep):
            self.scope.rank = self.rank
        return 1

    def _head_group(self, item: Item) -> int:
        rank = self.ask.subject.rank
        if item.text == "by" and rank and not (rank.target or rank.noun or rank.implied):
            figure, ahead = self.after()
            if figure is not None and figure.kind in ("mention", "metric") and not rank.counted:
                rank.target = figure.span
                return ahead + 1
        if item.text == "by" and self.prep != "group":
            listed = not (self.functions or self.counting or self._figures())
            if listed and self.begun:
                self.modify()
                self.prep = "by"
                return 1
        self.grouping = True
        return 1

    def _figures(self) -> bool:
        return any(o.count or o.functions for o in self.ask.outputs)

    def _head_order(self, item: Item) -> int:
        self.sorting = item.detail == "desc"
        return self.sort()

    def _head_direction(self, item: Item) -> int:
        return self.direct(item)

    def _head_metric(self, item: Item) -> int:
        return self._head_mention(item)

    def _head_quote(self, item: Item) -> int:
        self.modify()
        return 0

    def _head_time(self, item: Item) -> int:
        if self.begun:
            self.modify()
            return 0
        return 1
