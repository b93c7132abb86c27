"""Files as people bring them, through the seam: the table expected, or the clear error."""

from pathlib import Path

import pytest

from core import uploads
from core.errors import BadUpload
from core.uploads import Told
from tests.connectors.files import Becomes, File, Refused
from tests.connectors.lifelike_files import LIFELIKE
from tests.connectors.nasty_files import NASTY


def test_there_are_as_many_as_promised() -> None:
    assert len(NASTY) >= 60
    assert len(LIFELIKE) >= 20


@pytest.mark.parametrize("name", list(NASTY))
def test_a_nasty_file(name: str, tmp_path: Path) -> None:
    check(NASTY[name], tmp_path)


@pytest.mark.parametrize("name", list(LIFELIKE))
def test_a_lifelike_file(name: str, tmp_path: Path) -> None:
    check(LIFELIKE[name], tmp_path)


def check(file: File, folder: Path) -> None:
    source, work = folder / "incoming", folder / "work"
    source.write_bytes(file.content())
    if isinstance(file.expected, Refused):
        with pytest.raises(BadUpload) as caught:
            uploads.ingest(source, file.name, work)
        assert file.expected.message.lower() in caught.value.message.lower()
        assert file.expected.hint.lower() in caught.value.hint.lower()
        assert str(folder) not in caught.value.message + caught.value.hint
        return
    tables = uploads.ingest(source, file.name, work)
    expected = file.expected if isinstance(file.expected, list) else [file.expected]
    assert len(tables) == len(expected)
    for table, wanted in zip(tables, expected, strict=True):
        is_as(table, wanted)


def is_as(table: Told, wanted: Becomes) -> None:
    assert ", ".join(" ".join(column) for column in table["columns"]) == wanted.columns
    assert [tuple(row) for row in table["rows"][: len(wanted.rows)]] == wanted.rows
    assert len(table["rows"]) == (wanted.count or len(wanted.rows))
    found = [(cell["row"], cell["column"], cell["value"]) for cell in table["quarantine"]]
    assert found == list(wanted.quarantine)
    for words in wanted.notes:
        assert any(words in note for note in table["notes"]), table["notes"]
    assert bool(table["notes"]) == bool(wanted.notes), table["notes"]
    if wanted.name:
        assert table["name"] == wanted.name
