"""Uploads: a file that a person brings becomes tables of a file connection."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import audit, connections, connectors, refreshes
from core.connectors.base import Target
from core.connectors.ingest import (
    CHOICES,
    LoadedTable,
    Plan,
    Preview,
    UploadLimits,
    filetype,
)
from core.connectors.ingest.choices import of_type
from core.connectors.ingest.seam import Told, tell_of
from core.connectors.sandbox import loading
from core.connectors.sandbox.loading import Tell
from core.datamind import DataMind
from core.errors import BadInput, BadUpload, room_needed
from core.security import access
from core.store.tables import Connection, Upload
from core.types import Actor

DATABASE_ENDINGS: Final = {
    ".sqlite": "sqlite",
    ".sqlite3": "sqlite",
    ".db": "sqlite",
    ".duckdb": "duckdb",
}
MOST_NOTES: Final = 50
TABLE_ENDINGS: Final = {
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".txt": "text/plain",
    ".tab": "text/tab-separated-values",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


Types = Mapping[str, Mapping[str, str]]
"""Choices of a person (keys of CHOICES) by the names of table and column."""


@dataclass(frozen=True)
class Uploaded:
    """What an upload became."""

    connection_id: UUID
    tables: tuple[LoadedTable, ...]


@dataclass(frozen=True)
class UploadView:
    """A file of a connection in the list."""

    id: UUID
    file_name: str
    size: int
    rows: int
    columns: int
    created_at: datetime
    version: int = 1
    quarantined: int = 0
    notes: tuple[str, ...] = ()
    may_renew: bool = False


def endings() -> tuple[str, ...]:
    """The endings of files that can be brought."""
    return (*TABLE_ENDINGS, *DATABASE_ENDINGS)


def table_endings() -> tuple[str, ...]:
    """The endings of files that become tables."""
    return tuple(TABLE_ENDINGS)


def is_database(file_name: str) -> bool:
    """Whether the file is a database of its own rather than tables to add."""
    return Path(file_name).suffix.lower() in DATABASE_ENDINGS


def choices() -> Mapping[str, str]:
    """What a person can choose as a column's type, and what it is called."""
    return CHOICES


def choice_of(type_name: str) -> str:
    """The choice that a loaded column's type stands for."""
    return of_type(type_name)


def ingest(path: Path | str, upload_name: str, work_dir: Path | str) -> list[Told]:
    """Read a file as `add` does, without an organization, and tell what it became.

    One entry for each table (a CSV file has one, a workbook one for each sheet with data):
    `name`, `columns` as [[name, type]] with DuckDB's types, and `rows`, the values: a list of
    lists, or of more than 100,000 rows a sequence that reads them when they are asked for;
    either is also equal to the number of the rows. `label` and `labels` are the names as the
    file has them, `notes` what was skipped or assumed, `quarantine` the first cells that did
    not fit (row, column, value), `quarantined` how many there are.
    `upload_name` is the file's name as the person knows it. The tables are kept in a new DuckDB
    file in `work_dir`, which is made when missing. Raises BadUpload with what to do in its hint.
    """
    folder = Path(work_dir)
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / f"{uuid4()}.duckdb"
    return [tell_of(made, table) for table in loading.load(Path(path), upload_name, made)]


def preview(
    dm: DataMind,
    actor: Actor,
    source: Path,
    file_name: str,
    types: Types | None = None,
    tell: Tell | None = None,
) -> tuple[Preview, ...]:
    """What the tables of a file would be, with their first rows; nothing is kept.

    `types` has what the person chose for columns, `tell` hears what is being done.
    Raises BadUpload, NotAllowed for viewers.
    """
    access.require(actor, "analyst", "upload files")
    return loading.preview(source, file_name, limits=limits(dm), plan=Plan(types or {}), tell=tell)


def add(
    dm: DataMind,
    actor: Actor,
    source: Path,
    file_name: str,
    *,
    connection_id: UUID | None = None,
    new_name: str = "",
    types: Types | None = None,
    tell: Tell | None = None,
) -> Uploaded:
    """Load a CSV or Excel file into a file connection: an existing one, or a new one by name.

    The original is kept. The tables can be asked at once. `types` has what the person chose
    for columns, `tell` hears what is being done, from another thread.
    Raises BadUpload, BadInput, LimitReached, NotFound, NotAllowed for viewers.
    """
    access.require(actor, "analyst", "upload files")
    suffix = Path(file_name).suffix.lower()
    filetype.check(source, file_name, limits(dm))
    upload_id = uuid4()
    with dm.sessions.write() as db:
        row = _file_connection(db, actor, connection_id, new_name, suffix)
    folder = dm.files.folder(actor.org_id, row.id)
    tables_file, original = folder / f"{upload_id}.duckdb", folder / f"{upload_id}{suffix}"
    try:
        tables = loading.load(
            source, file_name, tables_file, limits=limits(dm), plan=Plan(types or {}), tell=tell
        )
        with room_needed():
            shutil.copyfile(source, original)
            stored = dm.files.keep(tables_file)
            dm.files.keep(original)
    except BaseException:
        tables_file.unlink(missing_ok=True)
        original.unlink(missing_ok=True)
        if connection_id is None:
            _take_back(dm, actor, row.id)
        raise
    with dm.sessions.write() as db:
        kept = access.own(db, actor, Connection, row.id, "connection")
        connections.bump_version(kept)
        db.add(
            Upload(
                id=upload_id,
                user_id=actor.user_id,
                connection_id=row.id,
                original_filename=Path(file_name).name[:500],
                file_size_bytes=source.stat().st_size,
                mime_type=TABLE_ENDINGS[suffix],
                storage_path=stored,
                row_count=sum(t.row_count for t in tables),
                column_count=sum(len(t.columns) for t in tables),
                details=details_of(tables),
                created_at=dm.clock.now(),
            )
        )
    refreshes.refresh(dm, actor, row.id)
    audit.record(
        dm,
        actor,
        "upload.create",
        "connection",
        row.id,
        file=Path(file_name).name[:255],
        tables=len(tables),
        rows=sum(t.row_count for t in tables),
    )
    return Uploaded(row.id, tables)


