"""Being quiet from a message: the link shows a page with one button, which does it.

A GET changes nothing, so that a mail scanner that follows links does no harm.
"""

import html

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from app import requests
from app.resources import datamind
from core.alerts import snoozing
from core.errors import DataMindError


def ask(request: Request) -> HTMLResponse:
    """GET /alerts/quiet?token=…: say what the button will do."""
    token = request.query_params.get("token", "")
    try:
        wanted = snoozing.wanted(datamind(), token)
    except DataMindError as problem:
        return _page(problem.message, html.escape(problem.hint), status=403)
    form = f'<form method="post"><button>{html.escape(wanted.label)}</button></form>'
    return _page(wanted.alert, f"<p>Nobody is told of this alert meanwhile.</p>{form}")


def accept(request: Request) -> HTMLResponse:
    """POST /alerts/quiet?token=…: do it."""
    try:
        requests.not_too_often(request)
        done = snoozing.accept(datamind(), request.query_params.get("token", ""))
    except DataMindError as problem:
        return _page(problem.message, html.escape(problem.hint), status=403)
    return _page(done.alert, f"<p>{html.escape(done.label)}: done.</p>")


def _page(title: str, body: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(
        "<!doctype html><html lang='en'><meta charset='utf-8'><meta name='viewport' "
        "content='width=device-width'><title>DataMind</title><style>body{font-family:Inter,Arial,"
        "sans-serif;max-width:28rem;margin:15vh auto;padding:0 1rem;color:#0F172A}"
        "button{background:#4F46E5;color:#fff;border:0;border-radius:8px;padding:.75rem 1.25rem;"
        "font-size:1rem}"
        f"</style><h1 style='font-size:1.25rem'>{html.escape(title)}</h1>{body}</html>",
        status_code=status,
    )


ROUTES = [
    Route("/alerts/quiet", ask, methods=["GET"]),
    Route("/alerts/quiet", accept, methods=["POST"]),
]
"""The token stands in the address, so that the button needs no body."""
