"""Which files of the server's own disk an organization may reach: those below allowed folders."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from core.errors import NotAllowed

ORGANIZATION: Final = "{org}"
"""Stands in a folder's path for the short name of the organization that asks."""


def allowed(folders: Iterable[str], org: str) -> tuple[Path, ...]:
    """The folders of an organization, links followed; those that are not there are left out."""
    named = (Path(folder.replace(ORGANIZATION, org)) for folder in folders)
    return tuple(folder.resolve() for folder in named if folder.is_dir())


def below(folders: Iterable[str], org: str, path: str) -> Path:
    """The real, absolute path of a file below an allowed folder, wherever links lead.

    A path that is not absolute is looked for below each folder in turn. What lies outside is
    refused before it is known to be there. Raises NotAllowed.
    """
    reachable = [
        real
        for folder in allowed(folders, org)
        if (real := (folder / path).resolve()).is_relative_to(folder)
    ]
    if not reachable:
        raise NotAllowed(
            "Files of the server are only read below folders that are allowed.",
            "Ask who runs this server to add the folder to LOCAL_FOLDERS.",
        )
    return next((real for real in reachable if real.is_file()), reachable[0])
