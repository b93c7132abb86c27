"""The guard: nothing but reading reaches a customer's database.

`check` turns SQL into a `SafeSelect` or raises UnsafeSql; `reading` tells what a checked query
reads and assumes, `told` says it in words; `check_rule` judges a row rule where it is written.
Pure: no database is asked. docs/security.md tells the layers and the limits.
"""

from core.guard.checking import check
from core.guard.counting import KEPT, READ, counting
from core.guard.policy import Policy
from core.guard.reading import Reading, reading
from core.guard.row_rules import check as check_rule
from core.guard.shape import without_values
from core.guard.telling import told

__all__ = ["KEPT", "READ", "Policy", "Reading", "check", "check_rule", "counting", "reading",
           "told", "without_values"]  # fmt: skip
