"""The product's own processes: what the image's commands start, with what the image holds."""

import os
import signal
import sys
from collections.abc import Mapping
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

from stack.running import ROOT, Running

FROM_THE_MACHINE: Final = ("PATH", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT")


def image_content() -> list[str]:
    """The files and folders that .dockerignore lets into the image."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    return [line.removeprefix("!").rstrip("/") for line in lines if line.startswith("!")]


class Product(Running):
    """One command of `./datamind`. It sees no setting of the machine, only those that are given."""

    name = "datamind"
    seconds_to_start = 90.0
    words: tuple[str, ...] = ()

    def __init__(self, folder: Path | None = None, **settings: str) -> None:
        super().__init__(folder)
        self.settings = settings

    def prepare(self) -> None:
        """Lay out what the image holds."""
        self.working_folder = self.folder / "checkout"
        self.working_folder.mkdir(exist_ok=True)
        for name in image_content():
            place = self.working_folder / name
            place.unlink(missing_ok=True)
            place.symlink_to(ROOT / name)

    def command(self) -> list[str]:
        """The words that start it."""
        return [sys.executable, "-m", "app.cli", *self.words]

    def environment(self) -> Mapping[str, str]:
        """A few words of the machine, and the settings."""
        return {
            **{name: os.environ[name] for name in FROM_THE_MACHINE if name in os.environ},
            "HOME": str(self.folder),
            "PYTHONUNBUFFERED": "1",
            **self.settings,
        }


class App(Product):
    """A replica of the app."""

    name = "app"
    seconds_to_stop = 20.0
    words = ("run",)

    def __init__(self, folder: Path | None = None, **settings: str) -> None:
        super().__init__(folder, **settings)
        self.settings = {"HOST": "127.0.0.1", "PORT": str(self.port), **settings}
        self.url = f"http://127.0.0.1:{self.port}"

    def ping(self) -> None:
        """Raises unless it says that it is well."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
            connection.request("GET", "/healthz")
            status = connection.getresponse().status
        if status != 200:
            raise RuntimeError(f"/healthz answers {status}")


class Role(Product):
    """A worker or a scheduler: up once it would stop politely."""

    seconds_to_stop = 60.0

    def __init__(self, role: str, folder: Path | None = None, **settings: str) -> None:
        super().__init__(folder, **settings)
        self.name = role  # type: ignore[misc]
        self.words = (role,)

    def ping(self) -> None:
        """Raises until it has said how it wants to be stopped."""
        if sys.platform != "linux":
            return
        status = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        caught = next(line for line in status if line.startswith("SigCgt")).split()[1]
        if not int(caught, 16) >> (signal.SIGTERM - 1) & 1:
            raise RuntimeError("it does not listen to SIGTERM yet")
