"""The guard: nothing but reading reaches a customer's database.

`check` turns SQL into a `SafeSelect` or raises UnsafeSql; `reading` tells what a checked query
reads and assumes. Pure: no database is asked. docs/security.md tells the layers and the limits.
"""

from core.guard.checking import check
from core.guard.policy import Policy
from core.guard.reading import Reading, reading

__all__ = ["Policy", "Reading", "check", "reading"]
