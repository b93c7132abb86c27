"""The installation's own secrets: made at random on the first start, kept under `home`."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from core.config import SECRETS_FILE
from core.errors import BadSettings

NAMES = ("ENCRYPTION_KEY", "SIGNING_SECRET")


@dataclass(frozen=True)
class SecretsFile:
    """Where the secrets are, and whether they were made just now."""

    path: Path
    created: bool


def ensure(home: Path) -> SecretsFile:
    """Create `secrets.env` (mode 600) with random values unless it exists.

    Raises BadSettings when the folder cannot be written.
    """
    path = home / SECRETS_FILE
    if path.exists():
        return SecretsFile(path, created=False)
    lines = [f"{name}={secrets.token_urlsafe(48)}" for name in NAMES]
    make_home(home)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return SecretsFile(path, created=False)
    except OSError as error:
        raise _cannot_write(home, error) from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("# Made on the first start. Keep it: stored connection passwords need it.\n")
        file.write("\n".join(lines) + "\n")
    return SecretsFile(path, created=True)


def make_home(home: Path) -> None:
    """Make the installation's folder. Raises BadSettings when that is not possible."""
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot_write(home, error) from error


def _cannot_write(home: Path, error: OSError) -> BadSettings:
    return BadSettings(
        f"The folder {home} cannot be written ({error.strerror}).",
        "Free some space, make it writable, or set DATAMIND_HOME to a folder that is.",
    )
