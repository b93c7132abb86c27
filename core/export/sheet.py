"""What goes into a file besides the rows, and what a file format is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa


@dataclass(frozen=True)
class Sheet:
    """An answer on paper: its title and question, what it says, and how it came about.

    `sure` tells its grade in words.
    """

    title: str
    question: str
    insight: str
    reading: str
    sql: str
    made_at: datetime
    sure: str = ""


Writer = Callable[[Sheet | None, pa.Table, Path], None]
"""Writes an answer, or without a sheet the rows alone."""


@dataclass(frozen=True)
class Format:
    """A file format on offer. `writer` imports what it needs only when it is asked for."""

    label: str
    mime: str
    writer: Callable[[], Writer]
