"""The table that a question is about, named or implied."""

from dataclasses import replace

from core.analyst.local import words
from core.analyst.local.clauses.conditions import Conditions
from core.analyst.local.clauses.tree import Relation, Test, Valued
from core.analyst.local.grounding.binding import NotGrounded
from core.analyst.local.lexicon import spoken
from core.analyst.local.plan import (
    Function,
)
from core.analyst.local.spans import Span

_PEOPLE = {"customer", "client", "user", "member", "person", "employee", "student", "patient",
           "teacher", "professor", "author", "player", "staff", "driver", "doctor",
           "contact"}  # fmt: skip
_CUES: dict[str, Function] = {"minimum": "min", "maximum": "max", "min": "min", "max": "max",
                              "average": "avg", "total": "sum"}  # fmt: skip


class Choosing(Conditions):
    """Finds the subject."""

    def _split_names(self, table: str) -> None:
        """The minimum salary of employees is an aggregate unless they have such a column."""
        for output in self.ask.outputs:
            said = output.span.text.lower().split() if output.span else []
            function = _CUES.get(said[0]) if len(said) > 1 and not output.count else None
            if function is None or output.functions:
                continue
            assert output.span
            rest = tuple(words.lemma(w) for w in said[1:])
            meanings = self.lexicon.meanings(rest)
            own = [m for m in output.span.meanings if m.kind == "column" and m.table == table]
            bare = [m for m in meanings if m.kind == "column" and m.score > 0.75]
            if bare and not own:
                output.span = replace(output.span, meanings=tuple(meanings))
                output.functions = (function,)

    def _subject(self) -> str:
        subject = self.ask.subject
        if subject.value is not None:
            return self.stored(subject.value, self._other_tables(), {}).table
        if subject.span is not None:
            near = self._other_tables()
            return self.table(subject.span, near)
        return self._implied_subject()

    def _other_tables(self) -> list[str]:
        """Tables that the rest of the question names beyond doubt."""
        found: list[str] = []
        for span in self.reading.spans:
            tables = {m.table for m in span.meanings if m.kind == "table" and m.score > 0.85}
            if len(tables) == 1 and span is not self.ask.subject.span:
                found += tables
        return list(dict.fromkeys(found))

    def _implied_subject(self) -> str:  # noqa: PLR0912 - one branch per form of words
        """The table whose columns and neighbours fit best what is shown and what must hold."""
        spans: list[tuple[Span, float]] = []
        tables: list[Span] = []
        for output in self.ask.outputs:
            if output.noun is not None and output.noun.span is not None:
                tables.append(output.noun.span)
            elif output.span is not None:
                spans.append((output.span, 1.0))
        for group in self.ask.groups:
            spans.append((group, 0.8))
        rank = self.ask.subject.rank
        if rank is not None:
            if rank.target is not None:
                spans.append((rank.target, 0.9))
            if rank.noun is not None and rank.noun.span is not None:
                tables.append(rank.noun.span)
        values: list[Span] = []
        for clause in self.ask.subject.clauses:
            if isinstance(clause, Test) and clause.column is not None:
                spans.append((clause.column, 0.9))
            elif isinstance(clause, Valued):
                values.append(clause.span)
            elif isinstance(clause, Relation) and clause.noun.span is not None:
                tables.append(clause.noun.span)
        best: tuple[float, str] | None = None
        named = {m.table for s in tables for m in s.meanings if m.kind == "table"}
        barred = {
            self.table(clause.noun.span)
            for clause in self.ask.subject.clauses
            if isinstance(clause, Relation) and clause.negated and clause.noun.span is not None
        }
        candidates = {m.table for s, _ in spans for m in s.meanings if m.score > 0.4}
        candidates |= {m.table for s in values for m in s.meanings} if not candidates else set()
        candidates = (candidates or named) - barred
        if self.ask.person:
            candidates = {t.name for t in self.lexicon.schema.tables} - barred
        for table in sorted(candidates):
            score = 0.0
            if self.ask.person:
                score += 0.6 if self._of_people(table) else -0.6
            for span, weight in spans:
                fits = [
                    m.score - (0.0 if m.kind == "column" else 0.05) - self.cost(m.table, [table])
                    for m in span.meanings
                    if m.kind != "value"
                ]
                score += weight * max(fits, default=-1.0)
            for span in tables:
                fits = [
                    m.score - 1.2 * self.cost(m.table, [table])
                    for m in span.meanings
                    if m.kind == "table"
                ]
                score += 0.8 * max(fits, default=-1.0)
            for span in values:
                fits = [1 - self.cost(m.table, [table]) for m in span.meanings if m.kind == "value"]
                score += 0.5 * max(fits, default=-1.0)
            if best is None or score > best[0] + 1e-9:
                best = (score, table)
        if best is None:
            raise NotGrounded("I could not make out what you want to know.", ())
        return best[1]

    def _of_people(self, table: str) -> bool:
        """Whether the rows of a table are people."""
        said = {w for at in self.lexicon.columns(table) for w in spoken(at.column)}
        return bool(_PEOPLE & set(spoken(table))) or {"first", "last", "name"} <= said