def add_database(
    dm: DataMind, actor: Actor, source: Path, file_name: str, *, new_name: str
) -> UUID:
    """Keep an SQLite or DuckDB file as a connection of its own, once it can be opened.

    Raises BadUpload, BadInput, LimitReached, NotAllowed for viewers.
    """
    access.require(actor, "analyst", "upload files")
    most = dm.settings.max_upload_mb
    if source.stat().st_size > limits(dm).max_bytes:
        raise BadUpload(
            f"The file is larger than {most} MB.", "Connect the database that it comes from."
        )
    kind = DATABASE_ENDINGS.get(Path(file_name).suffix.lower())
    if kind is None:
        raise BadUpload("This is not a database file that DataMind knows.", _OFFER)
    trial = connectors.open(kind, Target("trial", "0", paths=(source,)))
    try:
        if trial.check() == 0:
            raise BadUpload("This database has no tables.", "Choose a file with data in it.")
    finally:
        trial.close()
    with dm.sessions.write() as db:
        row = connections.add(db, actor, name=new_name, kind=kind)
        path = dm.files.folder(actor.org_id, row.id) / f"{uuid4()}.{kind}"
        shutil.copyfile(source, path)
        row.file_path = dm.files.keep(path)
    refreshes.refresh(dm, actor, row.id)
    audit.record(
        dm, actor, "upload.database", "connection", row.id, file=Path(file_name).name[:255]
    )
    return row.id


def uploads(dm: DataMind, actor: Actor, connection_id: UUID) -> tuple[UploadView, ...]:
    """The files of a connection, the oldest first."""
    with dm.sessions.read() as db:
        access.own(db, actor, Connection, connection_id, "connection")
        rows = db.scalars(
            sa.select(Upload)
            .where(Upload.connection_id == connection_id)
            .order_by(Upload.created_at)
        )
        return tuple(
            UploadView(
                id=row.id,
                file_name=_shown_name(row),
                size=row.file_size_bytes,
                rows=row.row_count,
                columns=row.column_count,
                created_at=row.created_at,
                version=int(row.details.get("version", 1)),
                quarantined=int(row.details.get("quarantined", 0)),
                notes=tuple(row.details.get("notes", ())),
                may_renew=row.user_id == actor.user_id or access.allows(actor, "admin"),
            )
            for row in rows
        )


def remove(dm: DataMind, actor: Actor, upload_id: UUID) -> None:
    """Take a file out of its connection: one's own, or as an admin anybody's."""
    access.require(actor, "analyst", "remove files")
    with dm.sessions.write() as db:
        upload = access.own(db, actor, Upload, upload_id, "file")
        if upload.user_id != actor.user_id:
            access.require(actor, "admin", "remove a file that somebody else brought")
        row = access.own(db, actor, Connection, upload.connection_id, "connection")
        connections.bump_version(row)
        connection_id, stored, name = row.id, upload.storage_path, upload.original_filename
        db.delete(upload)
    dm.pool.close(str(connection_id))
    dm.files.drop_alike(stored, f"{upload_id}.")
    refreshes.refresh(dm, actor, connection_id)
    audit.record(dm, actor, "upload.delete", "connection", connection_id, file=name)


def _shown_name(row: Upload) -> str:
    """The name of the file, or of the first one to which the rows of others were added."""
    files = row.details.get("files", [])
    first = max((n for n, file in enumerate(files) if file["how"] != "append"), default=0)
    added = len(files) - first - 1
    return f"{files[first]['name']} + {added:,} more" if added > 0 else row.original_filename


def details_of(tables: Sequence[LoadedTable]) -> dict[str, Any]:
    """What is kept of a load beside its figures: notes, and the count of the quarantine."""
    return {
        "notes": [note for table in tables for note in table.notes][:MOST_NOTES],
        "quarantined": sum(table.quarantined for table in tables),
    }


_OFFER: Final = "Bring a CSV, TSV, Excel (.xlsx), SQLite or DuckDB file."


def limits(dm: DataMind) -> UploadLimits:
    """The bounds of an upload here."""
    return UploadLimits(max_bytes=dm.settings.max_upload_mb * 1024 * 1024)


def _file_connection(
    db: Session, actor: Actor, connection_id: UUID | None, new_name: str, suffix: str
) -> Connection:
    if connection_id is None:
        kind = "excel" if suffix == ".xlsx" else "csv"
        return connections.add(db, actor, name=new_name, kind=kind)
    row = access.own(db, actor, Connection, connection_id, "connection")
    if row.type not in connections.FILE_KINDS:
        raise BadInput(
            f"“{row.name}” is a database; files cannot be added to it.",
            "Choose a file connection, or make a new one.",
        )
    return row


def _take_back(dm: DataMind, actor: Actor, connection_id: UUID) -> None:
    """Undo the new connection of a file that could not be loaded."""
    with dm.sessions.write() as db:
        db.delete(access.own(db, actor, Connection, connection_id, "connection"))
    dm.files.remove(actor.org_id, connection_id)
