"""Files that people bring are parsed in a child process: one that is hostile costs only itself."""

import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from core.connectors import ingest
from core.connectors.base import Cancel
from core.connectors.ingest import (
    BadCell,
    LoadedColumn,
    LoadedTable,
    Plan,
    Preview,
    Rows,
    UploadLimits,
    progress,
)
from core.connectors.sandbox import wire
from core.connectors.sandbox.children import OURS, Children, Lost
from core.errors import BadUpload, QueryFailed, QueryTimedOut

LOAD_SECONDS: Final = 900.0
LOOK_SECONDS: Final = 0.1

Tell = Callable[[str], None]


def load(
    source: Path,
    upload_name: str,
    destination: Path,
    *,
    limits: UploadLimits | None = None,
    plan: Plan | None = None,
    tell: Tell | None = None,
    children: Children = OURS,
) -> tuple[LoadedTable, ...]:
    """What `ingest.load` does, in a child. Raises BadUpload, also where the child had to die.

    `tell` is called with what is being done, from another thread.
    """
    plan = plan or Plan()
    question: wire.Head = {
        "op": "load",
        "kind": "",
        "target": None,
        "source": str(source.absolute()),
        "name": upload_name,
        "destination": str(destination.absolute()),
        "limits": asdict(limits or UploadLimits()),
        "plan": {
            "types": {table: dict(types) for table, types in plan.types.items()},
            "name": plan.name,
            "onto": str(plan.onto.absolute()) if plan.onto else None,
        },
    }
    try:
        with _told(destination, tell), children.borrowed("load", LOAD_SECONDS, Cancel()) as child:
            head, _ = child.ask(question, LOAD_SECONDS, Cancel(), 0)
    except QueryTimedOut as error:
        raise BadUpload(
            "The file took too long to read.", "Split it, or upload it when less is going on."
        ) from error
    except (Lost, QueryFailed) as error:
        raise BadUpload(
            "The file needs far more memory than its size promises, or cannot be read at all.",
            "In Excel, delete what is far below or right of the table (Ctrl+End shows it), or save "
            "the sheet as CSV; then upload it again.",
        ) from error
    if "error" in head:
        wire.raise_error(head)
    return tuple(map(_table, head["value"]))


def preview(
    source: Path,
    upload_name: str,
    rows: int = 50,
    *,
    limits: UploadLimits | None = None,
    plan: Plan | None = None,
    tell: Tell | None = None,
) -> tuple[Preview, ...]:
    """The tables that `load` would make, with their first rows; no file is kept.

    Reads the whole file, because types are decided on all values. Raises BadUpload.
    """
    with tempfile.TemporaryDirectory(prefix="preview-") as folder:
        path = Path(folder) / "preview.duckdb"
        tables = load(source, upload_name, path, limits=limits, plan=plan, tell=tell)
        return tuple(
            Preview(table, tuple(map(tuple, Rows(path, table)[:rows]))) for table in tables
        )


def answer(question: Mapping[str, Any]) -> wire.Head:
    """The child's side of `load`."""
    tables = ingest.load(
        Path(question["source"]),
        question["name"],
        Path(question["destination"]),
        limits=UploadLimits(**question["limits"]),
        plan=_plan(question["plan"]),
    )
    return {"value": [asdict(table) for table in tables]}


@contextmanager
def _told(destination: Path, tell: Tell | None) -> Iterator[None]:
    """Tell what is being done, whenever that changes."""
    if tell is None:
        yield
        return
    over = threading.Event()

    def watch() -> None:
        last = ""
        while not over.wait(LOOK_SECONDS):
            step = progress.now(destination)
            if step and step != last:
                tell(last := step)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _plan(told: Mapping[str, Any]) -> Plan:
    onto = Path(told["onto"]) if told["onto"] else None
    return Plan(types=told["types"], name=told["name"], onto=onto)


def _table(told: Mapping[str, Any]) -> LoadedTable:
    return LoadedTable(
        **{
            **told,
            "columns": tuple(LoadedColumn(**column) for column in told["columns"]),
            "notes": tuple(told["notes"]),
            "bad": tuple(BadCell(**cell) for cell in told["bad"]),
        }
    )
