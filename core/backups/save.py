"""`./datamind backup PLACE`: the application database and all files, into one file."""

import argparse
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

import sqlalchemy as sa

from core import config, datamind
from core.backups import tidy
from core.backups.archive import ABOUT, FILES, KEY_PROOF, TABLES, About, kind_of, line
from core.datamind import DataMind
from core.errors import BadInput, DataMindError
from core.store import migrate
from core.store.queue import SilentQueue
from core.store.tables import Base

PASSING: Final = ("leases", "rates", "sightings", "sign_in_tickets", "user_sessions")
"""What is of the moment only. Who was signed in signs in again: an ended session stays ended."""
ROWS_AT_ONCE: Final = 500
QUICKLY: Final = 1
"""Half of what is kept is packed already: more effort makes a backup slower, not smaller."""


@dataclass(frozen=True)
class Saved:
    """A backup that was made: where, how large (bytes), and what is in it."""

    path: Path
    size: int
    rows: int
    files: int


def save(dm: DataMind, place: Path) -> Saved:
    """Write a backup into the folder `place`, under a name with the time; whole or not at all.

    All rows are of one moment, while people go on working. Files that are removed meanwhile are
    left out. Raises BadInput.
    """
    if not place.is_dir():
        raise BadInput(f"{place} is not a folder.", "Make it, or name another one.")
    if not migrate.is_current(dm.sessions):
        raise BadInput(
            "The application database is not at this version.", "Run ./datamind migrate first."
        )
    path = place / tidy.name(dm.clock.now())
    if path.exists():
        raise BadInput(f"{path} is there already.", "Wait a second, then do it again.")
    coming = path.with_suffix(".coming")
    try:
        descriptor = os.open(coming, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with (
            os.fdopen(descriptor, "wb") as file,
            ZipFile(file, "w", ZIP_DEFLATED, compresslevel=QUICKLY) as backup,
        ):
            columns = _columns()
            rows = _write_tables(dm, backup, columns)
            files = _write_files(dm, backup)
            said = About(
                made_at=dm.clock.now().isoformat(),
                revision=migrate.revision(dm.sessions),
                key_proof=dm.vault.seal(KEY_PROOF),
                columns=columns,
                rows=rows,
                files=files,
            )
            backup.writestr(ABOUT, said.to_json())
        coming.rename(path)
    except OSError as error:
        raise BadInput(
            f"The backup could not be written: {error.strerror}.",
            "Make room, or name another folder. What was begun is taken away.",
        ) from error
    finally:
        coming.unlink(missing_ok=True)
    return Saved(path, path.stat().st_size, sum(rows.values()), files)


def _columns() -> dict[str, dict[str, str]]:
    """What is kept, a table after those that it refers to."""
    return {
        table.name: {column.name: kind_of(column.type) for column in table.columns}
        for table in Base.metadata.sorted_tables
        if table.name not in PASSING
    }


def _write_tables(
    dm: DataMind, backup: ZipFile, columns: Mapping[str, Mapping[str, str]]
) -> dict[str, int]:
    engine = dm.sessions.engine
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
    counted = {}
    with engine.connect() as connection:
        for name, kinds in columns.items():
            query = sa.select(Base.metadata.tables[name]).execution_options(
                stream_results=True, yield_per=ROWS_AT_ONCE
            )
            count = 0
            with backup.open(f"{TABLES}/{name}", "w", force_zip64=True) as member:
                for row in connection.execute(query).mappings():
                    member.write(line(dict(row), kinds))
                    count += 1
            counted[name] = count
    return counted


def _write_files(dm: DataMind, backup: ZipFile) -> int:
    count = 0
    for stored, path in dm.files.everything():
        try:
            backup.write(path, f"{FILES}/{stored}")
            count += 1
        except FileNotFoundError:
            continue
    return count


def main() -> int:
    """Make a backup, tidy up older ones if asked, and say what was done."""
    parser = argparse.ArgumentParser(prog="datamind backup", description=__doc__)
    parser.add_argument("place", type=Path, help="the folder for the backup")
    parser.add_argument(
        "--tidy",
        action="store_true",
        help="remove older backups there: all of 30 days stay, then one a week up to 90 days",
    )
    said = parser.parse_args()
    try:
        dm = datamind.build(config.load(), SilentQueue())
        try:
            saved = save(dm, said.place)
            gone = tidy.tidy(said.place, dm.clock.today()) if said.tidy else 0
        finally:
            datamind.close(dm)
    except DataMindError as problem:
        print(f"{problem.message} {problem.hint}", file=sys.stderr)
        return 1
    print(f"{saved.path}: {saved.rows:,} rows, {saved.files:,} files, {saved.size:,} bytes.")
    if said.tidy:
        print(f"Older backups removed: {gone}.")
    print("Keep ENCRYPTION_KEY in another place: without it passwords have to be entered again.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
