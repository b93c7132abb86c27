"""Clauses about the thing in scope: where they begin, end and return to."""

from typing import cast

from core.analyst.local.clauses.cursor import ASKING
from core.analyst.local.clauses.heads import PREPOSITIONS
from core.analyst.local.clauses.holding import Holding
from core.analyst.local.clauses.items import Item
from core.analyst.local.clauses.tree import (
    Against,
    Filled,
    Noun,
    Output,
    Rank,
    Relation,
    Same,
    Test,
    Valued,
)
from core.analyst.local.plan import Function

_COMPARED = {
    "greater": ">", "higher": ">", "larger": ">", "bigger": ">", "more": ">", "longer": ">",
    "lower": "<", "smaller": "<", "less": "<", "fewer": "<", "shorter": "<",
}  # fmt: skip


class Modifiers(Holding):
    """Reads the words that hold clauses together."""

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
        if self.ends_sentence(item):
            self.settle()
            self.new_sentence()
        return 1

    def settle(self) -> None:
        """What is still open at the end of a clause: a verb, a column without a test."""
        if self.rank is not None:
            self._settle_rank(self.rank)
            self.rank = None
        if self._close_pending():
            pass
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

    def _mod_word(self, item: Item) -> int:  # noqa: PLR0911 - one return per form of words
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
        elif item.text == "same":
            return self._same(item)
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

    def _same(self, item: Item) -> int:
        """In the same department as Clara: what both share, and who the other is."""
        shared, ahead = self.after()
        link = self.item(ahead + 1)
        if shared is None or shared.kind != "mention" or link is None or link.text != "as":
            return 1
        assert shared.span
        other = Noun()
        self.add(Same(shared.span, other))
        self.scope = other
        thing, further = self.after(ahead + 2)
        named = thing is not None and thing.kind == "mention" and self.is_table(thing)
        return further + 1 if named else ahead + 2

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
        self._close_pending()
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
