"""What is known of the connections asked last, kept in this process."""

import threading
from collections import OrderedDict
from uuid import UUID

from core.types import Table


class KnownSchemas:
    """The tables of the connections asked last, kept in this process until they change.

    Every query needs them; reading them takes longer than most queries. Thread safe.
    """

    def __init__(self, most: int = 32) -> None:
        self._most = most
        self._kept: OrderedDict[UUID, tuple[str, tuple[Table, ...]]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, connection_id: UUID, stamp: str) -> tuple[Table, ...] | None:
        """The tables as they were under this stamp, if they are kept."""
        with self._lock:
            kept = self._kept.get(connection_id)
            if kept is None or kept[0] != stamp:
                return None
            self._kept.move_to_end(connection_id)
            return kept[1]

    def keep(self, connection_id: UUID, stamp: str, tables: tuple[Table, ...]) -> None:
        """Keep the tables in the place of those under an older stamp."""
        with self._lock:
            self._kept[connection_id] = (stamp, tables)
            self._kept.move_to_end(connection_id)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
