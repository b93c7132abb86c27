"""scripts/test-deps.sh: silent when all is there, a plain command when not, never an obstacle."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.running import ROOT

SCRIPT = ROOT / "scripts" / "test-deps.sh"
PROGRAMS = ("postgres", "initdb", "redis-server", "mariadbd", "nginx", "chromium")


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder of programs that holds what the script needs, and a person who is not root."""
    found = shutil.which("sh")
    assert found
    (tmp_path / "sh").symlink_to(found)
    add(tmp_path, "id", "echo 1000")
    return tmp_path


def add(folder: Path, name: str, does: str = "exit 1") -> None:
    (folder / name).write_text(f"#!/bin/sh\n{does}\n")
    (folder / name).chmod(0o755)


def run(programs: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(SCRIPT)],
        env={**os.environ, "PATH": str(programs)},
        capture_output=True,
        text=True,
    )


def test_it_says_nothing_when_all_is_there(programs: Path) -> None:
    for name in PROGRAMS:
        add(programs, name)
    done = run(programs)
    assert (done.returncode, done.stderr) == (0, "")
    assert "redis" not in done.stdout
    assert "chromium" not in done.stdout


def test_it_names_the_command_that_gets_only_what_is_missing(programs: Path) -> None:
    for name in PROGRAMS:
        if name not in ("redis-server", "chromium"):
            add(programs, name)
    done = run(programs)
    assert done.returncode == 0
    command = done.stdout.splitlines()[-1].split()
    assert command[:4] == ["sudo", "apt-get", "install", "--no-install-recommends"]
    assert (
        {"redis-server", "chromium"}
        <= set(command[4:])
        <= {*("redis-server", "chromium", "fonts-liberation")}
    )
