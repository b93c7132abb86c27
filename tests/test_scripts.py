"""The scripts of `make check` find what they are for."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import ROOT

SCAN = ROOT / "scripts" / "scan_secrets.py"


def scan(*files: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCAN), *map(str, files)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


@pytest.mark.parametrize(
    "text",
    [
        "key = '" + "sk-" + "ant-api03-" + "a1B2" * 10 + "'",
        "AWS=" + "AKIA" + "ABCDEFGHIJ234567",
        "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIE",
        "token: " + "ghp_" + "a1B2c3D4" * 5,
        "https://hooks.slack.com/" + "services/T12345678/B12345678/" + "a1" * 12,
        "ENCRYPTION_KEY" + "=abcdefghij1234567890\n",
        "SMTP_PASSWORD" + "=hunter2hunter2\n",
    ],
)
def test_a_secret_is_found_and_not_repeated(tmp_path: Path, text: str) -> None:
    file = tmp_path / "settings.py"
    file.write_text(f"one\n{text}\n", "utf-8")
    done = scan(file)
    assert done.returncode == 1
    assert "settings.py:2" in done.stdout
    assert text not in done.stdout


def test_this_repository_holds_none() -> None:
    done = scan()
    assert done.returncode == 0, done.stdout
