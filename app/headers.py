"""Headers of every answer: what a page may load and run, no framing, no sniffing, TLS kept."""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Final

import streamlit
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

A_YEAR: Final = 31_536_000
PRIVATE: Final = ("/auth/", "/files", "/alerts/")
"""Own routes whose answers are one person's: no cache on the way keeps them."""


@cache
def policy() -> str:
    """The content security policy: scripts of our own files, and the page's own inline one.

    Streamlit loads its components' modules from blobs that its scripts make, reads messages with
    WebAssembly, and sets styles on elements; none of it lets a text that somebody wrote run.
    """
    page = Path(streamlit.__file__).with_name("static") / "index.html"
    inline = re.findall(r"<script>(.*?)</script>", page.read_text("utf-8"), re.DOTALL)
    hashes = (base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in inline)
    allowed = " ".join(f"'sha256-{one}'" for one in hashes)
    rules = (
        "default-src 'self'",
        f"script-src 'self' blob: 'wasm-unsafe-eval' {allowed}".rstrip(),
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "frame-src 'none'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
    return "; ".join(rules)


@cache
def headers() -> tuple[tuple[bytes, bytes], ...]:
    """What every answer carries."""
    named = {
        "content-security-policy": policy(),
        "x-frame-options": "DENY",
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    }
    return tuple((name.encode(), value.encode()) for name, value in named.items())


class SafeHeaders:
    """Adds the headers to each HTTP answer; behind TLS also that it is to stay so."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, adding headers where an answer begins."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        added = list(headers())
        if scope.get("scheme") == "https":
            added.append((b"strict-transport-security", f"max-age={A_YEAR}".encode()))
        if scope["path"].startswith(PRIVATE):
            added.append((b"cache-control", b"no-store"))
        names = {name for name, _ in added}

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = (one for one in message.get("headers", ()) if one[0].lower() not in names)
                message["headers"] = [*given, *added]
            await send(message)

        await self.app(scope, receive, with_headers)


MIDDLEWARE = [Middleware(SafeHeaders)]
