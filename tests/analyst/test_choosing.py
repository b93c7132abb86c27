"""Which analyst there is: Claude with a key, the built-in one always."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SCRIPT = """
import sys
from core.analyst import build
from core.config import load
key = {key!r}
analysts = build(load(anthropic_api_key=key))
names = analysts.choose().name, analysts.local.name
print(*names, "anthropic" in sys.modules, bool(key) and key in repr(analysts))
"""

CHOICES = {
    "no key": (None, "local local False False"),
    "an empty key": ("", "local local False False"),
    "a blank key": ("  ", "local local False False"),
    "a key": ("sk-ant-x", "claude local True False"),
}


@pytest.mark.parametrize(("key", "printed"), CHOICES.values(), ids=CHOICES.keys())
def test_the_key_decides_and_the_sdk_loads_only_with_one(
    key: str | None, printed: str, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(key=key)],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.strip() == printed
