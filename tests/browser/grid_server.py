"""The server of grid_screen.py: Streamlit with the product's theme and static files, no core."""

import json
import os
import sys
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, ClassVar

import streamlit as st
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from tests.running import ROOT, Running

Tile = dict[str, Any]


def server() -> st.App:
    """What uvicorn serves."""
    files = Mount("/app/static", StaticFiles(directory=ROOT / "app/static"))
    return st.App(str(Path(__file__).with_name("grid_screen.py")), routes=[files])


class GridServer(Running):
    """The screen on a free port; `keep` says which tiles it shows, `kept` what it has saved."""

    name: ClassVar[str] = "grid"

    def __init__(self) -> None:
        super().__init__()
        self.url = f"http://127.0.0.1:{self.port}"

    def keep(self, tiles: list[Tile]) -> None:
        self.file.write_text(json.dumps({"tiles": tiles, "saves": 0}))

    def kept(self) -> list[Tile]:
        return json.loads(self.file.read_text())["tiles"]

    def prepare(self) -> None:
        self.file = self.folder / "kept.json"
        (self.folder / ".streamlit").symlink_to(ROOT / ".streamlit")
        self.keep([])

    def command(self) -> list[str]:
        here = ["--factory", "tests.browser.grid_server:server", "--log-level", "warning"]
        return [sys.executable, "-m", "uvicorn", *here, "--port", str(self.port)]

    def environment(self) -> dict[str, str]:
        return {
            **{"PATH": os.environ["PATH"], "HOME": str(self.folder)},
            **{"PYTHONPATH": str(ROOT), "GRID_KEPT": str(self.file)},
        }

    def ping(self) -> None:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        connection.request("GET", "/_stcore/health")
        if connection.getresponse().status != 200:
            raise RuntimeError("not yet")
        connection.close()
