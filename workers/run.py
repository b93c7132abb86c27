"""`python -m workers.run worker|scheduler`: the hands and the clock as processes of their own."""

import signal
import sys
import threading

from core import config, datamind, logs, tracing
from core.errors import BadSettings
from workers import broker as brokers
from workers import hands, metrics, scheduler

THREADS = 8


def main(role: str) -> None:
    """Run until SIGTERM or Ctrl-C; a job under way is finished first."""
    settings = config.load()
    logs.set_up(settings)
    tracing.set_up(role)
    if not settings.redis_url:
        raise BadSettings(
            "A worker of its own needs Redis.",
            "Set REDIS_URL, or leave EMBEDDED_WORKER on and start only the app.",
        )
    broker = brokers.open_broker(settings)
    dm = datamind.build(settings, brokers.WorkerQueue(broker))
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    with metrics.served(dm):
        if role == "scheduler":
            scheduler.run(dm, over)
        else:
            with hands.at_work(dm, broker, threads=THREADS):
                over.wait()
    datamind.close(dm)
    tracing.shut_down()


if __name__ == "__main__":
    if sys.argv[1:] not in (["worker"], ["scheduler"]):
        sys.exit("Say what to run: python -m workers.run worker, or … scheduler")
    try:
        main(sys.argv[1])
    except BadSettings as problem:
        sys.exit(f"{problem.message} {problem.hint}")
