"""Live pages end with their session: a socket whose session was ended elsewhere is closed.

A screen looks its session up at every rerun. A page on which nothing happens would stand there
until the next one; so all open sockets of the process are looked up together every two seconds.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.resources import datamind
from app.signin import COOKIE
from core import sessions

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 2.0
ENDED: Final = 4401
"""The code with which a socket is closed: the page connects anew, and is asked to sign in."""


class EndedSessions:
    """Closes sockets when their session ends. One that came without a session is left alone."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._open: dict[str, set[asyncio.Event]] = {}
        self._watch: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, until its session ends."""
        token = ""
        if scope["type"] == "websocket":
            token = HTTPConnection(scope).cookies.get(COOKIE, "")
        if not token or not await self._alive({token}):
            await self.app(scope, receive, send)
            return
        over = asyncio.Event()
        ended = asyncio.ensure_future(over.wait())

        async def until_ended() -> Message:
            coming = asyncio.ensure_future(receive())
            await asyncio.wait({coming, ended}, return_when=asyncio.FIRST_COMPLETED)
            if not ended.done():
                return coming.result()
            coming.cancel()
            with suppress(Exception):
                await send({"type": "websocket.close", "code": ENDED})
            return {"type": "websocket.disconnect", "code": ENDED}

        try:
            with self._watched(token, over):
                await self.app(scope, until_ended, send)
        finally:
            ended.cancel()

    @contextmanager
    def _watched(self, token: str, over: asyncio.Event) -> Iterator[None]:
        self._open.setdefault(token, set()).add(over)
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._look())
        try:
            yield
        finally:
            self._open[token].discard(over)
            if not self._open[token]:
                del self._open[token]

    async def _look(self) -> None:
        while self._open:
            await asyncio.sleep(LOOK_SECONDS)
            tokens = set(self._open)
            for token in tokens - await self._alive(tokens):
                for over in self._open.get(token, ()):
                    over.set()

    async def _alive(self, tokens: set[str]) -> set[str]:
        """Which sessions are open; all of them while the database cannot say."""
        try:
            return await run_in_threadpool(sessions.open_tokens, datamind(), tokens)
        except Exception:
            log.exception("sessions_not_looked_up")
            return tokens


MIDDLEWARE = [Middleware(EndedSessions)]
