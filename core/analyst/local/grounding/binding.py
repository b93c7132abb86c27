"""Mentions bound to columns, tables and groups, the nearest fitting ones first."""

from dataclasses import dataclass, field, replace
from datetime import date

from core.analyst.local import words
from core.analyst.local.intent import Intent
from core.analyst.local.lexicon import Lexicon, Meaning, rows_of
from core.analyst.local.plan import (
    Condition,
    Field,
    Group,
    Having,
    Measure,
    Order,
    Plan,
)
from core.analyst.local.roles import Role
from core.analyst.local.spans import Reading, Span


class NotGrounded(Exception):
    """The question means something that this schema does not hold; says which words."""

    def __init__(self, reason: str, words_not_found: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.words = words_not_found


@dataclass
class Grounded:
    """A plan with what was assumed on the way, and how sure it is (0 to 1)."""

    plan: Plan
    assumptions: list[str] = field(default_factory=list)
    score: float = 1.0
    ties: list[tuple[Span, Field, Field]] = field(default_factory=list)


class Binder:
    """What every step of grounding shares: what is known so far, and how things are found."""

    def __init__(self, intent: Intent, reading: Reading, lexicon: Lexicon, today: date) -> None:
        self.intent = intent
        self.reading = reading
        self.lexicon = lexicon
        self.today = today
        self.said = tuple(t.lemma for t in reading.tokens)
        self.out = Grounded(Plan(""))
        self.anchors: list[str] = []
        self.base = ""
        self.groups: list[Group] = []
        self.measures: list[Measure] = []
        self.conditions: list[Condition] = []
        self.having: list[Having] = []
        self.order: list[Order] = []
        self.limit: int | None = None
        self.explicit = False
        self.verbs: list[Field] = []

    def _anchor(self) -> None:
        spans = [w.span for w in self.intent.wanted if w.count and w.span]
        spans += self.intent.entities
        if not spans:
            spans += [
                w.span
                for w in self.intent.wanted
                if w.span and not w.rate and w.span.best("table") >= 0.7
            ]
        for span in spans:
            if span and span.best("table") >= max(0.5, span.best("column") - 0.3):
                self._add_anchor(self._table(span))
        if not self.anchors:
            for wanted in self.intent.wanted:
                if wanted.rate:
                    continue
                if wanted.span and wanted.span.kind != "metric" and wanted.span.meanings:
                    columns = [m for m in wanted.span.meanings if m.kind == "column"]
                    top = max((m.score for m in columns), default=0)
                    owners = {m.table for m in columns if m.score >= top - 0.05}
                    if len(owners) == 1:
                        self._add_anchor(owners.pop())
        for span in (*self.intent.related, *self.intent.without):
            if not self.anchors and span.best("table") > 0.7:
                self._add_anchor(self._table(span))
        if len(self.lexicon.schema.tables) == 1:
            self._add_anchor(self.lexicon.schema.tables[0].name)

    def _add_anchor(self, table: str) -> None:
        if table not in self.anchors:
            self.anchors.append(table)

    def _mentioned_tables(self) -> tuple[str, ...]:
        """Tables that measures must reach: those of groups, entities and ranked things."""
        spans = [*self.intent.groups, *self.intent.entities]
        if self.intent.superlative and self.intent.superlative.entity:
            spans.append(self.intent.superlative.entity)
        found = []
        for span in spans:
            tables = [m for m in span.meanings if m.kind == "table"]
            columns = [m for m in span.meanings if m.kind == "column" and m.score > 0.75]
            if tables and span.best("table") >= span.best("column"):
                found.append(self._table(span))
            elif len({m.table for m in columns}) == 1:
                found.append(columns[0].table)
        for span, _ in self.intent.values:
            owners = {m.table for m in span.meanings if m.kind == "value"}
            if len(owners) == 1:
                found.append(owners.pop())
        return tuple(dict.fromkeys(found))

    def _set_base(self, table: str, force: bool = False) -> None:
        if table and (force or not self.base):
            self.base = table

    def _distance_cost(self, table: str, near: list[str]) -> float:
        if not near:
            return 0.0
        best = min(
            self.lexicon.joins.distance(start, table) + (0.5 * (i > 0))
            for i, start in enumerate(near)
        )
        return 3.0 if best > 50 else 0.1 * best

    def _table(self, span: Span) -> str:
        options = [m for m in span.meanings if m.kind == "table"]
        if not options:
            columns = [m for m in span.meanings if m.kind == "column"]
            if not columns:
                raise NotGrounded(f"I do not know {span.text} here.", (span.text,))
            return self._column(span).table
        near = self.anchors[:2]
        return max(
            options,
            key=lambda m: (m.score - 0.5 * self._distance_cost(m.table, near), -len(m.table)),
        ).table

    def _column(self, span: Span, *kinds: Role) -> Field:
        near = list(dict.fromkeys([*self.anchors, *([self.base] if self.base else [])]))
        options: list[tuple[float, Field]] = []
        for meaning in span.meanings:
            if meaning.kind != "column":
                continue
            score = meaning.score - self._distance_cost(meaning.table, near)
            if kinds and self.lexicon.role(meaning.field) not in kinds:
                score -= 0.5
            options.append((score, meaning.field))
        if not options:
            tables = [m for m in span.meanings if m.kind == "table"]
            if tables:
                return self.lexicon.names(self._table(span))[0]
            raise NotGrounded(f"I do not know {span.text} here.", (span.text,))
        options.sort(key=lambda o: (-o[0], o[1].table, o[1].column))
        if options[0][0] < -1:
            raise NotGrounded(
                f"{span.text.capitalize()} is not connected with what is asked.", (span.text,)
            )
        if (
            len(options) > 1
            and options[0][0] - options[1][0] < 0.01
            and not self.anchors
            and Role.KEY not in (self.lexicon.role(options[0][1]), self.lexicon.role(options[1][1]))
            and self.lexicon.joins.distance(options[0][1].table, options[1][1].table) > 1
        ):
            self.out.ties.append((span, options[0][1], options[1][1]))
        return options[0][1]

    def _columns(self, span: Span) -> tuple[Field, ...]:
        """The column meant; a bare "name" of a person is first and last name."""
        said = tuple(words.lemma(w) for w in span.text.split())
        if said[-1:] in (("name",), ("names",)) and len(said) <= 2 and self.anchors:
            named = self.lexicon.names(self.anchors[0])
            if len(said) == 1 and span.best("column") <= 1.0:
                exact = [m for m in span.meanings if m.table == self.anchors[0] and m.score > 0.9]
                if not exact and self.lexicon.role(named[0]) is Role.TEXT:
                    return named
        return (self._column(span),)

    def _dimension(self, span: Span) -> tuple[Group, ...]:
        """A group as spoken: a column, or the name of a table's rows."""
        near = [self.base] if self.base else self.anchors
        options: list[tuple[float, Meaning]] = []
        for meaning in span.meanings:
            if meaning.kind == "value":
                continue
            score = meaning.score - self._distance_cost(meaning.table, near)
            if meaning.kind == "column":
                role = self.lexicon.role(meaning.field)
                score -= 0.12 if role is Role.NUMBER else 0.0
                score -= 0.25 if role is Role.KEY and "id" not in span.text.lower() else 0.0
                if (
                    role is Role.KEY
                    and "id" not in span.text.lower()
                    and len(near)
                    and (meaning.table == near[0] and self.lexicon.column(meaning.field).references)
                ):
                    target = str(self.lexicon.column(meaning.field).references).rpartition(".")[0]
                    other = self.lexicon.schema.table(target)
                    if other and not any(
                        m.table == other.name and m.kind == "table" for m in span.meanings
                    ):
                        options.append((score + 0.26, Meaning(other.name)))
            elif near and meaning.table == near[0] and len(near) == 1 and self.measures:
                score -= 0.1
            options.append((score, meaning))
        if not options:
            raise NotGrounded(f"I do not know {span.text} here.", (span.text,))
        options.sort(key=lambda o: -o[0])
        best = options[0]
        if best[0] < -1:
            raise NotGrounded(
                f"{span.text.capitalize()} is not connected with what is asked.", (span.text,)
            )
        if (
            len(options) > 1
            and best[1].kind == "column"
            and options[1][1].kind == "column"
            and options[1][0] > best[0] - 0.02
            and options[1][1].table != best[1].table
            and not any(self.lexicon.joins.sideways(t, options[1][1].table) for t in near)
        ):
            self.out.ties.append((span, best[1].field, options[1][1].field))
        if best[1].kind == "column":
            at = best[1].field
            if self.lexicon.role(at) is Role.TIME:
                return (Group(at, "month", "month"),)
            return (Group(at, self.lexicon.label(at)),)
        return self._named(best[1].table)

    def _named(self, table: str) -> tuple[Group, ...]:
        key = self.lexicon.key(table)
        return tuple(
            Group(at, self.lexicon.label(at), key=key if at != key else None)
            for at in self.lexicon.names(table)
        )

    def _plain_names(self, table: str) -> list[Group]:
        return [replace(g, key=None) for g in self._named(table)]

    def _group_by(self, span: Span) -> None:
        for group in self._dimension(span):
            if all(g.field != group.field for g in self.groups):
                self.groups.append(group)

    def _count_label(self, table: str) -> str:
        return words.several("_".join(rows_of(table)))
