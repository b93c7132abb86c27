"""A file that comes again: compared with what there is, then added to it or put in its place.

Each version is a new file beside the old one, because somebody may be reading that. The originals
of all versions stay; the tables of the version before stay until the next one comes.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal
from uuid import UUID

import pyarrow as pa
from sqlalchemy.orm import Session

from core import audit, connections, export, refreshes
from core.connectors.ingest import LoadedTable, Plan, Preview, TableChange, again, quarantine
from core.connectors.sandbox import loading
from core.connectors.sandbox.loading import Tell
from core.datamind import DataMind
from core.errors import BadUpload, NotAllowed
from core.security import access
from core.security.rights import Rights
from core.store.tables import Connection, Upload
from core.types import Actor
from core.uploads import TABLE_ENDINGS, Types, Uploaded, details_of, limits

How = Literal["append", "replace"]
TO_KEEP: Final = 1
"""Versions of the tables that stay behind the newest, for those who are reading them."""


@dataclass(frozen=True)
class Comparison:
    """A file beside what an earlier one became: the differences, and what it would become."""

    changes: tuple[TableChange, ...]
    previews: tuple[Preview, ...]


def compare(
    dm: DataMind,
    actor: Actor,
    upload_id: UUID,
    source: Path,
    file_name: str,
    types: Types | None = None,
    tell: Tell | None = None,
) -> Comparison:
    """What is different in a file that should follow an earlier one; nothing is kept.

    Raises BadUpload, NotFound, NotAllowed for viewers.
    """
    access.require(actor, "analyst", "upload files")
    before = again.known(_tables_of(dm, actor, upload_id))
    found = loading.preview(
        source,
        file_name,
        limits=limits(dm),
        plan=Plan(types or {}, again.only_name(before)),
        tell=tell,
    )
    return Comparison(again.compare(before, (one.table for one in found)), found)


def renew(
    dm: DataMind,
    actor: Actor,
    upload_id: UUID,
    source: Path,
    file_name: str,
    how: How,
    types: Types | None = None,
    tell: Tell | None = None,
) -> Uploaded:
    """Add the rows of a file to those of an earlier upload, or put them in their place.

    Tables keep their names, and when rows are added their types too: what does not fit goes to
    the quarantine. Raises BadUpload, NotFound, NotAllowed for viewers, or for analysts where
    somebody else brought the earlier file.
    """
    access.require(actor, "analyst", "upload files")
    suffix = Path(file_name).suffix.lower()
    old = _tables_of(dm, actor, upload_id, to_change=True)
    number = _newest(dm, actor, upload_id) + 1
    tables_file = old.parent / f"{upload_id}.v{number}.duckdb"
    original = old.parent / f"{upload_id}.v{number}{suffix}"
    plan = Plan(
        types or {}, again.only_name(again.known(old)), onto=old if how == "append" else None
    )
    try:
        tables = loading.load(
            source, file_name, tables_file, limits=limits(dm), plan=plan, tell=tell
        )
        shutil.copyfile(source, original)
        dm.files.keep(tables_file)
        dm.files.keep(original)
        connection_id = _switch(
            dm, actor, upload_id, old, tables_file, tables, source, file_name, how
        )
    except BaseException:
        tables_file.unlink(missing_ok=True)
        original.unlink(missing_ok=True)
        raise
    _clear(dm, tables_file, upload_id, number)
    refreshes.refresh(dm, actor, connection_id)
    audit.record(
        dm,
        actor,
        "upload.renew",
        "connection",
        connection_id,
        file=Path(file_name).name[:255],
        how=how,
        rows=sum(table.row_count for table in tables),
    )
    return Uploaded(connection_id, tables)


def bad_cells(dm: DataMind, actor: Actor, upload_id: UUID) -> pa.Table:
    """All cells of an upload that did not fit: table, row, column, value, what was expected.

    Raises NotFound, NotAllowed for viewers (private columns may be among them).
    """
    access.require(actor, "analyst", "see the quarantine")
    with dm.sessions.read() as db:
        _require_all_columns(db, actor, access.own(db, actor, Upload, upload_id, "file"))
    return quarantine.everything(_tables_of(dm, actor, upload_id))


def bad_cells_as_csv(dm: DataMind, actor: Actor, upload_id: UUID) -> bytes:
    """The same as a CSV file that runs nothing in a spreadsheet. Raises as `bad_cells` does."""
    found = bad_cells(dm, actor, upload_id)
    audit.record(dm, actor, "upload.quarantine", "upload", upload_id, cells=found.num_rows)
    return export.table_to_bytes(found, "csv")


def original(dm: DataMind, actor: Actor, upload_id: UUID) -> tuple[Path, str]:
    """The newest file as it was brought, and its name. Raises NotFound, NotAllowed for viewers."""
    access.require(actor, "analyst", "download files")
    with dm.sessions.read() as db:
        row = access.own(db, actor, Upload, upload_id, "file")
        _require_all_columns(db, actor, row)
        brought = Path(row.storage_path).with_suffix(_suffix(row.original_filename))
        path = dm.files.path(str(brought))
    audit.record(dm, actor, "upload.download", "upload", upload_id, name=row.original_filename)
    return path, row.original_filename


def _require_all_columns(db: Session, actor: Actor, row: Upload) -> None:
    """A file as it was brought holds private columns as they are."""
    where = db.get_one(Connection, row.connection_id)
    if where.private_columns and not Rights.of(where.rights).sees_private(actor):
        raise NotAllowed(
            "This file holds columns that are private.", "Export the columns that you may see."
        )


def _suffix(file_name: str) -> str:
    return Path(file_name).suffix.lower()


def _tables_of(dm: DataMind, actor: Actor, upload_id: UUID, to_change: bool = False) -> Path:
    with dm.sessions.read() as db:
        row = access.own(db, actor, Upload, upload_id, "file")
        if to_change and row.user_id != actor.user_id:
            access.require(actor, "admin", "renew a file that somebody else brought")
        return dm.files.path(row.storage_path)


def _newest(dm: DataMind, actor: Actor, upload_id: UUID) -> int:
    with dm.sessions.read() as db:
        row = access.own(db, actor, Upload, upload_id, "file")
        return int(row.details.get("version", 1))


def _switch(
    dm: DataMind,
    actor: Actor,
    upload_id: UUID,
    old: Path,
    new: Path,
    tables: tuple[LoadedTable, ...],
    source: Path,
    file_name: str,
    how: How,
) -> UUID:
    """Let the upload be the new version, unless another one came meanwhile."""
    with dm.sessions.write() as db:
        row = access.own(db, actor, Upload, upload_id, "file")
        if dm.files.path(row.storage_path) != old:
            raise BadUpload(
                "Somebody brought another version of this file just now.",
                "Look at it, then upload yours again.",
            )
        kept = access.own(db, actor, Connection, row.connection_id, "connection")
        connections.bump_version(kept)
        before = row.details if how == "append" else {}
        row.details = {
            **details_of(tables),
            "quarantined": _quarantined(before, tables),
            "version": int(row.details.get("version", 1)) + 1,
            "files": [*_files(row), {"name": Path(file_name).name[:500], "how": how}],
        }
        row.storage_path = dm.files.stored(new)
        row.original_filename = Path(file_name).name[:500]
        row.mime_type = TABLE_ENDINGS[_suffix(file_name)]
        row.file_size_bytes = source.stat().st_size
        row.row_count = sum(table.row_count for table in tables)
        row.column_count = sum(len(table.columns) for table in tables)
        return row.connection_id


def _quarantined(before: Mapping[str, Any], tables: tuple[LoadedTable, ...]) -> int:
    return int(before.get("quarantined", 0)) + sum(table.quarantined for table in tables)


def _files(row: Upload) -> list[dict[str, Any]]:
    return list(row.details.get("files") or [{"name": row.original_filename, "how": "new"}])


def _clear(dm: DataMind, newest: Path, upload_id: UUID, number: int) -> None:
    """Remove tables that nobody can be reading any more; the originals stay."""
    for old in range(1, number - TO_KEEP):
        name = f"{upload_id}.duckdb" if old == 1 else f"{upload_id}.v{old}.duckdb"
        dm.files.drop(dm.files.stored(newest.parent / name))
