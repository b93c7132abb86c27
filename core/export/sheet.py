"""What goes into a file besides the rows, and what a file format is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from core.types import ChartSpec


@dataclass(frozen=True)
class Sheet:
    """An answer on paper: its title and question, what it says, and how it came about.

    `sure` tells its grade in words, `connection` is the name of the database it came from.
    `chart` is drawn where the format has pictures; `paper` is "a4" or "letter". `truncated` says
    that the query had more rows than are here.
    """

    title: str
    question: str
    insight: str
    reading: str
    sql: str
    made_at: datetime
    sure: str = ""
    connection: str = ""
    chart: ChartSpec | None = None
    paper: str = "a4"
    truncated: bool = False


Writer = Callable[[Sheet | None, pa.Table, Path], None]
"""Writes an answer, or without a sheet the rows alone."""


@dataclass(frozen=True)
class Format:
    """A file format on offer. `writer` imports what it needs only when it is asked for.

    `of_chart` says that it holds the chart alone, so that it is offered only where there is one.
    """

    label: str
    mime: str
    writer: Callable[[], Writer]
    of_chart: bool = False
