"""An answer on the screen: how sure it is, what its figures say, and hostile words in all of it."""

import threading
from pathlib import Path
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from app.widgets import proof
from core import connections, conversations
from core.datamind import DataMind
from core.store.tables import ChatMessage
from core.types import Proof, Provenance, Source, Span
from tests import factories
from tests.app.opening import open_app
from tests.factories import Organization

HOSTILE = "<img src=x onerror=alert(1)> ![x](http://evil.example) :red[x] $x$ \u202eabc"
FROM = Source("fact", "rows")


def span(text: str, figure: str, kind: str = "number", source: Source | None = FROM) -> Span:
    start = text.index(figure)
    return Span(start, start + len(figure), figure, kind, source)


def drawn(text: str, *spans: Span) -> list[list[list[tuple[str, bool, bool]]]]:
    """The pieces as (text, bold, whether it says where it comes from)."""
    found = proof.paragraphs(text, Proof(spans), lambda s: Provenance("Rows", "Counted"))
    return [
        [[(p["text"], p["bold"], bool(p["told"])) for p in line] for line in paragraph]
        for paragraph in found
    ]


def test_bold_lines_and_paragraphs() -> None:
    text = "**Pro** led: **5**.\n\n\nThe rest:\n- a\n- b"
    assert drawn(text, span(text, "5")) == [
        [[("Pro", True, False), (" led: ", False, False), ("5", True, True), (".", False, False)]],
        [[("The rest:", False, False)], [("- a", False, False)], [("- b", False, False)]],
    ]


def test_a_figure_that_bold_ends_in_says_so_in_both_parts() -> None:
    text = "**Up 1**2 %"
    assert drawn(text, span(text, "1**2")) == [
        [[("Up ", True, False), ("1", True, True), ("2", False, True), (" %", False, False)]]
    ]


@pytest.mark.parametrize(
    "spans",
    [
        (Span(0, 1, "7", "number", FROM),),  # another text than the one that was proven
        (Span(90, 91, "5", "number", FROM),),
        (Span(4, 4, "", "number", FROM),),
        (Span(4, 5, "5", "number", None),),
    ],
)
def test_what_does_not_fit_is_plain_text(spans: tuple[Span, ...]) -> None:
    assert drawn("Was 5.", *spans) == [[[("Was 5.", False, False)]]]


def test_of_figures_that_overlap_the_first_counts() -> None:
    text = "Was 5 %."
    assert drawn(text, span(text, "5 %"), span(text, "5")) == [
        [[("Was ", False, False), ("5 %", False, True), (".", False, False)]]
    ]


@pytest.mark.parametrize(
    ("text", "way"),
    [("Revenue: 5", "ltr"), ("مرحبا has the highest revenue: 5", "ltr"), ("", "ltr"),
     ("الإيرادات: 5", "rtl"), ("5", "ltr"), ("בגרמניה היו 5 הזמנות", "rtl")],
)  # fmt: skip
def test_which_way_a_text_runs(text: str, way: str) -> None:
    assert proof.direction(text) == way


def test_a_name_stands_apart_and_says_nothing() -> None:
    text = "مرحبا led."
    spans = Proof((span(text, "مرحبا", "name"),))
    [[pieces]] = proof.paragraphs(text, spans, lambda s: Provenance("Rows", "Counted"))
    assert [(p["text"], p["name"], p["told"]) for p in pieces] == [
        ("مرحبا", True, None),
        (" led.", False, None),
    ]


def test_no_text_draws_nothing() -> None:
    assert drawn("") == []
    assert drawn("\n\n") == []


@pytest.fixture
def answer(dm: DataMind, acme: Organization, tmp_path: Path) -> tuple[UUID, UUID]:
    """A conversation with an answer in it: the ids of both."""
    connection = factories.sales(dm, acme.analyst, tmp_path)
    session_id, message = factories.answered(dm, acme.analyst, "Total amount by region", connection)
    return session_id, message.id


def opened(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization, session_id: UUID
) -> AppTest:
    app = open_app(monkeypatch, dm, acme.analyst)
    app.query_params["chat"] = str(session_id)
    app.run()
    assert not app.exception
    return app


