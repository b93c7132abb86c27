"""Files on this disk, in a folder that is shared, or in an object store: the same for all three."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from core import connections, datamind, query, uploads, versions
from core.backups.restore import restore
from core.backups.save import save
from core.datamind import DataMind
from core.errors import BadSettings, CannotConnect, NotFound
from core.store.files import INCOMING, SWEEP_SECONDS, Files
from core.store.objects import Objects
from core.store.queue import SilentQueue
from core.types import Actor, Query
from tests import factories
from tests.fake_s3 import FakeS3

ORG, SALES, OTHER = uuid4(), uuid4(), uuid4()


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeS3]:
    with FakeS3() as server:
        for name, value in server.settings.items():
            monkeypatch.setenv(name, value)
        yield server


Replicas = Callable[[str], Files]


@pytest.fixture(params=["disk", "folder", "bucket"])
def replica(request: pytest.FixtureRequest, tmp_path: Path) -> Replicas:
    """Files as a replica of that name sees them; on one disk there is only one."""

    def on(name: str) -> Files:
        match request.param:
            case "disk":
                return Files(tmp_path / "files")
            case "folder":
                return Files(tmp_path / name, Objects(f"file://{tmp_path}/shared/files"))
            case _:
                request.getfixturevalue("s3")
                return Files(tmp_path / name, Objects("s3://bucket/data mind/files"))

    return on


def made(files: Files, owner: UUID, name: str, content: str = "content") -> str:
    path = files.folder(ORG, owner) / name
    path.write_text(content, "utf-8")
    return files.keep(path)


def test_what_one_replica_keeps_another_one_finds(replica: Replicas) -> None:
    here, there = replica("here"), replica("there")
    large = "x" * 12_000_000
    for name, content in (("a.csv", "a,b\n1,2\n"), ("Umsatz & ümläut+1.csv", "ü"), ("l", large)):
        stored = made(here, SALES, name, content)
        assert stored == f"{ORG}/{SALES}/{name}"
        assert there.path(stored).read_text("utf-8") == content
        assert not list(there.path(stored).parent.glob("*.coming"))


def test_what_is_not_kept_is_not_there(replica: Replicas) -> None:
    files = replica("here")
    assert not files.path(f"{ORG}/{SALES}/none.csv").exists()
    files.drop(f"{ORG}/{SALES}/none.csv")
    files.remove(ORG, SALES)
    with pytest.raises(NotFound):
        files.path("../outside")
    with pytest.raises(NotFound):
        files.drop("../../outside")


def test_dropped_is_dropped_for_all(replica: Replicas) -> None:
    here = replica("here")
    one, two, more = (made(here, SALES, name) for name in ("1.csv", "1.duckdb", "10.csv"))
    other = made(here, OTHER, "1.csv")
    here.drop_alike(two, "1.")
    assert [name for name, _ in replica("there").everything()] == sorted([more, other])
    here.drop(more)
    here.remove(ORG, OTHER)
    assert [*replica("yonder").everything()] == []
    assert not replica("yonder").path(one).exists()


def test_an_organization_goes_with_all_its_files(replica: Replicas) -> None:
    here = replica("here")
    made(here, SALES, "1.csv")
    made(here, OTHER, "2.csv")
    here.remove(ORG)
    assert [*replica("there").everything()] == []


def test_copies_of_what_was_dropped_elsewhere_go_within_an_hour(s3: FakeS3, tmp_path: Path) -> None:
    now = 1_800_000_000.0
    here = Files(tmp_path / "here", Objects("s3://bucket/files"), lambda: now)
    there = Files(tmp_path / "there", Objects("s3://bucket/files"), lambda: now)
    gone, stays = made(here, SALES, "gone.csv"), made(here, SALES, "stays.csv")
    for name in (gone, stays):
        os.utime(there.path(name), (now, now))
    begun = there.folder(ORG, SALES) / "begun.csv"
    coming = there.root / INCOMING / "coming.csv"
    coming.parent.mkdir()
    for path in (begun, coming):
        path.touch()
    here.drop(gone)
    now += SWEEP_SECONDS + 1
    os.utime(begun, (now, now))
    there.path(made(here, SALES, "new.csv"))
    left = {path.name for path in there.root.rglob("*.csv")}
    assert left == {"stays.csv", "new.csv", "begun.csv", "coming.csv"}


def test_a_store_that_does_not_answer_is_said_and_nothing_of_it_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with FakeS3() as server:
        for name, value in server.settings.items():
            monkeypatch.setenv(name, value)
    files = Files(tmp_path, Objects("s3://bucket/files"))
    with pytest.raises(CannotConnect, match="does not answer") as found:
        made(files, SALES, "a.csv")
    assert "127.0.0.1" not in found.value.message + found.value.hint
    with pytest.raises(CannotConnect):
        files.path(f"{ORG}/{SALES}/b.csv")


@pytest.mark.parametrize("url", ["ftp://host/files", "bucket/files", "memory://x"])
def test_another_kind_of_place_is_said(url: str) -> None:
    with pytest.raises(BadSettings, match="FILES_URL"):
        Objects(url)


def counted(dm: DataMind, who: Actor, place: UUID) -> int:
    asked = Query(place, "SELECT count(*) AS n FROM sales")
    return int(query.run(dm, who, asked, fresh=True).table["n"][0].as_py())


def test_two_replicas_share_uploads_and_a_backup_leads_out_of_the_bucket(
    s3: FakeS3, postgres_database: str, tmp_path: Path
) -> None:
    opened: list[DataMind] = []

    def house(name: str, **given: object) -> DataMind:
        opened.append(factories.open_house(tmp_path / name, **given))
        return opened[-1]

    shared = {"database_url": postgres_database, "files_url": "s3://bucket/files"}
    one, two = house("one", **shared), house("two", **shared)
    acme = factories.organization(one)
    place = factories.sales(one, acme.analyst, tmp_path)
    assert counted(two, acme.viewer, place) == 6
    (upload,) = uploads.uploads(two, acme.analyst, place)
    more = tmp_path / "more.csv"
    more.write_text(factories.SALES.splitlines()[0] + "\n7,2026-10-03,East,Lamp,1.00\n", "utf-8")
    versions.renew(two, acme.analyst, upload.id, more, "more.csv", "append")
    assert counted(one, acme.viewer, place) == 7
    brought, _ = versions.original(one, acme.analyst, upload.id)
    assert "East" in brought.read_text("utf-8")
    backups = tmp_path / "backups"
    backups.mkdir()
    saved = save(one, backups)
    fresh = datamind.build(factories.settings(tmp_path / "fresh"), SilentQueue())
    opened.append(fresh)
    (tmp_path / "fresh").mkdir()
    restore(fresh, saved.path)
    assert counted(fresh, acme.viewer, place) == 7
    uploads.remove(two, acme.analyst, upload.id)
    assert list(s3.objects) == []
    connections.delete(one, acme.admin, place)
    for dm in opened:
        datamind.close(dm)
