"""A program that tests start for themselves: in a temporary folder, on a free port of 127.0.0.1.

Nothing of the machine is used but the program: no running service, no configuration, no data.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, Self

import pytest

INSTALL = "sudo sh scripts/test-deps.sh"
ROOT = Path(__file__).parent.parent


class Missing(Exception):
    """A program that a test needs is not installed; the message says how to get it."""

    def __init__(self, program: str) -> None:
        super().__init__(f"{program} is not installed; get it with: {INSTALL}")


def find(*names: str) -> str:
    """The path of the first of these programs that is installed. Raises Missing."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda b: -int(b.parent.name))
    folders = [str(d) for d in debian] + [os.environ.get("PATH", ""), "/usr/sbin"]
    for name in names:
        if found := shutil.which(name, path=os.pathsep.join(folders)):
            return found
    raise Missing(names[0])


@contextmanager
def or_give_up() -> Iterator[None]:
    """What is Missing skips on a laptop and fails where CI is set: there a skip hides a hole."""
    try:
        yield
    except Missing as missing:
        if os.environ.get("CI", "").lower() in ("", "0", "false"):
            pytest.skip(str(missing))
        pytest.fail(str(missing), pytrace=False)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Running:
    """One program, started on entering and gone, with its folder, on leaving.

    A subclass says how to prepare the folder, what to run and how to see that it answers.
    """

    name: ClassVar[str]
    accounts: ClassVar[tuple[str, ...]] = ()  # whom to run as when the tests run as root
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM
    seconds_to_start: ClassVar[float] = 30.0
    url: str
    process: subprocess.Popen[bytes]

    def __init__(self) -> None:
        self.port = free_port()

    def prepare(self) -> None: ...

    def command(self) -> list[str]:
        raise NotImplementedError

    def environment(self) -> Mapping[str, str]:
        return os.environ

    def ping(self) -> None:
        """Raises as long as the server does not answer a real query."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix=f"datamind-{self.name}-"))
        self.log = self.folder / f"{self.name}.log"
        self.working_folder = self.folder
        try:
            if account := self._account():
                shutil.chown(self.folder, account)
            self.prepare()
            self.start()
        except BaseException:
            self._remove_folder()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.stop()
        finally:
            self._remove_folder()

    def start(self) -> None:
        # Should the test run be killed outright, the kernel ends the server too.
        leash = ["setpriv", "--pdeathsig", self.stop_signal.name[3:], "--"]
        command = [*(leash if shutil.which("setpriv") else []), *self.command()]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.working_folder,
                env=self.environment(),
                # Ctrl-C belongs to pytest, which then stops the servers in order.
                start_new_session=True,
                **self._identity(),
            )
        try:
            self._wait_until_it_answers()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End it, politely for 10 seconds. Stopping what is already stopped does nothing."""
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def restart(self) -> None:
        """Stop and start again on the same port with the same data."""
        self.stop()
        self.start()

    def last_words(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-4000:]

    def run(self, *command: str) -> None:
        """Run a program that prepares the ground, as the server would run."""
        done = subprocess.run(
            command,
            cwd=self.working_folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            **self._identity(),
        )
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + self.seconds_to_start
        while True:
            try:
                self.ping()
            except Exception as problem:
                if self.process.poll() is None and time.monotonic() < deadline:
                    time.sleep(0.02)
                    continue
                raise RuntimeError(f"{self.name} did not start:\n{self.last_words()}") from problem
            return

    def _account(self) -> str | None:
        if not self.accounts or os.geteuid() != 0:
            return None
        known = {entry.pw_name for entry in pwd.getpwall()}
        return next(name for name in (*self.accounts, "nobody") if name in known)

    def _identity(self) -> dict[str, object]:
        account = self._account()
        if account is None:
            return {}
        return {"user": account, "group": pwd.getpwnam(account).pw_gid, "extra_groups": []}

    def _remove_folder(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
