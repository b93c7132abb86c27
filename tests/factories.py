"""What tests are made of: an opened house on an empty database, organizations, a little data."""

import atexit
import shutil
import threading
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from uuid import UUID
from zoneinfo import ZoneInfo

from core import accounts, ask, conversations, datamind, members, uploads
from core.clock import FixedDay
from core.config import Settings, load
from core.conversations import Message
from core.datamind import DataMind
from core.store import migrate
from core.store.queue import SilentQueue
from core.store.session import Sessions
from core.types import Actor

TODAY = date(2026, 10, 15)
PASSWORD = "correct horse battery"

SALES = """order_id,sold_on,region,product,amount
1,2026-07-03,North,Lamp,120.50
2,2026-07-19,South,Lamp,80.00
3,2026-08-02,North,Chair,310.00
4,2026-09-11,South,Table,540.25
5,2026-09-30,North,Lamp,99.25
6,2026-10-02,South,Chair,150.00
"""


class SetClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def today(self, time_zone: str = "UTC") -> date:
        return self._now.astimezone(ZoneInfo(time_zone)).date()

    def forward(self, by: timedelta) -> None:
        self._now += by


def settings(home: Path, **given: object) -> Settings:
    """Settings of a test: nothing of the machine, a home of its own."""
    return load(
        datamind_home=home,
        encryption_key="k" * 40,
        signing_secret="s" * 40,
        datamind_today=TODAY,
        **{"database_url": f"sqlite:///{home}/app.sqlite", "datamind_demo": "off", **given},
    )


def open_house(home: Path, **given: object) -> DataMind:
    """A house on an empty, migrated database; nobody is woken unless a test does it."""
    home.mkdir(parents=True, exist_ok=True)
    dm = datamind.build(settings(home, **given), SilentQueue(), FixedDay(TODAY))
    if dm.settings.embedded_database:
        shutil.copyfile(_migrated(), home / "app.sqlite")
    else:
        migrate.upgrade(dm.sessions)
    return dm


@cache
def _migrated() -> Path:
    """An empty, migrated SQLite database to copy: migrating takes longer than most tests."""
    path = Path(mkdtemp(prefix="datamind-template-")) / "app.sqlite"
    atexit.register(shutil.rmtree, path.parent, ignore_errors=True)
    sessions = Sessions(f"sqlite:///{path}")
    migrate.upgrade(sessions)
    sessions.close()
    return path


@dataclass(frozen=True)
class Organization:
    """An organization with one person of each role, as actors."""

    slug: str
    admin: Actor
    analyst: Actor
    viewer: Actor

    @property
    def people(self) -> tuple[Actor, ...]:
        return (self.admin, self.analyst, self.viewer)


def organization(dm: DataMind, slug: str = "acme") -> Organization:
    """Register an organization and add an analyst and a viewer."""
    admin_id = accounts.register(
        dm,
        email=f"admin@{slug}.example",
        password=PASSWORD,
        full_name="Ada Admin",
        organization=slug.title(),
        slug=slug,
    )
    admin = actor(dm, admin_id)
    for role in ("analyst", "viewer"):
        members.add(
            dm,
            admin,
            email=f"{role}@{slug}.example",
            full_name=f"{role.title()} Person",
            role=role,
        )
    found = {m.role: actor(dm, m.id) for m in members.members(dm, admin)}
    return Organization(slug, found["admin"], found["analyst"], found["viewer"])


def actor(dm: DataMind, user_id: UUID) -> Actor:
    found = accounts.actor_of(dm, user_id, "user")
    assert found is not None
    return found


def sales(dm: DataMind, who: Actor, tmp_path: Path, name: str = "Sales") -> UUID:
    """A file connection with the little sales table."""
    path = tmp_path / "sales.csv"
    path.write_text(SALES, "utf-8")
    return uploads.add(dm, who, path, "sales.csv", new_name=name).connection_id


def answered(
    dm: DataMind,
    who: Actor,
    text: str,
    connection_id: UUID,
    session_id: UUID | None = None,
) -> tuple[UUID, Message]:
    """Ask and wait for the answer; returns the conversation and the answer."""
    asked = ask.start(dm, who, text, connection_id=connection_id, session_id=session_id)
    wait(dm, asked.job_id)
    return asked.session_id, conversations.messages(dm, who, asked.session_id)[-1]


def wait(dm: DataMind, job_id: UUID) -> None:
    """Wait for a question's thread to end."""
    for thread in threading.enumerate():
        if thread.name == f"question-{job_id}":
            thread.join(timeout=30)
            assert not thread.is_alive(), "the question is still being answered"


def elsewhere(who: Actor, **changes: object) -> Actor:
    """The same person with something else about the act."""
    return replace(who, **changes)
