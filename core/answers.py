"""What can be done with an answer later: see its whole result again, take it along as a file."""

import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from core import audit, chips, connections, conversations, export, query, schema, trust
from core.datamind import DataMind
from core.errors import BadInput, DataMindError, NotFound
from core.types import Actor, Chip, Query, QueryResult

LOOK_UP_SECONDS: Final = 3.0


@dataclass(frozen=True)
class Download:
    """A file for the person to keep."""

    name: str
    mime: str
    content: bytes


def result(dm: DataMind, actor: Actor, message_id: UUID) -> QueryResult:
    """The whole result of one's own answer: what is kept of it, or the query run again.

    The kept rows are enough when the result was small; else the cache or the database answers.
    """
    message = conversations.message(dm, actor, message_id)
    if message.preview is not None and message.row_count <= message.preview.row_count:
        return message.preview
    if not message.sql or message.connection_id is None:
        raise BadInput("This message has no result.", "Choose an answer that shows a figure.")
    return query.run(dm, actor, Query(message.connection_id, message.sql, purpose="answer"))


def reading_chips(dm: DataMind, actor: Actor, message_id: UUID) -> tuple[Chip, ...]:
    """What can be changed in place of one's own answer; empty where nothing can with certainty."""
    message = conversations.message(dm, actor, message_id)
    if not message.sql or message.connection_id is None:
        return ()
    try:
        known = schema.read(dm, actor, message.connection_id)
    except NotFound:  # its connection is gone
        return ()
    return chips.chips(message.sql, known, dm.clock.today(actor.time_zone))


def chip_values(
    dm: DataMind, actor: Actor, message_id: UUID, column: str
) -> tuple[str | int | float, ...]:
    """Up to 200 values that a filtered column of one's own answer has; empty where the data does
    not tell within three seconds."""
    message = conversations.message(dm, actor, message_id)
    if message.connection_id is None:
        return ()
    known = schema.read(dm, actor, message.connection_id)
    sql = chips.filters.values_sql(column, known.guarded_as)
    asked = Query(message.connection_id, sql, purpose="probe")
    try:
        found = query.run(dm, actor, asked, known=known, seconds=LOOK_UP_SECONDS)
    except DataMindError:
        return ()
    values = found.table.column(0).to_pylist()
    return tuple(v for v in values if isinstance(v, str | int | float) and not isinstance(v, bool))


def download(dm: DataMind, actor: Actor, message_id: UUID, fmt: str) -> Download:
    """One's own answer with its whole result as a file in one of `export.FORMATS`."""
    message = conversations.message(dm, actor, message_id)
    found = result(dm, actor, message_id)
    title = title_of(message)
    sheet = export.Sheet(
        title=title,
        question=conversations.question_of(dm, actor, message_id),
        insight=message.text,
        reading=message.reading,
        sql=message.sql or "",
        made_at=message.created_at.astimezone(ZoneInfo(actor.time_zone)),
        sure=trust.in_words(message.grade) if message.grade else "",
        connection=_connection_name(dm, actor, message.connection_id),
        chart=message.chart,
        paper=export.paper_of(actor.locale),
        truncated=found.truncated or message.truncated,
    )
    content = export.to_bytes(sheet, found.table, fmt)
    audit.record(
        dm, actor, "export.answer", "chat_message", message_id, format=fmt, rows=found.row_count
    )
    return Download(file_name(title, fmt), export.FORMATS[fmt].mime, content)


def _connection_name(dm: DataMind, actor: Actor, connection_id: UUID | None) -> str:
    if connection_id is None:
        return ""
    try:
        return connections.connection(dm, actor, connection_id).name
    except NotFound:  # its connection is gone
        return ""


def title_of(message: conversations.Message) -> str:
    """What an answer is about, in a few words."""
    return (message.chart.title if message.chart else "") or message.reading or "Answer"


def file_name(title: str, fmt: str) -> str:
    """The name of an exported file, from the title of its answer."""
    stem = re.sub(r"[^\w-]+", "-", title.lower()).strip("-")[:60]
    return f"{stem or 'answer'}.{fmt}"
