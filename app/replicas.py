"""A browser stays with its replica: sessions, uploads and pictures live in one process.

Each answer of a replica with a name sets a cookie with that name where the browser brought another
one, also the answer that opens a socket. The proxy in front sends the browser where its cookie
says; when that replica is gone, another one answers, and from then on the cookie names that one.
"""

from http.cookies import SimpleCookie
from typing import Final

from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.resources import datamind

COOKIE: Final = "datamind_replica"
OPENS: Final = ("http.response.start", "websocket.accept")


class KeptReplica:
    """Says in a cookie which replica answered. It names a process, never a person."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, with the cookie where it is new."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        name = datamind().settings.replica_name
        if not name or HTTPConnection(scope).cookies.get(COOKIE) == name:
            await self.app(scope, receive, send)
            return
        header = (b"set-cookie", _cookie(name, secure=scope["scheme"] in ("https", "wss")))

        async def with_cookie(message: Message) -> None:
            if message["type"] in OPENS:
                message["headers"] = [*message.get("headers", ()), header]
            await send(message)

        await self.app(scope, receive, with_cookie)


def _cookie(name: str, *, secure: bool) -> bytes:
    cookie = SimpleCookie({COOKIE: name})
    cookie[COOKIE].update({"path": "/", "httponly": True, "samesite": "Lax", "secure": secure})
    return cookie.output(header="").strip().encode()


MIDDLEWARE = [Middleware(KeptReplica)]
