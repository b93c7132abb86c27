"""The built-in analyst: answers without a key, without a network, and says when it cannot."""

from core.analyst.local.analyst import LocalAnalyst
from core.analyst.local.offline import sql_for

__all__ = ["LocalAnalyst", "sql_for"]
