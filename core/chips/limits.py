"""How many rows a query asks for, as a chip."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlglot import exp

from core.chips.opened import Opened, cannot
from core.types import Chip

MOST_ROWS: Final = 10_000


def offered(opened: Opened) -> Iterator[Chip]:
    """A chip where the main query has a limit of its own, and skips nothing."""
    reading = opened.reading
    if reading.limit is None or reading.offset or _count(opened) is None:
        return
    yield Chip("limit", label(opened, reading.limit), values=(reading.limit,))


def change(opened: Opened, _: Chip, values: Sequence[Any]) -> None:
    """Ask for another number of rows; none takes the limit away."""
    count = _count(opened)
    if count is None:
        raise cannot()
    if not values:
        opened.root.set("limit", None)
        return
    rows = values[0]
    if not isinstance(rows, int) or isinstance(rows, bool) or not 1 <= rows <= MOST_ROWS:
        raise cannot()
    count.replace(exp.Literal.number(rows))


def label(opened: Opened, rows: int) -> str:
    """ "top 10" where the query has an order, else "first 10 rows"."""
    return f"top {rows:,}" if opened.root.args.get("order") else f"first {rows:,} rows"


def _count(opened: Opened) -> exp.Literal | None:
    limit = opened.root.args.get("limit")
    if limit is None or limit.args.get("limit_options") or limit.args.get("offset"):
        return None
    count = limit.args.get("count") or limit.args.get("expression")
    return count if isinstance(count, exp.Literal) and not count.is_string else None