def kept(dm: DataMind, message_id: UUID, **changes: object) -> None:
    """Change what is kept of an answer."""
    with dm.sessions.write() as db:
        row = db.get_one(ChatMessage, message_id)
        row.answer = {**row.answer, **changes}


def words(app: AppTest) -> str:
    return "\n".join([*(m.value for m in app.markdown), *(c.value for c in app.caption)])


def test_the_grade_stands_with_its_reasons(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization, answer: tuple[UUID, UUID]
) -> None:
    app = opened(monkeypatch, dm, acme, answer[0])
    assert "**Checked.** Every rule was checked and is met." in words(app)
    assert ":material/check: All names are tables and columns of the data" in words(app)
    assert "left out" not in words(app)


@pytest.mark.parametrize(
    ("dropped", "says"),
    [(0, ""), (1, "1 sentence was left out: its number is not in the result."),
     (3, "3 sentences were left out: their numbers are not in the result.")],
)  # fmt: skip
def test_what_the_proof_left_out_is_said(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization,
    answer: tuple[UUID, UUID], dropped: int, says: str,
) -> None:  # fmt: skip
    kept(dm, answer[1], proof={"spans": [], "unproven": [], "dropped": dropped})
    app = opened(monkeypatch, dm, acme, answer[0])
    assert [c.value for c in app.caption if "left out" in c.value] == ([says] if says else [])


@pytest.mark.parametrize("level", ["verified", "checked", "single", "guess"])
def test_hostile_reasons_stay_text_and_the_broken_ones_come_first(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization,
    answer: tuple[UUID, UUID], level: str,
) -> None:  # fmt: skip
    reasons = [{"text": "Fine.", "met": True}, {"text": HOSTILE, "met": False}]
    kept(dm, answer[1], grade={"level": level, "reasons": reasons})
    told = words(opened(monkeypatch, dm, acme, answer[0]))
    assert f"**{level.title()}.**" in told
    assert r"\<img src" in told
    assert "![x]" not in told
    assert told.index("(not met)") < told.index(":material/check:")


def test_an_answer_from_before_there_were_grades(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization, answer: tuple[UUID, UUID]
) -> None:
    kept(dm, answer[1], grade=None, proof=None, facts=None, sought=None)
    assert "770.25" in words(opened(monkeypatch, dm, acme, answer[0])).replace("\\", "")


def how_told(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization, answer: tuple[UUID, UUID]
) -> AppTest:
    app = opened(monkeypatch, dm, acme, answer[0])
    assert "**The query, step by step**" not in words(app)
    app.session_state[f"views-{answer[1]}"] = "How"
    app.run()
    assert not app.exception
    return app


def test_how_it_came_about_is_told_when_it_is_opened(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization, answer: tuple[UUID, UUID]
) -> None:
    app = how_told(monkeypatch, dm, acme, answer)
    told = words(app).replace("\\", "")
    assert "- 6 rows were read, none was left out. The answer has 2 rows." in told
    assert "Shows region and the sum of amount" in told
    assert "No tokens: no model was asked." in told
    assert "FROM sales" in [code.value for code in app.code]


def test_how_of_an_answer_whose_table_is_gone_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization, answer: tuple[UUID, UUID]
) -> None:
    with dm.sessions.write() as db:
        db.get_one(ChatMessage, answer[1]).generated_sql = "SELECT * FROM gone"
    app = opened(monkeypatch, dm, acme, answer[0])
    app.session_state[f"views-{answer[1]}"] = "How"
    app.run()
    assert not app.exception
    assert "gone" in app.error[0].value


def test_hostile_conditions_stay_text(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization, answer: tuple[UUID, UUID]
) -> None:
    with dm.sessions.write() as db:
        hostile = "<img src=x onerror=alert(1)> ![x](http://evil.example)"
        sql = f"SELECT COUNT(*) FROM sales WHERE region = '{hostile}'"
        db.get_one(ChatMessage, answer[1]).generated_sql = sql
    told = words(how_told(monkeypatch, dm, acme, answer))
    assert r"region is “\<img src" in told
    assert "![x]" not in told


