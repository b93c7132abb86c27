"""A disk without room: the person is told that, and not that his file is bad."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import uploads
from core.errors import DiskFull, room_needed
from tests import factories

FULL = Path("/dev/full")
ROWS = "city,people\n" + "".join(f"town {n},{n}\n" for n in range(100_000))


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
def test_no_room_is_said_as_that() -> None:
    with pytest.raises(DiskFull, match="disk is full"), room_needed(), FULL.open("w") as file:
        file.write("something")


def test_other_troubles_of_files_stay_what_they_are() -> None:
    with pytest.raises(FileNotFoundError), room_needed():
        Path("/nowhere/at/all").read_text()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "home"
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(words, capture_output=True).returncode:
        pytest.skip("only root may make a small disk")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_an_upload_says_that_the_disk_is_full_and_leaves_nothing(
    small_disk: Path, tmp_path: Path
) -> None:
    dm = factories.open_house(small_disk)
    who = factories.organization(dm).analyst
    source = tmp_path / "towns.csv"
    source.write_text(ROWS)
    with (small_disk / "filler").open("wb") as file:
        room = os.statvfs(small_disk)
        os.posix_fallocate(file.fileno(), 0, (room.f_bavail - 30) * room.f_frsize)
    with pytest.raises(DiskFull):
        uploads.add(dm, who, source, "towns.csv", new_name="Towns")
    assert list(dm.files.root.rglob("*.duckdb")) == []
