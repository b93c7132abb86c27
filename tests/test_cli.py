"""The commands: what they are, where they lead, and what the doctor finds."""

import importlib.util
import os
import subprocess
from pathlib import Path

import pytest

from app.cli import COMMANDS, help_text
from core import accounts, datamind, members, resets
from core.store.queue import SilentQueue
from tests import factories

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
    assert f"  {name:14}{line}" in help_text()
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
    elsewhere = say(home, "doctor", FILES_URL="ftp://nowhere")
    assert "The place of files does not answer" in elsewhere.stdout
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


def test_an_admin_made_on_the_server_signs_in_and_gets_in_again(tmp_path: Path) -> None:
    home = {"DATAMIND_DEMO": "off"}
    asked = ("create-admin", "ada@acme.example", "--organization", "Acme Retail")
    first = say(tmp_path, *asked, **home)
    assert first.returncode == 0, first.stderr
    password = first.stdout.split("First password: ")[1].split()[0]
    second = say(
        tmp_path, "create-admin", "bo@acme.example", "--organization", "acme-retail", **home
    )
    assert "bo@acme.example is an admin of Acme Retail" in second.stdout
    again = say(tmp_path, *asked, **home)
    assert "was a member of Acme Retail and is an admin now" in again.stdout
    token = again.stdout.strip().partition("?token=")[2]
    dm = datamind.build(
        factories.settings(tmp_path, database_url=f"sqlite:///{tmp_path}/datamind.sqlite"),
        SilentQueue(),
    )
    try:
        ada = accounts.sign_in(dm, email="ada@acme.example", password=password)
        assert ada
        assert resets.asked(dm, token).email == "ada@acme.example"
        assert {m.role for m in members.members(dm, factories.actor(dm, ada))} == {"admin"}
    finally:
        datamind.close(dm)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("create-admin", "ada", "--organization", "Acme"), "email"),
        (("create-admin", "ada@acme.example", "--organization", "?"), "needs a name"),
        (("backup", "nowhere"), "nowhere is not a folder"),
        (("restore", "nothing.zip"), "not a whole backup"),
    ],
)
def test_what_a_command_cannot_do_is_said_in_a_sentence(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    found = say(tmp_path, *words, DATAMIND_DEMO="off")
    assert found.returncode == 1
    assert said in found.stderr
    assert "Traceback" not in found.stderr


def test_the_demo_moves_to_another_machine_in_two_commands(tmp_path: Path) -> None:
    here, there, backups = tmp_path / "here", tmp_path / "there", tmp_path / "backups"
    backups.mkdir()
    way_in = say(here, "demo")
    assert way_in.returncode == 0, way_in.stderr
    assert "analyst" in way_in.stdout
    assert say(here, "backup", str(backups), "--tidy").returncode == 0
    (made,) = backups.iterdir()
    restored = say(there, "restore", str(made))
    assert "Everybody signs in again" in restored.stdout, restored.stderr
    assert "ENCRYPTION_KEY is not the one" not in restored.stdout
    same = say(there, "eval")
    assert same.returncode == 0, same.stdout + same.stderr
