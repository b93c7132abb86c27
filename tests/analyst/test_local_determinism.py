"""The same question on the same schema and day has the same answer, in whatever process."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.analyst.test_local_questions import table

ROOT = Path(__file__).parents[2]
NAMES = ("hospital", "freight")
UNSURE = ("name by month", "number of customer by truck", "fee of doctor", "totl pric", "statu")


def test_hash_seeds_change_nothing() -> None:
    asked = {name: [entry["turns"] for entry in table(name)[::2]] for name in NAMES}
    asked["freight"] += [(text,) for text in UNSURE]
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.analyst.same_plan"],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("1", "2")
    ]
    one, other = (json.loads(p.communicate(json.dumps(asked), timeout=60)[0]) for p in running)
    assert one == other
    assert sum("Draft(" in outcome for outcome in one) > len(one) / 2
