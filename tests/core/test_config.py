"""Settings: what production refuses, what wins over what, and that all of them are documented."""

import os
import stat
from pathlib import Path

import pytest

from core import config, installation
from core.config import Settings
from core.errors import BadSettings
from tests.running import ROOT

STRONG = {"encryption_key": "q7" * 20, "signing_secret": "w8" * 20}


@pytest.fixture(autouse=True)
def _nothing_of_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in env_names():
        monkeypatch.delenv(name, raising=False)


def env_names() -> set[str]:
    return {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "ENCRYPTION_KEY"),
        ({**STRONG, "encryption_key": "short"}, "ENCRYPTION_KEY"),
        ({**STRONG, "encryption_key": "change-me-" * 5}, "ENCRYPTION_KEY"),
        ({**STRONG, "signing_secret": ""}, "SIGNING_SECRET"),
        ({**STRONG, "encryption_key": STRONG["encryption_key"] + ",tiny"}, "ENCRYPTION_KEY"),
        ({**STRONG, "signing_secret": STRONG["encryption_key"]}, "the same"),
    ],
)
def test_production_refuses_weak_secrets(given: dict[str, str], says: str) -> None:
    with pytest.raises(BadSettings, match=says):
        config.load(environment="production", **given)


def test_production_starts_with_strong_ones_and_no_demo() -> None:
    assert not config.load(environment="production", **STRONG).wants_demo


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "eighty"), ("PORT", "0"), ("ENVIRONMENT", "stage")]
)
def test_a_wrong_value_names_its_setting(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings, match=name):
        config.load()


def test_secrets_are_made_once_for_the_owner_alone(tmp_path: Path) -> None:
    first = installation.settings(datamind_home=tmp_path / "home")
    file = tmp_path / "home" / config.SECRETS_FILE
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    again = installation.settings(datamind_home=tmp_path / "home")
    assert first.encryption_key.get_secret_value() == again.encryption_key.get_secret_value()
    assert len(first.encryption_key.get_secret_value()) >= config.SHORTEST_SECRET


def test_an_environment_value_wins_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    installation.settings(datamind_home=tmp_path)
    monkeypatch.setenv("ENCRYPTION_KEY", "from the environment")
    assert (
        config.load(datamind_home=tmp_path).encryption_key.get_secret_value()
        == "from the environment"
    )


def test_a_file_that_is_named_holds_the_value(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in STRONG.items():
        (tmp_path / name).write_text(f"{value}\n")
        monkeypatch.setenv(f"{name.upper()}_FILE", str(tmp_path / name))
    (tmp_path / "empty").write_text("")
    monkeypatch.setenv("ANTHROPIC_API_KEY_FILE", str(tmp_path / "empty"))
    (tmp_path / ".env").write_text("ENCRYPTION_KEY=left-from-the-example\n")
    found = config.load(environment="production")
    assert found.encryption_key.get_secret_value() == STRONG["encryption_key"]
    assert found.anthropic_api_key is None
    monkeypatch.setenv("SIGNING_SECRET", "e5" * 20)
    assert config.load(environment="production").signing_secret.get_secret_value() == "e5" * 20


def test_a_named_file_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENCRYPTION_KEY_FILE", "/nowhere/key")
    with pytest.raises(BadSettings, match="ENCRYPTION_KEY_FILE"):
        config.load()


def test_secrets_do_not_show_in_a_repr(tmp_path: Path) -> None:
    settings = installation.settings(datamind_home=tmp_path, anthropic_api_key="sk-very-secret")
    assert "sk-very-secret" not in repr(settings)
    assert settings.encryption_key.get_secret_value() not in repr(settings)


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BadSettings, match="cannot be written"):
        installation.settings(datamind_home=tmp_path / "file" / "home")


@pytest.mark.parametrize("document", [".env.example", "docs/configuration.md"])
def test_every_setting_is_documented(document: str) -> None:
    text = (ROOT / document).read_text()
    missing = {name for name in env_names() if f"{name}=" not in text and f"`{name}`" not in text}
    assert missing == set()


def test_the_defaults_in_the_example_are_the_real_ones() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    example = dict(line.split("=", 1) for line in lines if "=" in line and line[0] != "#")
    defaults = {name.upper(): field.default for name, field in Settings.model_fields.items()}
    compose = (ROOT / "compose.yaml").read_text()
    for name in example.keys() - defaults.keys():  # it alone reads these
        assert f"${{{name}:-{example.pop(name)}}}" in compose
    wrong = {
        name: value
        for name, value in example.items()
        if value and str(defaults.get(name)).lower() != value.lower()
    }
    assert wrong == {}


def test_the_machines_own_variables_are_left_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """HOME is where a person lives, not where DataMind keeps its data."""
    monkeypatch.setenv("HOME", "/somewhere/else")
    monkeypatch.setenv("DEMO", "off")
    found = config.load()
    assert found.datamind_home == tmp_path / "var"
    assert found.wants_demo
    monkeypatch.setenv("DATAMIND_HOME", str(tmp_path / "data"))
    assert config.load().datamind_home == tmp_path / "data"
