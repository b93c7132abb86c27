"""What a log line may hold."""

import subprocess
import sys

import pytest

PROGRAM = """
import structlog
from core import logs
from core.config import Settings

logs.set_up(Settings(log_format="{form}"))

def sign_in(password):
    raise ValueError("no such place")

try:
    sign_in("ashes-of-" + "roses")
except ValueError:
    structlog.get_logger().exception("screen_failed", reference="8775edfb")
"""


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_traceback_tells_lines_and_never_the_values_of_variables(form: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(form=form)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "no such place" in done.stderr
    assert "in sign_in" in done.stderr
    assert "8775edfb" in done.stderr
    assert "ashes-of-roses" not in done.stderr
