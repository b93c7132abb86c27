"""The container files hold together, and what they describe runs: without a container engine."""

import re
import secrets
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.cli import COMMANDS
from core import config
from core.config import Settings
from stack.product import Role
from stack.proxy import TEMPLATE
from tests.running import ROOT
from tests.running_app import RunningApp, image_content

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
OURS = ("app-1", "app-2", "worker", "scheduler", "migrate")
STORES = ("postgres", "queue", "cache")


class MigratedApp(RunningApp):
    """The app after compose.yaml's migrate step."""

    def prepare(self) -> None:
        super().prepare()
        self.run(*words("migrate"))


def words(name: str) -> list[str]:
    """What a service of ours runs: `./datamind` and a command, here with this Python."""
    script, *rest = SERVICES[name]["command"]
    assert script == "./datamind"
    return [sys.executable, "-m", "app.cli", *rest]


def test_everything_that_goes_into_the_image_exists_and_is_compiled() -> None:
    content = image_content()
    assert [name for name in content if not (ROOT / name).exists()] == []
    packages = [name for name in content if (ROOT / name / "__init__.py").exists()]
    assert f"compileall -q {' '.join(packages)} " in DOCKERFILE


def test_the_image_does_not_run_as_root() -> None:
    users = [line for line in DOCKERFILE.splitlines() if line.startswith("USER ")]
    assert users == ["USER 10001:10001"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_pinned_bounded_and_says_how_it_is(name: str) -> None:
    service = SERVICES[name]
    if name not in OURS:
        assert service["image"].split(":")[1] not in ("", "latest")
    if name not in ("app-1", "app-2", "migrate"):
        assert service["healthcheck"]["test"]
    assert "HEALTHCHECK" in DOCKERFILE
    assert set(service["deploy"]["resources"]["limits"]) >= {"cpus", "memory"}
    assert service["logging"]["options"]["max-size"]


def test_only_nginx_is_published_and_on_this_machine_unless_told_otherwise() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"nginx": ["${PUBLISH:-127.0.0.1}:${PORT:-8501}:8080"]}


def test_the_stores_are_out_of_reach_of_the_world() -> None:
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert [SERVICES[name]["networks"] for name in STORES] == [["inside"]] * 3


def test_only_nginx_shares_the_network_whose_word_is_believed() -> None:
    front = COMPOSE["networks"]["front"]
    assert front["internal"] is True
    for name in OURS:
        assert (
            SERVICES[name]["environment"]["TRUSTED_PROXIES"] == front["ipam"]["config"][0]["subnet"]
        )
    on_it = {name for name, service in SERVICES.items() if "front" in service["networks"]}
    assert on_it == {"nginx", "app-1", "app-2"}


def test_a_full_queue_refuses_and_a_full_cache_forgets() -> None:
    for name, policy in (("queue", "noeviction"), ("cache", "allkeys-lru")):
        command = SERVICES[name]["command"]
        assert command[command.index("--maxmemory-policy") + 1] == policy


def test_two_of_each_run_and_one_migrates_before_them() -> None:
    assert [SERVICES[name]["deploy"]["replicas"] for name in ("worker", "scheduler")] == [2, 2]
    for name in OURS[:-1]:
        needs = SERVICES[name]["depends_on"]
        assert needs["migrate"]["condition"] == "service_completed_successfully"
        assert needs["queue"]["condition"] == "service_healthy"
    for name in ("app-1", "app-2"):
        assert SERVICES[name]["environment"]["REPLICA_NAME"] == name
        assert f"        {name} " in TEMPLATE.read_text()
        assert SERVICES["nginx"]["depends_on"][name]["condition"] == "service_healthy"


def test_every_setting_that_compose_gives_is_one() -> None:
    known = {name.upper() for name in Settings.model_fields}
    given = {name for ours in OURS for name in SERVICES[ours]["environment"]}
    assert {name.removesuffix("_FILE") for name in given} - known == set()


def test_every_command_imports() -> None:
    for name in OURS:
        command = SERVICES[name]["command"][1]
        assert import_module(COMMANDS[command][1][0])


def test_every_name_resolves() -> None:
    kinds = ("networks", "volumes", "secrets")
    for name, service in SERVICES.items():
        assert set(service.get("depends_on", {})) <= set(SERVICES), name
        assert set(service["networks"]) <= set(COMPOSE["networks"]), name
        assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"]), name
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert (ROOT / source).exists() if source[0] == "." else source in COMPOSE["volumes"]
        for setting, value in service.get("environment", {}).items():
            if setting.endswith("_FILE"):
                assert value.removeprefix("/run/secrets/") in service["secrets"], (name, setting)
            for host in re.findall(r"//([a-z0-9-]+):\d|^([a-z0-9-]+):\d+$", value):
                assert set(filter(None, host)) <= set(SERVICES), (name, setting)
    used = {kind: {n for s in SERVICES.values() for n in s.get(kind, [])} for kind in kinds}
    assert used["secrets"] == set(COMPOSE["secrets"])


def test_the_proxy_is_told_all_that_its_configuration_asks() -> None:
    asked = set(re.findall(r"\$\{(\w+)\}", TEMPLATE.read_text()))
    given = SERVICES["nginx"]["environment"]
    pattern = re.compile(given["NGINX_ENVSUBST_FILTER"])
    assert {name for name in given if pattern.match(name)} == asked


def test_make_secrets_makes_what_compose_hands_over_and_keeps_it(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    script = str(ROOT / "scripts" / "make-secrets.sh")
    subprocess.run(["sh", script, str(folder)], check=True, capture_output=True)
    made = {path.name: path.read_text() for path in folder.iterdir()}
    assert set(made) == {Path(one["file"]).name for one in COMPOSE["secrets"].values()}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert made["postgres_password"] in made["database_url"]
    strong = {name: made[name] for name in ("encryption_key", "signing_secret")}
    assert config.load(environment="production", datamind_home=tmp_path, **strong)
    subprocess.run(["sh", script, str(folder)], check=True, capture_output=True)
    assert {path.name: path.read_text() for path in folder.iterdir()} == made


@pytest.fixture
def composed(postgres_database: str, redis_url: str) -> dict[str, str]:
    """The settings of compose.yaml, with the test's own stores and good secrets."""
    where = ("HOST", "PORT", "DATAMIND_HOME")
    given = SERVICES["app-1"]["environment"]
    names = {name: value for name, value in given.items() if name not in where}
    settings = {name: value for name, value in names.items() if not name.endswith("_FILE")}
    return {
        **settings,
        "TRUSTED_PROXIES": "127.0.0.1",
        "DATABASE_URL": postgres_database,
        "REDIS_URL": redis_url,
        "CACHE_REDIS_URL": redis_url,
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
