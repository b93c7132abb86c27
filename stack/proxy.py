"""nginx before the replicas, from the template that compose.yaml uses too."""

import re
from collections.abc import Mapping
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

from stack.running import Running, find

TEMPLATE: Final = Path(__file__).with_name("nginx.conf.template")


def filled_in(values: Mapping[str, str]) -> str:
    """The configuration with these values. Raises KeyError for one that is missing."""
    return re.sub(r"\$\{(\w+)\}", lambda hit: values[hit[1]], TEMPLATE.read_text("utf-8"))


class Nginx(Running):
    """The proxy. `replicas` are the two addresses it sends people to, as host:port."""

    name = "nginx"
    accounts = ("www-data", "nginx")

    def __init__(
        self,
        replicas: tuple[str, str],
        folder: Path | None = None,
        port: int | None = None,
        tls: Path | None = None,
    ) -> None:
        super().__init__(folder, port)
        self.replicas = replicas
        self.tls = tls
        self.url = f"http://127.0.0.1:{self.port}"

    def prepare(self) -> None:
        """Write its configuration."""
        values = {
            "PROXY_STATE": str(self.folder),
            "PROXY_LOG": str(self.folder / "access.log"),
            "PROXY_LISTEN": f"127.0.0.1:{self.port}",
            "PROXY_TLS": str(self.tls or self.folder / "tls" / "*.conf"),
            "PROXY_RESOLVER": "",
            "PROXY_BODY_LIMIT": "210m",
            "APP_RESOLVE": "",
            "APP_1": self.replicas[0],
            "APP_2": self.replicas[1],
        }
        self.configuration = self.folder / "nginx.conf"
        self.configuration.write_text(filled_in(values), "utf-8")

    def command(self) -> list[str]:
        """The words that start it."""
        words = ("-c", str(self.configuration), "-p", str(self.folder), "-g", "daemon off;")
        return [find("nginx"), *words]

    def ping(self) -> None:
        """Raises unless it answers."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
            connection.request("GET", "/proxy-alive")
            if connection.getresponse().status != 200:
                raise RuntimeError("nginx answers, but does not know /proxy-alive")
