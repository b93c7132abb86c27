"""What Claude is made to say in the tests, and Claude itself, talking to the fake server."""

import threading
from typing import Any

from core.analyst.claude import ClaudeAnalyst
from core.types import ColumnFacts, Draft, Facts
from tests.fake_anthropic import FakeAnthropic

KEY = "sk-ant-very-secret-0123456789"
SQL = "SELECT SUM(amount) AS revenue FROM orders"
GOOD = {
    "kind": "draft",
    "sure": True,
    "reading": "Revenue of all orders",
    "assumptions": ["with tax"],
    "sql": SQL,
    "title": "Revenue",
    "text": "",
    "options": [],
    "suggestions": [],
}
WRONG = {**GOOD, "sql": "SELECT SUM(amout) AS revenue FROM orders"}
DRAFT = Draft(SQL, "Revenue of all orders", ("with tax",), title="Revenue")
FACTS = Facts(1, False, (ColumnFacts("revenue", "measure", 0, 57.5, 57.5, 57.5),), ((57.5,),))
INSIGHT = {
    "text": 'Revenue was **€57.50**, \\ "all" in 😀\nwith tax.',
    "summary": "Revenue was 57.50.",
    "chart": {"kind": "kpi", "x": "", "y": ["revenue"], "color": "", "title": "Revenue"},
    "follow_ups": ["And by country?"],
}


def claude(api: FakeAnthropic, **more: Any) -> ClaudeAnalyst:
    """The analyst under test; without the SDK's retries unless they are asked for."""
    settings: dict[str, Any] = {"strong": "big", "fast": "small", "max_retries": 0, **more}
    analyst = ClaudeAnalyst(KEY, api.base_url, **settings)

    def close() -> None:
        for thread in threading.enumerate():
            if thread.name.startswith("model-"):
                thread.join(10)
        analyst.close()

    api.afterwards(close)
    return analyst
