"""`make stack`: start it, say where it is, look after it until Ctrl-C or SIGTERM."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from stack.running import ROOT, Missing
from stack.topology import Stack

LOOK_SECONDS = 0.5


def main() -> int:
    """Run until told that it is over; 1 with a sentence when it cannot start."""
    parser = argparse.ArgumentParser(description="The production topology as local processes.")
    parser.add_argument("--port", type=int, default=None, help="where nginx listens; else free")
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "stack", help="its data")
    given = parser.parse_args()
    over = threading.Event()
    stack = Stack(given.folder, given.port)

    def end(*_: object) -> None:
        if not over.is_set():  # the second one must not break the stopping off
            over.set()
            raise KeyboardInterrupt

    # Ctrl-C too: what a shell starts in the background ignores it otherwise.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    try:
        print("Starting PostgreSQL, two Redis, migrations, apps, workers, schedulers, nginx …")
        with stack:
            _greet(stack)
            try:
                while not over.wait(LOOK_SECONDS):
                    stack.look_after()
            except KeyboardInterrupt:
                pass
            # Whoever presses Ctrl-C twice must not leave half of it behind.
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
            print("Stopping …", flush=True)
    except KeyboardInterrupt:
        print("Stopped before it was ready.")
    except (Missing, RuntimeError) as problem:
        print(problem, file=sys.stderr)
        return 1
    print("All stopped. The data is kept; remove the folder for a fresh start.")
    return 0


def _greet(stack: Stack) -> None:
    print(f"\n  DataMind is ready: {stack.url}\n")
    for name, part in stack.parts.items():
        print(f"    {name:12} pid {part.process.pid:<8} 127.0.0.1:{part.port:<6} {part.log}")
    home = stack.folder / "home"
    found = next((path for path in home.glob("*sign-in*")), None)
    if found:
        print(f"\n  Demo sign-in: the button “Try the demo”, or the password in {found}")
    print("\n  Ctrl-C stops all of it.\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
