"""Programs that tests start for themselves; a missing one is a skip or a failure."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from stack.running import INSTALL, ROOT, Missing, Running, find, free_port

__all__ = ["INSTALL", "ROOT", "Missing", "Running", "find", "free_port", "or_give_up"]


@contextmanager
def or_give_up() -> Iterator[None]:
    """What is Missing skips on a laptop and fails where CI is set: there a skip hides a hole."""
    try:
        yield
    except Missing as missing:
        if os.environ.get("CI", "").lower() in ("", "0", "false"):
            pytest.skip(str(missing))
        pytest.fail(str(missing), pytrace=False)
