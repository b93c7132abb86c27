"""The proxy's own work, before a replica that only says what it was sent."""

import json
import shutil
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from stack.proxy import TEMPLATE, Nginx
from tests.running import free_port, or_give_up

NOBODY = "127.0.0.1:1"


class Echo(BaseHTTPRequestHandler):
    """Answers with the headers it got."""

    def do_GET(self) -> None:
        body = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def replica() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def told(connection: HTTPConnection, **headers: str) -> dict[str, str]:
    with closing(connection):
        connection.request("GET", "/", headers=headers)
        return dict(json.loads(connection.getresponse().read()))


def test_it_names_the_client_itself_and_believes_nobody_about_it(replica: str) -> None:
    with or_give_up(), Nginx((replica, replica)) as proxy:
        lie = {"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "https"}
        from_two = HTTPConnection("127.0.0.1", proxy.port, source_address=("127.0.0.2", 0))
        sent = told(from_two, **lie)
    assert (sent["x-forwarded-for"], sent["x-forwarded-proto"]) == ("127.0.0.2", "http")


def test_the_other_replica_answers_when_the_kept_one_is_away(replica: str) -> None:
    with or_give_up(), Nginx((NOBODY, replica)) as proxy:
        sent = told(HTTPConnection("127.0.0.1", proxy.port), Cookie="datamind_replica=app-1")
    assert sent["host"] == f"127.0.0.1:{proxy.port}"


def test_a_page_says_it_when_no_replica_answers() -> None:
    with (
        or_give_up(),
        Nginx((NOBODY, NOBODY)) as proxy,
        closing(HTTPConnection("127.0.0.1", proxy.port)) as connection,
    ):
        connection.request("GET", "/")
        answer = connection.getresponse()
        page = answer.read().decode()
    assert (answer.status, answer.getheader("Retry-After")) == (503, "5")
    assert "tries again by itself" in page


def test_tls_is_the_example_and_a_certificate(replica: str) -> None:
    made = Path(tempfile.mkdtemp(prefix="datamind-tls-"))  # nginx is a user of its own
    made.chmod(0o755)
    try:
        port = free_port()
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
                *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
                *("-keyout", str(made / "key.pem"), "-out", str(made / "certificate.pem")),
            ],
            check=True,
            capture_output=True,
        )
        (made / "key.pem").chmod(0o644)
        example = (TEMPLATE.parent / "tls" / "tls.conf.example").read_text()
        own = example.replace("8443", f"127.0.0.1:{port}").replace("/etc/nginx/tls", str(made))
        (made / "tls.conf").write_text(own)
        context = ssl.create_default_context(cafile=str(made / "certificate.pem"))
        with or_give_up(), Nginx((replica, replica), tls=made / "tls.conf") as proxy:
            assert proxy.process.poll() is None
            sent = told(HTTPSConnection("localhost", port, context=context))
        assert sent["x-forwarded-proto"] == "https"
    finally:
        shutil.rmtree(made)
