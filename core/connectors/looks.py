"""Looking into the tables of a server: only into those that have changed since the last reading."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from core.connectors import samples
from core.connectors.base import Reading
from core.types import Table

SCAN_ROWS: Final = 2_000
SCAN_SECONDS: Final = 10.0

T = TypeVar("T")


@dataclass(frozen=True)
class Subject(Generic[T]):
    """A table or view as the catalogue has it: under which name it is known, what its contents
    look like from outside, the types of its columns by name, and about how many rows it has."""

    relation: T
    name: str
    fingerprint: str
    types: Mapping[str, str]
    estimate: int | None


@dataclass(frozen=True)
class Looks:
    """What is known of a table's values, column by column, and its number of rows."""

    columns: tuple[samples.ColumnLook, ...]
    rows: int | None


def look(
    reading: Reading, subjects: Sequence[Subject[T]], scan: Callable[[T], samples.Scan | None]
) -> tuple[Looks, ...]:
    """The looks of each subject. `scan` reads up to SCAN_ROWS rows of one, None where it cannot;
    what has not changed is taken over from the reading, which is told of the others."""
    known = [reading.same(one.name, one.fingerprint, one.types) for one in subjects]
    changed = sum(before is None for before in known)
    done = 0
    found = []
    for subject, before in zip(subjects, known, strict=True):
        if before is not None:
            found.append(_taken_over(before, subject.estimate))
            continue
        found.append(_scanned(scan(subject.relation), subject))
        done += 1
        reading.told(done, changed)
    return tuple(found)


def _scanned(scan: samples.Scan | None, subject: Subject[T]) -> Looks:
    if scan is None:
        return Looks((samples.ColumnLook(),) * len(subject.types), subject.estimate)
    return Looks(scan.looks(), _counted(scan.rows, subject.estimate))


def _taken_over(before: Table, estimate: int | None) -> Looks:
    return Looks(tuple(map(samples.known, before.columns)), _counted(before.row_count, estimate))


def _counted(rows: int | None, estimate: int | None) -> int | None:
    """The number of rows of a table that was read to its end, else the catalogue's estimate."""
    return rows if rows is not None and rows < SCAN_ROWS else estimate
