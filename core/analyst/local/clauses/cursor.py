"""Where the parser is in the question, and what has been said but not yet put in its place."""

from core.analyst.local import words
from core.analyst.local.clauses import items
from core.analyst.local.clauses.items import Item
from core.analyst.local.clauses.tree import Ask, Clause, Noun, Rank, Relation, Test, Valued
from core.analyst.local.lexicon import Lexicon
from core.analyst.local.plan import Function
from core.analyst.local.roles import Role
from core.analyst.local.spans import Reading, Span

FILL = {"the", "a", "an", "of", "all", "any", "some", "its", "their", "his", "her", "this", "that",
        "those", "these", "value", "in", "is", "are", "was", "were", "be", "ever", "been",
        "being", "also", "only", "just", "either", "both", "every", "each", "most"}  # fmt: skip
LINKS = {"join", "also"}
ASKING = {"what", "which", "who", "show", "list", "give", "find", "return", "tell", "display",
          "how", "where", "when", "whose", "also", "report", "me", "provide", "state", "count",
          "compute", "their", "his", "its"}  # fmt: skip


class Cursor:
    """Remembers what was said; the layers above decide what it means."""

    def __init__(self, reading: Reading, lexicon: Lexicon) -> None:
        self.reading = reading
        self.lexicon = lexicon
        self.items = items.of(reading, lexicon)
        self.at = 0
        self.ask = Ask()
        self.modifying = False
        self.scope: Noun = self.ask.subject
        self.clause_noun: Noun = self.ask.subject
        self.functions: list[Function] = []
        self.counting = False
        self.distinct = False
        self.loose: float | None = None
        self.rank: Rank | None = None
        self.rank_noun: Noun | None = None
        self.negated = False
        self.alternative = False
        self.pending: Span | None = None
        self.pending_function: Function | None = None
        self.name_next = False
        self.held: list[Span] = []
        self.flags: list[Span] = []
        self.owner: Span | None = None
        self.prep = ""
        self.verb = ""
        self.own = False
        self.grouping = False
        self.sorting: bool | None = None
        self.used: set[int] = {
            i for item in self.items if item.kind == "also" for i in range(item.first, item.last)
        }

    def item(self, ahead: int = 0) -> Item | None:
        """The item so many places on, or None past the end."""
        at = self.at + ahead
        return self.items[at] if 0 <= at < len(self.items) else None

    def after(self, ahead: int = 1, *fill: str) -> tuple[Item | None, int]:
        """The next telling item and how far away it is; filling words are passed over."""
        skipped = FILL | set(fill)
        while True:
            item = self.item(ahead)
            if item is None or not (
                item.text in skipped and item.kind in ("word", "clause", "operator", "group")
            ):
                return item, ahead
            ahead += 1

    def before(self) -> Item | None:
        """The item just before, articles and the like passed over."""
        back = 1
        while self.at - back >= 0:
            item = self.items[self.at - back]
            if not (item.kind == "word" and item.text in ("the", "a", "an", "all", "any", "some")):
                return item
            back += 1
        return None

    def is_table(self, item: Item) -> bool:
        """Whether a mention rather names a table than a column or a value."""
        table, column = item.best("table"), item.best("column")
        if column and item.text.split()[-1] in ("name", "names", "id", "ids", "title", "titles"):
            return table > 0.95 and table > column
        trimmed = column <= 0.81 and table >= 0.7
        return table >= 0.5 and table >= column - (0.12 if trimmed else 0.04)

    def is_column(self, item: Item) -> bool:
        """Whether a mention rather names a column."""
        return item.best("column") >= 0.5 and not self.is_table(item)

    def is_value(self, item: Item) -> bool:
        """Whether a mention can only be a stored value, or is one more likely than not."""
        named = max(item.best("table"), item.best("column"))
        value = item.best("value")
        return bool(value) and named < 0.75 and not (value < 0.85 and named >= 0.5)

    def numeric(self, span: Span) -> bool:
        """Whether the column most likely meant holds numbers or dates."""
        columns = [m for m in span.meanings if m.kind == "column"]
        best = max((m.score for m in columns), default=0.0)
        kinds = (Role.NUMBER, Role.YEAR, Role.TIME, Role.FLAG)
        return any(self.lexicon.role(m.field) in kinds for m in columns if m.score >= best - 0.05)

    def flagged(self, span: Span) -> bool:
        """Whether the column most likely meant is a yes or no."""
        columns = [m for m in span.meanings if m.kind == "column"]
        best = max(columns, key=lambda m: m.score, default=None)
        return best is not None and self.lexicon.role(best.field) is Role.FLAG

    def dated(self, span: Span) -> bool:
        """Whether a span can name a column of dates."""
        times = (Role.TIME, Role.YEAR)
        columns = (m.field for m in span.meanings if m.kind == "column")
        return any(self.lexicon.role(at) in times for at in columns)

    def tables_of(self, span: Span, kind: str) -> set[str]:
        """Tables that a span can mean, or in which it is a column or a value."""
        return {m.table for m in span.meanings if m.kind == kind}

    def noun(self, span: Span | None) -> Noun:
        """A new thing; values that were waiting for it become its own."""
        made = Noun(span)
        made.clauses += [Test(flag, "=", (1.0,)) for flag in self.flags]
        self.flags = []
        for value in self.held:
            made.clauses.append(Valued(value))
        self.held = []
        return made

    def add(self, clause: Clause, noun: Noun | None = None) -> None:
        """Put a clause to its thing, with the negation and the "or" said before it."""
        target = noun or self.scope
        clause.alternative = self.alternative and bool(target.clauses)
        if self.negated and not clause.negated:
            clause.negated = True
        self.negated = self.alternative = False
        target.clauses.append(clause)
        self.verb = ""

    def open_relation(self, relation: Relation) -> None:
        """Related things: what follows is about them."""
        self.add(relation)
        self.scope = relation.noun

    def value_of_next_table(self, ahead: int) -> bool:
        """Whether a value stands before the table that it belongs to: cat or dog pets."""
        value = self.item(ahead)
        assert value
        assert value.span
        stored = self.tables_of(value.span, "value")
        further = ahead + 1
        while (item := self.item(further)) is not None:
            if item.kind == "join" or (item.kind in ("mention", "quote") and self.is_value(item)):
                further += 1
                continue
            return (
                item.kind == "mention"
                and item.span is not None
                and self.is_table(item)
                and bool(stored & self.tables_of(item.span, "table"))
            )
        return False

    @staticmethod
    def stem(word: str) -> str:
        """The rough stem of a word."""
        return words.stem(word)
