"""Connections as a list: their names."""

from pathlib import Path

import pytest

from core import connections
from core.datamind import DataMind
from core.errors import BadInput
from tests import factories
from tests.factories import Organization

NAMES = [
    ("Sales", None),
    ("  Sales 2026 ", None),
    ("SHOP", "already a connection “SHOP”"),
    ("   ", "needs a name"),
    ("x" * 256, "needs a name"),
]


@pytest.mark.parametrize(("name", "refused"), NAMES)
def test_a_name_is_there_and_nobody_elses(
    dm: DataMind, acme: Organization, tmp_path: Path, name: str, refused: str | None
) -> None:
    factories.sales(dm, acme.admin, tmp_path, name="Shop")
    own = factories.sales(dm, acme.admin, tmp_path, name="Sales")
    if refused:
        with pytest.raises(BadInput, match=refused):
            connections.rename(dm, acme.analyst, own, name)
    else:
        connections.rename(dm, acme.analyst, own, name)
    kept = connections.connection(dm, acme.viewer, own).name
    assert kept == ("Sales" if refused else name.strip())
