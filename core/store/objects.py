"""A place for files that all replicas share: an object store, or a mounted folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import structlog

from core.errors import BadSettings, CannotConnect

log = structlog.get_logger(__name__)

BUCKETS: Final = ("s3", "gs", "az")
"""Spoken to by obstore, which takes keys and addresses from their usual variables (AWS_…)."""
PATIENCE: Final[dict[str, Any]] = {"max_retries": 3, "retry_timeout": timedelta(seconds=20)}


class Objects:
    """Files under relative names. Nobody changes a file: a new one has a new name."""

    def __init__(self, url: str) -> None:
        import fsspec  # type: ignore[import-untyped]

        kind = urlsplit(url).scheme
        options: dict[str, Any] = {}
        if kind in BUCKETS:
            from obstore.fsspec import register

            register(kind)
            options["retry_config"] = PATIENCE
        elif kind != "file":
            raise BadSettings(
                "FILES_URL names a kind of place that DataMind does not know.",
                "Use s3://bucket/folder, gs://…, az://… or file:///a/mounted/folder.",
            )
        self._fs, root = fsspec.url_to_fs(url, **options)
        self._root = root.rstrip("/")

    def put(self, name: str, path: Path) -> None:
        """Keep a file under a name. Raises CannotConnect."""
        with _answering():
            self._fs.makedirs(self._at(name).rpartition("/")[0], exist_ok=True)
            self._fs.put_file(str(path), self._at(name))

    def get(self, name: str, path: Path) -> bool:
        """Write what is kept under the name into the file; whether there is any.

        Raises CannotConnect.
        """
        with _answering():
            try:
                self._fs.get_file(self._at(name), str(path))
            except FileNotFoundError:
                return False
            return True

    def drop(self, name: str) -> None:
        """Keep it no more; nothing happens where it is not there. Raises CannotConnect."""
        with _answering():
            try:
                self._fs.rm_file(self._at(name))
            except FileNotFoundError:
                return

    def names(self, folder: str = "") -> Iterator[str]:
        """The names of all that is kept, or of what is below a folder. Raises CannotConnect."""
        with _answering():
            self._fs.invalidate_cache()
            found = self._fs.find(self._at(folder).rstrip("/"))
        for path in found:
            yield path.removeprefix(self._root).lstrip("/")

    def _at(self, name: str) -> str:
        return f"{self._root}/{name}"


@contextmanager
def _answering() -> Iterator[None]:
    """Whatever a store's own library raises is said once, in our words."""
    try:
        yield
    except CannotConnect:
        raise
    except Exception as error:
        log.warning("files_unreachable", error=type(error).__name__)
        raise CannotConnect(
            "The place where files are kept does not answer.",
            "Try again in a minute; if it stays away, tell who runs this server (FILES_URL).",
        ) from error
