"""One answer under way: its facts, its proven words, its grade, from the query to the record."""

from dataclasses import replace
from functools import cached_property

from core import formats
from core.trust import periods, proof, sought, whole
from core.trust.facts import facts
from core.trust.grade import grade
from core.trust.grid import Grid
from core.trust.ground import Ground
from core.trust.probes import Probes, Run
from core.types import (
    Draft,
    Facts,
    Grade,
    Insight,
    Proof,
    QueryResult,
    Question,
    Reading,
    Sought,
)

LONGEST_SUMMARY = 500
MOST_TOLD = 4


class Case:
    """Everything that trust does for one answer. `run` checks and runs SQL as the person.

    `reading` is None where the query could not be read; less can be proven then. Every method
    raises QueryCancelled on Stop, and nothing else.
    """

    def __init__(
        self,
        question: Question,
        draft: Draft,
        result: QueryResult,
        reading: Reading | None,
        run: Run,
        *,
        week_starts: int = 0,
        year_starts: int = 1,
    ) -> None:
        self._question, self._draft, self._result = question, draft, result
        self._reading = reading
        self._probes = Probes(run, question.schema)
        self._calendar = periods.Calendar(question.today, week_starts, year_starts)
        self._grid = Grid(result, reading)
        self._run = run

    @cached_property
    def facts(self) -> Facts:
        """What is true of the result; of a cut one by one more query over the whole."""
        found = facts(
            self._result,
            calendar=self._calendar,
            reading=self._reading,
            whole=self._whole() if self._result.truncated else None,
            grid=self._grid,
        )
        if self._reading is not None and (found.empty or self._is_zero()):
            return replace(found, sought=self._sought(near=True))
        return found

    def says_nothing(self) -> str:
        """What to say of a result without values; empty when there are some."""
        return sought.in_words(self._draft.reading, self.facts) if self.facts.empty else ""

    def settle(self, insight: Insight) -> tuple[Insight, Proof]:
        """The insight with what is proven of it; its text is empty when nothing is."""
        text, proven = proof.settle(insight.text.replace("\0", ""), self.ground)
        missing = [] if self.facts.empty else sought.missing(self.facts)
        if missing and text and any(s.exists is False for s in self.facts.sought):
            text = f"{text}\n\n{' '.join(missing)}"
        summary, _ = proof.settle(insight.summary.replace("\0", ""), self.ground)
        summary = summary or text.replace("**", "").split("\n")[0]
        return replace(insight, text=text, summary=summary[:LONGEST_SUMMARY]), proven

    def plain(self) -> str:
        """The least that can be said: the figures of the only row, or how many rows there are."""
        if self._result.row_count == 1:
            named = [c for c in self._grid.columns if c.label(0)]
            told = [f"{formats.heading(c.name)}: **{c.label(0)}**" for c in named[:MOST_TOLD]]
            return ". ".join(told) + "." if told else ""
        rows = self.facts.whole_rows
        if rows is None:
            return f"More than {self._result.row_count:,} rows were found."
        return f"{rows:,} rows were found."

    def grade(self, *, verified: str = "", score: float | None = None) -> Grade:
        """How sure the answer is; asks the data a few small questions."""
        told = self.facts
        if not told.sought and self._reading is not None and not verified:
            told = replace(told, sought=self._sought(near=True))
        return grade(
            self._draft,
            self._reading,
            told,
            self._probes,
            today=self._calendar.today,
            verified=verified,
            score=score,
        )

    @cached_property
    def ground(self) -> Ground:
        """What the words are held against."""
        return Ground(
            self._grid,
            self.facts,
            calendar=self._calendar,
            reading=self._reading,
            question=self._question.text,
            schema=self._question.schema,
        )

    def _whole(self) -> whole.Whole | None:
        names = [m.name for m in self._grid.measures]
        asked = whole.aggregate_sql(self._draft.sql, names, self._question.schema.dialect)
        answered = self._probes.ask(asked) if asked else None
        return whole.from_result(answered, names) if answered else None

    def _is_zero(self) -> bool:
        measures = self._grid.measures
        return (
            self._result.row_count == 1
            and bool(measures)
            and all(not m.numbers[0] or m.nulls for m in measures)
        )

    def _sought(self, *, near: bool) -> tuple[Sought, ...]:
        return sought.of(self._reading, self._probes, near=near) if self._reading else ()
