"""Files come in piece by piece, wait for their person, and go when nobody comes back."""

import os
from pathlib import Path
from uuid import UUID

import pytest

from core import arrivals
from core.datamind import DataMind
from core.errors import BadUpload, NotAllowed, NotFound
from tests import factories
from tests.factories import Organization


def waiting(dm: DataMind) -> list[Path]:
    return list((dm.files.root / "incoming").glob("*/*/*"))


def test_a_file_comes_in_pieces_and_is_there(dm: DataMind, acme: Organization) -> None:
    coming = arrivals.begin(dm, acme.analyst, "../../Umsätze 2026.csv")
    for piece in (b"a,b\n", b"1,", b"2\n"):
        coming.write(piece)
    come = coming.done()
    found = arrivals.arrival(dm, acme.analyst, come.id)
    assert (found.name, found.path.read_bytes()) == ("Umsätze 2026.csv", b"a,b\n1,2\n")
    assert found.path.is_relative_to(dm.files.root)
    arrivals.drop(dm, acme.analyst, come.id)
    with pytest.raises(NotFound):
        arrivals.arrival(dm, acme.analyst, come.id)


def test_a_file_that_is_still_coming_is_not_there(dm: DataMind, acme: Organization) -> None:
    coming = arrivals.begin(dm, acme.analyst, "a.csv")
    coming.write(b"a\n")
    (folder,) = waiting(dm)
    with pytest.raises(NotFound):
        arrivals.arrival(dm, acme.analyst, UUID(folder.name))
    coming.drop()
    assert waiting(dm) == []


def test_a_colleague_does_not_see_it(dm: DataMind, acme: Organization) -> None:
    come = arrivals.begin(dm, acme.analyst, "a.csv").done()
    with pytest.raises(NotFound):
        arrivals.arrival(dm, acme.admin, come.id)
    arrivals.drop(dm, acme.admin, come.id)
    assert arrivals.arrival(dm, acme.analyst, come.id).name == "a.csv"


def test_a_viewer_brings_nothing(dm: DataMind, acme: Organization) -> None:
    with pytest.raises(NotAllowed):
        arrivals.begin(dm, acme.viewer, "a.csv")


def test_too_much_is_refused_while_it_comes_and_nothing_stays(tmp_path: Path) -> None:
    dm = factories.open_house(tmp_path / "home", max_upload_mb=1)
    acme = factories.organization(dm)
    coming = arrivals.begin(dm, acme.analyst, "a.csv")
    coming.write(b"x" * 1024 * 1024)
    with pytest.raises(BadUpload, match="larger than 1 MB"):
        coming.write(b"x")
    assert waiting(dm) == []
    factories.datamind.close(dm)


def test_old_ones_and_the_oldest_of_many_go(dm: DataMind, acme: Organization) -> None:
    old = arrivals.begin(dm, acme.analyst, "old.csv").done()
    os.utime(old.path.parent, (0, 0))
    kept = [arrivals.begin(dm, acme.analyst, f"{n}.csv").done() for n in range(5)]
    for place, come in enumerate(kept):
        os.utime(come.path.parent, (2**31 + place, 2**31 + place))
    arrivals.begin(dm, acme.analyst, "last.csv").done()
    names = {(folder / "name").read_text() for folder in waiting(dm)}
    assert names == {"1.csv", "2.csv", "3.csv", "4.csv", "last.csv"}
