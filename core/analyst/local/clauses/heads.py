"""The head of a question: what is to be shown, and of which thing."""

from typing import cast

from core.analyst.local.clauses.cursor import ASKING, Cursor
from core.analyst.local.clauses.items import Item
from core.analyst.local.clauses.tree import Noun, Output, Rank, Sorting
from core.analyst.local.plan import Function
from core.analyst.local.spans import Span, happened

PREPOSITIONS = {"of", "for", "from", "in", "by", "on", "at", "to", "among", "about", "into",
                "within", "across", "per", "under", "inside", "through", "between"}  # fmt: skip
SENTENCE_ENDS = {".", "?", "!", ";"}
_HELPING = {"have", "has", "had", "do", "does", "did"}


class Heads(Cursor):
    """Reads outputs and the subject."""

    def modify(self) -> None:
        """What follows restricts; the layer above knows how."""
        raise NotImplementedError

    def head(self, item: Item) -> int:
        """One step at the head of a question or sentence; gives the items used."""
        step = getattr(self, f"_head_{item.kind}", None)
        return cast(int, step(item)) if step else 1

    @property
    def begun(self) -> bool:
        """Whether something to show or talk about was named."""
        return bool(self.ask.outputs) or self.ask.subject.span is not None

    def _head_stop(self, item: Item) -> int:
        if item.text in SENTENCE_ENDS:
            self.new_sentence()
        elif not self.grouping:
            self.prep = ""
        return 1

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

    def direct(self, item: Item) -> int:
        """Ascending, alphabetical: about what is sorted by, named before or after."""
        descending = item.detail == "desc"
        if self.ask.sorting:
            for sorting in self.ask.sorting:
                sorting.descending = descending
            return 1
        following, ahead = self.after(1, "by", "order")
        if following and following.kind in ("mention", "count", "metric", "aggregate"):
            self.sorting = descending
            self.at += ahead - 1
            return self.sort()
        alphabetic = "alpha" in item.text or "lexic" in item.text
        self.ask.sorting.append(Sorting(None, descending, alphabetic=alphabetic))
        return 1

    def sort(self) -> int:
        """What rows are sorted by, one or several columns with their directions."""
        used = 1
        count = False
        function: Function | None = None
        while (item := self.item(used)) is not None:
            if item.kind == "count":
                count = True
            elif item.kind == "aggregate":
                function = cast(Function, item.detail)
            elif item.kind in ("mention", "metric"):
                self.ask.sorting.append(Sorting(item.span, bool(self.sorting), count, function))
                count, function = False, None
                if self.item(used + 1) and self.item(used + 1).kind not in ("join", "direction"):  # type: ignore[union-attr]
                    return used + 1
            elif item.kind == "direction":
                self.sorting = item.detail == "desc"
                for sorting in self.ask.sorting:
                    sorting.descending = item.detail == "desc"
            elif item.kind in ("stop", "clause", "group", "superlative"):
                return used
            elif item.kind in ("join", "also"):
                ahead = self.item(used + 1)
                if ahead is not None and ahead.text in ASKING:
                    return used
            used += 1
        return used

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

    def _head_mention(self, item: Item) -> int:
        assert item.span
        if self.is_value(item):
            if self.rank is not None and self.rank.implied and self.ask.subject.rank is None:
                self.ask.subject.rank, self.rank = self.rank, None
            if self.value_of_next_table(0) or not self.begun:
                self.held.append(item.span)
                return 1
            self.modify()
            return 0
        if self.begun and not self._linked() and self._happening(item):
            self.modify()
            return 0
        if self.grouping:
            return self._group_mention(item)
        if self.is_table(item):
            return self._head_table(item)
        return self._head_column(item)

    def _happening(self, item: Item) -> bool:
        """A verb that names a column (hired, started) tells when; it is not shown."""
        assert item.span
        verb = item.text.endswith(("ed", "ing"))
        vague = item.span.fuzzy or max(item.best("table"), item.best("column")) < 0.6
        return verb and (vague or self.dated(item.span))

    def _group_mention(self, item: Item) -> int:
        assert item.span
        self.ask.groups.append(item.span)
        following = self.item(1)
        goes_on = following is not None and following.kind in ("join", "also")
        second, _ = self.after(2)
        if not (
            goes_on
            and second
            and second.kind == "mention"
            and not self.is_value(second)
            and self.ask.outputs != []
        ):
            self.grouping = False
        if self.is_table(item) and self.ask.outputs and self.ask.subject.span is None:
            noun = self.noun(item.span)
            self._set_subject(noun)
        return 1

    def _set_subject(self, noun: Noun) -> None:
        held = self.ask.subject
        held.span = noun.span
        held.clauses += noun.clauses
        self.scope = self.clause_noun = held

    def _head_table(self, item: Item) -> int:  # noqa: PLR0911, PLR0912 - one branch per form of words
        assert item.span
        following = self.item(1)
        owning = (
            following is not None
            and following.kind == "mention"
            and self.is_column(following)
            and not self.is_value(following)
            and not self.counting
        )
        if owning and not self.functions and not self.rank:
            self.owner = item.span
            if self.ask.subject.span is None:
                self._set_subject(self.noun(item.span))
            return 1
        if self.counting:
            noun = self.noun(item.span)
            self.ask.outputs.append(
                Output(item.span, count=True, distinct=self.distinct, noun=noun)
            )
            self.counting = self.distinct = False
            if self.ask.subject.span is None and not self.ask.outputs[:-1]:
                self.ask.subject = noun
                self.clause_noun = noun
            self.scope = noun
            return 1
        if self.rank is not None and self.rank.target is None:
            rank, self.rank = self.rank, None
            if (
                self.ask.subject.span is not None
                and self.scope is self.ask.subject
                and (not self.prep or rank.word == "most")
            ):
                rank.noun = self.noun(item.span)
                self.ask.subject.rank = rank
                self.modify()
                self.scope = rank.noun
                return 1
            if (
                not self.begun
                and not rank.implied
                and not rank.counted
                and rank.word in ("most", "fewest", "least")
            ):
                rank.noun = self.noun(item.span)
                self.ask.subject.rank = rank
                return 1
            noun = self.noun(item.span)
            if self.ask.subject.span is None:
                self._set_subject(noun)
                self.ask.subject.rank = rank
                self.ask.named = self.ask.named or not self.ask.outputs
            else:
                noun.rank = rank
                self.modify()
                self.relate(noun)
            return 1
        if self.functions and self.ask.outputs and self.ask.outputs[-1].span:
            last = self.ask.outputs[-1]
            self.ask.outputs.append(Output(last.span, tuple(self.functions)))
            self.functions = []
        if self.ask.outputs and self._linked() and not self.prep:
            self.ask.outputs.append(Output(item.span))
            return 1
        if self.ask.subject.span is None:
            self._set_subject(self.noun(item.span))
            if not self.ask.outputs:
                self.ask.named = True
                self.ask.distinct = self.ask.distinct or self.distinct
                self.distinct = False
            return 1
        if self.prep or not self._linked():
            self.modify()
            return 0
        self.ask.outputs.append(Output(item.span))
        return 1

    def _linked(self) -> bool:
        before = self.before()
        return before is not None and (before.kind in ("join", "also") or before.text == ",")

    def relate(self, noun: Noun) -> None:
        """Related things; the layer above knows how."""
        raise NotImplementedError

    def _head_column(self, item: Item) -> int:
        assert item.span
        if item.text in ("number", "numbers", "count") and any(o.count for o in self.ask.outputs):
            return 1
        if self.counting and self.functions and self.numeric(item.span):
            self.counting = False
        if self.counting:
            self.ask.outputs.append(Output(item.span, count=True, distinct=True))
            self.counting = self.distinct = False
            return 1
        if self.rank is not None and self.rank.target is None:
            return self._ranked_column(item)
        if self._counted_by_what_happened(item):
            self.modify()
            self.pending = item.span
            return 1
        before = self.before()
        possessed = before is not None and before.span is not None and before.span is self.owner
        owner, used = self._owner()
        if (
            self.ask.subject.span is not None
            and owner is None
            and not possessed
            and not self.own
            and not self._linked()
            and self.begun
            and self.prep
            and not self.functions
        ):
            self.modify()
            return 0
        if self.own and self.ask.named and not self.ask.outputs and self.ask.subject.span:
            self.ask.outputs.append(Output(self.ask.subject.span))
        self.ask.outputs.append(
            Output(
                item.span,
                tuple(self.functions),
                distinct=self.distinct,
                owner=self.owner if possessed else owner,
            )
        )
        self.ask.distinct = self.ask.distinct or (self.distinct and not self.functions)
        self.functions, self.distinct, self.own = [], False, False
        self.prep = ""
        return used

    def _owner(self) -> tuple[Span | None, int]:
        """The name of the country, beside a subject of its own: whose name it is."""
        link = self.item(1)
        if self.ask.subject.span is None or link is None or link.text != "of":
            return None, 1
        thing, ahead = self.after(2)
        own = self.tables_of(self.ask.subject.span, "table")
        if (
            thing is None
            or thing.kind != "mention"
            or not thing.span
            or not self.is_table(thing)
            or own & self.tables_of(thing.span, "table")
        ):
            return None, 1
        return thing.span, ahead + 1

    def _counted_by_what_happened(self, item: Item) -> bool:
        """How many members left, or are on call: those for whom that is so."""
        assert item.span
        counted = bool(self.ask.outputs) and self.ask.outputs[-1].count
        plain = not (self._linked() or self.prep or self.functions or self.grouping)
        telling = happened(item.span, self.lexicon) or self.is_flag(item.span)
        return counted and plain and telling

    def _ranked_column(self, item: Item) -> int:
        """The highest salary: the value itself, unless it tells which thing is meant."""
        assert item.span
        assert self.rank
        following = self.item(1)
        beside = following is not None and following.kind == "mention" and self.is_table(following)
        outputs = self.ask.outputs
        extremes = outputs and outputs[-1].functions and outputs[-1].functions[0] in ("max", "min")
        if self.rank.counted:
            self.ask.outputs.append(Output(item.span))
            self.ask.subject.rank = self.rank
            self.rank = None
            return 1
        if (beside and not outputs) or (outputs and not extremes and self.ask.subject.span is None):
            self.rank.target = item.span
            self.ask.subject.rank, self.rank = self.rank, None
            return 1
        if outputs and not extremes and self.ask.subject.span is not None:
            self.rank.target = item.span
            self.scope.rank, self.rank = self.rank, None
            return 1
        function: Function = "max" if self.rank.descending else "min"
        self.ask.outputs.append(Output(item.span, (*self.functions, function)))
        self.functions, self.rank = [], None
        return 1
