"""The house stands as drawn: what import contracts cannot see."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import ROOT

CODE = sorted(p for top in ("app", "core", "stack", "workers") for p in (ROOT / top).rglob("*.py"))


def calls(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def test_only_the_guard_makes_a_safe_select() -> None:
    """And the sandbox's wire, which in the child makes again what the guard made in the parent."""
    makers = {p for p in CODE if any(c.split(".")[-1] == "SafeSelect" for c in calls(p))}
    assert makers, "somebody must make them"
    wire = ROOT / "core/connectors/sandbox/wire.py"
    assert {p.relative_to(ROOT).parts[:2] for p in makers - {wire}} == {("core", "guard")}


def test_only_state_names_the_session_state() -> None:
    namers = {str(p.relative_to(ROOT)) for p in CODE if "session_state" in p.read_text("utf-8")}
    assert namers == {"app/state.py"}


def test_nothing_is_called_pages_or_after_nothing() -> None:
    vague = {"pages", "utils", "helpers", "manager", "service", "common", "misc"}
    assert {p for p in CODE if vague & {*p.relative_to(ROOT).with_suffix("").parts}} == set()


@pytest.mark.parametrize("path", CODE, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_file_says_what_it_is_for(path: Path) -> None:
    text = path.read_text("utf-8")
    if text.strip():
        assert ast.get_docstring(ast.parse(text))


def test_nothing_sleeps_in_tests() -> None:
    # These wait for processes of their own to start, to end or to be away, with a deadline.
    allowed = {"tests/running.py", "tests/test_servers.py", "tests/faults/town.py"}
    sleepers = {
        str(p.relative_to(ROOT))
        for p in (ROOT / "tests").rglob("*.py")
        if any(c == "time.sleep" for c in calls(p))
    }
    assert sleepers <= allowed


def test_locks_and_docs_name_no_registry() -> None:
    files = [*ROOT.glob("*.lock"), *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    host = re.compile(r"https?://[^\s)]*(pypi|npmjs|debian)|--(extra-)?index-url", re.IGNORECASE)
    assert [f.name for f in files if host.search(f.read_text("utf-8"))] == []
