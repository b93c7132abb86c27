"""The product as its users run it: `python -m app.run`, a process of its own."""

import os
import sys
from contextlib import closing
from http.client import HTTPConnection

from tests.running import ROOT, Running

FROM_THE_MACHINE = ("PATH", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT")


def image_content() -> list[str]:
    """The files and folders that .dockerignore lets into the image."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    return [line.removeprefix("!").rstrip("/") for line in lines if line.startswith("!")]


class RunningApp(Running):
    """The app on a free port with an empty `home`; settings are given as DATAMIND_TODAY="…".

    It sees no setting of the machine and no .env: its working folder holds what the image holds
    (.dockerignore tells), its environment what is named here and what is given.
    """

    name = "app"
    seconds_to_start = 60.0

    def __init__(self, **settings: str) -> None:
        super().__init__()
        self.url = f"http://127.0.0.1:{self.port}"
        self.settings = settings

    def prepare(self) -> None:
        self.home = self.folder / "var"
        self.working_folder = self.folder / "checkout"
        self.working_folder.mkdir()
        for name in image_content():
            (self.working_folder / name).symlink_to(ROOT / name)

    def command(self) -> list[str]:
        return [sys.executable, "-m", "app.run"]

    def environment(self) -> dict[str, str]:
        return {
            **{name: os.environ[name] for name in FROM_THE_MACHINE if name in os.environ},
            "HOME": str(self.folder),
            "PYTHONUNBUFFERED": "1",
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "DATAMIND_HOME": str(self.home),
            **self.settings,
        }

    def ping(self) -> None:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
            connection.request("GET", "/healthz")
            status = connection.getresponse().status
        if status != 200:
            raise RuntimeError(f"/healthz answers {status}")
