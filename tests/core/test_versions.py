"""A file that comes again: compared, added or put in place, never over a file that is read."""

from pathlib import Path
from uuid import UUID

import pytest

from core import query, schema, uploads, versions
from core.connectors.ingest import TableChange
from core.datamind import DataMind
from core.errors import BadUpload, NotAllowed
from core.types import Query
from tests import factories
from tests.factories import Organization

JANUARY = "id,day,amount\n001,2026-01-01,5\n002,2026-01-02,6\n"
FEBRUARY = "id,day,amount,city\n003,01.02.2026,7.5,Bern\n004,soon,8,Graz\n"


def file(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, "utf-8")
    return path


@pytest.fixture
def place(dm: DataMind, acme: Organization, tmp_path: Path) -> UUID:
    path = file(tmp_path, "jan.csv", JANUARY)
    return uploads.add(dm, acme.analyst, path, "Sales.csv", new_name="Sales").connection_id


def only(dm: DataMind, acme: Organization, place: UUID) -> uploads.UploadView:
    (found,) = uploads.uploads(dm, acme.analyst, place)
    return found


def rows(dm: DataMind, acme: Organization, place: UUID, sql: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = query.run(dm, acme.viewer, Query(place, sql)).table.to_pylist()
    return found


def test_the_differences_are_told_before_anything_happens(
    dm: DataMind, acme: Organization, place: UUID, tmp_path: Path
) -> None:
    path = file(tmp_path, "feb.csv", FEBRUARY)
    told = versions.compare(dm, acme.analyst, only(dm, acme, place).id, path, "feb.csv")
    assert told.changes == (
        TableChange(
            "sales", rows=2, new=("city",),
            changed=(("day", "DATE", "VARCHAR"), ("amount", "BIGINT", "DOUBLE")),
        ),
    )  # fmt: skip
    assert len(told.previews[0].rows) == 2
    assert only(dm, acme, place).version == 1


def test_rows_are_added_in_the_types_there_were(
    dm: DataMind, acme: Organization, place: UUID, tmp_path: Path
) -> None:
    upload = only(dm, acme, place)
    path = file(tmp_path, "feb.csv", FEBRUARY)
    versions.renew(dm, acme.analyst, upload.id, path, "feb.csv", "append")
    (table,) = schema.read(dm, acme.viewer, place).tables
    assert [(c.name, c.data_type) for c in table.columns] == [
        ("id", "VARCHAR"), ("day", "DATE"), ("amount", "DOUBLE"), ("city", "VARCHAR"),
    ]  # fmt: skip
    assert table.name == "sales"
    sql = "SELECT id, amount, city, day IS NULL AS no_day FROM sales ORDER BY id"
    assert rows(dm, acme, place, sql) == [
        {"id": "001", "amount": 5.0, "city": None, "no_day": False},
        {"id": "002", "amount": 6.0, "city": None, "no_day": False},
        {"id": "003", "amount": 7.5, "city": "Bern", "no_day": False},
        {"id": "004", "amount": 8.0, "city": "Graz", "no_day": True},
    ]
    now = only(dm, acme, place)
    assert (now.version, now.rows, now.quarantined) == (2, 4, 1)
    assert now.file_name == "Sales.csv + 1 more"
    assert versions.bad_cells(dm, acme.analyst, upload.id).to_pylist() == [
        {"table": "sales", "row": 3, "column": "day", "value": "soon", "expected": "dates"}
    ]


def test_rows_are_replaced_under_the_same_name(
    dm: DataMind, acme: Organization, place: UUID, tmp_path: Path
) -> None:
    upload = only(dm, acme, place)
    assert rows(dm, acme, place, "SELECT count(*) AS n FROM sales") == [{"n": 2}]
    path = file(tmp_path, "new.csv", "id,city\n9,Bern\n")
    versions.renew(dm, acme.analyst, upload.id, path, "Another name.csv", "replace")
    assert rows(dm, acme, place, "SELECT * FROM sales") == [{"id": 9, "city": "Bern"}]
    now = only(dm, acme, place)
    assert (now.id, now.version, now.file_name) == (upload.id, 2, "Another name.csv")


def test_every_version_is_a_new_file_and_every_original_stays(
    dm: DataMind, acme: Organization, place: UUID, tmp_path: Path
) -> None:
    upload = only(dm, acme, place)
    for number in (2, 3, 4):
        path = file(tmp_path, "next.csv", f"id\n{number}\n")
        versions.renew(dm, acme.analyst, upload.id, path, "next.csv", "replace")
    kept = {path.name.removeprefix(str(upload.id)) for path in dm.files.root.rglob(f"{upload.id}*")}
    assert kept == {".csv", ".v2.csv", ".v3.csv", ".v4.csv", ".v3.duckdb", ".v4.duckdb"}
    path, name = versions.original(dm, acme.analyst, upload.id)
    assert (path.read_text(), name) == ("id\n4\n", "next.csv")
    uploads.remove(dm, acme.analyst, upload.id)
    assert list(dm.files.root.rglob(f"{upload.id}*")) == []


def test_a_file_that_is_no_table_changes_nothing(
    dm: DataMind, acme: Organization, place: UUID, tmp_path: Path
) -> None:
    upload = only(dm, acme, place)
    bad = file(tmp_path, "bad.csv", "")
    with pytest.raises(BadUpload):
        versions.renew(dm, acme.analyst, upload.id, bad, "bad.csv", "append")
    with pytest.raises(BadUpload):
        versions.renew(dm, acme.analyst, upload.id, bad, "bad.csv", "replace")
    assert only(dm, acme, place) == upload
    assert rows(dm, acme, place, "SELECT count(*) AS n FROM sales") == [{"n": 2}]
    assert len(list(dm.files.root.rglob(f"{upload.id}*"))) == 2


def test_who_may_renew_and_who_sees_the_quarantine(
    dm: DataMind, acme: Organization, tmp_path: Path
) -> None:
    place = factories.sales(dm, acme.admin, tmp_path)
    upload = only(dm, acme, place)
    path = tmp_path / "sales.csv"
    for who in (acme.viewer, acme.analyst):
        with pytest.raises(NotAllowed):
            versions.renew(dm, who, upload.id, path, "sales.csv", "append")
    with pytest.raises(NotAllowed):
        versions.bad_cells(dm, acme.viewer, upload.id)
    with pytest.raises(NotAllowed):
        versions.original(dm, acme.viewer, upload.id)
    assert versions.bad_cells(dm, acme.analyst, upload.id).num_rows == 0


def test_a_person_chooses_types(dm: DataMind, acme: Organization, tmp_path: Path) -> None:
    path = file(tmp_path, "x.csv", "code,day,flag\n007,03/04/2026,1\nx,05/06/2026,0\n")
    types = {"x": {"code": "whole", "day": "month_first", "flag": "truth"}}
    steps: list[str] = []
    (shown,) = uploads.preview(dm, acme.analyst, path, "x.csv", types, steps.append)
    assert [c.type for c in shown.table.columns] == ["BIGINT", "DATE", "BOOLEAN"]
    assert [str(v) for v in shown.rows[0]] == ["7", "2026-03-04", "True"]
    assert [(b.row, b.column, b.value) for b in shown.table.bad] == [(3, "code", "x")]
    place = uploads.add(dm, acme.analyst, path, "x.csv", new_name="X", types=types).connection_id
    assert only(dm, acme, place).quarantined == 1


@pytest.mark.parametrize("choice", list(uploads.choices()))
def test_every_choice_can_be_made_for_any_column(
    choice: str, dm: DataMind, acme: Organization, tmp_path: Path
) -> None:
    values = ("a", "1", "2.5", "1.234,5", "2026-01-01", "1/2/2026", "10:30", "yes")
    path = file(tmp_path, "x.csv", "v,n\n" + "".join(f'"{v}",1\n' for v in values))
    (shown,) = uploads.preview(dm, acme.analyst, path, "x.csv", {"x": {"v": choice}})
    assert len(shown.rows) == len(values)
    made = uploads.choice_of(shown.table.columns[0].type)
    assert made == ("day" if choice in ("day_first", "month_first") else choice)
    filled = sum(row[0] is not None for row in shown.rows)
    assert filled + shown.table.quarantined == len(values)
