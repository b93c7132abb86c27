"""Going on from a reply: one that does not fit its form is asked for once more."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeVar

from anthropic.types import MessageParam

from core.analyst.claude import prompts, replies
from core.analyst.claude.model import Call, Said
from core.errors import AnalystFailed

REPHRASE: Final = "Ask in other words, or ask the built-in analyst."
HOPELESS: Final = ("refusal", "model_context_window_exceeded")

T = TypeVar("T")
Listen = Callable[[Call], tuple[Said, Call]]
"""Makes a call; returns what was said, and the call with that added."""


class NotUnderstood(AnalystFailed):
    """Two replies in a row that do not fit the form."""


def understood(call: Call, read: Callable[[str], T], listen: Listen) -> tuple[T, Call]:
    """What the reply holds, and the call with the reply added, to go on from.

    An unusable reply is asked for once more. Raises AnalystFailed.
    """
    for last in (False, True):
        said, call = listen(call)
        if said.stop in HOPELESS:
            raise _unusable(said)
        try:
            return read(said.text), call
        except replies.Unusable as error:
            if last:
                raise _unusable(said) from error
            call = followed(call, prompts.again(_problem(said, call, error)))
    raise AssertionError


def answered(call: Call, said: Said) -> Call:
    """The call with the reply added."""
    if not said.text.strip():
        return call
    reply: MessageParam = {"role": "assistant", "content": said.text.rstrip()}
    return replace(call, messages=(*call.messages, reply))


def followed(call: Call, text: str) -> Call:
    """The call with one more thing said to the model."""
    return replace(call, messages=(*call.messages, {"role": "user", "content": text}))


def _problem(said: Said, call: Call, error: replies.Unusable) -> str:
    if said.stop == "max_tokens":
        return f"it was cut off at its limit of {call.max_tokens:,} tokens, so be shorter"
    return str(error)


def _unusable(said: Said) -> AnalystFailed:
    match said.stop:
        case "refusal":
            return AnalystFailed("The model declined to work on this question.", REPHRASE)
        case "model_context_window_exceeded":
            return AnalystFailed(
                "The question and its tables are too much for the model at once.",
                "Ask about fewer things at a time.",
            )
        case "max_tokens":
            return NotUnderstood("The model's answer was too long and was cut off.", REPHRASE)
        case _:
            return NotUnderstood("The model answered in a form that cannot be used.", REPHRASE)
