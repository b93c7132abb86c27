"""Whether this process is alive and can reach its database."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from app.resources import datamind
from core import health


def healthz(_request: Request) -> JSONResponse:
    """GET /healthz: 200 when the application database answers, else 503."""
    state = health.check(datamind())
    return JSONResponse(
        {"status": "ok" if state.ok else "unavailable", "database": state.database},
        status_code=200 if state.ok else 503,
    )


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
