"""When reports are sent: words, cron, clock changes."""

from datetime import datetime

import pytest

from core.errors import BadInput
from core.reports import timing

WORDS = [
    ("every day at 8:00", "0 8 * * *"), ("every weekday at 7:30", "30 7 * * 1-5"),
    ("Every Monday at 9", "0 9 * * 1"), ("mondays at 9 am", "0 9 * * 1"),
    ("every sunday at 6pm", "0 18 * * 0"), ("every Wednesday", "0 8 * * 3"),
    ("first of the month at 7:15", "15 7 1 * *"), ("every month", "0 8 1 * *"),
    ("every quarter at 12 am", "0 0 1 1,4,7,10 *"), ("every hour", "0 * * * *"),
    ("0 8 * * 1-5", "0 8 * * 1-5"), ("*/15 * * * *", "*/15 * * * *"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "cron"), WORDS, ids=[w for w, _ in WORDS])
def test_words_are_cron(words: str, cron: str) -> None:
    assert timing.cron(words) == cron


@pytest.mark.parametrize("text", ["", "sometimes", "61 8 * * *", "0 0 30 2 *", "every day at 25"])
def test_what_never_comes_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="no schedule that ever comes"):
        timing.cron(text)


TIMES = [
    ("every day at 8:00", "2026-03-28T12:00Z", "2026-03-29T06:00Z 2026-03-30T06:00Z"),
    ("every day at 2:30", "2026-03-28T12:00Z", "2026-03-29T01:00Z 2026-03-30T00:30Z"),
    ("every day at 2:30", "2026-10-24T12:00Z", "2026-10-25T00:30Z 2026-10-26T01:30Z"),
    ("every weekday at 9", "2026-11-20T12:00Z", "2026-11-23T08:00Z 2026-11-24T08:00Z"),
]


@pytest.mark.parametrize(("words", "now", "then"), TIMES, ids=[f"{t[0]} {t[1]}" for t in TIMES])
def test_times_follow_the_clock_of_the_person(words: str, now: str, then: str) -> None:
    found = timing.after(words, datetime.fromisoformat(now), "Europe/Berlin", 2)
    assert " ".join(f"{at:%Y-%m-%dT%H:%MZ}" for at in found) == then
