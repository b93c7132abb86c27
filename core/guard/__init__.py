"""The guard: nothing but reading reaches a customer's database.

`check` turns SQL into a `SafeSelect` or raises UnsafeSql; `reading` tells what a checked query
reads and assumes; `check_rule` judges a row rule where it is written.
Pure: no database is asked. docs/security.md tells the layers and the limits.
"""

from core.guard.checking import check
from core.guard.policy import Policy
from core.guard.reading import Reading, reading
from core.guard.row_rules import check as check_rule

__all__ = ["Policy", "Reading", "check", "check_rule", "reading"]
