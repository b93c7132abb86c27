"""A connector whose engine runs in a child process."""

import time
from dataclasses import replace
from typing import Any, ClassVar, Final

from core import connectors
from core.connectors import failures
from core.connectors.base import AFRESH, Cancel, FormField, Limits, Reading, Target
from core.connectors.sandbox import wire
from core.connectors.sandbox.children import OURS, Children, Lost
from core.errors import QueryFailed
from core.types import DatabaseSchema, Finding, QueryResult, SafeSelect

SCHEMA_SECONDS: Final = 600.0
CHECK_SECONDS: Final = 30.0


class Sandboxed:
    """Does what the connector of its kind does, elsewhere. Nothing is opened in this process."""

    kind: ClassVar[str] = ""
    label: ClassVar[str] = ""
    dialect: ClassVar[str] = ""
    fields: ClassVar[tuple[FormField, ...]] = ()

    def __init__(self, kind: str, target: Target, children: Children = OURS) -> None:
        named = connectors.kind(kind)
        vars(self).update(
            kind=named.kind, label=named.label, dialect=named.dialect, fields=named.fields
        )
        self._kind = kind
        self._target = target
        self._children = children

    def run(self, safe: SafeSelect, limits: Limits, cancel: Cancel) -> QueryResult:
        """Run a checked query; see Connector.run."""
        started = time.monotonic()
        if cancel.requested:
            raise failures.cancelled()
        question = {"op": "run", "query": wire.told_query(safe, limits)}
        head, body = self._ask(question, limits.seconds, cancel, limits.max_bytes)
        return replace(wire.result_of(head, body), seconds=time.monotonic() - started)

    def read_schema(self, reading: Reading = AFRESH) -> DatabaseSchema:
        """Discover the schema; see Connector.read_schema."""
        return wire.schema_of(self._value("read_schema", SCHEMA_SECONDS))

    def check(self) -> int:
        """Count tables and views; see Connector.check."""
        return int(self._value("check", CHECK_SECONDS))

    def examine(self) -> tuple[Finding, ...]:
        """What the file may be used for; see Connector.examine."""
        return wire.findings_of(self._value("examine", CHECK_SECONDS))

    def close(self) -> None:
        """Have the children let go of the files."""
        self._children.let_go(self._key, self._about({"op": "close"}))

    @property
    def _key(self) -> str:
        return f"{self._kind} {self._target.connection_id} {self._target.version}"

    def _about(self, question: wire.Head) -> wire.Head:
        return {**question, "kind": self._kind, "target": wire.told_target(self._target)}

    def _value(self, question: str, seconds: float) -> Any:
        head, _ = self._ask({"op": question}, seconds, Cancel(), 0)
        return head["value"]

    def _ask(
        self, question: wire.Head, seconds: float, cancel: Cancel, most: int
    ) -> tuple[wire.Head, bytearray]:
        try:
            with self._children.borrowed(self._key, seconds, cancel) as child:
                head, body = child.ask(self._about(question), seconds, cancel, most)
        except Lost as error:
            raise QueryFailed(
                "The database engine broke off in the middle of the query.",
                "Try again; if it happens again, ask in another way.",
            ) from error
        if "error" in head:
            wire.raise_error(head)
        return head, body
