"""An object store of our own that speaks S3 over HTTP: objects, parts, lists; nothing is signed."""

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape, unescape

ANY_TIME = "2026-10-15T00:00:00.000Z"
ANY_DAY = "Thu, 15 Oct 2026 00:00:00 GMT"


class FakeS3:
    """The server, as a context manager; `objects` holds what is kept, by bucket and key."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.requests: list[str] = []
        store = self

        class Handler(_Handler):
            kept = store

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @property
    def settings(self) -> dict[str, str]:
        """The variables that lead a client here."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": "eu-central-1",
        }

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    kept: FakeS3
    protocol_version = "HTTP/1.1"
    parts: dict[str, dict[int, bytes]] = {}  # noqa: RUF012

    def log_message(self, *_: Any) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        if "list-type" in self._query:
            return self._list()
        content = self.kept.objects.get(self._key)
        if content is None:
            return self._answer(404, "<Error><Code>NoSuchKey</Code></Error>")
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if wanted is None:
            return self._answer(200, content)
        first, last = int(wanted[1]), int(wanted[2] or len(content) - 1)
        self._answer(
            206,
            content[first : last + 1],
            ("Content-Range", f"bytes {first}-{min(last, len(content) - 1)}/{len(content)}"),
        )

    def do_HEAD(self) -> None:
        content = self.kept.objects.get(self._key)
        self._answer(404 if content is None else 200, content or b"", whole=False)

    def do_PUT(self) -> None:
        body = self._body()
        if "partNumber" in self._query:
            self.parts[self._query["uploadId"][0]][int(self._query["partNumber"][0])] = body
        else:
            self.kept.objects[self._key] = body
        self._answer(200, b"")

    def do_POST(self) -> None:
        body = self._body().decode()
        if "uploads" in self._query:
            number = str(len(self.parts) + 1)
            self.parts[number] = {}
            self._answer(
                200,
                "<InitiateMultipartUploadResult>"
                f"<UploadId>{number}</UploadId></InitiateMultipartUploadResult>",
            )
        elif "uploadId" in self._query:
            parts = self.parts.pop(self._query["uploadId"][0])
            self.kept.objects[self._key] = b"".join(parts[number] for number in sorted(parts))
            self._answer(
                200,
                "<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>",
            )
        else:
            said = ""
            for key in re.findall(r"<Key>(.*?)</Key>", body):
                self.kept.objects.pop(f"{self._key.rstrip('/')}/{unescape(key)}", None)
                said += f"<Deleted><Key>{key}</Key></Deleted>"
            self._answer(200, f"<DeleteResult>{said}</DeleteResult>")

    def do_DELETE(self) -> None:
        self.kept.objects.pop(self._key, None)
        self._answer(204, b"")

    def _list(self) -> None:
        bucket = self._key.strip("/")
        prefix = self._query.get("prefix", [""])[0]
        keys = [key.removeprefix(f"{bucket}/") for key in sorted(self.kept.objects)]
        found = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>{ANY_TIME}</LastModified>"
            f"<ETag>e</ETag><Size>{len(self.kept.objects[f'{bucket}/{key}'])}</Size></Contents>"
            for key in keys
            if key.startswith(prefix)
        )
        self._answer(
            200,
            f"<ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>",
        )

    @property
    def _key(self) -> str:
        return unquote(urlsplit(self.path).path).lstrip("/")

    @property
    def _query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.path).query, keep_blank_values=True)

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _answer(
        self, status: int, content: bytes | str, *headers: tuple[str, str], whole: bool = True
    ) -> None:
        self.kept.requests.append(f"{self.command} {self.path}")
        body = content.encode() if isinstance(content, str) else content
        self.send_response(status)
        for name, value in (("ETag", '"e"'), ("Last-Modified", ANY_DAY), *headers):
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if whole and status != 204:
            self.wfile.write(body)
