"""A backup holds everything, and fills a fresh installation on either kind of database."""

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from core import connections, datamind
from core.backups import archive, tidy
from core.backups.restore import restore
from core.backups.save import PASSING, Saved, save
from core.clock import FixedDay
from core.datamind import DataMind
from core.demo import organization as demo
from core.errors import BadInput
from core.store import migrate
from core.store.queue import SilentQueue
from core.store.tables import Base, User
from tests import factories

Contents = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DataMind]:
    """An installation with the demo organization, another one, a file and a password."""
    dm = factories.open_house(tmp_path_factory.mktemp("lived-in") / "home", datamind_demo="on")
    demo.ensure(dm)
    acme = factories.organization(dm)
    place = factories.sales(dm, acme.analyst, dm.settings.datamind_home)
    factories.answered(dm, acme.viewer, "Total amount by region", place)
    with dm.sessions.write() as db:
        row = connections.add(
            db, acme.admin, name="Warehouse", kind="postgresql", extra={"note": "Grüße, 東京"}
        )
        row.password_encrypted = dm.vault.seal("s3cret")
    yield dm
    datamind.close(dm)


@pytest.fixture(scope="module")
def backup(lived_in: DataMind, tmp_path_factory: pytest.TempPathFactory) -> Saved:
    return save(lived_in, tmp_path_factory.mktemp("backups"))


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Callable[..., DataMind]]:
    """A new installation, its database not even migrated."""
    opened: list[DataMind] = []

    def build(name: str = "fresh", **given: Any) -> DataMind:
        home = tmp_path / name
        home.mkdir()
        settings = factories.settings(home).model_copy(update=given)
        opened.append(datamind.build(settings, SilentQueue(), FixedDay(factories.TODAY)))
        return opened[-1]

    yield build
    for dm in opened:
        datamind.close(dm)


def contents(dm: DataMind) -> Contents:
    """All rows of what is kept, by table."""
    kept = [table for table in Base.metadata.sorted_tables if table.name not in PASSING]
    with dm.sessions.read() as db:
        return {
            table.name: [
                dict(row)
                for row in db.execute(sa.select(table).order_by(*table.primary_key)).mappings()
            ]
            for table in kept
        }


def files(dm: DataMind) -> dict[str, bytes]:
    return {stored: path.read_bytes() for stored, path in dm.files.everything()}


def changed(backup: Path, to: Path, **members: bytes | None) -> Path:
    """The backup with some members other ones, or away."""
    with ZipFile(backup) as old, ZipFile(to, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            said = members.get(name.replace("/", "_").replace(".", "_"), old.read(name))
            if said is not None:
                new.writestr(name, said)
    return to


def test_sqlite_comes_back_as_it_was(
    lived_in: DataMind, backup: Saved, fresh: Callable[..., DataMind]
) -> None:
    dm = fresh()
    restored = restore(dm, backup.path)
    assert contents(dm) == contents(lived_in)
    assert files(dm) == files(lived_in)
    assert (restored.rows, restored.files) == (backup.rows, backup.files)
    assert restored.opens
    assert restored.rows > 500
    assert restored.files > 1


def test_it_moves_to_postgresql_and_back(
    lived_in: DataMind, backup: Saved, fresh: Callable[..., DataMind], postgres_database: str,
    tmp_path: Path,
) -> None:  # fmt: skip
    company = fresh("company", database_url=postgres_database)
    restore(company, backup.path)
    assert contents(company) == contents(lived_in)
    again = save(company, tmp_path)
    laptop = fresh("laptop")
    restore(laptop, again.path)
    assert contents(laptop) == contents(lived_in)
    assert files(laptop) == files(lived_in)


def test_people_go_on_where_they_were(backup: Saved, fresh: Callable[..., DataMind]) -> None:
    dm = fresh()
    restore(dm, backup.path)
    with dm.sessions.read() as db:
        user_id = db.scalar(sa.select(User.id).where(User.email == "analyst@acme.example"))
    assert user_id
    analyst = factories.actor(dm, user_id)
    (place,) = [c.id for c in connections.connections(dm, analyst) if c.name == "Sales"]
    _, answer = factories.answered(dm, analyst, "Total amount by region", place)
    assert "770.25" in answer.text


def test_with_another_key_only_passwords_are_lost_and_it_is_said(
    backup: Saved, fresh: Callable[..., DataMind]
) -> None:
    dm = fresh(encryption_key=SecretStr("another" * 8))
    assert not restore(dm, backup.path).opens


def test_a_backup_of_an_older_version_is_brought_to_this_one(
    backup: Saved, fresh: Callable[..., DataMind], tmp_path: Path
) -> None:
    """As 0018 had it: without the marks of drafted words, and with types as they were then."""
    with ZipFile(backup.path) as whole:
        about = json.loads(whole.read("about.json"))
        members: dict[str, bytes | None] = {}
        for table, added in {
            "schema_tables": ("description_drafted", "described_by"),
            "schema_columns": ("description_drafted", "term_drafted"),
        }.items():
            names = list(about["columns"][table])
            keep = [i for i, name in enumerate(names) if name not in added]
            rows = [json.loads(line) for line in whole.read(f"tables/{table}").splitlines()]
            lines = [json.dumps([row[i] for i in keep]) + "\n" for row in rows]
            members[f"tables_{table}"] = "".join(lines).encode()
            about["columns"][table] = {
                name: about["columns"][table][name] for name in names if name not in added
            }
    about["revision"] = "0018"
    old = changed(
        backup.path, tmp_path / "old.zip", about_json=json.dumps(about).encode(), **members
    )
    dm = fresh()
    restore(dm, old)
    assert migrate.is_current(dm.sessions)
    found = contents(dm)
    assert len(found["schema_tables"]) == about["rows"]["schema_tables"]
    assert {row["described_by"] for row in found["schema_tables"]} == {""}


def test_it_never_goes_over_data_that_is_there(lived_in: DataMind, backup: Saved) -> None:
    before = contents(lived_in)
    with pytest.raises(BadInput, match="There is data in this installation already"):
        restore(lived_in, backup.path)
    assert contents(lived_in) == before


ABOUT = {"format": 1, "made_at": "", "revision": "9999", "key_proof": "", "columns": {}, "rows": {}}


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"about_json": None}, "not a whole backup"),
        ({"about_json": b"[]"}, "not a whole backup"),
        ({"about_json": b'{"format": 1}'}, "not a whole backup"),
        ({"about_json": b'{"format": 2}'}, "newer DataMind"),
        ({"about_json": json.dumps({**ABOUT, "files": 0}).encode()}, "newer DataMind"),
        ({"tables_users": b"[1, 2"}, "not a whole backup"),
        ({"tables_users": b'["too", "few"]'}, "not a whole backup"),
        ({"tables_users": None}, "not a whole backup"),
    ],
    ids=["no page", "another page", "half a page", "newer form", "newer version", "cut line",
         "short line", "table away"],
)  # fmt: skip
def test_nothing_stays_of_a_file_that_is_no_backup(
    backup: Saved, fresh: Callable[..., DataMind], tmp_path: Path,
    members: dict[str, bytes | None], said: str,
) -> None:  # fmt: skip
    dm = fresh()
    with pytest.raises(BadInput, match=said):
        restore(dm, changed(backup.path, tmp_path / "bad.zip", **members))
    assert files(dm) == {}
    restore(dm, backup.path)


