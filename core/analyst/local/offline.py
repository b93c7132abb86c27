"""The analyst over a SQLite file, without the rest of the house: for measuring it.

A few lines over what the chat calls; the schema is read once per file, the values that text
columns hold are indexed in memory.
"""

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path

from core.analyst.base import BareDesk, ValueHit
from core.analyst.local import lexicon, recollecting, spans
from core.analyst.local.analyst import LocalAnalyst
from core.analyst.local.roles import Role
from core.types import Draft, Outcome, Question, Table, Turn

VALUES_PER_COLUMN = 5_000


def sql_for(
    question: str, sqlite_path: str, history: Sequence[Mapping[str, str]] | None = None
) -> str | None:
    """The SQL for a question on a SQLite file, or None when the analyst abstains.

    `history` holds the turns before, each with its "question". Today is DATAMIND_TODAY when
    set. Raises CannotConnect when the file is no database.
    """
    desk = _desk(str(Path(sqlite_path).resolve()), os.stat(sqlite_path).st_mtime_ns)
    told = os.environ.get("DATAMIND_TODAY")
    today = date.fromisoformat(told) if told else datetime.now(UTC).date()
    analyst = LocalAnalyst()
    turns: list[Turn] = []
    for earlier in history or ():
        asked = Question(earlier["question"], desk.schema, today, tuple(turns))
        turns.append(_turn(earlier, analyst.draft(asked, desk), desk))
    outcome = analyst.draft(Question(question, desk.schema, today, tuple(turns)), desk)
    return outcome.sql if isinstance(outcome, Draft) else None


def _turn(earlier: Mapping[str, str], drafted: Outcome, desk: "FileDesk") -> Turn:
    """A turn before: the SQL that was answered with, and its plan where it is our own."""
    own = drafted if isinstance(drafted, Draft) else None
    given = earlier.get("sql")
    if own is None:
        return Turn(earlier["question"], sql=given)
    if given and not recollecting.alike(given, own.sql, lexicon.of(desk.schema)):
        return Turn(earlier["question"], sql=given)
    return Turn(earlier["question"], sql=own.sql, plan=own.plan)


@lru_cache(maxsize=64)
def _desk(path: str, version: int) -> "FileDesk":
    return FileDesk(Path(path))


class FileDesk(BareDesk):
    """A desk over one SQLite file; it looks values up and runs no probes."""

    def __init__(self, path: Path) -> None:
        from core.connectors import sqlite
        from core.connectors.base import Target

        connector = sqlite.Sqlite(Target("offline", "1", paths=(path,)))
        super().__init__(connector.read_schema())
        self._values = lexicon.Index()
        session = sqlite.connect(path)
        try:
            for at, role in lexicon.of(self.schema).roles.items():
                if role is not Role.TEXT:
                    continue
                table, column = (n.replace('"', '""') for n in (at.table, at.column))
                rows = session.execute(
                    f'SELECT DISTINCT "{column}" FROM "{table}" LIMIT {VALUES_PER_COLUMN}'  # noqa: S608
                )
                lexicon.index_values(
                    self._values, at.table, at.column, [r[0] for r in rows if isinstance(r[0], str)]
                )
        finally:
            session.close()

    def search_schema(self, words: str, limit: int = 15) -> tuple[Table, ...]:
        """The first tables; the built-in analyst reads the whole schema itself."""
        return self.schema.tables[:limit]

    def find_values(self, *texts: str, limit: int = 10) -> tuple[ValueHit, ...]:
        """Stored values that equal one of the texts, whatever its case."""
        keys = dict.fromkeys(spans.value_key(text) for text in texts)
        found = [meaning for key in keys for meaning in self._values.get(key, [])[:limit]]
        return tuple(ValueHit(m.table, m.column or "", m.value or "") for m in found)