def chips_of(app: AppTest) -> list[str]:
    return [button.label for button in app.button if (button.key or "").startswith("apply-")]


def wait() -> None:
    """Wait for questions under way."""
    for thread in threading.enumerate():
        if thread.name.startswith("question-"):
            thread.join(timeout=30)


def test_a_chip_is_changed_in_place(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization, answer: tuple[UUID, UUID]
) -> None:
    app = opened(monkeypatch, dm, acme, answer[0])
    assert not chips_of(app)
    app.session_state[f"chip-1-{answer[1]}"] = True
    app.run()
    assert not app.exception
    [pick] = [box for box in app.selectbox if box.key == f"pick-1-{answer[1]}"]
    assert pick.value == "sales.region"
    pick.set_value("sales.product").run()
    app.button(key=f"apply-1-{answer[1]}").click().run()
    wait()
    app.run()
    assert not app.exception
    told = conversations.messages(dm, acme.analyst, answer[0])
    assert [m.role for m in told] == ["user", "assistant", "user", "assistant"]
    assert told[-1].reading == "Sum of amount by product"
    assert told[-1].preview is not None
    assert set(told[-1].preview.table.column(0).to_pylist()) == {"Lamp", "Chair", "Table"}


def editor(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization,
    answer: tuple[UUID, UUID], sql: str, chip: int,
) -> AppTest:  # fmt: skip
    """The conversation with this query as its answer, and one of its chips open."""
    with dm.sessions.write() as db:
        db.get_one(ChatMessage, answer[1]).generated_sql = sql
    app = opened(monkeypatch, dm, acme, answer[0])
    app.session_state[f"chip-{chip}-{answer[1]}"] = True
    app.run()
    assert not app.exception
    assert not app.error
    return app


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT id FROM sales WHERE sold_on >= '2026-07-01' AND sold_on < '2026-10-01'",
        "SELECT order_id FROM sales WHERE sold_on >= '1850-01-01'",
        "SELECT order_id FROM sales WHERE sold_on < '2900-01-01'",
        "SELECT order_id FROM sales WHERE sold_on >= '2026-07-01' AND sold_on < '2026-07-02'",
        "SELECT order_id FROM sales WHERE region = '<b>x</b>'",
        "SELECT order_id FROM sales WHERE NOT region IN ('North', '')",
        "SELECT order_id FROM sales WHERE order_id = 3",
        "SELECT order_id FROM sales LIMIT 10000",
        "SELECT order_id FROM sales WHERE order_id = 3.5",
    ],
)
def test_every_kind_of_chip_opens(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization,
    answer: tuple[UUID, UUID], sql: str,
) -> None:  # fmt: skip
    app = editor(monkeypatch, dm, acme, answer, sql, 0)
    app.button(key=f"apply-0-{answer[1]}").click().run()
    assert not app.exception
    assert "That is what it says now." in words(app)
    assert len(conversations.messages(dm, acme.analyst, answer[0])) == 2


def test_the_rows_of_a_limit(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization, answer: tuple[UUID, UUID]
) -> None:
    sql = "SELECT order_id FROM sales ORDER BY order_id LIMIT 5"
    app = editor(monkeypatch, dm, acme, answer, sql, 0)
    [rows] = [box for box in app.number_input if box.key == f"rows-0-{answer[1]}"]
    rows.set_value(2)
    app.button(key=f"apply-0-{answer[1]}").click().run()
    assert not app.exception
    told = conversations.messages(dm, acme.analyst, answer[0])
    assert told[2].text == "Order id, top 2"
    wait()


def test_an_answer_whose_connection_is_gone_has_no_chips_and_no_trace(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization, answer: tuple[UUID, UUID]
) -> None:
    for connection in connections.connections(dm, acme.admin):
        connections.delete(dm, acme.admin, connection.id)
    app = opened(monkeypatch, dm, acme, answer[0])
    assert f"chip-0-{answer[1]}" not in app.session_state
