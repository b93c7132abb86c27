"""Sentences on what was skipped, left empty or assumed: told with each table."""

from collections.abc import Sequence

from core.connectors.ingest.tables import BadCell

LONGEST_EXAMPLE = 40


def bad_cells(bad: Sequence[BadCell], counts: Sequence[tuple[str, int]]) -> list[str]:
    """One sentence for each column with bad cells, naming the first one."""
    found = []
    for name, count in counts:
        one = next((cell for cell in bad if cell.column == name), None)
        example = f", e.g. row {one.row:,}: '{one.value[:LONGEST_EXAMPLE]}'" if one else ""
        noun = one.expected if one else "what the column holds"
        found.append(
            f"{_counted(count, 'cell')} of {name} {_were(count)} not {noun} "
            f"and {_were(count)} left empty{example}."
        )
    return found


def marks(name: str, count: int) -> str:
    """That cells such as n/a were taken for missing values."""
    return f"{_counted(count, 'cell')} of {name} said that the value is missing (such as n/a)."


def either_way(name: str) -> str:
    """That nothing in a column of dates tells days from months."""
    return f"In {name} day and month could be either way round: the day was taken first."


def empty_rows(count: int) -> list[str]:
    """That rows without any value were skipped; nothing to tell when there were none."""
    return [f"{_counted(count, 'empty row')} {_were(count)} skipped."] if count else []


def _counted(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count:,} {noun}s"


def _were(count: int) -> str:
    return "was" if count == 1 else "were"
