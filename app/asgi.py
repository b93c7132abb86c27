"""Where everything is put together: screens, routes, and the embedded worker."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import dramatiq
import streamlit as st
from starlette.concurrency import run_in_threadpool

from app import headers, measuring, problems, replicas, resources, sockets
from app.routes import alerts, files, health, metrics, session
from core import connectors, datamind, installation, logs, tracing
from core.datamind import DataMind
from core.errors import BadSettings
from workers import broker as brokers
from workers import embedded

IMPORTED_EARLY = ("pandas", "plotly.graph_objects", "core.ask", "core.answers", "core.export.excel")
"""What screens need sooner or later: imported before the server is ready, then frozen."""


FINISHING_SECONDS = 10.0
"""Questions under way come to their end when the server is stopped."""


@dataclass(frozen=True)
class House:
    """The opened DataMind and the broker it wakes workers through."""

    dm: DataMind
    broker: dramatiq.Broker


_house: list[House] = []


def open_house() -> House:
    """Open DataMind once for this process: settings, database, demo. Raises BadSettings."""
    if _house:
        return _house[0]
    settings = installation.settings()
    logs.set_up(settings)
    tracing.set_up("app")
    if not settings.embedded_worker and not settings.redis_url:
        raise BadSettings(
            "EMBEDDED_WORKER is off and there is no REDIS_URL: nobody would do the work.",
            "Set REDIS_URL, or leave EMBEDDED_WORKER on.",
        )
    broker = brokers.open_broker(settings)
    dm = datamind.build(settings, brokers.WorkerQueue(broker))
    connectors.warm()
    installation.prepare(dm)
    resources.use(dm)
    _house.append(House(dm, broker))
    return _house[0]


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Open the house, work while the server runs, and close it.

    Streamlit collects garbage after every run of a script; what is there from the start is
    frozen, so that a light rerun costs milliseconds.
    """
    house = await run_in_threadpool(open_house)
    for name in IMPORTED_EARLY:
        import_module(name)
    settings = house.dm.settings
    with embedded.running(house.dm, house.broker) if settings.embedded_worker else nullcontext():
        gc.collect()
        gc.freeze()
        yield {}
    await run_in_threadpool(datamind.close, house.dm, patience=FINISHING_SECONDS)
    tracing.shut_down()


app = st.App(
    str(Path(__file__).with_name("main.py")),
    routes=[*alerts.ROUTES, *files.ROUTES, *health.ROUTES, *metrics.ROUTES, *session.ROUTES],
    middleware=[
        *measuring.MIDDLEWARE,
        *headers.MIDDLEWARE,
        *replicas.MIDDLEWARE,
        *sockets.MIDDLEWARE,
    ],
    lifespan=lifespan,
    on_script_error=problems.on_script_error,
)
