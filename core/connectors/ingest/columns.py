"""Types for the columns of a table of text, decided on all values, and the typed table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from core.connectors.duckdb_schema import quoted
from core.connectors.ingest import choices, names, notes, quarantine, readings
from core.connectors.ingest.reading import CODE, MISSING, TEXT, Reading
from core.connectors.ingest.tables import LoadedColumn, LoadedTable, RawTable

SAMPLE_HEAD = 1_000
SAMPLE_SPREAD = 2_000
COLUMNS_AT_ONCE = 100
MOST_MISFITS = 0.03


@dataclass(frozen=True)
class Column:
    """What was decided for one column.

    `bad` values do not fit and become NULL, as the `missing` ones do that say so (n/a).
    """

    place: int
    reading: Reading
    filled: int
    bad: int = 0
    missing: int = 0
    ambiguous: bool = False


@dataclass(frozen=True)
class _Trial:
    reading: Reading
    fits: int


@dataclass(frozen=True)
class _Outcome:
    """Values of a column: those there, marks like n/a, codes (007), and how many each fits."""

    filled: int
    missing: int
    codes: int
    trials: tuple[_Trial, ...]


@dataclass(frozen=True)
class Target:
    """Where a table is written, and the names and labels of all columns by place."""

    into: str
    name: str
    safe: tuple[str, ...]
    labels: tuple[str, ...]

    @classmethod
    def of(cls, raw: RawTable, name: str, into: str) -> "Target":
        """The target for a table of text."""
        labels = (label or f"Column {place}" for place, label in enumerate(raw.headers, start=1))
        return cls(into, name, tuple(names.all_safe(raw.headers, "column")), tuple(labels))

    @property
    def sql(self) -> str:
        """The quoted, full name."""
        return f"{self.into}.main.{quoted(self.name)}"


def write(
    database: duckdb.DuckDBPyConnection,
    raw: RawTable,
    name: str,
    into: str,
    types: Mapping[str, str],
) -> LoadedTable:
    """Write the typed table `name` into the attached database `into` and tell what it has.

    `types` has the choices of a person, by the columns' names.
    """
    target = Target.of(raw, name, into)
    wished = {place: types[column] for place, column in enumerate(target.safe) if column in types}
    decided = decide(database, raw, wished)
    columns = tuple(c for c in decided if c.filled or raw.headers[c.place]) or decided
    create(database, raw, target, columns, [c.place for c in columns if c.filled])
    everything = _number(database, f"SELECT count(*) FROM {raw.source}")  # noqa: S608
    return tell(database, raw, target, columns, everything)


def create(
    database: duckdb.DuckDBPyConnection,
    raw: RawTable,
    target: Target,
    columns: Sequence[Column],
    filled: Sequence[int],
) -> None:
    """Write the typed table, without rows in which none of the `filled` places has a value."""
    shown = ", ".join(f"{_shown(c)} AS {quoted(target.safe[c.place])}" for c in columns)
    some = " OR ".join(f"c{place} IS NOT NULL" for place in filled) or "false"
    database.execute(f"CREATE TABLE {target.sql} AS SELECT {shown} FROM {raw.source} WHERE {some}")  # noqa: S608


def tell(
    database: duckdb.DuckDBPyConnection,
    raw: RawTable,
    target: Target,
    columns: Sequence[Column],
    everything: int,
) -> LoadedTable:
    """Keep labels as comments and bad cells in the quarantine, and tell what the table has.

    `everything` counts the rows of the file, the empty ones too.
    """
    safe, labels = target.safe, target.labels
    database.execute(f"COMMENT ON TABLE {target.sql} IS {_text(raw.label)}")
    for column in columns:
        if labels[column.place] != safe[column.place]:
            database.execute(
                f"COMMENT ON COLUMN {target.sql}.{quoted(safe[column.place])} "
                f"IS {_text(labels[column.place])}"
            )
    rows = _number(database, f"SELECT count(*) FROM {target.sql}")  # noqa: S608
    counts = []
    for c in columns:
        if c.bad:
            named = (safe[c.place], labels[c.place])
            found = quarantine.put(
                database, target.into, raw, target.name, named, c.place, c.reading
            )
            counts.append((safe[c.place], found))
    bad = quarantine.first(database, target.into, target.name) if counts else ()
    return LoadedTable(
        name=target.name,
        label=raw.label,
        columns=tuple(
            LoadedColumn(safe[c.place], labels[c.place], c.reading.type) for c in columns
        ),
        row_count=rows,
        notes=(
            *raw.notes,
            *notes.empty_rows(everything - rows),
            *notes.bad_cells(bad, counts),
            *_notes(columns, safe),
        ),
        quarantined=sum(count for _, count in counts),
        bad=bad,
    )


def decide(
    database: duckdb.DuckDBPyConnection, raw: RawTable, wished: Mapping[int, str]
) -> tuple[Column, ...]:
    """A reading for each column, tried on all its values; `wished` has choices by place.

    A reading wins when it fits every value, or all but a few percent (marks of missing values
    such as n/a aside); else the column stays text. Where day and month could be either way
    round, a column of the same table that tells decides, else the day comes first.
    """
    width = len(raw.headers)
    decided: list[Column] = []
    for start in range(0, width, COLUMNS_AT_ONCE):
        places = range(start, min(width, start + COLUMNS_AT_ONCE))
        decided += _decide_some(database, raw, places, wished)
    told = {c.reading.day_first for c in decided if not c.ambiguous} - {None}
    if told == {False}:
        return tuple(_month_first(c) if c.ambiguous else c for c in decided)
    return tuple(decided)


def _shown(column: Column) -> str:
    value = f"c{column.place}"
    return (
        column.reading.of(value)
        if column.bad or column.missing
        else column.reading.surely_of(value)
    )


def _decide_some(
    database: duckdb.DuckDBPyConnection,
    raw: RawTable,
    places: Sequence[int],
    wished: Mapping[int, str],
) -> list[Column]:
    samples = dict(zip(places, _samples(database, raw, places), strict=True))
    tries = {
        place: readings.candidates(sample, raw.european, raw.headers[place])
        for place, sample in samples.items()
        if place not in wished
    }
    forced = {
        place: choices.chosen(wished[place], sample, raw.european, raw.headers[place])
        for place, sample in samples.items()
        if place in wished
    }
    # Most columns fit the first reading wholly; only the others cost a second look.
    together = {place: _together(some) for place, some in tries.items()}
    first = _try(database, raw, together) if together else {}
    doubtful = {
        place: some
        for place, some in tries.items()
        if some and all(trial.fits < first[place].filled for trial in first[place].trials)
    }
    second = _try(database, raw, doubtful, closely=True) if doubtful else {}
    told = _try(database, raw, forced, closely=True) if forced else {}
    return [
        _obey(place, told[place])
        if place in told
        else _choose(place, second.get(place, first[place]))
        for place in places
    ]


def _obey(place: int, outcome: _Outcome) -> Column:
    """The chosen reading that fits most; what it does not fit is bad, however much that is."""
    best = max(outcome.trials, key=lambda trial: trial.fits)
    if best.reading.type == TEXT.type:
        return Column(place, TEXT, outcome.filled)
    bad = max(0, outcome.filled - outcome.missing - best.fits)
    return Column(place, best.reading, outcome.filled, bad=bad, missing=outcome.missing)


def _together(some: Sequence[Reading]) -> Sequence[Reading]:
    """The first reading, and with it the one of the other order of day and month."""
    return [r for r in some if r is some[0] or (r.day_first is not None and r.sql != some[0].sql)]


def _try(
    database: duckdb.DuckDBPyConnection,
    raw: RawTable,
    tries: Mapping[int, Sequence[Reading]],
    closely: bool = False,
) -> dict[int, _Outcome]:
    marks = ", ".join(map(_text, MISSING))
    parts = []
    for place, some in tries.items():
        value = f"c{place}"
        parts.append(f"count({value})")
        if closely:
            parts.append(f"count_if(lower({value}) IN ({marks}))")
            parts.append(f"count_if(regexp_matches({value}, '{CODE}'))")
        else:
            parts += ["0", "0"]
        parts += [f"count({reading.of(value)})" for reading in some]
    row = database.execute(f"SELECT {', '.join(parts)} FROM {raw.source}").fetchone()  # noqa: S608
    counts = iter(row or ())
    return {
        place: _Outcome(
            filled=next(counts),
            missing=next(counts),
            codes=next(counts),
            trials=tuple(_Trial(reading, next(counts)) for reading in some),
        )
        for place, some in tries.items()
    }


def _samples(
    database: duckdb.DuckDBPyConnection, raw: RawTable, places: Sequence[int]
) -> list[list[str]]:
    shown = ", ".join(f"c{place}" for place in places)
    everything = _number(database, f"SELECT count(*) FROM {raw.source}")  # noqa: S608
    step = max(1, everything // SAMPLE_SPREAD)
    rows = database.execute(
        f"(SELECT {shown} FROM {raw.source} LIMIT {SAMPLE_HEAD}) UNION ALL "  # noqa: S608
        f"(SELECT {shown} FROM {raw.source} WHERE rowid >= {SAMPLE_HEAD} AND rowid % {step} = 0)"
    ).fetchall()
    columns = zip(*rows, strict=True) if rows else [()] * len(places)
    return [[value for value in column if value is not None] for column in columns]


def _choose(place: int, outcome: _Outcome) -> Column:
    wanted = outcome.filled - outcome.missing
    enough = wanted * (1 - MOST_MISFITS)
    good = [
        trial
        for trial in outcome.trials
        if wanted
        and trial.fits >= enough
        and not (outcome.codes and trial.reading.type in ("BIGINT", "DOUBLE"))
    ]
    if not good:
        return Column(place, TEXT, outcome.filled)
    most = max(trial.fits for trial in good)
    best = [trial.reading for trial in good if trial.fits == most]
    return Column(
        place,
        best[0],
        outcome.filled,
        bad=outcome.filled - outcome.missing - most,
        missing=outcome.missing,
        ambiguous={True, False} <= {reading.day_first for reading in best},
    )


def _month_first(column: Column) -> Column:
    pattern = column.reading.sql
    for mark in "/-":
        pattern = pattern.replace(f"%d{mark}%m{mark}", f"%m{mark}%d{mark}")
    return replace(
        column, reading=replace(column.reading, sql=pattern, day_first=False), ambiguous=False
    )


def _notes(columns: Sequence[Column], safe: Sequence[str]) -> list[str]:
    told = []
    for column in columns:
        name = safe[column.place]
        if column.missing:
            told.append(notes.marks(name, column.missing))
        if column.ambiguous:
            told.append(notes.either_way(name))
        if column.reading.note:
            told.append(f"{name} {column.reading.note}.")
    return told


def _number(database: duckdb.DuckDBPyConnection, sql: str) -> int:
    row: Any = database.execute(sql).fetchone()
    return int(row[0])


def _text(value: str) -> str:
    return "'" + value.replace("'", "''").replace("\0", "") + "'"
