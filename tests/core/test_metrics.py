"""What is measured, who may read it, and that dashboards and rules name only what there is."""

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from core import jobs, metrics, query, watch
from core.datamind import DataMind
from core.errors import UnsafeSql
from core.exposition import Exposition
from core.store.cache import MemoryCache, RedisCache
from core.store.session import Sessions
from core.types import Query
from tests import factories
from tests.factories import Organization
from tests.running import ROOT, free_port
from workers import metrics as workers_metrics
from workers.broker import WorkerQueue, open_broker

Figures = dict[tuple[str, ...], float]
NOBODY = "redis://127.0.0.1:1"
WATCHING = ROOT / "deploy" / "watching"


def figures(dm: DataMind) -> Figures:
    """Every sample as (name, label=value, …)."""
    found: Figures = {}
    for family in text_string_to_metric_families(Exposition(dm).text().decode()):
        for sample in family.samples:
            labels = tuple(f"{k}={v}" for k, v in sorted(sample.labels.items()))
            found[(sample.name, *labels)] = sample.value
    return found


def grown(before: Figures, after: Figures, *key: str) -> float:
    return after.get(key, 0.0) - before.get(key, 0.0)


@pytest.fixture(autouse=True)
def nothing_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections are told apart as in a new process, whatever other tests have asked."""
    monkeypatch.setattr(metrics, "_seen", set())


def test_a_question_leaves_its_traces(dm: DataMind, acme: Organization, tmp_path: Path) -> None:
    place = factories.sales(dm, acme.analyst, tmp_path)
    before = figures(dm)
    factories.answered(dm, acme.viewer, "Total amount by region", place)
    factories.answered(dm, acme.viewer, "Total amount by region", place)
    after = figures(dm)
    stages = {
        key[1].removeprefix("stage=")
        for key in after
        if key[0] == "datamind_stage_seconds_count" and grown(before, after, *key) == 2
    }
    assert stages == {"schema", "recall", "draft", "query", "guard", "insight", "grade"}
    assert grown(before, after, "datamind_question_seconds_count") == 2
    asked = [key for key in after if key[0] == "datamind_questions_total"]
    assert sum(grown(before, after, *key) for key in asked) == 2
    query_key = ("datamind_query_seconds_count", f"connection={place}", "kind=csv", "outcome=ok")
    databases = grown(before, after, "datamind_results_total", "source=database")
    assert grown(before, after, *query_key) == databases >= 1
    assert grown(before, after, "datamind_results_total", "source=cache") >= 1
    assert grown(before, after, "datamind_jobs_total", "kind=question", "state=done") == 2


def test_what_the_guard_refuses_reaches_no_database(
    dm: DataMind, acme: Organization, tmp_path: Path
) -> None:
    place = factories.sales(dm, acme.analyst, tmp_path)
    before = figures(dm)
    with pytest.raises(UnsafeSql):
        query.run(dm, acme.analyst, Query(place, "DELETE FROM sales"))
    after = figures(dm)
    assert grown(before, after, "datamind_results_total", "source=database") == 0


def test_the_whole_installation_is_told(dm: DataMind, acme: Organization, tmp_path: Path) -> None:
    place = factories.sales(dm, acme.analyst, tmp_path)
    with dm.sessions.write() as db:
        jobs.create(db, dm, acme.analyst, jobs.REFRESH_SCHEMA, {}, subject=place)
    watch.say_alive(dm, "worker", "one")
    watch.say_alive(dm, "worker", "two")
    dm.clock.day += timedelta(days=1)  # type: ignore[attr-defined]
    for name in ("one", "two"):
        watch.say_alive(dm, "worker", name)
    found = figures(dm)
    assert found[("datamind_queue_jobs", "kind=refresh_schema")] == 1
    assert found[("datamind_queue_oldest_seconds",)] == pytest.approx(86_400, rel=0.01)
    assert found[("datamind_processes", "role=worker")] == 2
    assert found[("datamind_database_up",)] == 1


def test_a_database_that_is_away_does_not_break_reading_the_rest(dm: DataMind) -> None:
    away = replace(dm, sessions=Sessions("postgresql+psycopg://nobody@127.0.0.1:1/none"))
    found = figures(away)
    assert found[("datamind_database_up",)] == 0
    assert ("datamind_connectors_open",) in found
    assert ("datamind_people",) not in found


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that takes a connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_database_that_hangs_holds_up_one_thread_and_no_scrape(dm: DataMind, silent: int) -> None:
    url = f"postgresql+psycopg://nobody@127.0.0.1:{silent}/none"
    exposition = Exposition(replace(dm, sessions=Sessions(url)), limit=0.1)
    began = time.monotonic()
    for _ in range(5):
        assert b"datamind_database_up 0.0" in exposition.text()
    assert time.monotonic() - began < 5
    assert sum(thread.name == "standing" for thread in threading.enumerate()) == 1


def test_what_goes_wrong_is_counted(dm: DataMind, acme: Organization) -> None:
    before = figures(dm)
    RedisCache("redis://127.0.0.1:1").get("anything")
    WorkerQueue(open_broker(dm.settings.model_copy(update={"redis_url": NOBODY}))).send(
        jobs.REFRESH_SCHEMA, uuid4()
    )
    after = figures(dm)
    assert grown(before, after, "datamind_cache_failures_total") == 1
    assert grown(before, after, "datamind_wake_failures_total", "kind=refresh_schema") == 1


def test_a_process_tells_its_memory_and_processor(dm: DataMind) -> None:
    found = figures(dm)
    assert found[("process_resident_memory_bytes",)] > 1_000_000
    assert found[("process_cpu_seconds_total",)] > 0


def test_connections_beyond_a_bound_are_counted_together() -> None:
    labels = {metrics.connection(number) for number in range(metrics.MOST_CONNECTIONS + 50)}
    assert "other" in labels
    assert len(labels) <= metrics.MOST_CONNECTIONS + 1


@pytest.fixture
def port(dm: DataMind) -> Iterator[int]:
    settings = dm.settings.model_copy(
        update={"metrics_port": free_port(), "metrics_token": SecretStr("t0ken")}
    )
    with workers_metrics.served(replace(dm, settings=settings)) as port:
        yield port


@pytest.mark.parametrize(
    ("path", "token", "status"),
    [("/metrics", "t0ken", 200), ("/metrics", "", 401), ("/metrics", "other", 401),
     ("/metrics", "ümläut", 401), ("/", "t0ken", 404)],
)  # fmt: skip
def test_a_worker_shows_them_to_whoever_has_the_token(
    port: int, path: str, token: str, status: int
) -> None:
    given = {"Authorization": f"Bearer {token}".encode().decode("latin-1")}
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", path, headers=given)
        answer = connection.getresponse()
        assert answer.status == status
        assert (b"datamind_jobs" in answer.read()) is (status == 200)


@pytest.mark.parametrize(
    "settings", [{"metrics_port": 0}, {"metrics_token": SecretStr("")}], ids=["port", "token"]
)
def test_without_a_port_or_a_token_nothing_listens(dm: DataMind, settings: dict[str, Any]) -> None:
    given = {"metrics_port": free_port(), "metrics_token": SecretStr("t"), **settings}
    with workers_metrics.served(replace(dm, settings=dm.settings.model_copy(update=given))) as port:
        assert port == 0


# What dashboards and rules may name: every family that is exposed, with its labels.
def known(dm: DataMind) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for family in metrics.REGISTRY.collect():
        labels = set(getattr(_collector(family.name), "_labelnames", ()))
        endings = {
            "histogram": ("_bucket", "_count", "_sum"), "counter": ("_total",), "gauge": ("",)
        }  # fmt: skip
        for ending in endings[family.type]:
            more = {"le"} if ending == "_bucket" else set()
            found[f"{family.name}{ending}"] = labels | more
    found |= {
        "datamind_queue_jobs": {"kind"}, "datamind_running_jobs": {"kind"},
        "datamind_alerts": {"state"}, "datamind_deliveries": {"state"},
        "datamind_processes": {"role"},
    }  # fmt: skip
    for key in figures(dm):
        if key[0] not in found and len(key) == 1:
            found[key[0]] = set()
    return found


def _collector(name: str) -> object:
    """None for those of the process itself, which have no labels."""
    return metrics.REGISTRY._names_to_collectors.get(name)


def expressions() -> list[str]:
    board = json.loads((WATCHING / "grafana.json").read_text("utf-8"))
    rules = yaml.safe_load((WATCHING / "alerts.yaml").read_text("utf-8"))
    of_board = [target["expr"] for panel in board["panels"] for target in panel.get("targets", [])]
    return of_board + [rule["expr"] for group in rules["groups"] for rule in group["rules"]]


def test_dashboard_and_rules_name_only_figures_and_labels_that_exist(dm: DataMind) -> None:
    there = known(dm)
    used = set()
    for expression in expressions():
        names = re.findall(r"(?:datamind|process)_\w+", expression)
        assert names, expression
        assert [name for name in names if name not in there] == [], expression
        allowed = set().union(*(there[name] for name in names)) | {"job", "instance"}
        inside = re.findall(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"", expression)
        grouped = re.findall(r"(?:by|without) \(([^)]*)\)", expression)
        labels = set(inside) | {word.strip() for part in grouped for word in part.split(",")}
        assert labels <= allowed, expression
        used |= set(names)
    assert len(used) >= 20, "most of what is measured is looked at"


def test_every_rule_says_what_it_means_and_what_to_do() -> None:
    rules = yaml.safe_load((WATCHING / "alerts.yaml").read_text("utf-8"))
    for rule in [rule for group in rules["groups"] for rule in group["rules"]]:
        assert rule["labels"]["severity"] in ("warning", "critical")
        assert rule["annotations"]["summary"].endswith(".")
        assert rule["annotations"]["description"]


def test_a_query_that_takes_long_is_logged_without_its_values(
    dm: DataMind, acme: Organization, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    place = factories.sales(dm, acme.analyst, tmp_path)
    patient = dm.settings.model_copy(update={"slow_query_seconds": 1e-9})
    slow = replace(dm, settings=patient, cache=MemoryCache())
    text = "SELECT product FROM sales WHERE region = 'North' AND amount > 99.25"
    query.run(slow, acme.analyst, Query(place, text))
    said = "".join(capfd.readouterr())
    assert "slow_query" in said
    assert str(place) in said
    assert str(acme.analyst.user_id) in said
    assert "region = ?" in said
    assert "North" not in said
    assert "99.25" not in said
    query.run(dm, acme.analyst, Query(place, text), fresh=True)
    assert "slow_query" not in "".join(capfd.readouterr())
