"""Spans bound to tables and columns, near the things that the question is about."""

from collections.abc import Iterable, Sequence
from datetime import date

from core.analyst.local import words
from core.analyst.local.clauses.tree import Ask
from core.analyst.local.grounding.binding import Grounded, NotGrounded
from core.analyst.local.lexicon import Lexicon, Meaning, spoken
from core.analyst.local.plan import Field, Group, Plan
from core.analyst.local.roles import Role
from core.analyst.local.spans import Reading, Span

FIGURES = (Role.NUMBER, Role.YEAR, Role.TIME, Role.FLAG)
_FAR = 50.0


class Binding:
    """Finds what words mean; `near` are tables, the one in question first."""

    def __init__(self, ask: Ask, reading: Reading, lexicon: Lexicon, today: date) -> None:
        self.ask = ask
        self.reading = reading
        self.lexicon = lexicon
        self.today = today
        self.said = tuple(t.lemma for t in reading.tokens)
        self.out = Grounded(Plan(""))
        self.joins = lexicon.joins

    def cost(self, table: str, near: Sequence[str]) -> float:
        """How far a table lies from the tables in question; 0 when there are none."""
        if not near:
            return 0.0
        best = min(
            self.joins.distance(start, table) + 1.0 * min(i, 2) for i, start in enumerate(near)
        )
        return 3.0 if best > _FAR else 0.12 * best

    def table(self, span: Span, near: Sequence[str] = ()) -> str:
        """The table that a span names; of a column, the table that it leads to."""
        options = [m for m in span.meanings if m.kind == "table"]
        if not options:
            at = self.column(span, near)
            target = self.lexicon.column(at).references
            found = self.lexicon.schema.table(target.rpartition(".")[0]) if target else None
            return found.name if found else at.table
        return max(
            options, key=lambda m: (m.score - 0.3 * self.cost(m.table, near), -len(m.table))
        ).table

    def options(
        self, span: Span, near: Sequence[str], kinds: Iterable[Role] = ()
    ) -> list[tuple[float, Meaning]]:
        """Columns that a span can mean, the best first."""
        wanted = tuple(kinds)
        scored = []
        for meaning in span.meanings:
            if meaning.kind != "column":
                continue
            score = meaning.score - self.cost(meaning.table, near)
            if wanted and self.lexicon.role(meaning.field) not in wanted:
                score -= 0.5
            scored.append((score, meaning))
        return sorted(scored, key=lambda o: (-o[0], o[1].table, o[1].column or ""))

    def column(self, span: Span, near: Sequence[str] = (), *kinds: Role) -> Field:
        """The column that a span most likely means. Raises NotGrounded when there is none."""
        options = self.options(span, near, kinds)
        if not options:
            tables = [m for m in span.meanings if m.kind == "table"]
            if tables and not kinds:
                return self.lexicon.names(self.table(span, near))[0]
            raise NotGrounded(f"I do not know {span.text} here.", (span.text,))
        if options[0][0] < -1:
            raise NotGrounded(
                f"{span.text.capitalize()} is not connected with what is asked.", (span.text,)
            )
        return options[0][1].field

    def shown(self, span: Span, near: Sequence[str]) -> tuple[Field, ...]:
        """The columns to show for a span: a bare "name" of a person is first and last name."""
        said = tuple(words.lemma(w) for w in span.text.split())
        if near and said in (("name",), ("full", "name")):
            own = [m for m in span.meanings if m.table == near[0] and m.score > 0.9]
            if not own or len(said) == 2:
                return self.lexicon.names(near[0])
        if near and said == ("id",):
            key = self.lexicon.key(near[0])
            if key and not [m for m in span.meanings if m.table == near[0] and m.score > 0.9]:
                return (key,)
        if span.best("table") >= 0.5 and span.best("table") >= span.best("column") - 0.04:
            return self.lexicon.names(self.table(span, near))
        return (self.column(span, near),)

    def implied(self, about: str, near: Sequence[str]) -> Field:
        """The column that a comparative such as older is about. Raises NotGrounded."""
        for table in near[:1]:
            reach = [table, *(s.other for s in self.joins.steps(table) if s.to_one)]
            for other in reach:
                for at in self.lexicon.columns(other, *FIGURES):
                    if about in spoken(at.column):
                        return at
        raise NotGrounded(f"I see no {about} in this data.", (about,))

    def groups_of(self, table: str) -> list[Group]:
        """The name of a table's rows as groups, told apart by key."""
        key = self.lexicon.key(table)
        return [
            Group(at, self.lexicon.label(at), key=key if at != key else None)
            for at in self.lexicon.names(table)
        ]

    def group(self, at: Field) -> Group:
        """A column as a group."""
        return Group(at, self.lexicon.label(at))
