"""The child: runs engines for one parent, one question at a time, and dies with it.

Started as `python -m core.connectors.sandbox.child DESCRIPTOR`.
"""

import ctypes
import os
import queue
import resource
import socket
import sqlite3
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from core import connectors
from core.connectors.base import Cancel, Connector
from core.connectors.sandbox import wire

MOST_HANDLES: Final = 16
HEAP_BYTES: Final = 1024 * 1024 * 1024
MOST_ASKED: Final = 64 * 1024 * 1024

_PR_SET_NO_NEW_PRIVS: Final = 38
_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000


class Engines:
    """The connectors that are open in this child, the least used closed first."""

    def __init__(self) -> None:
        self._open: OrderedDict[tuple[str, str], Connector] = OrderedDict()

    def of(self, kind: str, told: wire.Head) -> Connector:
        """The connector of this target, in this version of it."""
        key = (kind, repr(told))
        if key not in self._open:
            self._open[key] = connectors.kind(kind)(wire.target_of(told))
        self._open.move_to_end(key)
        while len(self._open) > MOST_HANDLES:
            self._open.popitem(last=False)[1].close()
        return self._open[key]

    def let_go(self, kind: str, told: wire.Head) -> None:
        """Close what is open of this target and version."""
        held = self._open.pop((kind, repr(told)), None)
        if held is not None:
            held.close()


class Child:
    """Listens on one thread, works on the other: a Stop or a hangup is heard during a query."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._asked: queue.SimpleQueue[wire.Head] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._running: tuple[int, Cancel] = (0, Cancel())
        self._stopped = 0
        self._engines = Engines()

    def work(self) -> None:
        """Answer until the parent hangs up."""
        threading.Thread(target=self._listen, daemon=True).start()
        wire.send(self._line, {"ready": os.getpid()})
        while True:
            asked = self._asked.get()
            cancel = Cancel()
            with self._lock:
                self._running = (asked["id"], cancel)
                if self._stopped == asked["id"]:
                    cancel.request()
            try:
                head, body = self._answer(asked, cancel)
            except BaseException as error:
                head, body = wire.told_error(error), memoryview(b"")
            wire.send(self._line, {**head, "id": asked["id"]}, body)

    def _listen(self) -> None:
        try:
            while True:
                head, _ = wire.receive(self._line, MOST_ASKED)
                if head["op"] == "stop":
                    self._stop(head["id"])
                else:
                    self._asked.put(head)
        finally:
            os._exit(0)

    def _stop(self, number: int) -> None:
        with self._lock:
            self._stopped = number
            running, cancel = self._running
        if running == number:
            cancel.request()

    def _answer(self, asked: wire.Head, cancel: Cancel) -> tuple[wire.Head, memoryview]:
        if asked["op"] == "load":
            from core.connectors.sandbox import loading

            return loading.answer(asked), memoryview(b"")
        kind, target = asked["kind"], asked["target"]
        if asked["op"] == "close":
            self._engines.let_go(kind, target)
            return {"value": None}, memoryview(b"")
        engine = self._engines.of(kind, target)
        if asked["op"] == "run":
            safe, limits = wire.query_of(asked["query"])
            return wire.told_result(engine.run(safe, limits, cancel))
        questions: Mapping[str, Callable[[], Any]] = {
            "read_schema": engine.read_schema,
            "check": engine.check,
            "examine": engine.examine,
        }
        return {"value": wire.told(questions[asked["op"]]())}, memoryview(b"")


def confine() -> None:
    """Give up what no engine needs: core dumps, more memory than a query may use, the network.

    What the system does not offer is left out; the other layers hold without it.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    heap = sqlite3.connect(":memory:")
    heap.execute(f"PRAGMA hard_heap_limit = {HEAP_BYTES}")
    heap.close()
    with suppress(OSError, AttributeError):
        system = ctypes.CDLL(None, use_errno=True)
        system.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if system.unshare(_CLONE_NEWNET):
            system.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def main() -> None:
    """Work for the parent at the other end of the given descriptor."""
    confine()
    with suppress(wire.Hangup):
        Child(socket.socket(fileno=int(sys.argv[1]))).work()


if __name__ == "__main__":
    main()
