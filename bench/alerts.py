"""10,000 alerts over 20 databases with 5 ms queries, checked by two worker processes.

Real PostgreSQL (the application's database and the customers'), real Redis. Counted from the
claim to the last run row committed. Beside it, for scale: the same queries one by one, each on a
connection of its own (200 of them, times 50).
"""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import psycopg
import sqlalchemy as sa

from core import accounts, connections, datamind, refreshes
from core.alerts import definition, due
from core.alerts.definition import Definition
from core.alerts.rules import Rule
from core.config import load
from core.datamind import DataMind
from core.store import migrate
from core.store.tables import Alert, AlertRun, AlertSeries, Job
from core.types import Actor
from tests.running import ROOT
from tests.servers import DATABASE, PASSWORD, USER, Postgres, Redis
from workers import broker as brokers

DATABASES = 20
ALERTS = 10_000
WORKERS = 2
SECONDS = 0.005
ONE_BY_ONE = 200
PATIENCE = 300.0
SQL = "SELECT n FROM figure"


@dataclass(frozen=True)
class Place:
    """One organization with a connection to a database of its own."""

    owner: Actor
    connection_id: UUID


def main() -> None:
    """Run and print."""
    with Postgres() as postgres, Redis() as redis, TemporaryDirectory() as home:
        with postgres.connect() as admin:
            admin.autocommit = True
            admin.execute("CREATE DATABASE application")
            for number in range(DATABASES):
                admin.execute(f"CREATE DATABASE shop_{number}")  # type: ignore[arg-type]
        for number in range(DATABASES):
            with postgres.connect(f"shop_{number}") as db:
                db.execute(
                    f"CREATE VIEW figure AS SELECT 42 AS n FROM pg_sleep({SECONDS})"  # type: ignore[arg-type]
                )
        given = {
            "database_url": postgres.url_of("application"),
            "redis_url": redis.url,
            "datamind_home": Path(home),
            "encryption_key": "k" * 40,
            "signing_secret": "s" * 40,
            "datamind_demo": "off",
            "allowed_outbound_hosts": "*",
            "embedded_worker": False,
        }
        settings = load(**given)
        broker = brokers.open_broker(settings)
        dm = datamind.build(settings, brokers.WorkerQueue(broker))
        migrate.upgrade(dm.sessions)
        places = [place(dm, postgres, number) for number in range(DATABASES)]
        workers = [start_worker(given) for _ in range(WORKERS)]
        try:
            warm_up(dm, places)
            for count in (ALERTS // 10, ALERTS):
                seconds, claiming = checked(dm, places, count)
                print(
                    f"{count:,} alerts over {DATABASES} databases, {WORKERS} worker processes: "
                    f"{seconds:.1f} s, {1000 * seconds / count:.2f} ms each "
                    f"(claiming alone {claiming:.2f} s)"
                )
            print(counted(dm))
        finally:
            for worker in workers:
                worker.terminate()
            for worker in workers:
                worker.wait(30)
        alone = one_by_one(postgres)
        print(f"one by one, a new connection each: {alone:.0f} s for {ALERTS:,}")
        datamind.close(dm)


def place(dm: DataMind, postgres: Postgres, number: int) -> Place:
    """An organization whose connection reads one of the databases."""
    user_id = accounts.register(
        dm,
        email=f"owner{number}@bench.example",
        password="a long enough password",
        full_name="Owner",
        organization=f"Bench {number}",
        slug=f"bench-{number}",
    )
    owner = accounts.actor_of(dm, user_id, "user")
    assert owner is not None
    with dm.sessions.write() as db:
        row = connections.add(db, owner, name="Shop", kind="postgresql")
        row.host, row.port, row.database_name = "127.0.0.1", postgres.port, f"shop_{number}"
        row.username, row.password_encrypted = USER, dm.vault.seal(PASSWORD)
        row.ssl_mode = "disable"
    refreshes.refresh(dm, owner, row.id)
    return Place(owner, row.id)


def start_worker(given: dict[str, object]) -> subprocess.Popen[bytes]:
    """A worker process as production has it."""
    env = {**os.environ, **{name.upper(): str(value) for name, value in given.items()}}
    return subprocess.Popen(
        [sys.executable, "-m", "workers.run", "worker"],
        env={**env, "LOG_LEVEL": "ERROR"},
        cwd=ROOT,
    )


def checked(dm: DataMind, places: list[Place], count: int) -> tuple[float, float]:
    """Seconds from the claim until every run row is there, and of the claim alone."""
    now = dm.clock.now()
    with dm.sessions.write() as db:
        for table in (AlertRun, AlertSeries, Alert, Job):
            db.execute(sa.delete(table))
        for number in range(count):
            where = places[number % len(places)]
            row = Alert(org_id=where.owner.org_id, created_by_id=where.owner.user_id)
            given = Definition(f"Alert {number}", where.connection_id, SQL, Rule("above", 100))
            definition.write(row, given)
            row.next_check_at = now - timedelta(minutes=1)
            db.add(row)
    began = time.monotonic()
    due.claim(dm)
    claiming = time.monotonic() - began
    runs = sa.select(sa.func.count()).select_from(AlertRun)
    while time.monotonic() - began < PATIENCE:
        with dm.sessions.read() as db:
            if db.scalar(runs) == count:
                return time.monotonic() - began, claiming
        time.sleep(0.05)
    raise SystemExit("They were not checked in time.")


def warm_up(dm: DataMind, places: list[Place]) -> None:
    """Wait until the workers have begun and opened what they need."""
    checked(dm, places, 400)


def counted(dm: DataMind) -> str:
    """That nothing was lost or done twice."""
    with dm.sessions.read() as db:
        runs = db.scalar(sa.select(sa.func.count()).select_from(AlertRun))
        alerts = db.scalar(sa.select(sa.func.count(sa.distinct(AlertRun.alert_id))))
        settled = db.scalar(
            sa.select(sa.func.count()).select_from(Alert).where(Alert.last_slot.is_not(None))
        )
    return f"{runs:,} run rows of {alerts:,} alerts, {settled:,} states written"


def one_by_one(postgres: Postgres) -> float:
    """Seconds for all of them, from a few, each with a connection of its own."""
    began = datetime.now().timestamp()  # noqa: DTZ005 - a duration
    for number in range(ONE_BY_ONE):
        with psycopg.connect(
            host="127.0.0.1",
            port=postgres.port,
            user=USER,
            password=PASSWORD,
            dbname=f"shop_{number % DATABASES}",
        ) as db:
            db.execute(SQL).fetchall()
    return (datetime.now().timestamp() - began) * ALERTS / ONE_BY_ONE  # noqa: DTZ005


if __name__ == "__main__":
    assert DATABASE
    main()
