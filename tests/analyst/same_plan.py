"""A program that prints the plans of questions, to be run in processes of their own."""

import json
import sqlite3
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from core.analyst.local import LocalAnalyst
from core.analyst.local.offline import FileDesk
from core.types import Draft, Question, Turn
from tests.analyst.engines import SCHEMAS, TODAY


def plans(name: str, questions: list[list[str]]) -> list[object]:
    """The outcome of each list of turns: its plan and SQL, or what else was said."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "data.sqlite"
        database = sqlite3.connect(path)
        database.executescript((SCHEMAS / f"{name}.sql").read_text("utf-8"))
        database.close()
        desk = FileDesk(path)
        found: list[object] = []
        for turns in questions:
            history: tuple[Turn, ...] = ()
            for text in turns:
                outcome = LocalAnalyst().draft(Question(text, desk.schema, TODAY, history), desk)
                if isinstance(outcome, Draft):
                    history = (*history, Turn(text, sql=outcome.sql, plan=outcome.plan))
                found.append(repr(outcome))
        return found


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    print(json.dumps([outcome for name in asked for outcome in plans(name, asked[name])]))
