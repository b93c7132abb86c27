"""The app as a person's browser gets it, without a browser."""

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from app import signin
from core import sessions
from core.datamind import DataMind
from tests.running import ROOT


def open_app(monkeypatch: pytest.MonkeyPatch, dm: DataMind, who: object) -> AppTest:
    """The app as this person's browser gets it."""
    token = ""
    if who is not None:
        token = sessions.begin_session(dm, sessions.issue_ticket(dm, who.user_id))
    cookies = {signin.COOKIE: token}
    monkeypatch.setattr(type(st.context), "cookies", property(lambda _: cookies))
    return AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=20).run()
