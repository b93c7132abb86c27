"""Figures of a worker or scheduler for Prometheus, on a port of their own."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from core.datamind import DataMind
from core.errors import BadSettings
from core.exposition import CONTENT_TYPE, Exposition


@contextmanager
def served(dm: DataMind) -> Iterator[int]:
    """Serve /metrics while the context lasts, where METRICS_PORT and METRICS_TOKEN are set.

    Gives the port, 0 for none. Raises BadSettings for a port that is taken.
    """
    settings = dm.settings
    token = settings.metrics_token.get_secret_value()
    if not settings.metrics_port or not token:
        yield 0
        return
    figures = Exposition(dm)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            given = self.headers.get("Authorization", "").encode()
            if self.path != "/metrics":
                self.send_error(404)
            elif not secrets.compare_digest(given, f"Bearer {token}".encode()):
                self.send_error(401)
            else:
                self._answer(figures.text())

        def _answer(self, text: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", CONTENT_TYPE)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: object) -> None:
            """A scrape is nothing to tell."""

    try:
        server = ThreadingHTTPServer((settings.host, settings.metrics_port), Handler)
    except OSError as error:
        raise BadSettings(
            f"METRICS_PORT {settings.metrics_port} cannot be used: {error.strerror}.",
            "Choose another one, or leave it empty.",
        ) from error
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
