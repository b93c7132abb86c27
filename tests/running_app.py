"""The product as its users run it: `python -m app.run`, a process of its own."""

import os
import sys
from contextlib import closing
from http.client import HTTPConnection

from tests.running import ROOT, Running

FROM_THE_MACHINE = ("PATH", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT")
NOT_THE_PRODUCT = (".env", "var", ".git", ".venv")


class RunningApp(Running):
    """The app on a free port with an empty `home`; settings are given as DATAMIND_TODAY="…".

    It sees no setting of the machine and no .env: its working folder is a look-alike of the
    repository without them, its environment holds what is named here and what is given.
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
        for entry in ROOT.iterdir():
            if entry.name not in NOT_THE_PRODUCT:
                (self.working_folder / entry.name).symlink_to(entry)

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
