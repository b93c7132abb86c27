"""What a log line may hold."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import structlog

from core import jobs
from core.datamind import DataMind
from core.types import Json
from tests.factories import PASSWORD, Organization
from tests.running import ROOT

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


SECRET, KEY = "tr0ub4dor-of-the-shop", "sk-of-nobody"
DAY = """
import sys
from pathlib import Path
from core import connections, datamind, jobs, logs, query
from core.errors import DataMindError
from core.types import Query
from tests import factories

home, secret, key = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
dm = factories.open_house(
    home / "home", debug=True, log_level="DEBUG", log_format=sys.argv[4], anthropic_api_key=key,
    anthropic_base_url="http://127.0.0.1:1", slow_query_seconds=1e-9, metrics_token=secret,
)
logs.set_up(dm.settings)
acme = factories.organization(dm)
place = factories.sales(dm, acme.analyst, home)
with dm.sessions.write() as db:
    row = connections.add(db, acme.admin, name="Shop", kind="postgresql")
    row.host, row.port, row.database_name, row.username = "127.0.0.1", 1, "shop", "me"
    row.password_encrypted = dm.vault.seal(secret)
    shop = row.id

def tried(sql, where=place):
    try:
        query.run(dm, acme.analyst, Query(where, sql))
    except DataMindError:
        pass

tried("SELECT product AS \\"Chair\\" FROM sales WHERE region = 'North' AND amount > 99.25")
tried("DELETE FROM sales WHERE region = 'North'")
tried("SELECT CAST(product AS INTEGER) FROM sales")
tried("SELECT 1", shop)
factories.answered(dm, acme.viewer, "Total amount in North", place)

def breaks(work):
    raise ValueError(f"no place for {secret!r}")

with dm.sessions.write() as db:
    job_id = jobs.create(db, dm, acme.analyst, jobs.REFRESH_SCHEMA, {"about": secret})
jobs.perform(dm, job_id, breaks)
datamind.close(dm)
"""


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_day_of_work_logs_no_secret_no_question_and_no_cell(form: str, tmp_path: Path) -> None:
    """Even with DEBUG, which logs the application database's statements."""
    done = subprocess.run(
        [sys.executable, "-c", DAY, str(tmp_path), SECRET, KEY, form],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    said = done.stdout + done.stderr
    for event in ("slow_query", "job_failed", "INSERT INTO jobs"):
        assert event in said
    cells = ("North", "South", "Lamp", "Chair", "Table ", "540.25", "99.25", "2026-07-03")
    people = ("admin@acme.example", "Ada Admin", PASSWORD)
    for word in (SECRET, KEY, "k" * 40, "s" * 40, *cells, *people, "Total amount in"):
        assert word not in said, next(line for line in said.splitlines() if word in line)
