"""How far one question may go: calls, seconds and tokens, all of them bounded."""

from collections.abc import Callable
from time import monotonic
from typing import Final

from core.errors import AnalystFailed
from core.types import Usage

MOST_CALLS: Final = 8
MOST_TOKENS: Final = 300_000
"""Tokens in and out of all calls of one question, cached ones included."""


class Steps:
    """Counts what is spent on one question."""

    def __init__(self, seconds: float, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._ends_at = now() + seconds
        self._calls = 0
        self._tokens = 0

    def begin(self) -> None:
        """Count one more call. Raises AnalystFailed when there is none left."""
        if self._calls >= MOST_CALLS or self.seconds <= 0:
            raise AnalystFailed(
                "This question took the model too many steps.",
                "Ask about fewer things at a time, or ask the built-in analyst.",
            )
        self._calls += 1

    def spent(self, usage: Usage) -> None:
        """Count the tokens of a call."""
        self._tokens += usage.total

    @property
    def seconds(self) -> float:
        """What is left of the time."""
        return self._ends_at - self._now()

    @property
    def must_answer(self) -> bool:
        """Whether the call that begins now is the last in which nothing more is looked up."""
        return self._calls >= MOST_CALLS or self._tokens >= MOST_TOKENS
