"""What the walk over the spans remembers, and the small questions that every step asks."""

from core.analyst.local.intent import Intent, Superlative, Test
from core.analyst.local.lexicon import Lexicon
from core.analyst.local.plan import Function, Operator
from core.analyst.local.roles import Role
from core.analyst.local.spans import Reading, Span


class State:
    """Where the walk is: what the next mention is for, and what was said last."""

    def __init__(self, reading: Reading, lexicon: Lexicon) -> None:
        self.reading = reading
        self.lexicon = lexicon
        self.spans = reading.spans
        self.out = Intent(open_words=reading.unknown)
        self.head = True
        self.functions: list[Function] = []
        self.counting = False
        self.distinct = False
        self.role: str = ""
        self.descending: bool | None = None
        self.negated = False
        self.last: Span | None = None
        self.bound: tuple[Operator, tuple[str | float, ...]] | None = None
        self.open_superlative: Superlative | None = None
        self.alternative = False
        self.loose_number: int | None = None

    def numeric(self, span: Span) -> bool:
        """Whether the column most likely meant holds numbers or dates."""
        columns = [m for m in span.meanings if m.kind == "column"]
        best = max((m.score for m in columns), default=0.0)
        kinds = (Role.NUMBER, Role.YEAR, Role.TIME, Role.FLAG)
        return any(self.lexicon.role(m.field) in kinds for m in columns if m.score >= best - 0.05)

    def _next(self, at: int, *skip: str) -> Span | None:
        for span in self.spans[at + 1 :]:
            if span.kind not in skip:
                return span
        return None

    def _adjacent(self, left: Span, right: Span | None, gap: int = 2) -> bool:
        return right is not None and right.first - left.last <= gap

    def _describes(self, span: Span, at: int) -> bool:
        """Whether a number column was just named, so that the comparison is about it."""
        return (
            span.best("column") > span.best("table")
            and self.numeric(span)
            and self.spans[at].first - span.last <= 2
            and self.role != "group"
        )

    def _about(self, test: Test, span: Span | None) -> None:
        test.alternative = self.alternative and bool(self.out.tests)
        self.alternative = False
        if span is not None and self.counting and not test.counted:
            test.counted = True
            self.counting = False
        if (
            span is not None
            and not test.counted
            and self.out.wanted
            and (self.out.wanted[-1].span is span and not self.head)
        ):
            self.out.wanted.pop()
        self.out.tests.append(test)
        self.head = False
