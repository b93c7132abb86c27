"""Database files on the server's own disk: read where they lie, and nothing besides them."""

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from core import connections, datamind, jobs, local_files, query, refreshes
from core.datamind import DataMind
from core.errors import BadInput, CannotConnect, NotAllowed
from core.types import Query
from tests import factories
from tests.factories import Organization


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An allowed folder with a database of each kind; a secret one lies beside it."""
    allowed = tmp_path / "allowed" / "acme"
    allowed.mkdir(parents=True)
    for place in (allowed / "shop.sqlite", tmp_path / "secret.sqlite"):
        sqlite(place, 3)
    with duckdb.connect(str(allowed / "shop.duckdb")) as db:
        db.execute("CREATE TABLE orders AS SELECT unnest([1, 2, 3, 4]) AS id")
    (allowed / "notes.txt").write_text("no database")
    (allowed / "way-out.sqlite").symlink_to(tmp_path / "secret.sqlite")
    return allowed


def sqlite(path: Path, rows: int) -> None:
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE orders (id integer)")
        db.executemany("INSERT INTO orders VALUES (?)", [(n,) for n in range(rows)])
    db.close()


@pytest.fixture
def dm(tmp_path: Path, folder: Path) -> Iterator[DataMind]:
    house = factories.open_house(
        tmp_path / "home", local_folders=f"{tmp_path}/missing, {tmp_path}/allowed/{{org}}"
    )
    yield house
    datamind.close(house)


def orders(dm: DataMind, acme: Organization, connection: object) -> int:
    asked = Query(connection, "SELECT count(*) AS n FROM orders")  # type: ignore[arg-type]
    return int(query.run(dm, acme.viewer, asked).table.to_pylist()[0]["n"])


@pytest.mark.parametrize(
    ("name", "kind", "rows"), [("shop.sqlite", "sqlite", 3), ("shop.duckdb", "duckdb", 4)]
)
def test_a_file_is_asked_where_it_lies(
    dm: DataMind, acme: Organization, folder: Path, name: str, kind: str, rows: int
) -> None:
    assert local_files.try_out(dm, acme.admin, name).message == "Connected. 1 table found."
    for number, path in enumerate((name, str(folder / name), f"x/../{name}")):
        made = local_files.connect(dm, acme.admin, name=f"Shop {number}", path=path)
        waiting = jobs.active(dm, acme.admin, jobs.REFRESH_SCHEMA, made)
        assert waiting
        refreshes.perform(dm, waiting.job_id)
        view = connections.connection(dm, acme.viewer, made)
        assert (view.kind, view.tables, view.holds_data) == (kind, 1, False)
        assert orders(dm, acme, made) == rows
    assert not list(dm.files.root.rglob("*shop*"))
    connections.delete(dm, acme.admin, made)
    assert (folder / name).is_file(), "what was never ours is not deleted"


@pytest.mark.parametrize(
    "path",
    ["../secret.sqlite", "../../secret.sqlite", "{up}/secret.sqlite", "way-out.sqlite",
     "/etc/passwd", "/etc/missing", "../globex/shop.sqlite", "/proc/self/environ"],
)  # fmt: skip
def test_nothing_outside_is_reached_or_told_of(
    dm: DataMind, acme: Organization, tmp_path: Path, path: str
) -> None:
    for act in (
        lambda: local_files.try_out(dm, acme.admin, path.format(up=tmp_path)),
        lambda: local_files.connect(dm, acme.admin, name="x", path=path.format(up=tmp_path)),
    ):
        with pytest.raises(NotAllowed, match="below folders that are allowed"):
            act()


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("gone.sqlite", CannotConnect),
        ("notes.txt", BadInput),
        (" ", BadInput),
        (".", CannotConnect),
    ],
)
def test_what_is_no_database_is_a_sentence(
    dm: DataMind, acme: Organization, path: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        local_files.connect(dm, acme.admin, name="x", path=path)
    assert [c.name for c in connections.connections(dm, acme.viewer)] == ["Files"]


def test_only_admins_of_an_organization_with_a_folder_may(dm: DataMind, acme: Organization) -> None:
    other = factories.organization(dm, "globex")
    assert local_files.reachable(dm, acme.admin)
    assert not local_files.reachable(dm, acme.analyst)
    assert not local_files.reachable(dm, other.admin)
    for who in (acme.analyst, acme.viewer, other.admin):
        with pytest.raises(NotAllowed):
            local_files.connect(dm, who, name="x", path="shop.sqlite")


def test_a_file_that_becomes_a_way_out_is_refused_at_the_next_question(
    dm: DataMind, acme: Organization, folder: Path, tmp_path: Path
) -> None:
    made = local_files.connect(dm, acme.admin, name="Shop", path="shop.sqlite")
    refreshes.refresh(dm, acme.admin, made)
    (folder / "shop.sqlite").unlink()
    (folder / "shop.sqlite").symlink_to(tmp_path / "secret.sqlite")
    with pytest.raises(NotAllowed):
        orders(dm, acme, made)


@pytest.mark.parametrize("name", ["shop.sqlite", "shop.duckdb"])
def test_a_file_that_is_replaced_is_read_anew(
    dm: DataMind, acme: Organization, folder: Path, name: str
) -> None:
    made = local_files.connect(dm, acme.admin, name="Shop", path=name)
    refreshes.refresh(dm, acme.admin, made)
    before = orders(dm, acme, made)
    fresh = folder / "fresh"
    if name.endswith("sqlite"):
        sqlite(fresh, 9)
    else:
        with duckdb.connect(str(fresh)) as db:
            db.execute("CREATE TABLE orders AS SELECT * FROM range(9)")
    os.replace(fresh, folder / name)
    assert (before != 9, orders(dm, acme, made)) == (True, 9)
