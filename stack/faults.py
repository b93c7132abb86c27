"""`make faults`: accidents in a running stack, while a person asks and jobs wait.

A table is printed: what the person saw, how long until he had his answer, how long until all was
well again and every job done, and what was lost. Needs Chromium, nginx, PostgreSQL, Redis; the
full disk needs root (a small tmpfs).
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from core import accounts, datamind, jobs, refreshes, servers, uploads
from core.config import load
from core.datamind import DataMind
from core.demo import organization as demo
from core.errors import DataMindError
from core.query import run as run_query
from core.store.tables import Connection, Job
from core.types import Actor, Query
from stack.person import Person, chromium
from stack.servers import PASSWORD, USER, Postgres
from stack.topology import Stack
from workers import broker as brokers

PATIENCE: Final = 240.0
DISK: Final = "1200m"
FEW: Final = 50


@dataclass
class Round:
    """One accident, and what came of it."""

    fault: str
    saw: list[str] = field(default_factory=list)
    degraded: list[str] = field(default_factory=list)
    answered: float | None = None
    well: float | None = None
    lost: int = 0
    of: int = 0


class Ground:
    """The stack, a person at it, and the way to its database past it."""

    def __init__(self, stack: Stack, person: Person, dm: DataMind) -> None:
        self.stack, self.person, self.dm = stack, person, dm
        self.rounds: list[Round] = []
        with dm.sessions.read() as db:
            found = db.scalars(sa.select(Connection).where(Connection.name.ilike("%demo%"))).first()
            assert found is not None, "the demo was made"
            self.org_id, self.connection_id, owner = found.org_id, found.id, found.created_by_id
        assert owner is not None
        actor = accounts.actor_of(dm, owner, "user")
        assert actor is not None
        self.actor: Actor = actor

    def small_jobs(self, count: int) -> list[UUID]:
        """Queue checks of no alerts: work that costs only what the queue costs."""
        with self.dm.sessions.write() as db:
            made = [
                jobs.create_for(
                    db, self.dm, self.org_id, jobs.CHECK_ALERTS, {"checks": {}}, subject=number
                )
                for number in range(count)
            ]
        for job_id in made:
            self.dm.queue.send(jobs.CHECK_ALERTS, job_id)
        return made

    def undone(self, made: list[UUID]) -> int:
        """How many of these are not finished; all, while the database is away."""
        query = sa.select(sa.func.count()).where(Job.kind == jobs.CHECK_ALERTS, Job.state != "done")
        if len(made) <= FEW:
            query = sa.select(sa.func.count()).where(Job.id.in_(made), Job.state != "done")
        with suppress(sa.exc.SQLAlchemyError), self.dm.sessions.read() as db:
            return int(db.scalar(query) or 0)
        return len(made)

    def round(
        self,
        fault: str,
        strike: Callable[[], object],
        mend: Callable[[], object] | None = None,
        after: float = 0.0,
        count: int = FEW,
    ) -> None:
        """One accident: jobs queued, struck, asked, mended after so many seconds, waited for."""
        found = Round(fault, of=count)
        self.person.at_rest()
        began = time.monotonic()
        made = self.small_jobs(count)
        strike()
        queued = time.monotonic() - began
        self.person.begin()
        mended = mend is None
        while time.monotonic() - began < PATIENCE:
            passed = time.monotonic() - began
            self.stack.look_after()
            if not mended and mend and passed >= after:
                mend()
                mended = True
            for text in self.person.look():
                if text not in found.saw:
                    found.saw.append(text)
            if self.person.answered and found.answered is None:
                found.answered = passed - queued
            ready, degraded = self.person.ready()
            found.degraded += [text for text in degraded if text not in found.degraded]
            if mended and ready and found.answered and not self.undone(made):
                found.well = time.monotonic() - began
                break
        found.lost = self.undone(made)
        self.rounds.append(found)
        print(line(found), flush=True)


def line(one: Round) -> str:
    """A round as a row of the table."""
    saw = "; ".join(one.saw) or "nothing"
    answered = f"{one.answered:.1f} s" if one.answered else "never"
    well = f"{one.well:.1f} s" if one.well else f"not within {PATIENCE:.0f} s"
    said = "; ".join(one.degraded) or "ok"
    return f"| {one.fault} | {saw} | {answered} | {said} | {well} | {one.lost} of {one.of:,} |"


HEAD: Final = (
    "| accident | what the person saw | his answer after | `/readyz` meanwhile | all well and all "
    "jobs done after | jobs lost |\n|---|---|---|---|---|---|"
)


def full_disk(ground: Ground, home: Path) -> None:
    """Fill the disk of the home folder: what an upload says, and whether questions are answered."""
    filler = home / "filler"
    csv = ground.stack.folder / "small.csv"
    csv.write_text("city,people\n" + "".join(f"town {n},{n}\n" for n in range(200_000)))
    told: list[str] = []

    def strike() -> None:
        free = os.statvfs(home)
        with filler.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, free.f_bavail * free.f_frsize)
        try:
            uploads.add(ground.dm, ground.actor, csv, "small.csv", new_name="Towns")
        except DataMindError as problem:
            told.append(f"at an upload: “{problem.message} {problem.hint}”")
        except OSError as problem:
            told.append(f"at an upload, unforeseen: {problem}")

    ground.round("disk of uploads full for 10 s (tmpfs)", strike, filler.unlink, after=10)
    ground.rounds[-1].saw += told
    uploads.add(ground.dm, ground.actor, csv, "small.csv", new_name="Towns after")


def slow_database(ground: Ground, customers: Postgres) -> None:
    """A customer's database that takes a minute for a row, asked 8 times at once."""
    with customers.connect() as db:
        db.execute("CREATE VIEW slow AS SELECT 1 AS n FROM pg_sleep(60)")
    values = {
        **{"host": "127.0.0.1", "port": str(customers.port), "database": "postgres"},
        **{"username": USER, "password": PASSWORD, "ssl_mode": "disable"},
    }
    place = servers.connect(ground.dm, ground.actor, name="Slow", kind="postgresql", values=values)
    refreshes.refresh(ground.dm, ground.actor, place)
    ends: list[tuple[float, str]] = []

    def one() -> None:
        began = time.monotonic()
        try:
            run_query(ground.dm, ground.actor, Query(place, "SELECT n FROM slow"))
        except DataMindError as problem:
            ends.append((time.monotonic() - began, problem.message))

    with ThreadPoolExecutor(8) as pool:
        ground.round(
            "a customer's database that takes 60 s a query, asked 8 times at once",
            lambda: [pool.submit(one) for _ in range(8)],
        )
    slowest = max(seconds for seconds, _ in ends)
    words = {message for _, message in ends}
    ground.rounds[-1].saw.append(f"who asked it, after at most {slowest:.0f} s: {words}")


