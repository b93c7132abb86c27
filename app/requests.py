"""What own routes ask of a request before they do anything: from here, small, not too often."""

from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request

from app.resources import datamind
from core import limits
from core.errors import BadInput, NotAllowed

SAME: Final = ("same-origin", "none")


def same_origin(request: Request) -> None:
    """Refuse a request that another site's page made the browser send. Raises NotAllowed."""
    origin = request.headers.get("origin")
    here = {request.headers.get("host"), urlsplit(datamind().settings.address).netloc}
    foreign = origin is not None and urlsplit(origin).netloc not in here
    if foreign or request.headers.get("sec-fetch-site", SAME[0]) not in SAME:
        raise NotAllowed("This request came from another site.", "Open DataMind itself.")


def address(request: Request) -> str:
    """Where the request came from: the proxy's word where the proxy is trusted."""
    return request.client.host if request.client else ""


def not_too_often(request: Request) -> None:
    """Count one more request from this address. Raises LimitReached.

    The machine itself is not counted: behind a proxy that nobody named, it would be everybody.
    """
    here = address(request)
    if here and not here.startswith("127.") and here != "::1":
        limits.count(datamind(), limits.ROUTES_FROM, here)


async def body(request: Request, most: int) -> bytes:
    """The whole body, which is at most so many bytes long: not more is read. Raises BadInput."""
    held = bytearray()
    async for piece in request.stream():
        held += piece
        if len(held) > most:
            raise BadInput("This request is too large.", "Reload the page and try again.")
    return bytes(held)
