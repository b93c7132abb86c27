"""One question on its way to an outcome: what is looked up, tried, doubted and corrected."""

from dataclasses import dataclass, replace
from typing import Final

from anthropic.types import MessageParam

from core.analyst.base import Desk
from core.analyst.claude import prompts, replies, tools
from core.analyst.claude.model import Call, Model, Said
from core.analyst.claude.steps import Steps
from core.analyst.claude.talk import REPHRASE, answered, followed, understood
from core.errors import AnalystFailed, DataMindError
from core.types import Draft, ModelCall, Outcome, QueryResult, Question

MOST_REPAIRS: Final = 2
NO_VALUES: Final = "The result has no values."


@dataclass(frozen=True)
class _Attempt:
    """An outcome, whether the model was sure of it, and its result when it is a query that ran."""

    outcome: Outcome
    sure: bool = True
    result: QueryResult | None = None


class Drafting:
    """Asks the model until there is an outcome, within the bounds of `steps`."""

    def __init__(self, model: Model, question: Question, desk: Desk, steps: Steps) -> None:
        self._model, self._question, self._desk, self._steps = model, question, desk, steps

    def outcome(self, call: Call) -> Outcome:
        """What the question deserves. A draft that the model is unsure of is drafted once more,
        independently; where the two results differ, the answer says so.

        Raises AnalystFailed, and what ends every query (Stop, no connection, a limit).
        """
        first = self._attempt(call)
        if first.sure or not isinstance(first.outcome, Draft) or first.result is None:
            return first.outcome
        self._desk.emit("Working it out a second time")
        try:
            second = self._attempt(call)
        except AnalystFailed:
            return first.outcome
        if not isinstance(second.outcome, Draft) or second.result is None:
            return first.outcome
        if self._desk.agree(first.result, second.result):
            return first.outcome
        other = f"I read “{self._question.text[:100]}” as said above. Read as “"
        other += f"{second.outcome.reading[:200]}”, the numbers differ."
        return replace(first.outcome, assumptions=(*first.outcome.assumptions, other))

    def _attempt(self, call: Call) -> _Attempt:
        """One draft: tried, and corrected at most twice where it fails or looks wrong."""
        ran: _Attempt | None = None
        problem: DataMindError | None = None
        self._desk.emit("Thinking about the question")
        for repairs in range(MOST_REPAIRS + 1):
            if repairs:
                self._desk.emit("Correcting the query")
            try:
                (outcome, sure), call = understood(call, replies.drafted, self._reached)
            except AnalystFailed:
                if ran is None:
                    raise
                return ran
            if not isinstance(outcome, Draft):
                return _Attempt(outcome)
            self._desk.emit("Trying the query")
            try:
                result = self._desk.try_sql(outcome.sql)
            except tools.NOT_TO_LEARN_FROM:
                raise
            except DataMindError as error:
                problem = error
                call = followed(call, prompts.repair(tools.learnt(error, self._desk)))
                continue
            repeated = ran is not None and ran.outcome == outcome
            ran = _Attempt(outcome, sure, result)
            doubts = () if repeated else self._doubts(outcome, result)
            if not doubts:
                return ran
            call = followed(call, prompts.doubt(doubts))
        if ran is not None:
            return ran
        assert problem is not None
        raise AnalystFailed(
            f"No query for this question came to work. The last attempt: {problem.message}",
            problem.hint or REPHRASE,
        ) from problem

    def _doubts(self, draft: Draft, result: QueryResult) -> tuple[str, ...]:
        found = self._desk.doubts(self._question, draft, result)
        if self._desk.shows_values:
            return found
        return tuple(doubt for doubt in found if doubt == NO_VALUES)

    def _reached(self, call: Call) -> tuple[Said, Call]:
        """The reply that uses no tool any more, and the call with all that was looked up."""
        while True:
            self._steps.begin()
            said = self._model.say(
                replace(call, must_answer=self._steps.must_answer, seconds=self._steps.seconds),
                spend=self._spend,
                cancelled=self._desk.cancelled,
            )
            if said.stop != "tool_use" or not said.uses:
                return said, answered(call, said)
            spoken: MessageParam = {"role": "assistant", "content": said.blocks}
            found: MessageParam = {
                "role": "user",
                "content": [tools.use(use, self._desk) for use in said.uses],
            }
            call = replace(call, messages=(*call.messages, spoken, found))

    def _spend(self, call: ModelCall) -> None:
        self._steps.spent(call.usage)
        self._desk.spend(call)
