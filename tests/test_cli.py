"""The commands: what they are, where they lead, and what the doctor finds."""

import importlib.util
import os
import subprocess
from pathlib import Path

import pytest

from app.cli import COMMANDS, help_text

ROOT = Path(__file__).parents[1]


def say(home: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG")}
    env |= {
        "DATAMIND_HOME": str(home),
        "ENCRYPTION_KEY": "k" * 40,
        "SIGNING_SECRET": "s" * 40,
        "LC_ALL": "C.UTF-8",
    } | settings
    return subprocess.run(
        [ROOT / "datamind", *words], env=env, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_in_the_help_and_leads_to_a_module(name: str) -> None:
    line, module = COMMANDS[name]
    assert f"  {name:12}{line}" in help_text()
    assert importlib.util.find_spec(module[0])


def test_an_unknown_command_is_said_with_the_help(tmp_path: Path) -> None:
    said = say(tmp_path, "restart")
    assert said.returncode == 2
    assert "no command “restart”" in said.stderr
    assert help_text() in said.stderr


def test_the_doctor_finds_what_is_missing_one_thing_after_another(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert "is not there yet" in say(home, "doctor").stdout
    home.mkdir()
    said = say(home, "doctor")
    assert said.returncode == 1
    assert "no application database yet" in said.stdout
    assert not list(home.iterdir())

    url = f"sqlite:///{home / 'datamind.sqlite'}"
    (home / "datamind.sqlite").touch()
    assert "run ./datamind migrate" in say(home, "doctor", DATABASE_URL=url).stdout
    assert say(home, "migrate").returncode == 0
    said = say(home, "doctor", REDIS_URL="redis://127.0.0.1:1")
    assert "Redis does not answer" in said.stdout
    assert "database" not in said.stdout
    said = say(home, "doctor")
    assert (said.returncode, said.stderr) == (1, "")
    silent = said.stdout.splitlines()
    assert len(silent) == 2, "nothing runs, and nothing else is wrong"
    assert "scheduler" in silent[0]
    assert "worker" in silent[1]


def test_the_doctor_says_which_setting_is_wrong(tmp_path: Path) -> None:
    said = say(tmp_path, "doctor", PORT="none")
    assert said.returncode == 1
    assert "PORT" in said.stdout
