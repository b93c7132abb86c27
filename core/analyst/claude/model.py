"""One call of a model: sent, listened to as a stream, counted, and left the moment Stop is pressed.

The SDK blocks while it waits, retries and reads; so it works in a thread of its own, and the
caller's thread waits in short steps, looking for Stop and at the time.
"""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, Queue
from time import monotonic
from typing import Any, Final

import httpx2
import structlog
from anthropic import Anthropic, AnthropicError
from anthropic.types import (
    ContentBlockParam,
    MessageParam,
    RawMessageStreamEvent,
    TextBlockParam,
    ToolChoiceParam,
    ToolParam,
)

from core import metrics, tracing
from core.analyst.claude.failures import CUT, TOO_SLOW, failed, translated
from core.errors import QueryCancelled
from core.types import Json, ModelCall, Usage

log = structlog.get_logger(__name__)

STEP_SECONDS: Final = 0.05


@dataclass(frozen=True)
class Call:
    """What one call sends. Each part of `system` is a cache breakpoint: the steadiest first.

    With `must_answer` the tools are still told (they are part of what is cached), but may not be
    used. `seconds` is the time for this call where it is less than any call has.
    """

    purpose: str
    model: str
    max_tokens: int
    system: tuple[str, ...]
    messages: tuple[MessageParam, ...]
    schema: Json
    tools: tuple[ToolParam, ...] = ()
    must_answer: bool = False
    seconds: float | None = None


@dataclass(frozen=True)
class Use:
    """A tool that the model wants to use; `input` is None when it is no JSON object."""

    id: str
    name: str
    input: Json | None


@dataclass(frozen=True)
class Said:
    """What came back. `stop` is the API's stop reason: end_turn, tool_use, max_tokens, refusal …

    `blocks` are text and uses of tools as the model said them, to go on from.
    """

    text: str
    stop: str
    uses: tuple[Use, ...] = ()
    blocks: tuple[ContentBlockParam, ...] = ()


class _Left(Exception):
    """Ends the thread of a call that nobody waits for any more."""


@dataclass
class _Line:
    """What the thread that works the SDK and the thread that waits share."""

    events: Queue[RawMessageStreamEvent | Exception | None] = field(default_factory=Queue)
    left: threading.Event = field(default_factory=threading.Event)
    request_id: str | None = None


