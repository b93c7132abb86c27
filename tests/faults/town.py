"""Workers, schedulers, their servers and a customer, all real, all to be killed."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import redis as redis_client
import sqlalchemy as sa

from core import accounts, channels, connections, datamind, refreshes
from core.alerts import definition
from core.alerts.definition import Definition
from core.alerts.rules import Rule
from core.config import load
from core.datamind import DataMind
from core.store import migrate
from core.store.queue import SilentQueue
from core.store.tables import Alert, AlertEvent, AlertRun, Delivery, Notice
from tests.fake_outside import Web, web
from tests.running import ROOT
from tests.servers import PASSWORD, USER, Postgres, Redis

ALERTS = 60
PATIENCE = 240.0
WORKERS = 2
SLOW = 0.03


@dataclass
class Line:
    """What one round saw."""

    fault: str
    seconds: float
    runs: int
    events: int


@dataclass
class Town:
    """Everything that runs, and what happened to it."""

    dm: DataMind
    application: Postgres
    customers: Postgres
    redis: Redis
    hook: Web
    given: dict[str, object]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    killed: Counter[str] = field(default_factory=Counter)

    def start(self, name: str) -> None:
        """Start a worker or a scheduler: "worker 1", "scheduler 2"."""
        env = {**os.environ, **{key.upper(): str(value) for key, value in self.given.items()}}
        self.processes[name] = subprocess.Popen(
            [sys.executable, "-m", "workers.run", name.split(maxsplit=1)[0]],
            env={**env, "LOG_LEVEL": "ERROR", "LOG_FORMAT": "json"},
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self, name: str) -> None:
        """Kill -9 a process and start another in its place."""
        self.processes[name].kill()
        self.processes[name].wait()
        self.killed[name.split(maxsplit=1)[0]] += 1
        self.start(name)

    def round(self, fault: str, happen: Callable[[], object]) -> None:
        """Turn every figure over, make every alert due, let something happen, wait for all."""
        bad = len(self.lines) % 2 == 0
        with self.customers.connect("shop") as db:
            db.execute("UPDATE numbers SET n = %s", (200 if bad else 1,))
        began = time.monotonic()
        slot = self.dm.clock.now()
        with self.dm.sessions.write() as db:
            db.execute(sa.update(Alert).values(next_check_at=slot))
        self._until(lambda: self._checked(slot) > 0)
        happen()
        self._until(lambda: self._checked(slot) == ALERTS)
        self._until(lambda: self._unsent() == 0)
        with self.dm.sessions.read() as db:
            runs = db.scalar(sa.select(sa.func.count()).select_from(AlertRun)) or 0
            events = db.scalar(sa.select(sa.func.count()).select_from(AlertEvent)) or 0
        self.lines.append(Line(fault, time.monotonic() - began, runs, events))

    def _until(self, true: Callable[[], bool]) -> None:
        over = time.monotonic() + PATIENCE
        while time.monotonic() < over:
            try:
                if true():
                    return
            except sa.exc.OperationalError:  # the application's database is stopped
                pass
            time.sleep(0.1)
        raise AssertionError(f"It was not done in {PATIENCE:.0f} s. {self.table()}")

    def _checked(self, slot: datetime) -> int:
        since = slot - timedelta(milliseconds=1)
        checked = sa.select(sa.func.count()).select_from(Alert).where(Alert.last_slot >= since)
        with self.dm.sessions.read() as db:
            return db.scalar(checked) or 0

    def _unsent(self) -> int:
        unsent = sa.select(sa.func.count()).select_from(Delivery).where(Delivery.state != "sent")
        with self.dm.sessions.read() as db:
            return db.scalar(unsent) or 0

    def counted(self) -> dict[str, int]:
        """What there is, and what is there twice."""
        with self.dm.sessions.read() as db:
            runs = Counter(db.execute(sa.select(AlertRun.alert_id, AlertRun.slot)).all())
            kinds = db.execute(
                sa.select(AlertEvent.alert_id, AlertEvent.kind).order_by(
                    AlertEvent.alert_id, AlertEvent.created_at
                )
            ).all()
            notices = db.scalar(sa.select(sa.func.count()).select_from(Notice)) or 0
        told: dict[UUID, list[str]] = {}
        for alert_id, kind in kinds:
            told.setdefault(alert_id, []).append(kind)
        rounds = len(self.lines)
        wanted = [("fired", "recovered")[n % 2] for n in range(rounds)]
        keys = Counter(posted.headers["X-DataMind-Key"] for posted in self.hook.got)
        return {
            "alerts": ALERTS,
            "rounds": rounds,
            "changes lost": sum(len(set(range(rounds))) - len(t) for t in told.values())
            + rounds * (ALERTS - len(told)),
            "told in another order": sum(t != wanted for t in told.values()),
            "slots checked twice": sum(n > 1 for n in runs.values()),
            "notices": notices,
            "messages": len(keys),
            "messages that came again after a kill": sum(n - 1 for n in keys.values()),
        }

    def table(self) -> str:
        """The rounds as Markdown."""
        rows = [
            f"| {n} | {line.fault} | {line.seconds:.1f} s | {line.runs:,} | {line.events:,} |"
            for n, line in enumerate(self.lines, 1)
        ]
        head = ["| round | what happened | until all was checked and told | run rows | events |"]
        return "\n".join([*head, "|---|---|---|---|---|", *rows])


@contextmanager
def town() -> Iterator[Town]:
    """Two workers, two schedulers, two databases, Redis, a webhook and sixty alerts."""
    with ExitStack() as stack:
        application, customers = stack.enter_context(Postgres()), stack.enter_context(Postgres())
        redis, hook = stack.enter_context(Redis()), stack.enter_context(web())
        home = stack.enter_context(TemporaryDirectory())
        with customers.connect() as db:
            db.execute("CREATE DATABASE shop")
        with customers.connect("shop") as db:
            db.execute("CREATE TABLE numbers (n integer)")
            db.execute("INSERT INTO numbers VALUES (1)")
            db.execute(
                f"CREATE VIEW figure AS SELECT n FROM numbers, pg_sleep({SLOW})"  # type: ignore[arg-type]
            )
        given = {
            "database_url": application.url,
            "redis_url": redis.url,
            "datamind_home": Path(home),
            "encryption_key": "k" * 40,
            "signing_secret": "s" * 40,
            "datamind_demo": "off",
            "allowed_outbound_hosts": "127.0.0.1",
            "embedded_worker": False,
        }
        dm = datamind.build(load(**given), SilentQueue())
        stack.callback(datamind.close, dm)
        migrate.upgrade(dm.sessions)
        found = Town(dm, application, customers, redis, hook, given)
        _fill(found)
        stack.callback(_stop_all, found)
        for name in ("worker 1", "worker 2", "scheduler 1", "scheduler 2"):
            found.start(name)
        yield found


def _fill(town: Town) -> None:
    dm = town.dm
    user_id = accounts.register(
        dm,
        email="owner@town.example",
        password="a long enough password",
        full_name="Owner",
        organization="Town",
        slug="town",
    )
    owner = accounts.actor_of(dm, user_id, "user")
    assert owner is not None
    with dm.sessions.write() as db:
        row = connections.add(db, owner, name="Shop", kind="postgresql")
        row.host, row.port, row.database_name = "127.0.0.1", town.customers.port, "shop"
        row.username, row.password_encrypted = USER, dm.vault.seal(PASSWORD)
        row.ssl_mode = "disable"
    refreshes.refresh(dm, owner, row.id)
    form = {"url": town.hook.url, "secret": "a secret of the town"}
    place = channels.add(dm, owner, "Hook", "webhook", form)
    with dm.sessions.write() as db:
        for number in range(ALERTS):
            alert = Alert(org_id=owner.org_id, created_by_id=owner.user_id)
            wanted = Definition(
                f"Alert {number}",
                row.id,
                "SELECT n FROM figure",
                Rule("above", 100),
                every_minutes=1440,
                channels=("in_app", f"destination:{place}"),
            )
            definition.write(alert, wanted)
            alert.next_check_at = dm.clock.now() + timedelta(days=1)
            db.add(alert)


def _stop_all(town: Town) -> None:
    for process in town.processes.values():
        process.terminate()
    for process in town.processes.values():
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def fill_redis(town: Town, seconds: float) -> None:
    """Let Redis have no room for another message, for a while."""
    client = redis_client.Redis.from_url(town.redis.url)
    client.config_set("maxmemory", "1")
    time.sleep(seconds)
    client.config_set("maxmemory", "0")
    client.close()


def restart(server: Postgres | Redis, seconds: float) -> None:
    """Stop a server, leave it so, and start it again."""
    server.stop()
    time.sleep(seconds)
    server.start()


def any_of(*names: str) -> str:
    """One of them."""
    return random.choice(names)
