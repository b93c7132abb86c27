"""One trace from the question to the database and the model, received by our own collector."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from core import datamind, jobs, logs, tracing
from core.datamind import DataMind
from core.jobs import Work
from core.types import Json
from tests import factories
from tests.analyst.claude_says import GOOD
from tests.factories import Organization
from tests.fake_anthropic import FakeAnthropic, fails, says
from tests.fake_outside import Web, web
from tests.running import ROOT

SQL = "SELECT region, SUM(amount) AS total FROM sales WHERE region <> 'Nowhere' GROUP BY region"
BY_REGION = {**GOOD, "sql": SQL, "reading": "Amount by region", "assumptions": []}
INSIGHT = {
    "text": "South leads with 770.25.",
    "summary": "South leads.",
    "chart": {"kind": "bar", "x": "region", "y": ["total"], "color": "", "title": "Total"},
    "follow_ups": [],
}


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """A collector that this process sends its traces to."""
    with web() as told:
        address = f"http://127.0.0.1:{told.port}"
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        tracing.set_up("test")
        yield told
        tracing.shut_down()


def spans(collector: Web) -> list[Any]:
    """What arrived, the last sent included."""
    tracing.shut_down()
    found = []
    for posted in collector.got:
        request = ExportTraceServiceRequest.FromString(posted.body)
        for resource in request.resource_spans:
            named = {a.key: a.value.string_value for a in resource.resource.attributes}
            assert named["service.name"] == "datamind-test"
            found += [span for scope in resource.scope_spans for span in scope.spans]
    return found


def tree(found: list[Any]) -> set[tuple[str, str]]:
    """Each span's name with the name of the one above it."""
    names = {span.span_id: span.name for span in found}
    return {(names.get(span.parent_span_id, ""), span.name) for span in found}


def house(tmp_path: Path, api: FakeAnthropic) -> DataMind:
    about = {"anthropic_api_key": "sk-test", "anthropic_base_url": api.base_url}
    return factories.open_house(tmp_path / "home", **about)


def test_one_trace_leads_from_the_question_to_database_and_model(
    collector: Web, tmp_path: Path
) -> None:
    with FakeAnthropic(says(BY_REGION), says(INSIGHT)) as api:
        dm = house(tmp_path, api)
        acme = factories.organization(dm)
        place = factories.sales(dm, acme.analyst, tmp_path)
        _, answer = factories.answered(dm, acme.viewer, "Who leads, by amount?", place)
        datamind.close(dm)
    assert answer.analyst == "claude"
    found = spans(collector)
    question = next(span for span in found if span.name == "question")
    mine = [span for span in found if span.trace_id == question.trace_id]
    assert tree(mine) >= {
        ("", "question"), ("question", "schema"), ("question", "draft"), ("draft", "model"),
        ("draft", "database"), ("question", "query"), ("question", "insight"),
        ("insight", "model"), ("question", "grade"),
    }  # fmt: skip
    told = {a.key: a.value for span in mine for a in span.attributes}
    assert told["db.response.returned_rows"].int_value > 0
    assert told["gen_ai.usage.output_tokens"].int_value == 20
    assert "region < > ?" in told["db.query.text"].string_value.replace("<>", "< >")


def test_no_word_and_no_value_of_anybodys_leaves_with_a_trace(
    collector: Web, tmp_path: Path
) -> None:
    with FakeAnthropic(says(BY_REGION), says(INSIGHT), fails(400, "about Nowhere")) as api:
        dm = house(tmp_path, api)
        acme = factories.organization(dm)
        place = factories.sales(dm, acme.analyst, tmp_path)
        factories.answered(dm, acme.viewer, "Who leads, by amount?", place)
        factories.answered(dm, acme.viewer, "And by gossip?", place)
        datamind.close(dm)
    failed = [span for span in spans(collector) if span.status.code == 2]
    assert "BadRequestError" in [a.value.string_value for span in failed for a in span.attributes]
    sent = b"".join(posted.body for posted in collector.got)
    for word in (b"Nowhere", b"South", b"770", b"leads", b"gossip", b"viewer@", b"sk-test"):
        assert word not in sent


def test_work_that_a_worker_does_is_found_below_what_asked_for_it(
    collector: Web, dm: DataMind, acme: Organization
) -> None:
    def nothing(_work: Work) -> Json:
        return {}

    with tracing.span("screen"), dm.sessions.write() as db:
        job_id = jobs.create(db, dm, acme.analyst, jobs.REFRESH_SCHEMA, {})
    jobs.perform(dm, job_id, nothing)
    assert ("screen", "refresh_schema") in tree(spans(collector))


def test_a_log_line_names_its_trace(collector: Web) -> None:
    with tracing.span("question"):
        line = logs.named_by_trace(None, "info", {"event": "slow_query"})
    assert logs.named_by_trace(None, "info", {"event": "later"}) == {"event": "later"}
    assert line["trace"] == next(span.trace_id.hex() for span in spans(collector))


@pytest.mark.parametrize(
    "settings",
    [{}, {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_SDK_DISABLED": "true"}],
    ids=["no variable", "switched off"],
)
def test_without_the_variables_nothing_is_traced(
    settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    tracing.set_up("test")
    with tracing.span("anything") as tell:
        tell({"a": 1})
        assert tracing.carry() == {}


def test_a_collector_that_says_nothing_does_not_hold_up_who_stops(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "2")
        tracing.set_up("test")
        with tracing.span("anything"):
            pass
        began = time.monotonic()
        tracing.shut_down(seconds=0.1)
        assert time.monotonic() - began < 1.5
        assert not tracing.on()


def test_without_the_variables_nothing_that_traces_or_exports_is_loaded() -> None:
    """redis-py looks for the SDK's figures by itself; that is not ours to change."""
    program = (
        "import sys, core.ask, workers.run\n"
        "from core import tracing\n"
        "tracing.set_up('test')\n"
        "print([m for m in sys.modules if m.startswith(('opentelemetry.sdk.trace', "
        "'opentelemetry.exporter', 'google.protobuf'))])"
    )
    plain = {k: v for k, v in os.environ.items() if not k.startswith("OTEL_")}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=plain, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]", done.stderr
