"""A check from outside may run SQL here: through the product's own guard and connectors."""

import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from core import connectors, guard
from core.connectors.base import Cancel, Connector, Limits, Target
from core.errors import BadInput
from core.types import DatabaseSchema

_LIMITS: Final = Limits()


def run_checked(sql: str, dialect: str) -> list[tuple[Any, ...]]:
    """The rows of a query on the databases of an outside judge, who has no DataMind of his own.

    `dialect` is postgres, mysql or sqlite; the databases are those of these environment variables
    (in brackets what holds without them): CHECKED_POSTGRES_PORT (8801), CHECKED_POSTGRES_DATABASE
    (shop_tpl, of which the schema public is read), CHECKED_MYSQL_PORT (8802),
    CHECKED_MYSQL_DATABASE (shop), both on 127.0.0.1 with CHECKED_USER (app_ro) and
    CHECKED_PASSWORD (pw), and CHECKED_SQLITE (shop.db in the folder redteam of the machine's
    temporary ones). At most 10,000 rows, as in the product.
    Raises UnsafeSql for what the guard refuses, and what connectors raise.
    """
    connector, schema = _opened(dialect)
    safe = guard.check(sql, schema.guarded_as, guard.Policy.of(schema))
    table = connector.run(safe, _LIMITS, Cancel()).table
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


@cache
def _opened(dialect: str) -> tuple[Connector, DatabaseSchema]:
    place = _PLACES.get(dialect)
    if place is None:
        raise BadInput(f"There is no database of the dialect {dialect} to check.")
    connector = connectors.open(*place())
    return connector, connector.read_schema()


def _postgres() -> tuple[str, Target]:
    return "postgresql", replace(_server("POSTGRES", 8801, "shop_tpl"), schemas=("public",))


def _mysql() -> tuple[str, Target]:
    return "mysql", _server("MYSQL", 8802, "shop")


def _sqlite() -> tuple[str, Target]:
    usual = Path(tempfile.gettempdir()) / "redteam" / "shop.db"
    return "sqlite", Target("checked", "1", paths=(Path(_told("SQLITE", str(usual))),))


def _server(kind: str, port: int, database: str) -> Target:
    return Target(
        connection_id=f"checked {kind}",
        version="1",
        host="127.0.0.1",
        port=int(_told(f"{kind}_PORT", str(port))),
        database=_told(f"{kind}_DATABASE", database),
        username=_told("USER", "app_ro"),
        password=_told("PASSWORD", "pw"),
    )


def _told(name: str, usual: str) -> str:
    return os.environ.get(f"CHECKED_{name}", usual)


_PLACES: Final[dict[str, Callable[[], tuple[str, Target]]]] = {
    "postgres": _postgres,
    "mysql": _mysql,
    "sqlite": _sqlite,
}
