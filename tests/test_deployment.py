"""The container files hold together, and what they describe runs: without a container engine."""

import secrets
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.config import Settings
from tests.running import ROOT
from tests.running_app import RunningApp, image_content

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
OURS = ("app", "worker", "scheduler", "migrate")


class MigratedApp(RunningApp):
    """The app after compose.yaml's migrate step."""

    def prepare(self) -> None:
        super().prepare()
        self.run(sys.executable, "-m", *SERVICES["migrate"]["command"])


class Role(RunningApp):
    """A worker or the scheduler, started as compose.yaml does; up once it would stop politely."""

    name = "role"

    def __init__(self, role: str, **settings: str) -> None:
        super().__init__(**settings)
        self.role = role

    def command(self) -> list[str]:
        return [sys.executable, *SERVICES[self.role]["command"][1:]]

    def ping(self) -> None:
        status = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        caught = next(line for line in status if line.startswith("SigCgt")).split()[1]
        assert int(caught, 16) >> (signal.SIGTERM - 1) & 1


def test_everything_that_goes_into_the_image_exists_and_is_compiled() -> None:
    content = image_content()
    assert [name for name in content if not (ROOT / name).exists()] == []
    packages = [name for name in content if (ROOT / name / "__init__.py").exists()]
    assert f"compileall -q {' '.join(packages)} " in DOCKERFILE


def test_the_image_does_not_run_as_root() -> None:
    users = [line for line in DOCKERFILE.splitlines() if line.startswith("USER ")]
    assert users == ["USER 10001:10001"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_pinned_and_says_how_it_is(name: str) -> None:
    service = SERVICES[name]
    if name not in OURS:
        assert service["image"].split(":")[1] not in ("", "latest")
    if name not in ("app", "migrate"):
        assert service["healthcheck"]["test"]
    assert "HEALTHCHECK" in DOCKERFILE


def test_only_the_app_is_published_and_only_on_this_machine() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert list(published) == ["app"]
    assert all(port.startswith("127.0.0.1:") for port in published["app"])


def test_the_stores_are_out_of_reach_of_the_world() -> None:
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert [SERVICES[name]["networks"] for name in ("postgres", "redis")] == [["inside"]] * 2


def test_a_full_redis_refuses_and_never_forgets() -> None:
    command = SERVICES["redis"]["command"]
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"


def test_every_setting_that_compose_gives_is_one() -> None:
    known = {name.upper() for name in Settings.model_fields}
    known |= {"DATAMIND_HOME", "DATAMIND_TODAY", "DATAMIND_DEMO"}
    given = {name for ours in OURS for name in SERVICES[ours]["environment"]}
    assert given - known == set()


@pytest.fixture
def composed(postgres_database: str, redis_url: str) -> dict[str, str]:
    """The settings of compose.yaml, with the test's own stores and good secrets."""
    where = ("HOST", "PORT", "DATAMIND_HOME")
    given = SERVICES["app"]["environment"]
    return {
        **{name: value for name, value in given.items() if name not in where},
        "ENVIRONMENT": "production",
        "DATABASE_URL": postgres_database,
        "REDIS_URL": redis_url,
        "ENCRYPTION_KEY": secrets.token_urlsafe(48),
        "SIGNING_SECRET": secrets.token_urlsafe(48),
    }


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_composed_installation_starts_and_stops_politely(composed: dict[str, str]) -> None:
    with MigratedApp(**composed) as app:
        roles = [Role(name, **composed) for name in ("worker", "scheduler")]
        with roles[0] as worker, roles[1] as scheduler:
            app.restart()
            for role in (worker, scheduler):
                assert role.process.poll() is None, role.last_words()
    assert [role.process.returncode for role in roles] == [0, 0]


def test_production_refuses_to_start_without_secrets(composed: dict[str, str]) -> None:
    del composed["ENCRYPTION_KEY"]
    with pytest.raises(RuntimeError, match="ENCRYPTION_KEY is missing"), MigratedApp(**composed):
        pass
