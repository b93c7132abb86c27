"""`python -m core.security.rotate`: a new encryption key, and everything sealed anew with it.

Where the key is in DataMind's own secrets file, a new one is made and put first; the old one stays
behind it until `--finish`, so that processes that still run lose nothing. Where the key comes from
the environment, put a new one first there, restart, and run this.
"""

import os
import secrets
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from core import config
from core.config import SECRETS_FILE
from core.errors import BadSettings, CannotConnect
from core.security.vault import Vault
from core.store.session import Sessions
from core.store.tables import Connection, Delivery, Destination

NAME: Final = "ENCRYPTION_KEY"
FINISH: Final = "--finish"


@dataclass(frozen=True)
class Resealed:
    """How many texts are sealed with the first key now, and how many no key could read."""

    done: int
    unreadable: int


def reseal(sessions: Sessions, vault: Vault) -> Resealed:
    """Seal every kept secret anew with the vault's first key, in one transaction.

    What no key can read stays as it is: its connection has to be given its password again.
    """
    done = unreadable = 0
    with sessions.write() as db:
        for row, field in _sealed(db):
            try:
                _put(row, field, vault.rotate(_get(row, field)))
                done += 1
            except CannotConnect:
                unreadable += 1
    return Resealed(done, unreadable)


def _sealed(db: sa.orm.Session) -> Iterator[tuple[Any, str]]:
    """Each row and field that holds a sealed text."""
    for connection in db.scalars(sa.select(Connection)):
        for field in ("password_encrypted", "readonly_password_encrypted"):
            if getattr(connection, field):
                yield connection, field
    for destination in db.scalars(sa.select(Destination)):
        yield destination, "config_encrypted"
    for letter in db.scalars(sa.select(Delivery)):
        if "sealed" in letter.notice:
            yield letter, "notice"


def _get(row: Any, field: str) -> str:
    kept = getattr(row, field)
    return str(kept["sealed"] if field == "notice" else kept)


def _put(row: Any, field: str, sealed: str) -> None:
    setattr(row, field, {**row.notice, "sealed": sealed} if field == "notice" else sealed)


def keys_in(file: Path) -> tuple[str, ...]:
    """The encryption keys of the secrets file, the newest first; none where it has none."""
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    found = [line.partition("=")[2] for line in lines if line.startswith(f"{NAME}=")]
    return tuple(filter(None, map(str.strip, found[0].split(",")))) if found else ()


def write_keys(file: Path, keys: tuple[str, ...]) -> None:
    """Put these keys into the secrets file, whole or not at all, for its owner alone."""
    lines = file.read_text("utf-8").splitlines()
    new = [f"{NAME}={','.join(keys)}" if line.startswith(f"{NAME}=") else line for line in lines]
    beside = file.with_suffix(".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as written:
        written.write("\n".join(new) + "\n")
    beside.replace(file)


def rotate(*, finish: bool = False) -> str:
    """Rotate the key of this installation; returns what was done and what is left to do.

    Raises BadSettings.
    """
    settings = config.load()
    file = settings.datamind_home / SECRETS_FILE
    keys = settings.encryption_key.get_secret_value()
    ours = bool(keys) and keys_in(file) == tuple(filter(None, map(str.strip, keys.split(","))))
    if ours and not finish:
        write_keys(file, (secrets.token_urlsafe(48), *keys_in(file)))
        keys = ",".join(keys_in(file))
    sessions = Sessions(settings.database_url)
    try:
        told = reseal(sessions, Vault(keys))
    finally:
        sessions.close()
    said = f"{told.done} secrets are sealed with the first key."
    if told.unreadable:
        said += f" {told.unreadable} could not be read: enter those passwords again."
    if ours and finish:
        write_keys(file, keys_in(file)[:1])
        return f"{said} The old keys are gone."
    if ours:
        return f"{said} Restart DataMind and its workers, then run this with {FINISH}."
    if "," in keys:
        return f"{said} Once all have restarted, {NAME} can be the first key alone."
    return f"{said} To change the key, put a new one first ({NAME}=new,old), restart, run this."


def main() -> None:
    """Rotate, and say what was done."""
    try:
        print(rotate(finish=FINISH in sys.argv[1:]))
    except BadSettings as problem:
        sys.exit(f"{problem.message} {problem.hint}")


if __name__ == "__main__":
    main()
