"""Files on their way in: written to disk as they come, waiting until a person decides."""

import re
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID, uuid4

from core.datamind import DataMind
from core.errors import BadUpload, NotFound, room_needed
from core.security import access
from core.store.files import INCOMING
from core.types import Actor

MEGABYTE: Final = 1024 * 1024
KEPT_SECONDS: Final = 6 * 3600
MOST_WAITING: Final = 5
"""Of one person; the oldest goes when another one comes."""


@dataclass(frozen=True)
class Arrival:
    """A file that has come: where it is until somebody loads or drops it."""

    id: UUID
    name: str
    path: Path


class Arriving:
    """A file that is coming, piece by piece. Nothing of it is held in memory."""

    def __init__(self, folder: Path, name: str, most_mb: int) -> None:
        self._folder = folder
        self._name = name
        self._most_mb = most_mb
        self._size = 0
        folder.mkdir(parents=True)
        (folder / "name").write_text(name, "utf-8")
        self._file: BinaryIO = (folder / "coming").open("wb")

    def write(self, piece: bytes) -> None:
        """Take the next piece. Raises BadUpload when it is too much in all."""
        self._size += len(piece)
        if self._size > self._most_mb * MEGABYTE:
            self.drop()
            raise BadUpload(
                f"The file is larger than {self._most_mb} MB.",
                "Leave out columns or older rows, or connect the database that it comes from.",
            )
        with room_needed():
            self._file.write(piece)

    def done(self) -> Arrival:
        """The file is complete."""
        with room_needed():
            self._file.close()
        whole = self._folder / "content"
        (self._folder / "coming").rename(whole)
        return Arrival(UUID(self._folder.name), self._name, whole)

    def drop(self) -> None:
        """The file will not come; nothing of it stays."""
        self._file.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def begin(dm: DataMind, actor: Actor, file_name: str) -> Arriving:
    """Make room for a file that comes. Raises NotAllowed for viewers."""
    access.require(actor, "analyst", "upload files")
    folder = _folder(dm, actor)
    _sweep(folder)
    with room_needed():
        return Arriving(folder / str(uuid4()), _named(file_name), dm.settings.max_upload_mb)


def arrival(dm: DataMind, actor: Actor, arrival_id: UUID) -> Arrival:
    """A file of the actor's own that has come. Raises NotFound, also for a file that is old."""
    folder = _folder(dm, actor) / str(arrival_id)
    try:
        name = (folder / "name").read_text("utf-8")
    except OSError:
        name = ""
    if not name or not (folder / "content").is_file():
        raise NotFound("This file is no longer there.", "Choose it again.")
    return Arrival(arrival_id, name, folder / "content")


def drop(dm: DataMind, actor: Actor, arrival_id: UUID) -> None:
    """Forget a file that has come; one that is not there is no problem."""
    shutil.rmtree(_folder(dm, actor) / str(arrival_id), ignore_errors=True)


def _named(file_name: str) -> str:
    """The last part of a name as any system writes it, without signs that cannot be shown."""
    last = re.split(r"[/\\]", file_name)[-1]
    return "".join(sign for sign in last if sign.isprintable()).strip()[:500] or "file"


def _folder(dm: DataMind, actor: Actor) -> Path:
    return dm.files.root / INCOMING / str(actor.org_id) / str(actor.user_id)


def _sweep(folder: Path) -> None:
    """Drop what nobody came back for, and the oldest when there are many."""
    if not folder.is_dir():
        return
    waiting = sorted(folder.iterdir(), key=lambda place: place.stat().st_mtime)
    for number, place in enumerate(waiting, start=1):
        old = time.time() - place.stat().st_mtime > KEPT_SECONDS
        if old or len(waiting) - number >= MOST_WAITING - 1:
            shutil.rmtree(place, ignore_errors=True)
