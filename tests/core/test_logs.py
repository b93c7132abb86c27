"""What a log line may hold."""

import json
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


LIBRARIES = """
import json, logging, sys
import sqlalchemy as sa
import structlog
from core import logs
from core.config import Settings
from core.store.session import Sessions

logs.set_up(Settings(log_format=sys.argv[1], log_level="DEBUG"))
of_a_library = logging.getLogger("some.library")
sessions = Sessions("sqlite://", echo=True)

def keep(db):
    db.execute(sa.text("CREATE TABLE people (name TEXT UNIQUE)"))
    for _ in range(2):
        db.execute(sa.text("INSERT INTO people VALUES (:name)"), {"name": "ashes-of-roses"})

def read():
    float("ashes-of-roses")

def look_up():
    {}["ashes-of-roses"]

def reach():
    raise ConnectionError("nobody at postgresql://me:ashes-of-roses@db/app")

def wrong_json():
    json.loads('{"a": ashes-of-roses}')

with sessions.write() as db:
    for attempt in (lambda: keep(db), read, look_up, reach, wrong_json):
        try:
            attempt()
        except Exception:
            of_a_library.exception("library_failed")
            structlog.get_logger().exception("ours_failed")
            structlog.get_logger().error("told_later", exc_info=sys.exc_info()[1])
of_a_library.warning("a line with %s", "arguments")
"""


@pytest.mark.parametrize("form", ["console", "json"])
def test_what_a_failure_quotes_of_the_data_is_left_out(form: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIBRARIES, form], capture_output=True, text=True, check=True
    )
    assert "ashes-of-roses" not in done.stderr + done.stdout
    for name in ("ours_failed", "library_failed", "told_later"):
        assert done.stderr.count(name) == 5
    for kind in ("IntegrityError", "ValueError", "KeyError", "ConnectionError", "JSONDecodeError"):
        assert done.stderr.count(f"{kind}:") >= 3
    assert "in reach" in done.stderr
    assert "could not convert string to float: " in done.stderr


def test_as_json_every_line_is_json_whoever_wrote_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIBRARIES, "json"], capture_output=True, text=True, check=True
    )
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert all({"event", "level", "timestamp"} <= set(line) for line in lines)
    assert {"event": "a line with arguments", "logger": "some.library"}.items() <= lines[-1].items()
    failed = next(line for line in lines if line["event"] == "ours_failed")
    assert "in keep" in failed["exception"]
