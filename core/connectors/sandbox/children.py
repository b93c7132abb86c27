"""The children of this process: started when needed, shared by all connections, watched."""

import atexit
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import core
from core.connectors.base import Cancel
from core.connectors.sandbox import wire
from core.errors import DataMindError, QueryCancelled, QueryFailed, QueryTimedOut

MOST_CHILDREN: Final = 4
MOST_MEMORY: Final = 1536 * 1024 * 1024
LOOK_SECONDS: Final = 0.05
GRACE_SECONDS: Final = 1.0
START_SECONDS: Final = 30.0
HEAD_BYTES: Final = 64 * 1024 * 1024

_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


class Lost(Exception):
    """The child ended in the middle of a question."""


class Child:
    """One child process. Answers one question at a time."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "core.connectors.sandbox.child", str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                # Nothing of ours: no keys, no addresses, only where the code is.
                env={"PYTHONPATH": str(Path(core.__file__).parents[1]), "LANG": "C.UTF-8"},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._line = ours
        self._number = 0
        self._ready = False
        self.holds: set[str] = set()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def ask(
        self, question: wire.Head, seconds: float, cancel: Cancel, most: int
    ) -> tuple[wire.Head, bytearray]:
        """Its answer. It is killed when it is late, too large, or does not heed a Stop.

        `seconds` is the time that the engine itself keeps; `most` bounds the bytes of the
        answer. Raises Lost, QueryTimedOut, QueryCancelled or QueryFailed when it had to die.
        """
        self._begin()
        self._number += 1
        try:
            wire.send(self._line, {**question, "id": self._number})
            # Only now: a Stop must not be written into the middle of the question.
            forget = cancel.on_request(self._stop)
            try:
                self._watch(time.monotonic() + seconds + GRACE_SECONDS, cancel)
            finally:
                forget()
            return wire.receive(self._line, most + HEAD_BYTES)
        except wire.Hangup as error:
            self.kill()
            raise Lost from error
        except DataMindError:
            self.kill()
            raise

    def _begin(self) -> None:
        """Wait for the first start to be done; it does not count as time of the query."""
        if self._ready:
            return
        self._line.settimeout(START_SECONDS)
        try:
            wire.receive(self._line, HEAD_BYTES)
        except wire.Hangup as error:
            self.kill()
            raise Lost from error
        self._ready = True

    def _stop(self) -> None:
        with suppress(wire.Hangup):
            wire.send(self._line, {"op": "stop", "id": self._number})

    def _watch(self, ends_at: float, cancel: Cancel) -> None:
        """Until the answer begins to come: the clock, the Stop and the memory."""
        stopped_at: float | None = None
        while not select.select([self._line], [], [], LOOK_SECONDS)[0]:
            now = time.monotonic()
            if cancel.requested:
                stopped_at = stopped_at or now
                if now - stopped_at > GRACE_SECONDS:
                    raise QueryCancelled("The query was stopped.", "Ask again when you are ready.")
            if now > ends_at:
                raise QueryTimedOut(
                    "The query was stopped: it ran too long and did not end by itself.",
                    "Ask for a shorter period, fewer rows or a coarser grouping.",
                )
            if self.memory() > MOST_MEMORY:
                raise QueryFailed(
                    "The query needed more memory than one query may use.",
                    "Ask for fewer rows or columns, or a coarser grouping.",
                )

    def memory(self) -> int:
        """Bytes of it in memory; 0 where the system does not tell."""
        try:
            return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * _PAGE
        except (OSError, IndexError):
            return 0

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End it now, and leave no zombie."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self._process.wait()
        self._line.close()


class Children:
    """At most `most` children; each connection goes back to the one that has its file open."""

    def __init__(self, most: int = MOST_CHILDREN) -> None:
        self._most = most
        self._free = threading.Condition()
        self._idle: list[Child] = []
        self._busy: set[Child] = set()

    @contextmanager
    def borrowed(self, key: str, seconds: float, cancel: Cancel) -> Iterator[Child]:
        """A child for one question. Raises QueryTimedOut or QueryCancelled while waiting."""
        child = self._take(key, time.monotonic() + seconds, cancel)
        child.holds.add(key)
        try:
            yield child
        finally:
            with self._free:
                self._busy.discard(child)
                if child.alive:
                    self._idle.append(child)
                self._free.notify()

    def _take(self, key: str, until: float, cancel: Cancel) -> Child:
        with self._free:
            while True:
                self._idle = [child for child in self._idle if child.alive]
                if self._idle:
                    child = next((c for c in self._idle if key in c.holds), self._idle[-1])
                    self._idle.remove(child)
                    break
                if len(self._busy) < self._most:
                    child = Child()
                    break
                if cancel.requested:
                    raise QueryCancelled("The query was stopped.", "Ask again when you are ready.")
                if time.monotonic() > until:
                    raise QueryTimedOut(
                        "The query did not get its turn: too many others are running.",
                        "Try again in a moment.",
                    )
                self._free.wait(LOOK_SECONDS)
            self._busy.add(child)
            return child

    def let_go(self, key: str, question: wire.Head) -> None:
        """Have those that are idle close what they hold open under this key."""
        with self._free:
            for child in [child for child in self._idle if key in child.holds]:
                child.holds.discard(key)
                with suppress(Lost, DataMindError):
                    child.ask(question, GRACE_SECONDS, Cancel(), 0)

    def warm(self) -> None:
        """Have one child ready before the first question."""
        with self._free:
            if not self._idle and not self._busy:
                self._idle.append(Child())

    def pids(self) -> tuple[int, ...]:
        """The process ids of all children."""
        with self._free:
            return tuple(child.pid for child in (*self._idle, *self._busy))

    def close(self) -> None:
        """End all of them."""
        with self._free:
            for child in (*self._idle, *self._busy):
                child.kill()
            self._idle.clear()


OURS: Final = Children()
atexit.register(OURS.close)


def warm() -> None:
    """Have one child of this process ready before the first question."""
    OURS.warm()
