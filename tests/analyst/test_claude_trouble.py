"""Calls that go wrong, are stopped, are counted, and never tell the key."""

import threading
from typing import Any

import pytest

from core.analyst.claude import ClaudeAnalyst
from core.errors import AnalystFailed, QueryCancelled
from core.types import Outcome, Usage
from tests.analyst.claude_says import DRAFT, FACTS, GOOD, INSIGHT, KEY, WRONG, claude
from tests.analyst.desk import ShopDesk, ask
from tests.fake_anthropic import FakeAnthropic, Turn, fails, says


def drafted(*script: Turn, desk: ShopDesk | None = None, **more: Any) -> Outcome:
    with FakeAnthropic(*script) as api:
        return claude(api, **more).draft(ask("What is the revenue?"), desk or ShopDesk())


# --- tokens ---


def test_every_call_is_counted_with_its_cached_tokens() -> None:
    desk = ShopDesk()
    more = {
        "input_tokens": 40,
        "output_tokens": 9,
        "cache_read_input_tokens": 900,
        "cache_creation_input_tokens": 0,
    }
    drafted(says(WRONG), says(GOOD, usage=more), desk=desk)
    assert desk.spent == [Usage(100, 20, 3, 7), Usage(40, 9, 900, 0)]


def test_a_server_that_counts_only_in_and_out_is_counted_too() -> None:
    desk = ShopDesk()
    drafted(says(GOOD, usage={"input_tokens": 5, "output_tokens": 6}), desk=desk)
    assert desk.spent == [Usage(5, 6)]


# --- trouble ---

TROUBLE = {
    "a wrong key": (fails(401, f"invalid x-api-key {KEY}"), "did not accept the API key"),
    "no credit": (fails(400, "Your credit balance is too low"), "credit .* used up"),
    "no credit, by status": (fails(402), "credit .* used up"),
    "no right": (fails(403), "may not use this model"),
    "an unknown model": (fails(404), "does not know this model"),
    "too long": (fails(413), "too much for the model"),
    "too often": (fails(429), "more often than its limits"),
    "trouble": (fails(500), "has trouble"),
    "overload": (fails(529), "overloaded"),
    "overload in the stream": (says(GOOD, breaks_with=529), "overloaded"),
    "a dropped connection": (says(GOOD, cut_after=2), "broke off"),
    "a dropped connection at once": (says(GOOD, cut_after=0), "broke off"),
    "a stream that ends early": (says(GOOD, ends_after=2), "broke off"),
}


@pytest.mark.parametrize(("turn", "words"), TROUBLE.values(), ids=TROUBLE.keys())
def test_trouble_is_told_in_plain_words_without_the_key(turn: Turn, words: str) -> None:
    with pytest.raises(AnalystFailed, match=words) as caught:
        drafted(turn)
    assert caught.value.hint
    assert KEY not in caught.value.message + caught.value.hint
    assert "sk-ant" not in repr(caught.value)


def test_a_server_that_is_not_there_is_told() -> None:
    with FakeAnthropic(says(GOOD)) as api:
        gone = api.base_url
    analyst = ClaudeAnalyst(KEY, gone, strong="big", fast="small", max_retries=0)
    with pytest.raises(AnalystFailed, match="could not be reached"):
        analyst.draft(ask("Revenue?"), ShopDesk())


SILENCE = {
    "before the first word": says(GOOD, hangs_after=0),
    "in the middle, with pings": says(GOOD, hangs_after=2),
}


@pytest.mark.parametrize("turn", SILENCE.values(), ids=SILENCE.keys())
def test_a_call_has_its_time_whatever_the_server_does(turn: Turn) -> None:
    with FakeAnthropic(turn) as api, pytest.raises(AnalystFailed, match="too long"):
        claude(api, timeout_seconds=0.3).draft(ask("Revenue?"), ShopDesk())


def test_the_sdk_repeats_what_the_server_turned_away() -> None:
    busy = fails(429, retry_after_ms="1")
    with FakeAnthropic(busy, fails(529, retry_after_ms="1"), says(GOOD)) as api:
        assert claude(api, max_retries=2).draft(ask("Revenue?"), ShopDesk()) == DRAFT
    assert [h["x-stainless-retry-count"] for h in api.headers] == ["0", "1", "2"]


def test_overload_that_stays_fails_after_the_retries() -> None:
    overloaded = pytest.raises(AnalystFailed, match="overloaded")
    with FakeAnthropic(fails(529, retry_after_ms="1")) as api, overloaded:
        claude(api, max_retries=2).draft(ask("Revenue?"), ShopDesk())
    assert len(api.requests) == 3


# --- Stop ---


def test_stop_ends_the_stream_while_it_is_written() -> None:
    desk = ShopDesk()

    def press_stop() -> None:
        desk.stopped = True

    desk.on_stream = press_stop
    long = {**INSIGHT, "text": "word " * 20_000}
    with FakeAnthropic(says(long, hangs_after=5)) as api:
        with pytest.raises(QueryCancelled):
            claude(api).explain(ask("Revenue?"), DRAFT, FACTS, desk)
        api.release()
        assert api.gone.wait(10), "the stream was read on after Stop"
    assert desk.spent == [Usage(100, 1, 3, 7)]


def test_stop_does_not_wait_for_a_silent_server() -> None:
    desk = ShopDesk()
    with FakeAnthropic(says(GOOD, hangs_after=0)) as api:
        threading.Timer(0.1, setattr, (desk, "stopped", True)).start()
        with pytest.raises(QueryCancelled):
            claude(api).draft(ask("Revenue?"), desk)


def test_stop_while_the_sdk_waits_to_try_again_sends_nothing_more() -> None:
    desk = ShopDesk()
    with FakeAnthropic(fails(429, retry_after_ms="200")) as api:
        threading.Timer(0.1, setattr, (desk, "stopped", True)).start()
        with pytest.raises(QueryCancelled):
            claude(api, max_retries=2).draft(ask("Revenue?"), desk)
        for thread in threading.enumerate():
            if thread.name == "model-draft":
                thread.join(10)
    assert len(api.requests) == 1


def test_after_stop_nothing_is_sent() -> None:
    desk = ShopDesk()
    desk.stopped = True
    with FakeAnthropic(says(GOOD)) as api, pytest.raises(QueryCancelled):
        claude(api).draft(ask("Revenue?"), desk)
    assert api.requests == []


# --- the key ---


def test_the_key_travels_in_its_header_only() -> None:
    with FakeAnthropic(says(GOOD)) as api:
        analyst = claude(api)
        analyst.draft(ask("Revenue?"), ShopDesk())
    assert api.headers[0]["authorization"] == f"Bearer {KEY}"
    assert KEY not in str(api.requests)
    assert KEY not in repr(analyst) + str(analyst)
