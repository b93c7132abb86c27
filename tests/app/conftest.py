"""What every test of the screens needs."""

import sys
from collections.abc import Iterator

import pytest

from app import resources
from core import watch
from core.datamind import DataMind


@pytest.fixture(autouse=True)
def _this_house(dm: DataMind) -> Iterator[None]:
    """Open the app on the test's house; Streamlit's stand-in for __main__ goes afterwards."""
    resources.use(dm)
    watch.say_alive(dm, "scheduler", "this test")
    watch.say_alive(dm, "worker", "this test")
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main