def main() -> int:
    """Run the accidents, or those that are named, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", help="numbers of the accidents to run, from 1")
    chosen = {int(number) for number in parser.parse_args().only}
    folder = Path(tempfile.mkdtemp(prefix="datamind-faults-"))
    folder.chmod(0o755)
    home = folder / "stack" / "home"
    home.mkdir(parents=True)
    with ExitStack() as stack:
        on_tmpfs = os.geteuid() == 0 and _mount(home)
        if on_tmpfs:
            stack.callback(subprocess.run, ["umount", "--lazy", str(home)], check=False)
        made = stack.enter_context(
            Stack(folder / "stack", QUERY_TIMEOUT_SECONDS="10", ALLOWED_OUTBOUND_HOSTS="*")
        )
        dm = stack.enter_context(opened(made))
        person = stack.enter_context(chromium(made.url, folder / "pictures"))
        ground = Ground(made, person, dm)
        print(HEAD)
        for number, accident in enumerate(_accidents(ground, home, on_tmpfs), start=1):
            if not chosen or number in chosen:
                accident()
        print("\n" + "\n".join([HEAD, *map(line, ground.rounds)]))
    print(f"Logs and pictures: {folder}")
    return 1 if any(one.lost or one.well is None for one in ground.rounds) else 0


def _accidents(ground: Ground, home: Path, on_tmpfs: bool) -> list[Callable[[], object]]:
    made = ground.stack

    def killed(name: str) -> Callable[[], object]:
        return lambda: made.kill(name)

    def stopped(fault: str, name: str, seconds: float) -> Callable[[], object]:
        return lambda: ground.round(
            fault, lambda: made.stop(name), lambda: made.start(name), after=seconds
        )

    def slow() -> None:
        with Postgres() as customers:
            slow_database(ground, customers)

    return [
        lambda: ground.round(
            "kill -9 the person's replica", lambda: made.kill(ground.person.replica())
        ),
        lambda: ground.round("kill -9 a worker with jobs at hand", killed("worker-1"), count=500),
        lambda: ground.round("kill -9 a scheduler", killed("scheduler-1")),
        lambda: ground.round("kill -9 the queue's Redis", killed("queue")),
        stopped("the queue's Redis stopped for 20 s", "queue", 20.0),
        stopped("the cache's Redis stopped for 20 s", "cache", 20.0),
        stopped("PostgreSQL stopped for 20 s", "postgres", 20.0),
        lambda: full_disk(ground, home) if on_tmpfs else None,
        slow,
        lambda: ground.round("10,000 jobs queued at once", lambda: None, count=10_000),
    ]


def _mount(home: Path) -> bool:
    words = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(home)]
    return subprocess.run(words, check=False, capture_output=True).returncode == 0


class opened:  # noqa: N801
    """The installation's DataMind, in this process."""

    def __init__(self, made: Stack) -> None:
        given: dict[str, Any] = {
            name.lower(): value
            for name, value in made.settings.items()
            if not name.endswith("_FILE")
        }
        for name in ("encryption_key", "signing_secret"):
            given[name] = (made.folder / "secrets" / name).read_text().strip()
        settings = load(**given)
        self.dm = datamind.build(settings, brokers.WorkerQueue(brokers.open_broker(settings)))
        assert demo.sign_in(self.dm), "the demo was made"

    def __enter__(self) -> DataMind:
        return self.dm

    def __exit__(self, *_: object) -> None:
        datamind.close(self.dm)


if __name__ == "__main__":
    sys.exit(main())
