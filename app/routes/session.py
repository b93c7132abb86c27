"""The browser's session: a ticket becomes a cookie, and a sign-out ends it."""

import json

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app import problems, requests
from app.resources import datamind
from app.signin import COOKIE
from core import sessions
from core.errors import BadInput, DataMindError

LONGEST_BODY = 4_096


async def begin(request: Request) -> Response:
    """POST /auth/session: exchange a ticket for the cookie."""
    try:
        requests.same_origin(request)
        await run_in_threadpool(requests.not_too_often, request)
        ticket = await _ticket(request)
        token = await run_in_threadpool(
            sessions.begin_session,
            datamind(),
            ticket,
            address=requests.address(request),
            device=request.headers.get("user-agent", ""),
        )
    except DataMindError as problem:
        return problems.response(problem)
    response = JSONResponse({"signed_in": True})
    settings = datamind().settings
    response.set_cookie(
        COOKIE,
        token,
        max_age=settings.session_days * 86_400,
        httponly=True,
        samesite="lax",
        secure=settings.environment == "production" or request.url.scheme == "https",
        path="/",
    )
    return response


async def end(request: Request) -> Response:
    """POST /auth/sign-out: end the session and drop the cookie."""
    try:
        requests.same_origin(request)
    except DataMindError as problem:
        return problems.response(problem)
    await run_in_threadpool(sessions.sign_out, datamind(), request.cookies.get(COOKIE, ""))
    response = JSONResponse({"signed_in": False})
    response.delete_cookie(COOKIE, path="/")
    return response


async def _ticket(request: Request) -> str:
    told = await requests.body(request, LONGEST_BODY)
    try:
        ticket = json.loads(told)["ticket"]
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput("This sign-in cannot be read.", "Sign in again.") from error
    return str(ticket)


ROUTES = [
    Route("/auth/session", begin, methods=["POST"]),
    Route("/auth/sign-out", end, methods=["POST"]),
]
