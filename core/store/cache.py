"""Results kept for a while: in this process, or in Redis when several processes share them."""

import threading
from collections import OrderedDict
from time import monotonic
from typing import Protocol

import redis
import structlog

from core import metrics

log = structlog.get_logger(__name__)

MEMORY_BYTES = 128 * 1024 * 1024


class Cache(Protocol):
    """Bytes under a key for some seconds. Never raises: a cache that is down is only slow."""

    def get(self, key: str) -> bytes | None:
        """What is kept under the key, or None."""

    def set(self, key: str, value: bytes, seconds: int) -> None:
        """Keep a value for some seconds."""

    def answers(self) -> bool:
        """Whether it can keep anything now."""


class MemoryCache:
    """A cache in this process, bounded in bytes; the least recently used goes first."""

    def __init__(self, max_bytes: int = MEMORY_BYTES) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._entries: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> bytes | None:
        """What is kept under the key and not yet too old, or None."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            if entry[0] <= monotonic():
                self._drop(key)
                return None
            self._entries.move_to_end(key)
            return entry[1]

    def set(self, key: str, value: bytes, seconds: int) -> None:
        """Keep a value; one larger than the whole cache is not kept."""
        if len(value) > self._max_bytes or seconds <= 0:
            return
        with self._lock:
            if key in self._entries:
                self._drop(key)
            self._entries[key] = (monotonic() + seconds, value)
            self._bytes += len(value)
            while self._bytes > self._max_bytes:
                self._drop(next(iter(self._entries)))

    def answers(self) -> bool:
        """Always: it is this process."""
        return True

    def _drop(self, key: str) -> None:
        self._bytes -= len(self._entries.pop(key)[1])


class RedisCache:
    """A cache in Redis. When Redis is away it warns, counts and lets the work go on."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
        self.failures = 0

    def get(self, key: str) -> bytes | None:
        """What is kept under the key, or None (also when Redis does not answer)."""
        try:
            value = self._redis.get(key)
        except redis.RedisError as error:
            self._failed(error)
            return None
        return value if isinstance(value, bytes) else None

    def set(self, key: str, value: bytes, seconds: int) -> None:
        """Keep a value for some seconds, if Redis is there."""
        if seconds <= 0:
            return
        try:
            self._redis.set(key, value, ex=seconds)
        except redis.RedisError as error:
            self._failed(error)

    def answers(self) -> bool:
        """Whether Redis does."""
        try:
            return bool(self._redis.ping())
        except redis.RedisError:
            return False

    def _failed(self, error: Exception) -> None:
        self.failures += 1
        metrics.CACHE_FAILURES.inc()
        log.warning("cache_unavailable", failures=self.failures, error=type(error).__name__)
