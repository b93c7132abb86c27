"""Secrets: rotated without loss, and never in what people, logs or files get."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from core import audit, channels, connections, installation, invitations, letters, members, servers
from core.config import load
from core.datamind import DataMind
from core.errors import CannotConnect, DataMindError
from core.security import rotate
from core.security.vault import Vault
from core.store.tables import Connection, Delivery, Destination
from tests.factories import Organization
from tests.running import ROOT

SECRET = "tr0ub4dor-of-the-shop"
OLD, NEW = "k" * 40, "n" * 40


@pytest.fixture
def sealed(dm: DataMind, acme: Organization) -> DataMind:
    """A connection with two passwords, a destination, and a letter that waits."""
    with dm.sessions.write() as db:
        row = connections.add(db, acme.admin, name="Shop", kind="postgresql")
        row.host, row.port, row.database_name, row.username = "127.0.0.1", 1, "shop", "me"
        row.password_encrypted = dm.vault.seal(SECRET)
        row.readonly_username = "reader"
        row.readonly_password_encrypted = dm.vault.seal(SECRET)
        config = dm.vault.seal(json.dumps({"url": f"https://x.example/{SECRET}"}))
        db.add(
            Destination(
                org_id=acme.admin.org_id, name="Ops", kind="webhook", config_encrypted=config
            )
        )
    invitations.invite(dm, acme.admin, email="zoe@acme.example")
    return dm


def kept(dm: DataMind) -> list[str]:
    """Every sealed text of the application's database."""
    with dm.sessions.read() as db:
        rows = [*db.query(Connection), *db.query(Destination), *db.query(Delivery)]
    found = []
    for row in rows:
        for name in ("password_encrypted", "readonly_password_encrypted", "config_encrypted"):
            found.append(getattr(row, name, None))
        found.append(getattr(row, "notice", {}).get("sealed"))
    return [one for one in found if one]


def test_everything_sealed_is_sealed_anew(sealed: DataMind) -> None:
    before = kept(sealed)
    assert len(before) == 4
    told = rotate.reseal(sealed.sessions, Vault(f"{NEW},{OLD}"))
    assert (told.done, told.unreadable) == (4, 0)
    new = Vault(NEW)
    assert [new.open(after) for after in kept(sealed)] == [Vault(OLD).open(one) for one in before]


def test_no_column_that_seals_is_forgotten() -> None:
    """Whoever adds a sealed column has to add it to the rotation, too."""
    from core.store.tables import Base

    columns = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if "encrypted" in column.name or "sealed" in column.name
    }
    assert columns == {
        "connections.password_encrypted",
        "connections.readonly_password_encrypted",
        "destinations.config_encrypted",
    }


def test_what_no_key_reads_stays_and_is_counted(sealed: DataMind) -> None:
    before = kept(sealed)
    told = rotate.reseal(sealed.sessions, Vault(NEW))
    assert (told.done, told.unreadable) == (0, 4)
    assert kept(sealed) == before


def test_one_command_rotates_the_installations_own_key(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "DATAMIND_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    settings = installation.settings(datamind_home=tmp_path)
    from core import datamind
    from core.store import migrate
    from core.store.queue import SilentQueue
    from tests import factories

    dm = datamind.build(settings, SilentQueue())
    migrate.upgrade(dm.sessions)
    acme = factories.organization(dm)
    with dm.sessions.write() as db:
        row = connections.add(db, acme.admin, name="Shop", kind="postgresql")
        row.password_encrypted = dm.vault.seal(SECRET)
    file = tmp_path / "secrets.env"
    first = rotate.keys_in(file)

    def run(*given: str) -> str:
        command = [sys.executable, "-m", "core.security.rotate", *given]
        done = subprocess.run(
            command, cwd=tmp_path, env=env, capture_output=True, text=True, check=True
        )
        return done.stdout

    assert "1 secrets are sealed" in run()
    both = rotate.keys_in(file)
    assert both[1:] == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [Vault(both[0]).open(one) for one in kept(dm)] == [SECRET]
    assert "old keys are gone" in run("--finish")
    assert rotate.keys_in(file) == both[:1]
    assert installation.settings(datamind_home=tmp_path).signing_secret == settings.signing_secret
    datamind.close(dm)


def test_nothing_that_is_shown_or_written_holds_a_secret(
    sealed: DataMind, acme: Organization
) -> None:
    dm = sealed
    place = connections.connections(dm, acme.admin)
    shop = next(one for one in place if one.name == "Shop")
    problems = []
    for reach in (
        lambda: servers.change(dm, acme.admin, shop.id, {**FORM, "password": SECRET}),
        lambda: connections.open_connector(dm, acme.admin, shop.id).check(),
    ):
        with pytest.raises(DataMindError) as caught:
            reach()
        problems.append(f"{caught.value!r} {caught.value.message} {caught.value.hint}")
    shown = [
        *(place, servers.values(dm, acme.admin, shop.id), servers.reader(dm, acme.admin, shop.id)),
        *(channels.listed(dm, acme.admin), letters.outbox(dm, acme.admin)),
        *(audit.entries(dm, acme.admin), members.members(dm, acme.admin), problems),
        *(connections.place(dm, acme.admin, shop.id), dm, dm.settings, dm.vault),
    ]
    for one in shown:
        assert SECRET not in repr(one)
        assert OLD not in repr(one)


FORM = {
    **{"host": "127.0.0.1", "port": "1", "database": "shop", "username": "me"},
    **{"ssl_mode": "disable"},
}


def test_settings_do_not_show_what_they_hold(tmp_path: Path) -> None:
    shown = repr(
        load(
            datamind_home=tmp_path,
            encryption_key=SECRET * 3,
            signing_secret=SECRET * 4,
            anthropic_api_key=SECRET,
            smtp_password=SECRET,
            database_url=f"postgresql://me:{SECRET}@127.0.0.1/x",
            redis_url=f"redis://:{SECRET}@127.0.0.1/0",
        )
    )
    assert SECRET not in shown


def test_a_changed_key_is_said_without_a_secret(sealed: DataMind) -> None:
    with pytest.raises(CannotConnect, match="encryption key has changed") as caught:
        Vault(NEW).open(kept(sealed)[0])
    assert SECRET not in str(caught.value.message + caught.value.hint)
