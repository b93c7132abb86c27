"""Verified answers on the screens: one click, the matched question, the library."""

from pathlib import Path
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from core import glossary, verified
from core.datamind import DataMind
from core.store.tables import VerifiedAnswer
from core.types import Actor
from tests import factories
from tests.app.opening import open_app
from tests.factories import Organization

HOSTILE = "Total amount by region <img src=x onerror=alert(1)> ![x](http://evil.example)"


@pytest.fixture
def sales(dm: DataMind, acme: Organization, tmp_path: Path) -> UUID:
    return factories.sales(dm, acme.analyst, tmp_path)


def chat(monkeypatch: pytest.MonkeyPatch, dm: DataMind, who: Actor, session_id: UUID) -> AppTest:
    app = open_app(monkeypatch, dm, who)
    app.query_params["chat"] = str(session_id)
    app.run()
    assert not app.exception
    return app


def told(app: AppTest) -> str:
    return "\n".join([*(m.value for m in app.markdown), *(c.value for c in app.caption)])


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def test_one_click_verifies_and_says_so(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization, sales: UUID
) -> None:
    session_id, answer = factories.answered(dm, acme.analyst, "Total amount by region", sales)
    app = chat(monkeypatch, dm, acme.analyst, session_id)
    app.button(key=f"verify-{answer.id}").click().run()
    assert not app.exception
    assert "In the Library" in told(app)
    assert "Verify" not in labels(app)
    assert verified.questions(dm, acme.viewer, sales) == ("Total amount by region",)


def test_a_follow_up_is_written_out_first(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization, sales: UUID
) -> None:
    session_id, _ = factories.answered(dm, acme.analyst, "Total amount by region", sales)
    _, further = factories.answered(dm, acme.analyst, "only North", sales, session_id)
    app = chat(monkeypatch, dm, acme.analyst, session_id)
    app.button(key=f"verify-{further.id}").click().run()
    assert verified.questions(dm, acme.viewer, sales) == ()
    [field] = [f for f in app.text_input if f.label.startswith("The question, so that")]
    field.input("Total amount by region, only North")
    next(b for b in app.button if b.form_id and b.label == "Verify").click().run()
    assert not app.exception
    assert verified.questions(dm, acme.viewer, sales) == ("Total amount by region, only North",)


def test_a_viewer_may_not_verify_but_sees_what_it_matches(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization, sales: UUID
) -> None:
    _, answer = factories.answered(dm, acme.analyst, "Total amount by region", sales)
    verified.verify(dm, acme.analyst, answer.id)
    session_id, _ = factories.answered(dm, acme.viewer, "total amount per region", sales)
    app = chat(monkeypatch, dm, acme.viewer, session_id)
    assert "“Total amount by region” · verified by Analyst Person" in told(app)
    assert "**Verified.**" in told(app)
    assert "Verify" not in labels(app)


def library(monkeypatch: pytest.MonkeyPatch, dm: DataMind, who: Actor) -> AppTest:
    app = open_app(monkeypatch, dm, who).switch_page("screens/library.py").run()
    assert not app.exception
    return app


def test_the_library_lists_and_removes(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization, sales: UUID
) -> None:
    assert "No answer is verified yet." in told(library(monkeypatch, dm, acme.analyst))
    _, answer = factories.answered(dm, acme.analyst, "Total amount by region", sales)
    made = verified.verify(dm, acme.analyst, answer.id)
    app = library(monkeypatch, dm, acme.analyst)
    assert "never used" in told(app)
    app.button(key=f"remove-{made}").click().run()
    assert not app.exception
    assert verified.answers(dm, acme.admin) == ()


def test_hostile_questions_stay_text_and_broken_ones_are_marked(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization, sales: UUID
) -> None:
    _, answer = factories.answered(dm, acme.analyst, "Total amount by region", sales)
    made = verified.verify(dm, acme.analyst, answer.id, HOSTILE)
    with dm.sessions.write() as db:
        db.get_one(VerifiedAnswer, made).broken = "The data has no <b>region</b> any more."
    app = library(monkeypatch, dm, acme.analyst)
    assert r"\<img src" in told(app)
    assert "![x]" not in told(app)
    [warning] = [w.value for w in app.warning]
    assert warning.startswith("Broken")
    assert r"\<b\>" in warning


def test_admins_see_how_the_analysts_do(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization, sales: UUID
) -> None:
    _, answer = factories.answered(dm, acme.analyst, "Total amount by region", sales)
    verified.verify(dm, acme.analyst, answer.id)
    app = open_app(monkeypatch, dm, acme.admin).switch_page("screens/admin.py")
    app.query_params["view"] = "quality"
    app.run()
    assert "They have not been asked yet." in told(app)
    app.button(key="evaluate").click().run()
    assert not app.exception
    assert "**1 of 1** the same" in told(app)


def test_the_glossary_says_how_a_term_is_read_and_keeps_hostile_text_text(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization, sales: UUID
) -> None:
    glossary.save(dm, acme.analyst, "takings", "total amount")
    glossary.save(dm, acme.analyst, "evil <b>", "![x](http://evil.example/p.png)")
    app = library(monkeypatch, dm, acme.analyst)
    assert "Read as: another word for total amount" in told(app).replace("\\", "")
    assert r"evil \<b\>" in told(app)
    assert "![x]" not in told(app)
    assert next(w.value for w in app.warning).startswith("The built-in analyst cannot read this")
    for entry in glossary.entries(dm, acme.analyst):
        library(monkeypatch, dm, acme.analyst).button(key=f"drop-{entry.id}").click().run()
    assert glossary.entries(dm, acme.analyst) == ()


def test_a_term_and_instructions_are_written_on_the_screen(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization, sales: UUID
) -> None:
    app = library(monkeypatch, dm, acme.analyst)
    next(f for f in app.text_input if f.label == "Term").input("takings")
    next(f for f in app.text_input if f.label == "Means").input("total amount")
    next(b for b in app.button if b.label == "Save term").click().run()
    assert not app.exception
    assert [e.term for e in glossary.entries(dm, acme.viewer)] == ["takings"]
    app.text_area[0].input("Amounts are in euros.")
    next(b for b in app.button if b.label == "Save instructions").click().run()
    assert glossary.instructions(dm, acme.viewer) == "Amounts are in euros."
