"""Files of tenants: originals of uploads and the tables made of them, reports, own data.

Databases and exports need files on a disk. Where replicas share a store, the disk holds copies:
made here and kept there, or fetched when they are first asked for.
"""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from core.errors import NotFound
from core.store.objects import Objects

INCOMING: Final = "incoming"
"""The folder of files that a person has yet to decide about; never kept."""
SWEEP_SECONDS: Final = 3600.0
"""A copy of what is kept no more leaves this disk within about this time."""


class Files:
    """A folder per organization and owner (a connection, a report, a person).

    Stored paths are relative to the root and never written twice.
    """

    def __init__(
        self,
        root: Path,
        store: Objects | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.root = root.resolve()
        self._store, self._now = store, now
        self._swept = now()
        self._lock = threading.Lock()

    def folder(self, org_id: UUID, owner_id: UUID) -> Path:
        """The folder to make a file in, itself made when missing."""
        path = self.root / str(org_id) / str(owner_id)
        path.mkdir(parents=True, exist_ok=True)
        return path

    def keep(self, path: Path) -> str:
        """Keep a file that was made in a folder; returns how it is called in the database.

        Raises CannotConnect when the shared store does not answer.
        """
        stored = self.stored(path)
        if self._store:
            self._store.put(stored, path)
        return stored

    def path(self, stored: str) -> Path:
        """Where a stored file is on this disk, fetched when it is not there yet.

        It may not exist, when it is kept no more. Raises NotFound for a path outside the root,
        CannotConnect when the shared store does not answer.
        """
        path = self._inside(stored)
        if self._store and not path.exists():
            self._fetch(stored, path, self._store)
        return path

    def stored(self, path: Path) -> str:
        """How a file is called in the database."""
        return str(path.resolve().relative_to(self.root))

    def room_for(self, stored: str) -> Path:
        """Where a file of that name belongs, its folder made. Raises NotFound as `path`."""
        path = self._inside(stored)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def drop(self, stored: str) -> None:
        """Keep a file no more. Raises as `path`."""
        self._inside(stored).unlink(missing_ok=True)
        if self._store:
            self._store.drop(stored)

    def drop_alike(self, stored: str, start: str) -> None:
        """Drop what lies beside a stored file and begins like that."""
        folder = Path(stored).parent
        for name in [*self._names(str(folder))]:
            if Path(name).parent == folder and Path(name).name.startswith(start):
                self.drop(name)

    def remove(self, org_id: UUID, owner_id: UUID | None = None) -> None:
        """Drop all files of an owner, or of the whole organization."""
        folder = "/".join(map(str, filter(None, (org_id, owner_id))))
        if self._store:
            for name in [*self._store.names(folder)]:
                self._store.drop(name)
        shutil.rmtree(self.root / folder, ignore_errors=True)

    def everything(self) -> Iterator[tuple[str, Path]]:
        """All that is kept, as (stored path, file)."""
        for name in sorted(self._names("")):
            yield name, self.path(name)

    def _names(self, folder: str) -> Iterator[str]:
        if self._store:
            yield from self._store.names(folder)
            return
        for path in self._copies():
            if path.is_relative_to(self.root / folder):
                yield self.stored(path)

    def _inside(self, stored: str) -> Path:
        path = (self.root / stored).resolve()
        if not path.is_relative_to(self.root):
            raise NotFound("There is no such file.", "Upload it again.")
        return path

    def _fetch(self, stored: str, path: Path, store: Objects) -> None:
        """Whole or not at all: others may ask for the same file at the same time."""
        path.parent.mkdir(parents=True, exist_ok=True)
        coming = path.with_name(f"{path.name}.{uuid4().hex}.coming")
        try:
            if store.get(stored, coming):
                os.replace(coming, path)
        finally:
            coming.unlink(missing_ok=True)
        self._sweep(store)

    def _sweep(self, store: Objects) -> None:
        """Remove copies of what another replica has dropped."""
        with self._lock:
            if self._now() - self._swept < SWEEP_SECONDS:
                return
            self._swept = self._now()
        kept = set(store.names())
        for path in self._copies():
            young = self._now() - path.stat().st_mtime < SWEEP_SECONDS
            if not young and self.stored(path) not in kept:
                path.unlink(missing_ok=True)

    def _copies(self) -> Iterator[Path]:
        for path in self.root.rglob("*"):
            if path.is_file() and not path.is_relative_to(self.root / INCOMING):
                yield path
