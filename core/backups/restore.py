"""`./datamind restore FILE`: a backup into a fresh installation."""

import argparse
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

import sqlalchemy as sa

from core import config, datamind
from core.backups import archive
from core.backups.archive import FILES, KEY_PROOF, TABLES, About
from core.datamind import DataMind
from core.errors import BadInput, CannotConnect, DataMindError, NotFound
from core.security import secrets
from core.store import migrate
from core.store.queue import SilentQueue

ROWS_AT_ONCE: Final = 500


@dataclass(frozen=True)
class Restored:
    """What a backup brought. `opens`: its passwords can be read with this encryption key."""

    rows: int
    files: int
    made_at: str
    opens: bool


def restore(dm: DataMind, path: Path) -> Restored:
    """Fill an empty installation with a backup, and bring it to this version.

    Nothing stays of a restore that fails. Raises BadInput.
    """
    with archive.opened(path) as backup:
        about = archive.about(path, backup)
        _require_known(about)
        _require_empty(dm)
        if migrate.revision(dm.sessions):
            migrate.downgrade(dm.sessions)
        migrate.upgrade(dm.sessions, about.revision)
        brought: list[Path] = []
        try:
            with _or_nothing(dm, brought), dm.sessions.write() as db:
                for name, columns in about.columns.items():
                    _fill(db, backup, name, columns)
                _bring_files(dm, backup, brought)
        except (sa.exc.SQLAlchemyError, ValueError, BadZipFile, KeyError, NotFound) as error:
            raise archive.not_a_backup(path) from error
        except OSError as error:
            raise BadInput(
                f"The files could not be written: {error.strerror}.", "Make room, then try again."
            ) from error
        migrate.upgrade(dm.sessions)
    return Restored(
        sum(about.rows.values()), len(brought), about.made_at, _opens(dm, about.key_proof)
    )


@contextmanager
def _or_nothing(dm: DataMind, brought: Sequence[Path]) -> Iterator[None]:
    try:
        yield
    except BaseException:
        for file in brought:
            dm.files.drop(dm.files.stored(file))
        migrate.downgrade(dm.sessions)
        raise


def _require_known(about: About) -> None:
    if not migrate.knows(about.revision):
        raise BadInput(
            "This backup was made by a newer DataMind.",
            "Update DataMind, then restore it again.",
        )


def _require_empty(dm: DataMind) -> None:
    engine = dm.sessions.engine
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("organizations"):
            return
        if connection.scalar(sa.text("SELECT count(*) FROM organizations")) == 0:
            return
    raise BadInput(
        "There is data in this installation already.",
        "Restore into a new one: another DATABASE_URL and another DATAMIND_HOME.",
    )


def _fill(db: sa.orm.Session, backup: ZipFile, name: str, columns: Mapping[str, str]) -> None:
    table = archive.table(name, columns)
    with backup.open(f"{TABLES}/{name}") as lines:
        rows = (archive.row(written, columns) for written in lines)
        while some := list(islice(rows, ROWS_AT_ONCE)):
            db.execute(sa.insert(table), some)


def _bring_files(dm: DataMind, backup: ZipFile, brought: list[Path]) -> None:
    for name in _files(backup):
        stored = name.removeprefix(f"{FILES}/")
        path = dm.files.room_for(stored)
        brought.append(path)
        with backup.open(name) as packed, path.open("wb") as file:
            shutil.copyfileobj(packed, file)
        dm.files.keep(path)


def _files(backup: ZipFile) -> Iterator[str]:
    for name in backup.namelist():
        if name.startswith(f"{FILES}/"):
            yield name


def _opens(dm: DataMind, proof: str) -> bool:
    try:
        return dm.vault.open(proof) == KEY_PROOF
    except CannotConnect:
        return False


def _said(restored: Restored) -> Iterator[str]:
    yield (
        f"Restored what was there at {restored.made_at}: {restored.rows:,} rows, "
        f"{restored.files:,} files. Everybody signs in again."
    )
    if not restored.opens:
        yield (
            "The ENCRYPTION_KEY is not the one of the backup: put that one in, or enter the "
            "passwords of the connections and destinations again."
        )


def main() -> int:
    """Restore, and say what was done."""
    parser = argparse.ArgumentParser(prog="datamind restore", description=__doc__)
    parser.add_argument("file", type=Path, help="a file that `./datamind backup` made")
    said: Any = parser.parse_args()
    try:
        settings = config.load()
        secrets.make_home(settings.datamind_home)
        if settings.environment == "development":
            secrets.ensure(settings.datamind_home)
            settings = config.load()
        dm = datamind.build(settings, SilentQueue())
        try:
            print("\n".join(_said(restore(dm, said.file))))
        finally:
            datamind.close(dm)
    except DataMindError as problem:
        print(f"{problem.message} {problem.hint}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
