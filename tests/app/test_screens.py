"""Each role and each screen: it opens, or it is not there."""

from pathlib import Path

import pytest

from core import connections, conversations, watch
from core.datamind import DataMind
from core.types import Actor
from tests import factories
from tests.app.opening import open_app
from tests.factories import Organization
from tests.running import ROOT

SCREENS = (
    *("alerts", "chat", "dashboards", "dashboard", "connections", "explore", "library"),
    *("reports", "settings", "admin"),
)
OF_ALL = {"chat", "dashboards", "dashboard", "connections", "explore", "settings"}
OF_ANALYSTS = {"alerts", "library", "reports"}
MAY_OPEN: dict[str, set[str]] = {
    "admin": OF_ALL | OF_ANALYSTS | {"admin"},
    "analyst": OF_ALL | OF_ANALYSTS,
    "viewer": OF_ALL,
    "nobody": set(),
}


WITHOUT_AN_ACCOUNT = ("sign_in", "register", "forgot", "join", "new_password", "public")


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("role", MAY_OPEN)
def test_who_may_open_what(
    monkeypatch: pytest.MonkeyPatch,
    dm: DataMind,
    acme: Organization,
    role: str,
    screen: str,
) -> None:
    who = getattr(acme, role) if role != "nobody" else None
    app = open_app(monkeypatch, dm, who)
    assert not app.exception
    if screen in MAY_OPEN[role]:
        app.switch_page(f"screens/{screen}.py").run()
        assert not app.exception
        assert not app.error
    else:
        try:
            app.switch_page(f"screens/{screen}.py").run()
        except Exception:
            return
        assert not [tab for tab in app.tabs if tab.label == "Audit log"]


def test_the_walk_knows_every_screen() -> None:
    files = {p.stem for p in (ROOT / "app" / "screens").glob("*.py")}
    assert files - {"__init__", *WITHOUT_AN_ACCOUNT} == set(SCREENS)


def test_a_signed_out_visitor_gets_the_sign_in_form(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind
) -> None:
    app = open_app(monkeypatch, dm, None)
    assert [field.label for field in app.text_input] == ["Email", "Password"]
    assert not app.sidebar.button


def test_a_viewer_sees_no_upload_button(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization
) -> None:
    for who, there in ((acme.viewer, False), (acme.analyst, True)):
        app = open_app(monkeypatch, dm, who).switch_page("screens/connections.py").run()
        assert ("Upload a file" in [button.label for button in app.button]) is there


def a_server(dm: DataMind, who: Actor, *warnings: str) -> str:
    """A connection to a server that the doctor has looked at; returns its id."""
    with dm.sessions.write() as db:
        row = connections.add(
            db, who, name="Shop", kind="postgresql", extra={"examined": {"titles": [*warnings]}}
        )
        row.host, row.port, row.database_name, row.username = "127.0.0.1", 1, "shop", "me"
    return str(row.id)


def test_only_analysts_connect_and_edit_databases(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization
) -> None:
    server = a_server(dm, acme.admin)
    for who, there in ((acme.viewer, False), (acme.analyst, True)):
        app = open_app(monkeypatch, dm, who).switch_page("screens/connections.py").run()
        assert ("Connect a database" in [button.label for button in app.button]) is there
        keys = {button.key for button in app.button}
        assert ({f"edit-{server}", f"rights-{server}"} <= keys) is there
        assert f"test-{server}" in keys


def test_files_are_not_edited_as_servers(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization
) -> None:
    app = open_app(monkeypatch, dm, acme.admin).switch_page("screens/connections.py").run()
    labels = [button.label for button in app.button]
    assert "Rename" in labels
    assert not {"Edit", "Check rights"} & {*labels}


def test_what_the_doctor_warns_of_stands_in_the_list(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization
) -> None:
    a_server(dm, acme.admin, "It can change ![x](http://evil.example/p.png).", "And more.")
    app = open_app(monkeypatch, dm, acme.viewer).switch_page("screens/connections.py").run()
    [line] = [warning.value for warning in app.warning]
    assert "1 more finding" in line
    assert r"\!\[x\]\(http" in line


def test_a_kept_answer_is_shown_whole(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization, tmp_path: Path
) -> None:
    connection = factories.sales(dm, acme.analyst, tmp_path)
    session_id, answer = factories.answered(dm, acme.analyst, "Total amount by region", connection)
    app = open_app(monkeypatch, dm, acme.analyst)
    app.query_params["chat"] = str(session_id)
    app.run()
    assert not app.exception
    assert [tab.label for tab in app.tabs] == ["Chart", "Table", "SQL", "How"]
    assert answer.sql in [code.value for code in app.code]
    assert len(app.dataframe) == 1


def test_a_chat_whose_data_is_gone_asks_nothing_else_instead(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization, tmp_path: Path
) -> None:
    gone = factories.sales(dm, acme.analyst, tmp_path, name="Gone")
    factories.sales(dm, acme.analyst, tmp_path, name="Other")
    session_id, answer = factories.answered(dm, acme.analyst, "Total amount by region", gone)
    connections.delete(dm, acme.admin, gone)
    app = open_app(monkeypatch, dm, acme.analyst)
    app.query_params["chat"] = str(session_id)
    app.run()
    assert not app.exception
    assert "is gone or switched off" in app.info[0].value
    assert app.chat_input[0].disabled
    assert app.selectbox[0].value is None
    assert not [b for b in app.button if b.label in answer.suggestions]


def test_anothers_conversation_in_the_address_shows_nothing_of_it(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization, tmp_path: Path
) -> None:
    connection = factories.sales(dm, acme.analyst, tmp_path)
    session_id, _ = factories.answered(dm, acme.analyst, "Total amount by region", connection)
    app = open_app(monkeypatch, dm, acme.admin)
    app.query_params["chat"] = str(session_id)
    app.run()
    assert not app.exception
    assert not app.tabs
    assert "Total amount by region" not in str([m.value for m in app.markdown])


def test_markdown_in_a_title_stays_text(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization, tmp_path: Path
) -> None:
    connection = factories.sales(dm, acme.analyst, tmp_path)
    session_id, _ = factories.answered(dm, acme.analyst, "Total amount", connection)
    conversations.rename(dm, acme.analyst, session_id, "![x](http://evil.example/p.png) :red[hi]")
    app = open_app(monkeypatch, dm, acme.analyst)
    assert not [b for b in app.sidebar.button if "![x]" in b.label]


def test_silence_of_the_workers_is_said_to_those_who_rely_on_them(
    monkeypatch: pytest.MonkeyPatch, dm: DataMind, acme: Organization
) -> None:
    watch.say_goodbye(dm, "worker", "this test")
    app = open_app(monkeypatch, dm, acme.analyst)
    assert [w.value.split("\\:")[0] for w in app.warning] == ["No worker is running"]
    app = open_app(monkeypatch, dm, acme.viewer)
    assert not app.warning
