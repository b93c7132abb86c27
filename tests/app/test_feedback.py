"""Thumbs below an answer, and the questions that went wrong on the admins' screen."""

from pathlib import Path
from uuid import UUID

import pytest

from core import feedback
from core.datamind import DataMind
from core.feedback import Rating
from tests import factories
from tests.app.opening import open_app
from tests.app.test_verified import chat, told
from tests.factories import Organization

HOSTILE = "frobnication <img src=x onerror=alert(1)> ![x](http://evil.example/p.png)"


@pytest.fixture
def sales(dm: DataMind, acme: Organization, tmp_path: Path) -> UUID:
    return factories.sales(dm, acme.analyst, tmp_path)


def test_thumbs_down_with_a_reason(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization, sales: UUID
) -> None:
    session_id, answer = factories.answered(dm, acme.viewer, "Total amount by region", sales)
    app = chat(monkeypatch, dm, acme.viewer, session_id)
    app.button(key=f"rate-False-{answer.id}").click().run()
    assert not app.exception
    next(f for f in app.text_input if f.label == "In your own words").input("Without tax")
    next(b for b in app.button if b.label == "Send").click().run()
    assert not app.exception
    assert feedback.ratings(dm, acme.viewer, session_id)[answer.id] == Rating(False, "Without tax")
    app.button(key=f"rate-False-{answer.id}").click().run()
    assert feedback.ratings(dm, acme.viewer, session_id) == {}


def test_admins_see_what_went_wrong_as_text_and_ask_it_again(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization, sales: UUID
) -> None:
    _, lost = factories.answered(dm, acme.viewer, HOSTILE, sales)
    _, bad = factories.answered(dm, acme.viewer, "Total amount by region", sales)
    feedback.rate(dm, acme.viewer, bad.id, liked=False, reason=":red[no] <b>")
    app = open_app(monkeypatch, dm, acme.admin).switch_page("screens/admin.py")
    app.query_params["view"] = "quality"
    app.run()
    assert not app.exception
    assert [e.label for e in app.expander if "(1)" in e.label] == [
        "Disliked (1)", "No such data (1)",
    ]  # fmt: skip
    assert r"\<img src" in told(app)
    assert "![x]" not in told(app)
    assert ":red[no]" not in told(app)
    assert app.button(key=f"again-{lost.id}")
    app.button(key=f"again-{bad.id}").click().run()
    assert not app.exception
