"""The test ground itself: each server answers a real query, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis
import sqlalchemy as sa

from tests.running import INSTALL, ROOT, Missing, find, or_give_up
from tests.servers import MariaDB, Postgres, Redis


@pytest.mark.parametrize(
    ("url_fixture", "version"),
    [
        ("postgres_url", "SHOW server_version"),
        ("postgres_database", "SHOW server_version"),
        ("mariadb_url", "SELECT version()"),
    ],
)
def test_a_database_answers_over_its_url(
    request: pytest.FixtureRequest, url_fixture: str, version: str
) -> None:
    engine = sa.create_engine(request.getfixturevalue(url_fixture), poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TEMPORARY TABLE city (name VARCHAR(20))"))
        connection.execute(sa.text("INSERT INTO city VALUES ('Zürich')"))
        assert connection.scalar(sa.text("SELECT name FROM city")) == "Zürich"
        assert int(str(connection.scalar(sa.text(version))).split(".")[0]) >= 10


def test_redis_answers_and_forgets_on_restart(redis_server: Redis) -> None:
    with redis.Redis.from_url(redis_server.url) as client:
        client.set("city", "Zürich")
        assert client.get("city") == "Zürich".encode()
    redis_server.restart()
    with redis.Redis.from_url(redis_server.url) as client:
        assert client.get("city") is None


def test_a_restarted_postgres_keeps_its_data_and_its_port(postgres: Postgres) -> None:
    with postgres.fresh_database() as url:
        database = url.rsplit("/", 1)[1]
        with postgres.connect(database) as connection:
            connection.execute("CREATE TABLE city AS SELECT 'Bern' AS name")
        postgres.restart()
        with postgres.connect(database) as connection:
            assert connection.execute("SELECT name FROM city").fetchall() == [("Bern",)]


def test_a_fresh_database_is_a_copy_of_its_template_and_is_dropped(postgres: Postgres) -> None:
    with postgres.fresh_database() as template_url:
        template = template_url.rsplit("/", 1)[1]
        with postgres.connect(template) as connection:
            connection.execute("CREATE TABLE city AS SELECT 'Chur' AS name")
        with postgres.fresh_database(template) as url:
            copy = url.rsplit("/", 1)[1]
            with postgres.connect(copy) as connection:
                assert connection.execute("SELECT name FROM city").fetchall() == [("Chur",)]
    with postgres.connect() as connection:
        left = connection.execute(
            "SELECT count(*) FROM pg_database WHERE datname IN (%s, %s)", (template, copy)
        ).fetchone()
    assert left == (0,)


def test_postgres_checks_passwords(postgres: Postgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(
            host="127.0.0.1", port=postgres.port, user="datamind", password="wrong", dbname="x"
        )


@pytest.mark.parametrize("kind", [Postgres, MariaDB, Redis])
def test_a_stopped_server_leaves_no_process_and_no_folder(
    kind: type[Postgres | MariaDB | Redis],
) -> None:
    with or_give_up(), kind() as server:
        folder, process = server.folder, server.process
        assert folder.is_dir()
    assert process.returncode is not None
    assert not folder.exists()


def test_a_missing_program_is_named_with_the_way_to_get_it() -> None:
    with pytest.raises(Missing) as missing:
        find("no-such-server")
    assert "no-such-server" in str(missing.value)
    assert INSTALL in str(missing.value)
    assert (ROOT / INSTALL.split()[-1]).is_file()


@pytest.mark.parametrize(
    ("ci", "outcome"),
    [("", "Skipped"), ("0", "Skipped"), ("false", "Skipped"), ("true", "Failed"), ("1", "Failed")],
)
def test_a_missing_server_is_a_skip_on_a_laptop_and_a_failure_in_ci(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: str
) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(BaseException, match="no-such-server") as raised, or_give_up():
        find("no-such-server")
    assert type(raised.value).__name__ == outcome


@pytest.mark.skipif(sys.platform != "linux", reason="only there a killed run takes all along")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_broken_off_run_leaves_no_server(tmp_path: Path, how: signal.Signals) -> None:
    story = tmp_path / "test_story.py"
    story.write_text(
        "import os\n"
        "def test_story(redis_server):\n"
        f"    with open({str(tmp_path / 'pid')!r}, 'w') as note:\n"
        "        note.write(str(redis_server.process.pid))\n"
        f"    os.kill(os.getpid(), {how.value})\n"
    )
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", str(story)],
        cwd=ROOT,
        capture_output=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    pid = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + 10
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not alive(pid)
    if how is signal.SIGINT:
        assert list(tmp_path.glob("datamind-*")) == []


def alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"
