"""A POST to an address that somebody typed in: pinned, without redirects, bounded."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

import httpx2

from core.destinations.base import Outside, Undelivered
from core.errors import BadInput, CannotConnect, NotAllowed
from core.security import outbound

SECONDS: Final = 10.0
TRY_AGAIN: Final = (408, 425, 429)


def checked(url: str, outside: Outside) -> str:
    """The host of an address that may be posted to. Raises BadInput, NotAllowed, CannotConnect."""
    parts = _parts(url)
    outbound.pin(parts.host, parts.port, outside.allowed)
    return parts.host


def post(url: str, body: bytes, headers: Mapping[str, str], outside: Outside) -> None:
    """Post a body to the address that its name has just now. Raises Undelivered."""
    try:
        parts = _parts(url)
        pinned = outbound.pin(parts.host, parts.port, outside.allowed)
    except CannotConnect as problem:
        raise Undelivered(problem.message) from problem
    except (BadInput, NotAllowed) as problem:
        raise Undelivered(problem.message, lasting=True) from problem
    address = f"[{pinned.address}]" if ":" in pinned.address else pinned.address
    try:
        with httpx2.Client(timeout=SECONDS, follow_redirects=False, trust_env=False) as client:
            answer = client.send(
                client.build_request(
                    "POST",
                    f"{parts.scheme}://{address}:{parts.port}{parts.path}",
                    content=body,
                    headers={**headers, "Host": parts.netloc},
                    extensions={"sni_hostname": parts.host},
                ),
                stream=True,
            )
            answer.close()
    except httpx2.HTTPError as error:
        raise Undelivered(f"{parts.host} did not answer ({type(error).__name__}).") from error
    _judge(parts.host, answer.status_code)


class _Parts:
    def __init__(self, url: str) -> None:
        found = urlsplit(url.strip())
        self.scheme = found.scheme
        self.host = found.hostname or ""
        self.port = found.port or (443 if found.scheme == "https" else 80)
        self.netloc = found.netloc
        self.path = (found.path or "/") + (f"?{found.query}" if found.query else "")
        if self.scheme not in ("http", "https") or not self.host or found.username:
            raise ValueError(url)


def _parts(url: str) -> _Parts:
    try:
        return _Parts(url)
    except ValueError as error:
        raise BadInput(
            "This is no address of a web server.", "Write it as https://host/path."
        ) from error


def _judge(host: str, status: int) -> None:
    if status < 300:
        return
    if status < 400:
        raise Undelivered(
            f"{host} sent us on to another address, and that is not followed.", lasting=True
        )
    lasting = status < 500 and status not in TRY_AGAIN
    raise Undelivered(f"{host} refused the message (status {status}).", lasting=lasting)
