"""Things and columns named at the head: which is the subject, and which are shown."""

from core.analyst.local.clauses.items import Item
from core.analyst.local.clauses.orders import Orders
from core.analyst.local.clauses.tree import Noun, Output, Valued
from core.analyst.local.plan import Function
from core.analyst.local.spans import Span, happened


class Subjects(Orders):
    """Gives every mention at the head its part."""

    def modify(self) -> None:
        """What follows restricts; a layer above knows how."""
        raise NotImplementedError

    def relate(self, noun: Noun) -> None:
        """Related things; a layer above knows how."""
        raise NotImplementedError

    @property
    def begun(self) -> bool:
        """Whether something to show or talk about was named."""
        return bool(self.ask.outputs) or self.ask.subject.span is not None

    def _head_mention(self, item: Item) -> int:  # noqa: PLR0911 - one return per form of words
        assert item.span
        if self.is_value(item):
            if self.counting and not self.ask.outputs and not self.value_of_next_table(0):
                noun = Noun(None, [Valued(item.span)], value=item.span)
                self.ask.outputs.append(Output(None, count=True, noun=noun))
                self.ask.subject = self.scope = self.clause_noun = noun
                self.counting = False
                return 1
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

    def _head_column(self, item: Item) -> int:  # noqa: PLR0911 - one return per form of words
        assert item.span
        if item.text in ("number", "numbers", "count") and any(o.count for o in self.ask.outputs):
            return 1
        if self._counted_by_what_happened(item):
            self.modify()
            self.pending = item.span
            return 1
        following = self.item(1)
        if self.flagged(item.span) and following is not None and following.kind == "mention":
            self.flags.append(item.span)
            return 1
        if self.counting and self.numeric(item.span) and not self.distinct:
            self.counting = False
            self.functions = self.functions or ["sum"]
        if self._names_of_column(item):
            return 1
        if self.counting:
            self.ask.outputs.append(Output(item.span, count=True, distinct=self.distinct))
            self.counting = self.distinct = False
            return 1
        if self.rank is not None and self.rank.target is None:
            return self._ranked_column(item)
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

    def _counted_by_what_happened(self, item: Item) -> bool:
        """How many members left, or are on call: those for whom that is so."""
        assert item.span
        counted = bool(self.ask.outputs) and self.ask.outputs[-1].count
        plain = not (self._linked() or self.prep or self.functions or self.grouping)
        return counted and plain and (happened(item.span, self.lexicon) or self.flagged(item.span))

    def _names_of_column(self, item: Item) -> bool:
        """The names of all cities, where a city is a column: the column itself."""
        link, before = self.item(1), self.item(-1)
        if item.text not in ("name", "names"):
            return False
        if before is not None and before.kind == "mention" and self.is_column(before):
            return True
        if link is None or link.text != "of":
            return False
        thing, _ = self.after(2)
        return thing is not None and thing.kind == "mention" and self.is_column(thing)

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
