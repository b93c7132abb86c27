"""Files of tenants on the local disk: originals of uploads and the tables made of them."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import UUID

from core.errors import NotFound

INCOMING: Final = "incoming"
"""The folder of files that a person has yet to decide about."""


class Files:
    """A folder per organization and connection. Stored paths are relative to the root."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def folder(self, org_id: UUID, connection_id: UUID) -> Path:
        """The folder of a file connection, made when missing."""
        path = self.root / str(org_id) / str(connection_id)
        path.mkdir(parents=True, exist_ok=True)
        return path

    def path(self, stored: str) -> Path:
        """The absolute path of a stored one. Raises NotFound for a path outside the root."""
        path = (self.root / stored).resolve()
        if not path.is_relative_to(self.root):
            raise NotFound("There is no such file.", "Upload it again.")
        return path

    def stored(self, path: Path) -> str:
        """The path as it is kept in the database."""
        return str(path.resolve().relative_to(self.root))

    def room_for(self, stored: str) -> Path:
        """Where a file of that stored path belongs, its folder made. Raises NotFound as `path`."""
        path = self.path(stored)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def everything(self) -> Iterator[tuple[str, Path]]:
        """All that is kept, as (stored path, file): not what is still on its way in."""
        for path in sorted(self.root.rglob("*")):
            if path.is_file() and not path.is_relative_to(self.root / INCOMING):
                yield self.stored(path), path

    def remove(self, org_id: UUID, connection_id: UUID) -> None:
        """Delete all files of a connection."""
        shutil.rmtree(self.root / str(org_id) / str(connection_id), ignore_errors=True)
