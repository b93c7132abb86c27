"""A program started for `make stack` or a test: in a folder of its own, on a port of 127.0.0.1.

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
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Self

INSTALL = "sudo sh scripts/test-deps.sh"
ROOT = Path(__file__).parent.parent


class Missing(Exception):
    """A program that is needed is not installed; the message says how to get it."""

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


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Running:
    """One program, started on entering and gone on leaving.

    A subclass says how to prepare the folder, what to run and how to see that it answers. A
    folder that is given is kept; without one it gets a temporary one, gone on leaving too.
    """

    name: ClassVar[str]
    accounts: ClassVar[tuple[str, ...]] = ()  # whom to run as when root starts it
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM
    seconds_to_start: ClassVar[float] = 30.0
    seconds_to_stop: ClassVar[float] = 10.0
    url: str
    process: subprocess.Popen[bytes]

    def __init__(self, folder: Path | None = None, port: int | None = None) -> None:
        self.port = port or free_port()
        self._kept = folder

    def prepare(self) -> None:
        """Put into the folder what the program needs; it may have been there before."""

    def command(self) -> list[str]:
        """The words that start it."""
        raise NotImplementedError

    def environment(self) -> Mapping[str, str]:
        """What it sees of the environment."""
        return os.environ

    def ping(self) -> None:
        """Raises as long as the server does not answer a real query."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        self.lay_out()
        try:
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

    def lay_out(self) -> None:
        """Make its folder, which belongs to whom it runs as."""
        if self._kept:
            self.folder = self._kept
            self.folder.mkdir(parents=True, exist_ok=True)
        else:
            self.folder = Path(tempfile.mkdtemp(prefix=f"datamind-{self.name}-"))
        self.log = self.folder / f"{self.name}.log"
        self.working_folder = self.folder
        if account := self._account():
            shutil.chown(self.folder, account)

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.launch()
        self.wait_until_it_answers()

    def launch(self) -> None:
        """Start it, without waiting."""
        # Should whoever started it be killed outright, the kernel ends it too.
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
                # Ctrl-C belongs to whoever started it, and stops everything in order.
                start_new_session=True,
                **self._identity(),  # type: ignore[call-overload]
            )

    def wait_until_it_answers(self) -> None:
        """Wait for the first answer. Raises RuntimeError with its last words; it is ended then."""
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def ask_to_stop(self) -> None:
        """Send it the signal it stops at, without waiting."""
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def stop(self) -> None:
        """End it, politely at first. Stopping what is already stopped does nothing."""
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
        self.wait_until_stopped()

    def wait_until_stopped(self) -> None:
        """Wait until it has ended, and end it the hard way when that takes too long."""
        try:
            self.process.wait(timeout=self.seconds_to_stop)
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
            check=False,
            cwd=self.working_folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            **self._identity(),  # type: ignore[call-overload]
        )
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")

    def _wait(self) -> None:
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
        if not self._kept:
            shutil.rmtree(self.folder, ignore_errors=True)
