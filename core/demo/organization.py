"""The demo organization: three people, the shop's data, sample files to upload."""

import os
import secrets
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from core import accounts, connections, refreshes
from core.answers import Download
from core.datamind import DataMind
from core.demo import messy, morning, shop, stories
from core.demo.questions import SUGGESTED
from core.errors import NotFound
from core.security import passwords
from core.store.tables import Connection, Organization, User
from core.types import Actor, Role

SLUG: Final = "demo"
SHOP: Final = "Shop (demo)"
SIGN_IN_FILE: Final = "demo-sign-in.txt"
PEOPLE: Final[tuple[tuple[Role, str, str], ...]] = (
    ("admin", "admin@demo.example", "Ada Keller"),
    ("analyst", "analyst@demo.example", "Jonas Brandt"),
    ("viewer", "viewer@demo.example", "Mia Larsen"),
)


@dataclass(frozen=True)
class SignIn:
    """How to sign in to the demo."""

    emails: tuple[str, ...]
    password: str


def ensure(dm: DataMind) -> None:
    """Create what is missing of the demo organization, and add the days since the last start."""
    admin = _admin(dm) or _found(dm)
    _keep_password(dm)
    _samples(dm.settings.datamind_home / "samples")
    _shop(dm, admin)
    connection_id = _connection(dm, admin)
    stories.tell(dm, admin, connection_id)
    morning.put_up(dm, admin, connection_id)


def extend(dm: DataMind) -> int:
    """Add missing days to the shop, for servers that run for days; returns how many were due."""
    admin = _admin(dm) if dm.settings.wants_demo else None
    return int(_shop(dm, admin)) if admin else 0


def sign_in(dm: DataMind) -> SignIn | None:
    """The demo's emails and password, or None where there is no demo."""
    path = _password_path(dm)
    if not dm.settings.wants_demo or not path.exists():
        return None
    return SignIn(tuple(email for _, email, _ in PEOPLE), path.read_text("utf-8").strip())


def samples(dm: DataMind) -> tuple[Download, ...]:
    """Files that a newcomer can take along and upload."""
    folder = dm.settings.datamind_home / "samples"
    return tuple(
        Download(path.name, "application/octet-stream", path.read_bytes())
        for path in sorted(folder.glob("*.*"))
    )


def user(dm: DataMind, role: Role) -> UUID:
    """The demo person of that role. Raises NotFound where there is no demo."""
    query = (
        sa.select(User.id)
        .join(Organization, Organization.id == User.org_id)
        .where(Organization.slug == SLUG, User.role == role, User.is_active)
        .order_by(User.created_at)
        .limit(1)
    )
    with dm.sessions.read() as db:
        found = db.scalar(query)
    if found is None or not dm.settings.wants_demo:
        raise NotFound("There is no demo here.", "Register an organization of your own.")
    return found


def _admin(dm: DataMind) -> Actor | None:
    try:
        return accounts.actor_of(dm, user(dm, "admin"), "system")
    except NotFound:
        return None


def _found(dm: DataMind) -> Actor:
    """Create the organization and its people."""
    role, email, name = PEOPLE[0]
    user_id = accounts.found(
        dm,
        email=email,
        password=_password(dm),
        full_name=name,
        organization="Demo shop",
        slug=SLUG,
    )
    with dm.sessions.write() as db:
        first = db.get_one(User, user_id)
        for role, email, name in PEOPLE[1:]:
            db.add(
                User(
                    org_id=first.org_id,
                    email=email,
                    full_name=name,
                    role=role,
                    password_hash=first.password_hash,
                )
            )
    admin = _admin(dm)
    assert admin is not None
    return admin


def _keep_password(dm: DataMind) -> None:
    """Give the demo people the kept password again when its file was lost and made anew."""
    wanted = _password(dm)
    emails = [email for _, email, _ in PEOPLE]
    query = (
        sa.select(User)
        .join(Organization, Organization.id == User.org_id)
        .where(Organization.slug == SLUG, User.email.in_(emails))
    )
    with dm.sessions.read() as db:
        people = list(db.scalars(query))
    if all(passwords.matches(wanted, person.password_hash) for person in people[:1]):
        return
    password_hash = passwords.hash_password(wanted)
    with dm.sessions.write() as db:
        for person in people:
            db.get_one(User, person.id).password_hash = password_hash


def _password(dm: DataMind) -> str:
    path = _password_path(dm)
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(9) + "\n")
    return path.read_text("utf-8").strip()


def _password_path(dm: DataMind) -> Path:
    return dm.settings.datamind_home / SIGN_IN_FILE


def _samples(folder: Path) -> None:
    """Files that a newcomer can upload."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, write in (
        ("sales_export_messy.csv", messy.messy_csv),
        ("budget.xlsx", messy.multi_sheet_xlsx),
    ):
        if not (folder / name).exists():
            write(folder / name)


def _shop(dm: DataMind, admin: Actor) -> bool:
    """Make or extend the shop's data; returns whether anything was due.

    Each day's file has a name of its own: a query that still runs keeps the file it began on.
    """
    yesterday = dm.clock.today() - timedelta(days=1)
    with dm.sessions.read() as db:
        row = db.scalar(
            sa.select(Connection).where(Connection.of_org(admin.org_id), Connection.name == SHOP)
        )
    if row is not None and row.extra_config.get("until") == yesterday.isoformat():
        return False
    if row is None:
        with dm.sessions.write() as db:
            row = connections.add(
                db, admin, name=SHOP, kind="duckdb", extra={"suggested": list(SUGGESTED)}
            )
    folder = dm.files.folder(admin.org_id, row.id)
    path = folder / f"shop-{yesterday.isoformat()}.duckdb"
    before = dm.files.path(row.file_path) if row.file_path else None
    if before and before != path and before.exists():
        shutil.copyfile(before, path)
    shop.build(path, yesterday=yesterday)
    _record(dm, row.id, dm.files.keep(path), yesterday)
    for old in folder.glob("shop-*.duckdb"):
        if old != path:
            dm.files.drop(dm.files.stored(old))
    refreshes.refresh(dm, admin, row.id)
    return True


def _connection(dm: DataMind, admin: Actor) -> UUID:
    """The shop's connection."""
    with dm.sessions.read() as db:
        found = db.scalar(
            sa.select(Connection.id).where(Connection.of_org(admin.org_id), Connection.name == SHOP)
        )
    assert found is not None
    return found


def _record(dm: DataMind, connection_id: UUID, stored: str, until: date) -> None:
    with dm.sessions.write() as db:
        row = db.get_one(Connection, connection_id)
        row.file_path = stored
        row.extra_config = {**row.extra_config, "until": until.isoformat()}
        connections.bump_version(row)
