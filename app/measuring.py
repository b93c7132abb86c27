"""How long screens and own routes take, and a number for each request in the log."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Final, ParamSpec, TypeVar
from uuid import uuid4

import structlog
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core import metrics
from core.types import Actor

P = ParamSpec("P")
T = TypeVar("T")

OWN: Final = ("/auth/", "/files/", "/alerts/", "/healthz", "/readyz", "/metrics")
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")
HEADER: Final = b"x-request-id"
_NUMBER: Final = re.compile(rb"[A-Za-z0-9._-]{8,64}")


@contextmanager
def rerun(screen: str, actor: Actor | None) -> Iterator[None]:
    """Time one run of a screen, and name the person in whatever it logs."""
    who = {"user": str(actor.user_id), "org": str(actor.org_id)} if actor else {}
    began = time.perf_counter()
    with structlog.contextvars.bound_contextvars(screen=screen, **who):
        try:
            yield
        finally:
            metrics.RERUN.labels(screen).observe(time.perf_counter() - began)


def part(name: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Time each run of a part of a screen that is drawn anew by itself (a fragment)."""

    def timed(draw: Callable[P, T]) -> Callable[P, T]:
        @wraps(draw)
        def run(*args: P.args, **kwargs: P.kwargs) -> T:
            began = time.perf_counter()
            with structlog.contextvars.bound_contextvars(part=name):
                try:
                    return draw(*args, **kwargs)
                finally:
                    metrics.PART.labels(name).observe(time.perf_counter() - began)

        return run

    return timed


class Measured:
    """Numbers every HTTP request, and times those of the product's own routes.

    A number that a proxy gave (X-Request-ID) is kept and sent back.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on."""
        if scope["type"] == "websocket":
            with metrics.PAGES.track_inprogress():
                await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number = _numbered(scope)
        status = 500
        began = time.perf_counter()

        async def told(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message["headers"], (HEADER, number)]}
            await send(message)

        with structlog.contextvars.bound_contextvars(request=number.decode()):
            try:
                await self.app(scope, receive, told)
            finally:
                if scope["path"].startswith(OWN) and (endpoint := scope.get("endpoint")):
                    method = scope["method"] if scope["method"] in METHODS else "other"
                    its = metrics.HTTP.labels(endpoint.__name__, method, str(status))
                    its.observe(time.perf_counter() - began)


def _numbered(scope: Scope) -> bytes:
    given = dict(scope["headers"]).get(HEADER, b"")
    return given if _NUMBER.fullmatch(given) else uuid4().hex.encode()


MIDDLEWARE: Final = (Middleware(Measured),)