def test_a_file_cut_short_or_of_another_kind_is_refused(
    backup: Saved, fresh: Callable[..., DataMind], tmp_path: Path
) -> None:
    dm = fresh()
    for content in (b"", b"id,name\n1,x\n", backup.path.read_bytes()[:-100]):
        bad = tmp_path / "bad.zip"
        bad.write_bytes(content)
        with pytest.raises(BadInput, match="not a whole backup"):
            restore(dm, bad)
    with pytest.raises(BadInput, match="not a whole backup"):
        restore(dm, tmp_path / "missing.zip")


def test_no_name_in_a_backup_leads_out_of_the_folder_of_files(
    backup: Saved, fresh: Callable[..., DataMind], tmp_path: Path
) -> None:
    bad = changed(backup.path, tmp_path / "bad.zip")
    with ZipFile(bad, "a") as more:
        more.writestr("files/../../outside", "x")
    dm = fresh()
    with pytest.raises(BadInput):
        restore(dm, bad)
    assert not (dm.settings.datamind_home / "outside").exists()
    assert files(dm) == {}


def test_only_its_owner_can_read_it_and_no_password_is_in_it(backup: Saved) -> None:
    assert backup.path.stat().st_mode & 0o077 == 0
    with ZipFile(backup.path) as whole:
        text = b"".join(whole.read(name) for name in whole.namelist() if "tables" in name)
        assert "東京".encode() in text
        assert b"s3cret" not in text
        assert not {name.split("/")[1] for name in whole.namelist() if "/" in name} & set(PASSING)


def test_what_cannot_be_written_is_said_and_taken_away(lived_in: DataMind, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not a folder"):
        save(lived_in, tmp_path / "missing")
    made = save(lived_in, tmp_path)
    with pytest.raises(BadInput, match="there already"):
        save(lived_in, tmp_path)
    assert list(tmp_path.iterdir()) == [made.path]


def test_every_column_has_a_type_in_a_backup() -> None:
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            assert archive.kind_of(column.type)


TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("ages", "left"),
    [
        ([0, 1, 2, 30], [0, 1, 2, 30]),
        ([31, 32, 33, 34], [34]),
        ([36, 37, 38, 39], [36, 39]),
        ([85, 90, 91, 400], [85, 90]),
    ],
    ids=["a month stays whole", "then the first of a week", "of each week one", "90 days"],
)
def test_older_backups_thin_out(tmp_path: Path, ages: list[int], left: list[int]) -> None:
    (tmp_path / "notes.txt").touch()
    (tmp_path / "datamind-other.zip").touch()
    days = {age: TODAY - timedelta(days=age) for age in ages}
    for day in days.values():
        (tmp_path / f"datamind-{day}-030000.zip").touch()
    assert tidy.tidy(tmp_path, TODAY) == len(ages) - len(left)
    kept = {path.name for path in tmp_path.iterdir()} - {"notes.txt", "datamind-other.zip"}
    assert kept == {f"datamind-{days[age]}-030000.zip" for age in left}
