"""What parent and child say to each other: frames of a JSON head and a body of bytes.

No pickle: a child that was taken over must not be able to run anything in the parent.
"""

import json
import socket
import struct
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pyarrow as pa

from core import errors
from core.connectors.base import Limits, Target
from core.errors import DataMindError, QueryFailed
from core.types import DatabaseSchema, Finding, QueryResult, SafeSelect, SchemaColumn, Table

Head = dict[str, Any]

_LENGTHS: Final = struct.Struct("!II")


class Hangup(Exception):
    """The other side is gone."""


class Said(Exception):
    """What the engine in the child said, as the cause of the error that the parent raises."""


def send(line: socket.socket, head: Head, body: bytes | memoryview = b"") -> None:
    """Send one frame. Raises Hangup."""
    packed = json.dumps(head).encode()
    try:
        line.sendall(_LENGTHS.pack(len(packed), len(body)) + packed)
        if body:
            line.sendall(body)
    except OSError as error:
        raise Hangup from error


def receive(line: socket.socket, most: int) -> tuple[Head, bytearray]:
    """The next frame. Raises Hangup, also for a frame of more than `most` bytes."""
    head_length, body_length = _LENGTHS.unpack(_exactly(line, _LENGTHS.size))
    if head_length + body_length > most:
        raise Hangup
    return json.loads(_exactly(line, head_length)), _exactly(line, body_length)


def _exactly(line: socket.socket, length: int) -> bytearray:
    taken = bytearray(length)
    view, at = memoryview(taken), 0
    while at < length:
        try:
            got = line.recv_into(view[at:])
        except OSError as error:
            raise Hangup from error
        if not got:
            raise Hangup
        at += got
    return taken


# --- what is asked ---------------------------------------------------------------------


def told_target(target: Target) -> Head:
    """A file target; it has no secrets."""
    return {
        "connection_id": target.connection_id,
        "version": target.version,
        "paths": [str(path) for path in target.paths],
    }


def target_of(head: Head) -> Target:
    """The target again."""
    return Target(head["connection_id"], head["version"], tuple(map(Path, head["paths"])))


def told_query(safe: SafeSelect, limits: Limits) -> Head:
    """A checked query and its limits."""
    return {
        "sql": safe.sql,
        "dialect": safe.dialect,
        "cap": safe.cap,
        "params": {name: _told(value) for name, value in safe.params.items()},
        "seconds": limits.seconds,
        "max_bytes": limits.max_bytes,
    }


def query_of(head: Head) -> tuple[SafeSelect, Limits]:
    """The query and its limits again."""
    params = {name: _value(told) for name, told in head["params"].items()}
    return (
        SafeSelect(head["sql"], head["dialect"], head["cap"], params),
        Limits(head["seconds"], head["max_bytes"]),
    )


def _told(value: Any) -> Head:
    for name, kind, written in _KINDS:
        if type(value) is kind:
            return {name: written(value)}
    return {"plain": value}


def _value(told: Mapping[str, Any]) -> Any:
    ((name, value),) = told.items()
    return _READ[name](value)


_KINDS: Final[tuple[tuple[str, type, Any], ...]] = (
    ("moment", datetime, datetime.isoformat),
    ("day", date, date.isoformat),
    ("decimal", Decimal, str),
    ("uuid", UUID, str),
    ("bytes", bytes, bytes.hex),
)
_READ: Final[dict[str, Any]] = {
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
    "decimal": Decimal,
    "uuid": UUID,
    "bytes": bytes.fromhex,
    "plain": lambda value: value,
}


# --- what comes back ---------------------------------------------------------------------


def told_result(result: QueryResult) -> tuple[Head, memoryview]:
    """A result: its head, and its table as an Arrow stream."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, result.table.schema) as writer:
        writer.write_table(result.table)
    return {"truncated": result.truncated, "seconds": result.seconds}, memoryview(sink.getvalue())


def result_of(head: Head, body: bytearray) -> QueryResult:
    """The result again. Raises QueryFailed for a stream that is none."""
    try:
        table = pa.ipc.open_stream(pa.py_buffer(body)).read_all()
        table.validate()
    except pa.ArrowException as error:
        raise QueryFailed("The result could not be read.", "Try again.") from error
    return QueryResult(table, truncated=bool(head["truncated"]), seconds=float(head["seconds"]))


def schema_of(head: Head) -> DatabaseSchema:
    """A schema that was told with `dataclasses.asdict`."""
    tables = tuple(
        Table(
            **{
                **table,
                "columns": tuple(
                    SchemaColumn(**{**column, "samples": tuple(column["samples"])})
                    for column in table["columns"]
                ),
            }
        )
        for table in head["tables"]
    )
    return DatabaseSchema(**{**head, "tables": tables, "private": frozenset(head["private"])})


def findings_of(found: list[Head]) -> tuple[Finding, ...]:
    """Findings that were told with `dataclasses.asdict`."""
    return tuple(Finding(**one) for one in found)


def told_error(error: BaseException) -> Head:
    """An error: its class of the family, its sentences, and what the engine said."""
    if not isinstance(error, DataMindError):
        error = QueryFailed(
            f"The database engine broke off: {type(error).__name__}.",
            "Try again, or ask in another way.",
        )
    cause = error.__cause__ or error
    return {
        "error": type(error).__name__,
        "message": error.message,
        "hint": error.hint,
        "cause": f"{type(cause).__name__}: {cause}"[:1000],
    }


def raise_error(head: Head) -> None:
    """Raise the error that was told; an unknown class becomes QueryFailed."""
    kind = getattr(errors, str(head["error"]), QueryFailed)
    if not (isinstance(kind, type) and issubclass(kind, DataMindError)):
        kind = QueryFailed
    raise kind(str(head["message"]), str(head["hint"])) from Said(head["cause"])


def told(value: DatabaseSchema | tuple[Finding, ...] | int) -> Any:
    """What the other questions of a connector give, as JSON."""
    if isinstance(value, tuple):
        return [asdict(one) for one in value]
    if isinstance(value, int):
        return value
    return {**asdict(value), "private": sorted(value.private)}
