"""Values, texts, columns and things named in a clause: what must hold."""

from typing import cast

from core.analyst.local.clauses.comparing import Comparing
from core.analyst.local.clauses.items import Item
from core.analyst.local.clauses.tree import (
    Noun,
    Relation,
    Test,
    Valued,
)
from core.analyst.local.plan import Operator
from core.analyst.local.spans import Span

_COPULA = {"is", "are", "was", "were", "be", "as", "equal", "from"}
_NAMED = {"named", "called", "titled", "with name"}
_IMPLIES = {
    "older": "age", "younger": "age", "longer": "length", "shorter": "length",
    "heavier": "weight", "lighter": "weight", "taller": "height", "cheaper": "price",
    "expensive": "price", "faster": "speed", "slower": "speed",
}  # fmt: skip
_WHO = {"that", "which", "whose", "who"}


class Holding(Comparing):
    """Gives every mention in a clause its part."""

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
            self.used |= set(range(item.first, item.last))
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
        if (self._happening(item) or item.span.fuzzy) and not self.dated(item.span):
            self.verb = item.text
            return 1
        self.pending = item.span
        return 1
