"""Engines that parse hostile SQL run in child processes: a crash costs one query, not the app.

`Sandboxed` is a connector whose work is done by one of a few children; docs/security.md tells
what that bounds.
"""

from core.connectors.sandbox.children import warm
from core.connectors.sandbox.connector import Sandboxed

__all__ = ["Sandboxed", "warm"]