class Model:
    """The way to one Messages API server. Safe to use from several threads.

    `timeout_seconds` bounds a whole call, the SDK's `max_retries` retries and the reading
    of the stream included.
    """

    def __init__(
        self, api_key: str, base_url: str | None, timeout_seconds: float, max_retries: int
    ) -> None:
        self._client = Anthropic(
            api_key=api_key, base_url=base_url, timeout=timeout_seconds, max_retries=max_retries
        )
        self._timeout = timeout_seconds

    def close(self) -> None:
        """Let go of the pooled connections; calls are not possible any more."""
        self._client.close()

    def say(
        self,
        call: Call,
        *,
        spend: Callable[[ModelCall], None] = lambda call: None,
        on_text: Callable[[str], None] = lambda text: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Said:
        """Make the call; `on_text` gets the text as it comes, `spend` the tokens, once.

        Tokens of a call that failed or was stopped are counted as far as they are known.
        Raises AnalystFailed, and QueryCancelled as soon as `cancelled` says so.
        """
        began = monotonic()
        if cancelled():
            raise QueryCancelled("You stopped this answer.")
        line, heard = _Line(), _Heard()
        most = min(self._timeout, call.seconds or self._timeout)
        threading.Thread(
            target=self._listen, args=(call, line), name=f"model-{call.purpose}", daemon=True
        ).start()
        asked = {"gen_ai.operation.name": call.purpose, "gen_ai.request.model": call.model}
        try:
            with tracing.span("model", asked) as tell:
                while (event := self._next(line, began + most, cancelled)) is not None:
                    if text := heard.take(event):
                        on_text(text)
                tell(_told(heard.usage))
        except (AnthropicError, httpx2.HTTPError, ValueError) as error:
            raise translated(error) from error
        finally:
            line.left.set()
            seconds = monotonic() - began
            outcome = "ok" if heard.stop else "stopped" if cancelled() else "failed"
            metrics.MODEL_CALLS.labels(call.model, call.purpose, outcome).inc()
            metrics.MODEL.labels(call.model, call.purpose).observe(seconds)
            if heard.usage.total:
                spend(ModelCall(call.purpose, call.model, heard.usage, seconds, line.request_id))
            _record(call, heard, line.request_id, seconds=seconds)
        if heard.stop is None:
            raise failed(CUT)
        return heard.said()

    def _next(
        self, line: _Line, ends_at: float, cancelled: Callable[[], bool]
    ) -> RawMessageStreamEvent | None:
        while True:
            if cancelled():
                raise QueryCancelled("You stopped this answer.")
            if monotonic() > ends_at:
                raise failed(TOO_SLOW)
            try:
                event = line.events.get(timeout=STEP_SECONDS)
            except Empty:
                continue
            if isinstance(event, Exception):
                raise event
            return event

    def _listen(self, call: Call, line: _Line) -> None:
        """Put every event of the call into the queue, then None; or the error that ended it."""

        def unless_left(request: Any, call_next: Callable[[Any], Any]) -> Any:
            if line.left.is_set():
                raise _Left
            return call_next(request)

        try:
            with self._client.with_middleware(unless_left).messages.create(
                model=call.model,
                max_tokens=call.max_tokens,
                system=[_cached(part) for part in call.system],
                messages=call.messages,
                output_config={"format": {"type": "json_schema", "schema": call.schema}},
                stream=True,
                **_tools(call),
            ) as stream:
                line.request_id = stream.response.headers.get("request-id")
                for event in stream:
                    if line.left.is_set():
                        return
                    line.events.put(event)
            line.events.put(None)
        except Exception as error:  # whatever it is, the waiting thread must hear of it
            line.events.put(error)


class _Heard:
    """What a stream has said so far."""

    def __init__(self) -> None:
        self.stop: str | None = None
        self.usage = Usage()
        self._texts: dict[int, list[str]] = {}
        self._uses: dict[int, tuple[str, str]] = {}

    def take(self, event: RawMessageStreamEvent) -> str:
        """Note the event; returns the text that it adds."""
        match event.type:
            case "message_start":
                self.usage = _latest(self.usage, event.message.usage)
            case "message_delta":
                self.stop = event.delta.stop_reason
                self.usage = _latest(self.usage, event.usage)
            case "content_block_start" if event.content_block.type == "tool_use":
                self._uses[event.index] = (event.content_block.id, event.content_block.name)
            case "content_block_delta" if event.delta.type == "text_delta":
                self._texts.setdefault(event.index, []).append(event.delta.text)
                return event.delta.text
            case "content_block_delta" if event.delta.type == "input_json_delta":
                self._texts.setdefault(event.index, []).append(event.delta.partial_json)
        return ""

    def said(self) -> Said:
        """The whole of it, once the stream has ended."""
        texts, uses, blocks = [], [], list[ContentBlockParam]()
        for index in sorted({*self._texts, *self._uses}):
            written = "".join(self._texts.get(index, ()))
            if index not in self._uses:
                texts.append(written)
                blocks += [{"type": "text", "text": written.rstrip()}] if written.strip() else []
                continue
            use = Use(*self._uses[index], _json_object(written))
            uses.append(use)
            blocks.append(
                {"type": "tool_use", "id": use.id, "name": use.name, "input": use.input or {}}
            )
        return Said("".join(texts), self.stop or "", tuple(uses), tuple(blocks))


def _latest(known: Usage, counted: object) -> Usage:
    """The figures of an event are totals; one that a server leaves out stays as it was."""

    def latest(name: str, old: int) -> int:
        new = getattr(counted, name, None)
        return new if isinstance(new, int) else old

    return Usage(
        latest("input_tokens", known.input),
        latest("output_tokens", known.output),
        latest("cache_read_input_tokens", known.cache_read),
        latest("cache_creation_input_tokens", known.cache_write),
    )


def _tools(call: Call) -> dict[str, Any]:
    if not call.tools:
        return {}
    choice: ToolChoiceParam = {"type": "none"} if call.must_answer else {"type": "auto"}
    return {"tools": list(call.tools), "tool_choice": choice}


def _json_object(text: str) -> Json | None:
    """The input of a tool; one that takes nothing may come as no text at all."""
    try:
        found = json.loads(text or "{}")
    except (json.JSONDecodeError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _cached(text: str) -> TextBlockParam:
    return {"type": "text", "text": text, "cache_control": {"type": "ephemeral"}}


def _told(used: Usage) -> dict[str, int]:
    return {
        "gen_ai.usage.input_tokens": used.input + used.cache_read + used.cache_write,
        "gen_ai.usage.output_tokens": used.output,
    }


def _record(call: Call, heard: _Heard, request_id: str | None, *, seconds: float) -> None:
    """Log that the call was made, never what was said in it."""
    log.info(
        "model_call",
        purpose=call.purpose,
        model=call.model,
        request_id=request_id,
        stop=heard.stop,
        seconds=round(seconds, 2),
        input=heard.usage.input,
        output=heard.usage.output,
        cache_read=heard.usage.cache_read,
        cache_write=heard.usage.cache_write,
    )
