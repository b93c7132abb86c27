"""How many people one replica carries: real websocket sessions, each signed in, each clicking.

One app process on PostgreSQL and Redis with the demo. Every person opens the page, then acts every
10 seconds on average: nine times of ten the screen for questions is drawn again, once the demo's
dashboards are opened. Counted from the click to the end of the script's run, with the app's share
of a core and its memory. The people are one process of asyncio on the other core. The CPU time of
a run hardly changes on a busy machine, the time until its end does. Not counted: the queries of
questions, which wait for a database, and what a browser does with what it is sent.
"""

import asyncio
import os
import random
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from core import accounts, datamind
from core import sessions as signed
from core.config import load
from core.demo import organization as demo
from core.store.queue import SilentQueue
from stack.product import App, Product
from stack.servers import Postgres, Redis

STEPS = (25, 50, 100)
THINK = 10.0
SECONDS = 30.0
DASHBOARDS = 0.1
TICK = os.sysconf("SC_CLK_TCK")


class Session:
    """One signed-in browser's socket."""

    def __init__(self, url: str, token: str, seed: int) -> None:
        self.url, self.cookie = url, f"datamind_session={token}"
        self.random = random.Random(seed)
        self.page = ""
        self.took: dict[str, list[float]] = {"ask": [], "dashboards": []}
        self.failed = self.runs = 0

    async def live(self, until: float) -> None:
        """Open the page, and act until the time is over."""
        async with websockets.connect(
            self.url,
            additional_headers={"Cookie": self.cookie},
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=None,
            open_timeout=60,
        ) as socket:
            await self._run(socket, "ask", count=False)
            while (pause := self.random.expovariate(1 / THINK)) < until - time.monotonic():
                await asyncio.sleep(pause)
                page = "dashboards" if self.random.random() < DASHBOARDS else "ask"
                await self._run(socket, page)

    async def _run(self, socket: Any, page: str, *, count: bool = True) -> None:
        message = BackMsg()
        message.rerun_script.page_name = "" if page == "ask" else page
        began = time.perf_counter()
        await socket.send(message.SerializeToString())
        while True:
            got = ForwardMsg.FromString(await asyncio.wait_for(socket.recv(), 120))
            if got.WhichOneof("type") == "script_finished":
                break
        self.runs += 1
        if count:
            self.took[page].append(time.perf_counter() - began)
            self.failed += got.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY


def used(pid: int) -> tuple[float, float]:
    """CPU seconds and resident MiB of a process."""
    numbers = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return (int(numbers[11]) + int(numbers[12])) / TICK, pages * 4096 / 2**20


async def step(app: App, tokens: list[str], people: int) -> None:
    """So many people for half a minute."""
    url = f"ws://127.0.0.1:{app.port}/_stcore/stream"
    sessions = [Session(url, tokens[n % len(tokens)], n) for n in range(people)]
    cpu, _ = used(app.process.pid)
    began = time.monotonic()
    until = began + SECONDS

    async def come(number: int, session: Session) -> None:
        await asyncio.sleep(number * THINK / people)
        await session.live(until)

    await asyncio.gather(*(come(n, one) for n, one in enumerate(sessions)))
    now, memory = used(app.process.pid)
    share = (now - cpu) / (time.monotonic() - began)
    each = (now - cpu) / sum(one.runs for one in sessions)
    print(f"{people:4} people, {share:4.0%} of a core, {each * 1000:,.0f} ms of it a run", end="")
    print(f", {memory:,.0f} MiB", end="")
    for page in ("ask", "dashboards"):
        took = sorted(t for one in sessions for t in one.took[page])
        if len(took) > 1:
            late = took[int(len(took) * 0.95)]
            middle = statistics.median(took)
            print(f"; {page}: {len(took)} runs, p50 {middle * 1000:,.0f} ms", end="")
            print(f", p95 {late * 1000:,.0f} ms", end="")
    print(f"; {sum(one.failed for one in sessions)} failed", flush=True)


def main() -> None:
    """Start, sign everybody in, count."""
    with TemporaryDirectory() as name, Postgres() as postgres, Redis() as redis:
        settings = {
            "DATAMIND_HOME": f"{name}/home",
            "DATABASE_URL": postgres.url,
            "REDIS_URL": redis.url,
            "DATAMIND_DEMO": "on",
            "EMBEDDED_WORKER": "false",
            "ENCRYPTION_KEY": "k" * 40,
            "SIGNING_SECRET": "s" * 40,
        }
        maker = Product(Path(name) / "once", **settings)
        maker.words = ("demo",)
        maker.lay_out()
        maker.prepare()
        maker.run(*maker.command())
        dm = datamind.build(load(**{k.lower(): v for k, v in settings.items()}), SilentQueue())
        way_in = demo.sign_in(dm)
        assert way_in is not None
        user = accounts.sign_in(dm, email=way_in.emails[0], password=way_in.password)
        assert user is not None
        people = max(STEPS)
        tokens = [signed.begin_session(dm, signed.issue_ticket(dm, user)) for _ in range(people)]
        with App(Path(name) / "app", **settings) as app:
            print(f"nobody yet: {used(app.process.pid)[1]:,.0f} MiB")
            for count in map(int, sys.argv[1:]) if sys.argv[1:] else STEPS:
                asyncio.run(step(app, tokens, count))
        datamind.close(dm)


if __name__ == "__main__":
    main()
