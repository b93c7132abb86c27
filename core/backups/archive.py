"""What a backup looks like: a zip of tables, one row a line, of files, and of a page about them.

The rows are written with their types, not as a server's dump: a backup of SQLite can be restored
into PostgreSQL and the other way round, and one of an older version into a newer one.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from uuid import UUID
from zipfile import BadZipFile, ZipFile

import sqlalchemy as sa

from core.errors import BadInput
from core.store.tables.base import UtcDateTime, portable_json

FORMAT: Final = 1
ABOUT: Final = "about.json"
TABLES, FILES = "tables", "files"
KEY_PROOF: Final = "DataMind"


@dataclass(frozen=True)
class About:
    """What is in a backup. `columns` are names and types by table, in the order of filling.

    `key_proof` is a word sealed with the installation's encryption key: who can open it can also
    open the passwords of the connections.
    """

    made_at: str
    revision: str
    key_proof: str
    columns: Mapping[str, Mapping[str, str]]
    rows: Mapping[str, int]
    files: int
    format: int = FORMAT

    def to_json(self) -> str:
        """As it stands in the file."""
        return json.dumps(asdict(self), indent=1)


def about(path: Path, backup: ZipFile) -> About:
    """The page about a backup. Raises BadInput for a file that is none."""
    try:
        said = json.loads(backup.read(ABOUT))
        if said["format"] == FORMAT:
            return About(**said)
    except (KeyError, ValueError, TypeError) as error:
        raise not_a_backup(path) from error
    raise BadInput(
        "This backup was made by a newer DataMind.", "Update DataMind, then restore it again."
    )


def opened(path: Path) -> ZipFile:
    """The backup for reading. Raises BadInput."""
    try:
        return ZipFile(path)
    except (OSError, BadZipFile) as error:
        raise not_a_backup(path) from error


def not_a_backup(path: Path) -> BadInput:
    """What to say of a file that cannot be read as a backup."""
    return BadInput(
        f"{path} is not a whole backup of DataMind.",
        "Choose a file that `./datamind backup` made, or one that was copied completely.",
    )


@dataclass(frozen=True)
class _Kind:
    """A type of columns: how it is written down, and read again."""

    fits: type[sa.types.TypeEngine[Any]]
    column: sa.types.TypeEngine[Any]
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def _as_is(value: Any) -> Any:
    return value


def _time(value: datetime) -> str:
    return value.isoformat()


# The first that fits counts: a type stands before those that it is a kind of.
_KINDS: Final[dict[str, _Kind]] = {
    "time": _Kind(UtcDateTime, UtcDateTime(), _time, datetime.fromisoformat),
    "day": _Kind(sa.Date, sa.Date(), date.isoformat, date.fromisoformat),
    "id": _Kind(sa.Uuid, sa.Uuid(), str, UUID),
    "json": _Kind(sa.JSON, portable_json(), _as_is, _as_is),
    "yes or no": _Kind(sa.Boolean, sa.Boolean(), _as_is, _as_is),
    "whole": _Kind(sa.Integer, sa.BigInteger(), _as_is, _as_is),
    "float": _Kind(sa.Float, sa.Double(), _as_is, _as_is),
    "decimal": _Kind(sa.Numeric, sa.Numeric(30, 12), str, Decimal),
    "text": _Kind(sa.String, sa.Text(), _as_is, _as_is),
}


def kind_of(column: sa.types.TypeEngine[Any]) -> str:
    """The name of a column's type in a backup."""
    return next(name for name, kind in _KINDS.items() if isinstance(column, kind.fits))


def line(row: Mapping[str, Any], columns: Mapping[str, str]) -> bytes:
    """A row as it stands in a backup."""
    values = [
        None if row[name] is None else _KINDS[kind].write(row[name])
        for name, kind in columns.items()
    ]
    return json.dumps(values, ensure_ascii=False).encode() + b"\n"


def row(written: bytes, columns: Mapping[str, str]) -> dict[str, Any]:
    """A row as it goes into a table."""
    values = zip(columns.items(), json.loads(written), strict=True)
    return {
        name: None if value is None else _KINDS[kind].read(value) for (name, kind), value in values
    }


def table(name: str, columns: Mapping[str, str]) -> sa.TableClause:
    """The table to fill: as it was when the backup was made, whatever it is like today."""
    return sa.table(name, *(sa.column(c, _KINDS[kind].column) for c, kind in columns.items()))
