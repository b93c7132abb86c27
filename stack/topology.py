"""Everything that compose.yaml describes, as processes of this machine, looked after."""

import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import structlog

from stack.product import App, Product, Role
from stack.proxy import Nginx
from stack.running import ROOT, Running
from stack.servers import Postgres, Redis

log = structlog.get_logger(__name__)

DATABASE: Final = "datamind"
RESTART_SECONDS: Final = 1.0
QUEUE: Final = ("--appendonly", "yes", "--maxmemory", "512mb", "--maxmemory-policy", "noeviction")
CACHE: Final = ("--save", "", "--appendonly", "no", "--maxmemory", "256mb")
LRU: Final = ("--maxmemory-policy", "allkeys-lru")


class Stack:
    """PostgreSQL, two Redis, two each of app, worker and scheduler, and nginx before them.

    Entering makes the database, migrates it and starts all; leaving stops all, the proxy first and
    the stores last. `look_after` starts again what ended by itself, as compose's restart does.
    All data and logs are under `folder`, which is kept.
    """

    def __init__(self, folder: Path, port: int | None = None, **settings: str) -> None:
        self.folder = folder.resolve()
        self.given = settings
        self.port = port
        self.parts: dict[str, Running] = {}
        self.stopped: set[str] = set()
        self._ended: dict[str, float] = {}

    @property
    def url(self) -> str:
        """Where people reach it: the proxy."""
        return f"http://127.0.0.1:{self.parts['nginx'].port}"

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.stop_all()
            raise
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.stop_all()

    def stop_all(self) -> None:
        """Stop everything, those who ask before those who answer."""
        ours = [name for name in self.parts if name.split("-")[0] in ("app", "worker", "scheduler")]
        proxy = [name for name in self.parts if name == "nginx"]
        stores = [name for name in self.parts if name not in (*ours, *proxy)]
        for names in (proxy, ours, stores):
            running = [self.parts[name] for name in names if self._runs(name)]
            for part in running:
                part.ask_to_stop()
            for part in running:
                part.wait_until_stopped()

    def stop(self, name: str) -> None:
        """Stop a part until it is started again by hand."""
        self.stopped.add(name)
        self.parts[name].stop()

    def kill(self, name: str) -> None:
        """End a part at once, as an accident would; `look_after` starts it again."""
        self.parts[name].process.kill()
        self.parts[name].process.wait()

    def start(self, name: str) -> None:
        """Start a part that was stopped, and wait until it answers."""
        self.parts[name].start()
        self.stopped.discard(name)

    def look_after(self) -> None:
        """Start again what ended by itself a second ago. To be called every so often."""
        now = time.monotonic()
        for name, part in self.parts.items():
            if name in self.stopped or self._runs(name):
                self._ended.pop(name, None)
            elif now - self._ended.setdefault(name, now) >= RESTART_SECONDS:
                log.warning("started_again", part=name, code=part.process.returncode)
                del self._ended[name]
                part.launch()

    def _runs(self, name: str) -> bool:
        process = getattr(self.parts[name], "process", None)
        return process is not None and process.poll() is None

    def _start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._secrets()
        postgres = Postgres(
            self.folder / "postgres", password=self._secret("postgres_password"), durable=True
        )
        queue = Redis(self.folder / "queue", QUEUE)
        cache = Redis(self.folder / "cache", (*CACHE, *LRU))
        self._up({"postgres": postgres, "queue": queue, "cache": cache})
        with postgres.connect() as admin:
            known = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,))
            if known.fetchone() is None:
                admin.execute(f"CREATE DATABASE {DATABASE}")
        self.settings = self._settings(postgres.url_of(DATABASE), queue.url, cache.url)
        self._once("migrate")
        if self.settings["DATAMIND_DEMO"] == "on":
            self._once("demo")
        apps = {f"app-{n}": self._app(n) for n in (1, 2)}
        roles = {
            f"{role}-{n}": Role(role, self.folder / f"{role}-{n}", **self.settings)
            for role in ("worker", "scheduler")
            for n in (1, 2)
        }
        first, second = (f"127.0.0.1:{app.port}" for app in apps.values())
        self._up({**apps, **roles})
        self._up({"nginx": Nginx((first, second), self.folder / "nginx", self.port)})

    def _app(self, number: int) -> App:
        name = f"app-{number}"
        return App(self.folder / name, REPLICA_NAME=name, **self.settings)

    def _up(self, parts: dict[str, Running]) -> None:
        for name, part in parts.items():
            part.lay_out()
            part.prepare()
            self.parts[name] = part
            part.launch()
        for part in parts.values():
            part.wait_until_it_answers()

    def _once(self, word: str) -> None:
        command = Product(self.folder / "once", **self.settings)
        command.words = (word,)
        command.lay_out()
        command.prepare()
        command.run(*command.command())

    def _settings(self, database: str, queue: str, cache: str) -> dict[str, str]:
        return {
            "ENVIRONMENT": "production",
            "DATAMIND_HOME": str(self.folder / "home"),
            "DATABASE_URL": database,
            "REDIS_URL": queue,
            "CACHE_REDIS_URL": cache,
            "EMBEDDED_WORKER": "false",
            "ENCRYPTION_KEY_FILE": str(self.folder / "secrets" / "encryption_key"),
            "SIGNING_SECRET_FILE": str(self.folder / "secrets" / "signing_secret"),
            "TRUSTED_PROXIES": "127.0.0.1",
            "DATAMIND_DEMO": "on",
            "LOG_FORMAT": "json",
            **self.given,
        }

    def _secrets(self) -> None:
        script = str(ROOT / "scripts" / "make-secrets.sh")
        words = ["sh", script, str(self.folder / "secrets")]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)

    def _secret(self, name: str) -> str:
        return (self.folder / "secrets" / name).read_text().strip()
