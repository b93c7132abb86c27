"""Files in and out: a file streams to disk as it comes, originals and quarantines stream back."""

from collections.abc import Callable
from pathlib import Path
from typing import Final
from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from app import problems, requests
from app.resources import datamind
from app.signin import COOKIE
from core import arrivals, sessions, versions
from core.arrivals import Arrival, Arriving
from core.errors import DataMindError, NotAllowed, NotFound
from core.types import Actor

PIECE: Final = 1024 * 1024


async def bring(request: Request) -> Response:
    """POST /files?name=…: the body is the file; answers with the id under which it waits."""
    try:
        requests.same_origin(request)
        coming = await run_in_threadpool(_begin, request)
    except DataMindError as problem:
        return problems.response(problem)
    try:
        come = await _take(request, coming)
    except ClientDisconnect:
        await run_in_threadpool(coming.drop)
        return Response(status_code=400)
    except DataMindError as problem:
        return problems.response(problem)
    return JSONResponse({"id": str(come.id), "name": come.name})


async def _take(request: Request, coming: Arriving) -> Arrival:
    held = bytearray()
    async for piece in request.stream():
        held += piece
        if len(held) >= PIECE:
            await run_in_threadpool(coming.write, bytes(held))
            held.clear()
    await run_in_threadpool(coming.write, bytes(held))
    return await run_in_threadpool(coming.done)


def original(request: Request) -> Response:
    """GET /files/{id}/original: the newest file as it was brought."""

    def answer(actor: Actor, upload_id: UUID) -> Response:
        path, name = versions.original(datamind(), actor, upload_id)
        return _download(path, name, "application/octet-stream")

    return _answered(request, answer)


def quarantine(request: Request) -> Response:
    """GET /files/{id}/quarantine.csv: all cells that did not fit."""

    def answer(actor: Actor, upload_id: UUID) -> Response:
        content = versions.bad_cells_as_csv(datamind(), actor, upload_id)
        return Response(
            content,
            media_type="text/csv",
            headers={"content-disposition": 'attachment; filename="quarantine.csv"'},
        )

    return _answered(request, answer)


def _answered(request: Request, answer: Callable[[Actor, UUID], Response]) -> Response:
    try:
        try:
            upload_id = UUID(request.path_params["upload_id"])
        except ValueError as error:
            raise NotFound("There is no such file.", "Look in Connections.") from error
        return answer(_actor(request), upload_id)
    except DataMindError as problem:
        return problems.response(problem)


def _download(path: Path, name: str, mime: str) -> Response:
    if not path.is_file():
        raise NotFound("The file is no longer there.", "Ask your admin about the backup.")
    return FileResponse(path, media_type=mime, filename=name)


def _begin(request: Request) -> Arriving:
    return arrivals.begin(datamind(), _actor(request), request.query_params.get("name", "file"))


def _actor(request: Request) -> Actor:
    requests.not_too_often(request)
    address = requests.address(request)
    found = sessions.resume(datamind(), request.cookies.get(COOKIE, ""), address=address)
    if found is None:
        raise NotAllowed("You are not signed in.", "Sign in and try again.")
    return found.actor


ROUTES = [
    Route("/files", bring, methods=["POST"]),
    Route("/files/{upload_id}/original", original),
    Route("/files/{upload_id}/quarantine.csv", quarantine),
]
