"""What people type when they want to be told."""

import pytest

from core.alerts import wishes
from core.alerts.rules import Rule
from core.alerts.wishes import WishedAlert

SAID = [
    ("alert me if it drops below 1000", WishedAlert(Rule("below", 1000))),
    ("Alert me when this falls under 1,500.50!", WishedAlert(Rule("below", 1500.5))),
    ("tell me if revenue goes above 20k", WishedAlert(Rule("above", 20_000), "revenue")),
    ("notify us whenever daily active users drop below 1000",
     WishedAlert(Rule("below", 1000), "daily active users")),
    ("please warn me when it exceeds €2 million", WishedAlert(Rule("above", 2_000_000))),
    ("alert me if it is more than 50", WishedAlert(Rule("above", 50))),
    ("tell me if it falls by more than 20%",
     WishedAlert(Rule("change_pct", 20, direction="down"))),
    ("tell me if orders rise 10 percent",
     WishedAlert(Rule("change_pct", 10, direction="up"), "orders")),
    ("alert me if it changes by 5%", WishedAlert(Rule("change_pct", 5))),
    ("alert me when revenue looks unusual",
     WishedAlert(Rule("anomaly", 2, robust=True), "revenue")),
    ("tell me about revenue", None),
    ("which customers are below 1000", None),
    ("alert me", None),
    ("tell me if you can", None),
    ("tell me when the first order came", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), SAID, ids=[text for text, _ in SAID])
def test_what_people_want_to_be_told_of(text: str, wanted: WishedAlert | None) -> None:
    assert wishes.read(text) == wanted
