"""Uploads become tables that can be asked; what goes wrong leaves nothing behind."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core import checkups, connections, query, refreshes, schema, uploads
from core.datamind import DataMind
from core.errors import BadInput, BadUpload, LimitReached, NotAllowed, UnsafeSql
from core.types import Query
from tests import factories
from tests.factories import Organization


def file(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, "utf-8")
    return path


def names(dm: DataMind, acme: Organization) -> list[str]:
    return [c.name for c in connections.connections(dm, acme.viewer)]


def test_a_new_organization_has_a_place_for_files(
    dm: DataMind, acme: Organization, tmp_path: Path
) -> None:
    (files,) = connections.connections(dm, acme.analyst)
    assert (files.name, files.takes_files, files.tables) == ("Files", True, 0)
    for name in ("people.csv", "towns.csv"):
        path = file(tmp_path, name, "town,n\nBern,1\nGraz,2\n")
        uploads.add(dm, acme.analyst, path, name, connection_id=files.id)
    joined = "SELECT count(*) AS n FROM people JOIN towns ON people.town = towns.town"
    result = query.run(dm, acme.viewer, Query(files.id, joined))
    assert result.table.to_pylist() == [{"n": 2}]


def test_two_files_of_one_name_stand_side_by_side(
    dm: DataMind, acme: Organization, tmp_path: Path
) -> None:
    place = factories.sales(dm, acme.analyst, tmp_path)
    uploads.add(dm, acme.analyst, tmp_path / "sales.csv", "sales.csv", connection_id=place)
    known = schema.read(dm, acme.viewer, place)
    assert [t.name for t in known.tables] == ["sales", "sales_2"]


def test_a_removed_file_takes_its_table_and_its_bytes_along(
    dm: DataMind, acme: Organization, tmp_path: Path
) -> None:
    place = factories.sales(dm, acme.analyst, tmp_path)
    (kept,) = uploads.uploads(dm, acme.analyst, place)
    assert len(list(dm.files.root.rglob(f"{kept.id}.*"))) == 2  # the original and its tables
    uploads.remove(dm, acme.analyst, kept.id)
    assert schema.read(dm, acme.viewer, place).tables == ()
    assert list(dm.files.root.rglob(f"{kept.id}.*")) == []
    with pytest.raises(UnsafeSql):
        query.run(dm, acme.viewer, Query(place, "SELECT * FROM sales"))


def test_a_file_of_a_colleague_is_removed_by_an_admin_only(
    dm: DataMind, acme: Organization, tmp_path: Path
) -> None:
    place = factories.sales(dm, acme.admin, tmp_path)
    (kept,) = uploads.uploads(dm, acme.analyst, place)
    with pytest.raises(NotAllowed):
        uploads.remove(dm, acme.analyst, kept.id)
    uploads.remove(dm, acme.admin, kept.id)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.csv", "", "empty"),
        ("picture.png", "x", "cannot be read as tables"),
        ("book.xlsx", "this is no workbook", ""),
    ],
)
def test_a_bad_file_leaves_no_connection_behind(
    dm: DataMind, acme: Organization, tmp_path: Path, name: str, content: str, says: str
) -> None:
    before = names(dm, acme)
    with pytest.raises(BadUpload) as caught:
        uploads.add(dm, acme.analyst, file(tmp_path, name, content), name, new_name="New")
    assert says in caught.value.message
    assert names(dm, acme) == before
    assert list(dm.files.root.rglob("*.duckdb")) == []


def test_what_a_new_connection_may_be_called(
    dm: DataMind, acme: Organization, tmp_path: Path
) -> None:
    path = file(tmp_path, "a.csv", "a\n1\n")
    for name, says in (("", "1 to 255"), ("files", "already"), ("x" * 256, "1 to 255")):
        with pytest.raises(BadInput, match=says):
            uploads.add(dm, acme.analyst, path, "a.csv", new_name=name)


def test_the_plan_limits_connections(dm: DataMind, acme: Organization, tmp_path: Path) -> None:
    path = file(tmp_path, "a.csv", "a\n1\n")
    for number in range(4):
        uploads.add(dm, acme.analyst, path, "a.csv", new_name=f"C{number}")
    with pytest.raises(LimitReached, match="5 connections"):
        uploads.add(dm, acme.analyst, path, "a.csv", new_name="One too many")


def test_a_viewer_cannot_upload(dm: DataMind, acme: Organization, tmp_path: Path) -> None:
    path = file(tmp_path, "a.csv", "a\n1\n")
    for act in (
        lambda: uploads.add(dm, acme.viewer, path, "a.csv", new_name="x"),
        lambda: uploads.preview(dm, acme.viewer, path, "a.csv"),
        lambda: uploads.add_database(dm, acme.viewer, path, "a.db", new_name="x"),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_database_file_is_a_connection_of_its_own(
    dm: DataMind, acme: Organization, tmp_path: Path
) -> None:
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, amount REAL)")
        database.execute("INSERT INTO orders VALUES (1, 2.5)")
    database.close()
    place = uploads.add_database(dm, acme.analyst, path, "shop.db", new_name="Shop")
    assert checkups.test(dm, acme.viewer, place).message == "Connected. 1 table found."
    result = query.run(dm, acme.viewer, Query(place, "SELECT amount FROM orders"))
    assert result.table.to_pylist() == [{"amount": 2.5}]


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100])
def test_a_database_that_is_none_is_refused(
    dm: DataMind, acme: Organization, tmp_path: Path, content: bytes
) -> None:
    from core.errors import DataMindError

    path = tmp_path / "shop.db"
    path.write_bytes(content)
    before = names(dm, acme)
    with pytest.raises(DataMindError) as caught:
        uploads.add_database(dm, acme.analyst, path, "shop.db", new_name="Shop")
    assert str(tmp_path) not in caught.value.message + caught.value.hint
    assert names(dm, acme) == before


def test_the_size_is_limited(tmp_path: Path) -> None:
    dm = factories.open_house(tmp_path / "home", max_upload_mb=1)
    acme = factories.organization(dm)
    path = file(tmp_path, "big.csv", "a\n" + "1234567\n" * 150_000)
    with pytest.raises(BadUpload, match="1 MB"):
        uploads.add(dm, acme.analyst, path, "big.csv", new_name="Big")
    factories.datamind.close(dm)


def test_a_deleted_connection_goes_with_its_files(
    dm: DataMind, acme: Organization, tmp_path: Path
) -> None:
    place = factories.sales(dm, acme.analyst, tmp_path)
    with pytest.raises(NotAllowed):
        connections.delete(dm, acme.analyst, place)
    connections.delete(dm, acme.admin, place)
    assert names(dm, acme) == ["Files"]
    assert list(dm.files.root.rglob("*.duckdb")) == []


def test_a_refresh_tells_what_changed_and_keeps_descriptions(
    dm: DataMind, acme: Organization, tmp_path: Path
) -> None:
    from core.store.tables import AuditLog, Connection, SchemaTable

    def readings() -> int:
        with dm.sessions.read() as db:
            return db.query(AuditLog).filter(AuditLog.action == "schema.refresh").count()

    place = factories.sales(dm, acme.analyst, tmp_path)
    with dm.sessions.write() as db:
        db.query(SchemaTable).one().ai_description = "Written by a person"
    before = readings()
    assert refreshes.refresh(dm, acme.analyst, place) == refreshes.Diff()
    assert readings() == before, "a file that has not changed is not read again"
    with dm.sessions.write() as db:
        row = db.get_one(Connection, place)
        row.extra_config = {**row.extra_config, "state": "another"}
    assert refreshes.refresh(dm, acme.analyst, place) == refreshes.Diff()
    assert readings() == before + 1
    (table,) = schema.read(dm, acme.viewer, place).tables
    assert table.description == "Written by a person"
    with pytest.raises(NotAllowed):
        refreshes.refresh(dm, acme.viewer, place)


def test_what_is_known_of_a_schema_is_never_of_yesterday(
    dm: DataMind, acme: Organization, tmp_path: Path
) -> None:
    from core.store.tables import SchemaColumnRow, SchemaTable

    place = factories.sales(dm, acme.analyst, tmp_path)

    def described() -> list[str | None]:
        (table,) = schema.read(dm, acme.viewer, place).tables
        return [table.description, *(c.description for c in table.columns[:2])]

    assert schema.read(dm, acme.viewer, place).tables is schema.read(dm, acme.admin, place).tables
    before = described()
    with dm.sessions.write() as db:
        db.query(SchemaTable).one().ai_description = "Sold things"
    assert described() == ["Sold things", *before[1:]]
    with dm.sessions.write() as db:
        db.query(SchemaColumnRow).filter_by(column_name="order_id").one().ai_description = "Which"
    assert described() == ["Sold things", "Which", before[2]]
    with dm.sessions.write() as db:
        db.delete(db.query(SchemaColumnRow).filter_by(column_name="order_id").one())
    assert described()[1] == before[2]
    with dm.sessions.write() as db:
        db.delete(db.query(SchemaTable).one())
    assert schema.read(dm, acme.viewer, place).tables == ()


def test_the_seam_tells_names_types_values_and_what_did_not_fit(tmp_path: Path) -> None:
    rows = "".join(f"{n:05d},{n}.5\n" for n in range(100))
    path = file(tmp_path, "x", f"Kunde Nr,Betrag\n{rows}a1,oops\n")
    (table,) = uploads.ingest(str(path), "Umsatz 2026.csv", str(tmp_path / "work"))
    assert (table["name"], table["label"]) == ("umsatz_2026", "Umsatz 2026")
    assert table["columns"] == [["kunde_nr", "VARCHAR"], ["betrag", "DOUBLE"]]
    assert table["labels"] == ["Kunde Nr", "Betrag"]
    assert table["rows"] == 101
    assert table["rows"] != 100
    assert len(table["rows"]) == 101
    assert table["rows"][:2] == [["00000", 0.5], ["00001", 1.5]]
    assert table["rows"][-1] == ["a1", None]
    assert table["quarantine"] == [{"row": 102, "column": "betrag", "value": "oops"}]
    assert table["quarantined"] == 1


def test_the_seam_reads_many_rows_only_when_they_are_asked_for(tmp_path: Path) -> None:
    path = file(
        tmp_path, "x", "n,at\n" + "".join(f"{n},2026-01-01T00:00Z\n" for n in range(120_000))
    )
    (table,) = uploads.ingest(path, "many.csv", tmp_path / "work")
    rows = table["rows"]
    assert rows == 120_000
    assert not isinstance(rows, list)
    assert rows[119_999] == rows[-1] == [119_999, datetime(2026, 1, 1, tzinfo=UTC)]
    assert [row[0] for row in rows[7:1:-3]] == [7, 4]
    assert sum(row[0] for row in rows) == 119_999 * 60_000
    with pytest.raises(IndexError):
        rows[120_000]


def test_the_seam_refuses_what_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(BadUpload) as caught:
        uploads.ingest(file(tmp_path, "x", ""), "x.csv", tmp_path / "work")
    assert caught.value.hint
    assert list((tmp_path / "work").iterdir()) == []
