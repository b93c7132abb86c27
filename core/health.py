"""Whether the installation can do its work: what stands in the way, and what is only degraded."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy.exc import SQLAlchemyError

from core import watch
from core.datamind import DataMind
from core.store import migrate

LEAST_FREE_BYTES: Final = 1_000_000_000
State = Literal["ok", "behind", "unreachable"]
"""Of the application database; `behind` is one that was not migrated to this version."""


@dataclass(frozen=True)
class Readiness:
    """What works and what does not. `degraded` are sentences; people can still ask meanwhile."""

    ok: bool
    database: State
    degraded: tuple[str, ...] = ()


def ready(dm: DataMind) -> Readiness:
    """Whether people can be served, and what is missing. Never raises."""
    try:
        if not migrate.is_current(dm.sessions):
            return Readiness(False, "behind")
        silent = [silence.sentence for silence in watch.silences(dm)]
    except SQLAlchemyError:
        return Readiness(False, "unreachable")
    return Readiness(True, "ok", (*_cache(dm), *_disk(dm), *silent))


def _cache(dm: DataMind) -> Iterator[str]:
    if not dm.cache.answers():
        yield (
            "Redis does not answer: results are not cached, and work in the background waits. "
            "Questions are answered."
        )


def _disk(dm: DataMind) -> Iterator[str]:
    home = dm.settings.datamind_home
    try:
        free = shutil.disk_usage(home).free
    except OSError:
        yield f"The folder {home} cannot be read: files cannot be asked."
        return
    if free < LEAST_FREE_BYTES:
        yield f"Less than 1 GB is free at {home}: uploads will soon fail."
