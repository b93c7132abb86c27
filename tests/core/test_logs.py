"""What a log line may hold."""

import subprocess
import sys

import pytest
import structlog

from core import jobs
from core.datamind import DataMind
from core.types import Json
from tests.factories import Organization

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


def test_a_line_of_a_job_names_the_job_and_for_whom_it_is_done(
    dm: DataMind, acme: Organization, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(_work: jobs.Work) -> Json:
        raise RuntimeError("something of ours")

    with dm.sessions.write() as db:
        job_id = jobs.create(db, dm, acme.analyst, jobs.REFRESH_SCHEMA, {})
    jobs.perform(dm, job_id, fail)
    told = "".join(capfd.readouterr())
    assert "job_failed" in told
    for known in (job_id, acme.analyst.user_id, acme.analyst.org_id, jobs.REFRESH_SCHEMA):
        assert str(known) in told
    structlog.get_logger().warning("afterwards")
    assert str(job_id) not in "".join(capfd.readouterr())
