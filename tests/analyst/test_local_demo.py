"""What a person would type on the demo's data, against SQL that a person wrote.

questions/demo.toml has the questions; both queries run on the same rows.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.types import Draft
from tests.analyst import engines, local_data
from tests.analyst.local_data import Place

TABLE = tomllib.loads(
    (Path(__file__).parent / "questions" / "demo.toml").read_text("utf-8")
)["question"]  # fmt: skip


def turns(entry: dict[str, Any]) -> tuple[str, ...]:
    asked = entry["ask"]
    return (asked,) if isinstance(asked, str) else tuple(asked)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    place = local_data.demo_shop(tmp_path_factory.mktemp("demo"))
    yield place
    place.database.close()


@pytest.mark.parametrize("entry", TABLE, ids=[" > ".join(turns(e)) for e in TABLE])
def test_plain_variations_get_what_a_person_would_count(demo: Place, entry: dict[str, Any]) -> None:
    draft = demo.ask(*turns(entry))
    if "sql" not in entry:
        assert not isinstance(draft, Draft), draft
        return
    assert isinstance(draft, Draft), draft
    wanted = local_data.plain(demo.database.execute(entry["sql"]).fetchall())
    assert wanted
    assert engines.shows(demo.rows(draft), wanted, entry.get("ordered", False)), draft.sql
