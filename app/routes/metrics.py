"""GET /metrics: figures for Prometheus, for whoever has the token."""

import secrets

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.resources import datamind
from core.exposition import CONTENT_TYPE, Exposition

_made: list[Exposition] = []


async def metrics(request: Request) -> Response:
    """The figures, 404 without METRICS_TOKEN, 401 for another token."""
    dm = datamind()
    token = dm.settings.metrics_token.get_secret_value()
    if not token:
        return Response(status_code=404)
    given = request.headers.get("authorization", "")
    if not secrets.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})
    if not _made:
        _made.append(Exposition(dm))
    return Response(await run_in_threadpool(_made[0].text), media_type=CONTENT_TYPE)


ROUTES = [Route("/metrics", metrics)]
