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


DOCS = ROOT / "scripts" / "check_docs.py"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[a](nowhere.md)", "leads nowhere"),
        ("[a](other.md#no-such)", "names a heading that is not there"),
        ("[a](https://example.com/x)", "leads out"),
        ("Say `make unmakeable`.", "no `make unmakeable`"),
        ("    ./datamind dance", "no command ./datamind dance"),
        ("```\npython -m core.nothing\n```", "no module core.nothing"),
        ("See `core/nothing.py`.", "no core/nothing.py"),
    ],
)
def test_a_document_that_names_what_is_not_there_is_found(
    tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "other.md").write_text("# Other\n\n## A heading, `quoted`\n", "utf-8")
    good = "[a](other.md#a-heading-quoted) make an effort, `make test`, `core/ask.py`\n"
    for content, status in ((good, 0), (f"{good}\n{text}\n", 1)):
        document = tmp_path / "document.md"
        document.write_text(content, "utf-8")
        command = [sys.executable, str(DOCS), str(document)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == status, done.stderr
        assert (said in done.stderr) is bool(status)
