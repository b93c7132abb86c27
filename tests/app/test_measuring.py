"""What the app measures of its screens."""

import pytest

from app import measuring
from core import metrics
from core.errors import NotFound


def runs(part: str) -> float:
    found = metrics.REGISTRY.get_sample_value("datamind_part_seconds_count", {"part": part})
    return found or 0.0


def test_a_part_of_a_screen_is_timed_also_when_it_ends_early() -> None:
    @measuring.part("a test's")
    def draw(*, gone: bool) -> str:
        if gone:
            raise NotFound("It is gone.", "Go back.")
        return "drawn"

    before = runs("a test's")
    assert draw(gone=False) == "drawn"
    with pytest.raises(NotFound):
        draw(gone=True)
    assert runs("a test's") - before == 2
