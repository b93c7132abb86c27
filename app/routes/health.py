"""Whether this process is alive, and whether it can serve people."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from app.resources import datamind
from core import health


def healthz(_request: Request) -> JSONResponse:
    """GET /healthz: 200 as long as this process answers at all.

    Whoever watches it restarts what is dead; a database that is away is not mended by that.
    """
    return JSONResponse({"status": "ok"})


def readyz(_request: Request) -> JSONResponse:
    """GET /readyz: 200 when people can be served, with what is degraded meanwhile; else 503."""
    state = health.ready(datamind())
    return JSONResponse(
        {
            "status": "ok" if state.ok else "unavailable",
            "database": state.database,
            "degraded": list(state.degraded),
        },
        status_code=200 if state.ok else 503,
    )


ROUTES = [Route("/healthz", healthz), Route("/readyz", readyz)]
