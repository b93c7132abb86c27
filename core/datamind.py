"""The house, opened: one object with everything that the product works with."""

import time
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from core.analyst import Analysts
from core.analyst import build as build_analysts
from core.clock import Clock, FixedDay, SystemClock
from core.config import Settings
from core.connectors.base import Cancel
from core.connectors.pool import Connections
from core.security.vault import Vault
from core.store.cache import Cache, MemoryCache, RedisCache
from core.store.files import Files
from core.store.known_schemas import KnownSchemas
from core.store.objects import Objects
from core.store.queue import Queue
from core.store.session import Sessions
from core.store.turns import MemoryTurns, RedisTurns, Turns

STOPPED: Final = "The server was stopped before this was answered."
SETTLING_SECONDS: Final = 5.0
"""In this time what was stopped writes how it ended."""


@dataclass(frozen=True)
class DataMind:
    """What every function of floor 4 gets first. Opened once a process; no methods.

    `running` holds the Stop of each job at work in this process, by job id.
    """

    settings: Settings
    clock: Clock
    sessions: Sessions
    cache: Cache
    queue: Queue
    vault: Vault
    analysts: Analysts
    pool: Connections
    files: Files
    turns: Turns
    known: KnownSchemas = field(default_factory=KnownSchemas)
    running: dict[UUID, Cancel] = field(default_factory=dict)


def build(settings: Settings, queue: Queue, clock: Clock | None = None) -> DataMind:
    """Open the house with these settings.

    The database is not touched yet. Raises BadSettings when a secret is missing.
    """
    if clock is None:
        clock = FixedDay(settings.datamind_today) if settings.datamind_today else SystemClock()
    url, most = settings.redis_url, settings.model_calls_at_once
    return DataMind(
        settings=settings,
        clock=clock,
        sessions=Sessions(settings.database_url, echo=settings.debug),
        cache=RedisCache(settings.cache_redis_url or url) if url else MemoryCache(),
        queue=queue,
        vault=Vault(settings.encryption_key.get_secret_value()),
        analysts=build_analysts(settings),
        pool=Connections(),
        files=_files(settings),
        turns=RedisTurns(url, most) if url else MemoryTurns(most),
    )


def _files(settings: Settings) -> Files:
    """Where a store is shared, the disk only holds copies, in a folder of their own."""
    if settings.files_url:
        return Files(settings.datamind_home / "copies", Objects(settings.files_url))
    return Files(settings.datamind_home / "files")


def close(dm: DataMind, *, patience: float = 0.0) -> None:
    """Let what runs come to its end for so many seconds, stop the rest, and let go of every handle.

    What is stopped says so to whoever asked for it.
    """
    _until_quiet(dm, patience)
    for cancel in list(dm.running.values()):
        cancel.request(STOPPED)
    _until_quiet(dm, SETTLING_SECONDS)
    dm.analysts.close()
    dm.pool.close_all()
    dm.sessions.close()


def _until_quiet(dm: DataMind, seconds: float) -> None:
    over = time.monotonic() + seconds
    while dm.running and time.monotonic() < over:
        time.sleep(0.05)
