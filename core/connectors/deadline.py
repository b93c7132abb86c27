"""The time limit and the Stop of one running query, for engines that can be interrupted."""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Literal, Self

from core.connectors.base import Cancel

REPEAT_SECONDS = 0.05


class Deadline:
    """Interrupts the engine when the time is up or Stop is pressed.

    Used as a context around the query. The interrupt is repeated until the context is left,
    because one that arrives between two steps of the engine is lost. After the context no
    interrupt comes any more, so the handle may be closed.
    """

    def __init__(
        self,
        seconds: float,
        cancel: Cancel,
        interrupt: Callable[[], None],
        *,
        repeat_seconds: float = REPEAT_SECONDS,
    ) -> None:
        self.ended_by: Literal["time", "stop"] | None = None
        self._repeat_seconds = repeat_seconds
        self._seconds = seconds
        self._cancel = cancel
        self._interrupt = interrupt
        self._wake = threading.Event()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="query-deadline", daemon=True)

    def __enter__(self) -> Self:
        self._forget = self._cancel.on_request(self._wake.set)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._wake.set()
        self._thread.join()
        self._forget()

    def _watch(self) -> None:
        woken = self._wake.wait(self._seconds)
        if self._done.is_set():
            return
        self.ended_by = "stop" if woken else "time"
        while not self._done.is_set():
            self._interrupt()
            self._done.wait(self._repeat_seconds)
