"""A Messages API server of our own, which the real SDK talks to over HTTP.

It plays a script, one turn a request, and keeps what it was sent::

    with FakeAnthropic(says("hello"), fails(529)) as api:
        Anthropic(api_key="k", base_url=api.base_url, max_retries=0)...
        assert api.requests[0]["model"] == ...
"""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

ERROR_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    529: "overloaded_error",
}
USAGE = {"input_tokens": 100, "cache_creation_input_tokens": 7, "cache_read_input_tokens": 3}


@dataclass(frozen=True)
class Turn:
    """What the server does with one request.

    `cut_after` drops the connection after so many pieces of text, `ends_after` ends the stream
    there as if it were whole, `hangs_after` waits there until `FakeAnthropic.release()`;
    0 is before anything was sent. `breaks_with` is an error event in the middle of a stream.
    """

    blocks: tuple[dict[str, Any], ...] = ()
    stop: str = "end_turn"
    usage: dict[str, int] = field(default_factory=lambda: {**USAGE, "output_tokens": 20})
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    message: str = "scripted"
    piece: int = 7
    cut_after: int | None = None
    ends_after: int | None = None
    hangs_after: int | None = None
    breaks_with: int | None = None

    def but(self, **changes: Any) -> "Turn":
        """The same turn with something else about it."""
        return replace(self, **changes)


def says(text: str | dict[str, Any], **more: Any) -> Turn:
    """A turn that says a text, or an object as JSON."""
    words = text if isinstance(text, str) else json.dumps(text, ensure_ascii=False)
    return Turn(blocks=({"type": "text", "text": words},), **more)


def calls(tool: str, arguments: dict[str, Any], **more: Any) -> Turn:
    """A turn that uses a tool."""
    block = {"type": "tool_use", "id": "toolu_1", "name": tool, "input": arguments}
    return Turn(blocks=(block,), stop="tool_use", **more)


def fails(status: int, message: str = "scripted", **headers: str) -> Turn:
    """A turn that is an HTTP error; keywords are headers (`retry_after_ms="1"`)."""
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Turn(status=status, message=message, headers=named)


class FakeAnthropic:
    """The server, as a context manager. The last turn of the script is played again and again."""

    def __init__(self, *script: Turn) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.gone = threading.Event()
        self._script = list(script)
        self._afterwards: list[Callable[[], None]] = []
        self._lock = threading.Lock()
        self._released = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self.base_url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        for callback in self._afterwards:
            callback()

    def afterwards(self, callback: Callable[[], None]) -> None:
        """Have something done when the server is gone (closing its clients)."""
        self._afterwards.append(callback)

    def release(self) -> None:
        """Let every hanging answer go on."""
        self._released.set()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                with api._lock:
                    turn = api._script.pop(0) if len(api._script) > 1 else api._script[0]
                    api.requests.append(body)
                    api.headers.append({k.lower(): v for k, v in self.headers.items()})
                try:
                    self._play(turn, body)
                except (BrokenPipeError, ConnectionResetError):
                    api.gone.set()
                    self.close_connection = True

            def _play(self, turn: Turn, body: dict[str, Any]) -> None:
                if turn.status != 200:
                    self._send(turn, _error(turn.status, turn.message))
                elif body.get("stream"):
                    self._stream(turn, body["model"])
                else:
                    self._send(turn, _message(turn, body["model"]))

            def _send(self, turn: Turn, answer: dict[str, Any]) -> None:
                if turn.hangs_after is not None:
                    api._released.wait(30)
                content = json.dumps(answer).encode()
                self._begin(turn, "application/json", ("content-length", str(len(content))))
                self.wfile.write(content)

            def _stream(self, turn: Turn, model: str) -> None:
                if turn.hangs_after == 0:
                    api._released.wait(30)
                self._begin(turn, "text/event-stream", ("transfer-encoding", "chunked"))
                pieces = 0
                for event in _events(turn, model):
                    if event["type"] == "content_block_delta":
                        if pieces == turn.cut_after:
                            self.close_connection = True
                            return
                        if pieces == turn.ends_after:
                            break
                        if pieces == turn.hangs_after:
                            self._watch()
                        if turn.breaks_with and pieces == 1:
                            self._event(_error(turn.breaks_with, turn.message))
                            break
                        pieces += 1
                    self._event(event)
                self.wfile.write(b"0\r\n\r\n")

            def _watch(self) -> None:
                """Hang, sending pings as the real one does, so that a client who left is seen."""
                while not api._released.wait(0.02):
                    self._event({"type": "ping"})

            def _event(self, event: dict[str, Any]) -> None:
                text = json.dumps(event, ensure_ascii=False)
                data = f"event: {event['type']}\ndata: {text}\n\n".encode()
                self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
                self.wfile.flush()

            def _begin(self, turn: Turn, kind: str, *more: tuple[str, str]) -> None:
                self.send_response(turn.status)
                for name, value in (
                    ("content-type", kind),
                    ("request-id", f"req_{len(api.requests)}"),
                    *turn.headers,
                    *more,
                ):
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def _error(status: int, message: str) -> dict[str, Any]:
    return {
        "type": "error",
        "error": {"type": ERROR_TYPES.get(status, "api_error"), "message": message},
    }


def _message(turn: Turn, model: str) -> dict[str, Any]:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": list(turn.blocks),
        "stop_reason": turn.stop,
        "stop_sequence": None,
        "usage": turn.usage,
    }


def _events(turn: Turn, model: str) -> Iterator[dict[str, Any]]:
    start = {**_message(turn, model), "content": [], "stop_reason": None}
    yield {
        "type": "message_start",
        "message": {**start, "usage": {**turn.usage, "output_tokens": 1}},
    }
    for index, block in enumerate(turn.blocks):
        is_text = block["type"] == "text"
        empty = {**block, "text": ""} if is_text else {**block, "input": {}}
        yield {"type": "content_block_start", "index": index, "content_block": empty}
        whole = block["text"] if is_text else json.dumps(block["input"])
        for at in range(0, len(whole), turn.piece):
            part = whole[at : at + turn.piece]
            delta = (
                {"type": "text_delta", "text": part}
                if is_text
                else {"type": "input_json_delta", "partial_json": part}
            )
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    yield {
        "type": "message_delta",
        "delta": {"stop_reason": turn.stop, "stop_sequence": None},
        "usage": {"output_tokens": turn.usage["output_tokens"]},
    }
    yield {"type": "message_stop"}
