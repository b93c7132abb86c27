"""`./datamind doctor`: what is wrong with this installation, in sentences. It changes nothing."""

import os
import sys
from pathlib import Path

from core import config, datamind, health
from core.config import Settings
from core.errors import BadSettings, CannotConnect
from core.store.objects import Objects
from core.store.queue import SilentQueue


def problems(settings: Settings) -> tuple[str, ...]:
    """One sentence for each thing that is wrong; none when all is well. Never raises."""
    home = settings.datamind_home
    if not home.is_dir():
        return (f"The folder {home} is not there yet: start DataMind once, or set DATAMIND_HOME.",)
    return (*_folder(home), *_files(settings), *_database(settings))


def _folder(home: Path) -> tuple[str, ...]:
    if os.access(home, os.W_OK):
        return ()
    return (f"The folder {home} cannot be written: give it to the user DataMind runs as.",)


def _files(settings: Settings) -> tuple[str, ...]:
    if not settings.files_url:
        return ()
    try:
        next(iter(Objects(settings.files_url).names()), None)
    except (BadSettings, CannotConnect):
        return ("The place of files does not answer: check FILES_URL and its keys.",)
    return ()


def _database(settings: Settings) -> tuple[str, ...]:
    # SQLite would make an empty file where there is none.
    file = Path(settings.database_url.removeprefix("sqlite:///"))
    if settings.embedded_database and not file.exists():
        return ("There is no application database yet: start DataMind once.",)
    try:
        dm = datamind.build(settings, SilentQueue())
    except BadSettings as problem:
        return (f"{problem.message} {problem.hint}",)
    try:
        found = health.ready(dm)
    finally:
        datamind.close(dm)
    if found.database == "unreachable":
        return ("The application database does not answer: check DATABASE_URL and its server.",)
    if found.database == "behind":
        return ("The application database is not at this version: run ./datamind migrate.",)
    return found.degraded


def main() -> int:
    """Print what is wrong; 1 when something is."""
    try:
        found = problems(config.load())
    except BadSettings as problem:
        found = (f"{problem.message} {problem.hint}",)
    print("\n".join(found) or "All is well.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
