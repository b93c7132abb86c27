"""Whose turn it is at the model: so many at once for each organization, over all processes."""

import threading
from collections import Counter
from typing import Final, Protocol
from uuid import UUID, uuid4

import redis
import structlog

log = structlog.get_logger(__name__)

LEASE_SECONDS: Final = 300
"""After this a turn is free again, whatever became of who took it."""

# At once, and by the server's own clock: two processes never take the last turn both.
_TAKE: Final = """
local now = tonumber(redis.call('TIME')[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], 0, now - tonumber(ARGV[2]))
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1
"""


class Turns(Protocol):
    """A bounded number of turns for each organization."""

    def take(self, org_id: UUID) -> str | None:
        """A turn to give back, or None when all are taken. Never raises."""

    def give_back(self, org_id: UUID, turn: str) -> None:
        """The turn is over. Never raises."""

    def answers(self) -> bool:
        """Whether turns are counted over all processes now. Never raises."""


class MemoryTurns:
    """Turns counted in this process. Thread safe."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: Counter[UUID] = Counter()
        self._lock = threading.Lock()

    def take(self, org_id: UUID) -> str | None:
        """A turn, or None when this process holds all of them."""
        with self._lock:
            if self._taken[org_id] >= self._most:
                return None
            self._taken[org_id] += 1
            return uuid4().hex

    def give_back(self, org_id: UUID, turn: str) -> None:
        """Another one may take it."""
        with self._lock:
            self._taken[org_id] -= 1
            if not self._taken[org_id]:
                del self._taken[org_id]

    def answers(self) -> bool:
        """Always: it is this process."""
        return True


class RedisTurns:
    """Turns counted in Redis, for all processes that share it.

    Who dies with a turn loses it after LEASE_SECONDS. While Redis is away, each process counts
    its own.
    """

    def __init__(self, url: str, most: int) -> None:
        self._redis = redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
        self._script = self._redis.register_script(_TAKE)
        self._most = most
        self._own = MemoryTurns(most)

    def take(self, org_id: UUID) -> str | None:
        """A turn, or None when all are taken, here or elsewhere."""
        own = self._own.take(org_id)
        if own is None:
            return None
        try:
            free = self._script(keys=[_key(org_id)], args=[own, LEASE_SECONDS, self._most])
        except redis.RedisError as error:
            log.warning("turns_uncounted", error=type(error).__name__)
            return own
        if free:
            return own
        self._own.give_back(org_id, own)
        return None

    def give_back(self, org_id: UUID, turn: str) -> None:
        """Another one may take it, here or elsewhere."""
        self._own.give_back(org_id, turn)
        try:
            self._redis.zrem(_key(org_id), turn)
        except redis.RedisError as error:
            log.warning("turns_uncounted", error=type(error).__name__)

    def answers(self) -> bool:
        """Whether Redis takes something: a full one answers, and still refuses."""
        try:
            return bool(self._redis.set("turns:look", b"1", ex=60))
        except redis.RedisError:
            return False


def _key(org_id: UUID) -> str:
    return f"turns:{org_id}"
