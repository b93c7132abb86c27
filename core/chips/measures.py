"""What a query computes, as a chip: another aggregate, or another column of the same table."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlglot import exp

from core import columns as result_columns
from core import formats
from core.chips.opened import Opened, cannot
from core.types import Chip, Output, SchemaColumn

MOST_OPTIONS: Final = 60
_WORDS: Final = {
    "sum": "sum of",
    "avg": "average",
    "min": "lowest",
    "max": "highest",
    "count": "number of",
}
_MADE: Final[dict[str, type[exp.AggFunc]]] = {
    "sum": exp.Sum,
    "avg": exp.Avg,
    "min": exp.Min,
    "max": exp.Max,
}
_NUMBERS: Final = ("INT", "DEC", "NUM", "DOUBLE", "FLOAT", "REAL", "MONEY", "HUGE")
_NEVER_SUMMED: Final = {"price", "rate", "ratio", "percent", "pct", "age", "year", "rank", "score"}


def offered(opened: Opened) -> Iterator[Chip]:
    """A chip where the query computes one plain figure of one table."""
    told = _measure(opened)
    if told is None:
        return
    key, table = told
    options = _options(opened, table, key)
    if len(options) > 1:
        yield Chip("measure", label(key), table, (key,), options)


def change(opened: Opened, chip: Chip, values: Sequence[Any]) -> None:
    """Compute another figure, wherever the main query says the one of now."""
    told, output = _measure(opened), _output(opened)
    if told is None or output is None or len(values) != 1:
        raise cannot()
    if values[0] not in {key for key, _ in _options(opened, told[1], told[0])}:
        raise cannot()
    function, _, column = str(values[0]).partition(" ")
    if function == "count":
        new: exp.Expr = exp.Count(this=exp.Star(), big_int=True)
    else:
        node = opened.node_of(column)
        if node is None:
            raise cannot()
        new = _MADE[function](this=node)
    old = output.this if isinstance(output, exp.Alias) else output
    opened.replace_all(old, new)
    if isinstance(output, exp.Alias):
        opened.rename(output, _name(function, column, chip.column))


def label(key: str) -> str:
    """ "sum of revenue", "number of orders"."""
    function, _, column = key.partition(" ")
    said = formats.heading(column.rpartition(".")[2]).lower()
    return f"{_WORDS[function]} {formats.shortened(said, 40)}"


def _measure(opened: Opened) -> tuple[str, str] | None:
    """The figure as "sum orders.total" and its table; None where it is not one plain figure."""
    output, told = _output(opened), _told(opened)
    tables = opened.tables()
    if output is None or told is None or not tables:
        return None
    node = output.this if isinstance(output, exp.Alias) else output
    of = node.args.get("this")
    if isinstance(node, exp.Count):
        counts_rows = isinstance(of, exp.Star) and len(tables) == 1
        table = next(iter(tables.values()))
        return (f"count {table}", table) if counts_rows else None
    name = next((name for name, made in _MADE.items() if type(node) is made), "")
    if not name or not isinstance(of, exp.Column) or node.expressions or len(told.columns) != 1:
        return None
    if len(tables) > 1 and name in ("min", "max"):
        return None
    column = told.columns[0]
    return f"{name} {column}", column.rpartition(".")[0]


def _told(opened: Opened) -> Output | None:
    """The only figure of the result, where nothing else of the query depends on it."""
    select, reading = opened.select, opened.reading
    if select is None or select.args.get("having") or select.args.get("qualify"):
        return None
    if reading.windows or len(select.expressions) != len(reading.outputs):
        return None
    computed = [o for o in reading.outputs if o.kind not in ("column", "constant") and not o.grain]
    if len(computed) != 1 or computed[0].kind != "aggregate" or computed[0].unresolved:
        return None
    return computed[0]


def _output(opened: Opened) -> exp.Expr | None:
    told = _told(opened)
    if told is None or opened.select is None:
        return None
    node: exp.Expr = opened.select.expressions[opened.reading.outputs.index(told)]
    return node


def _options(opened: Opened, table: str, current: str) -> tuple[tuple[str, str], ...]:
    held = opened.schema.table(table)
    found: dict[str, str] = {current: label(current)}
    for column in held.columns if held else ():
        if not _is_figure(column):
            continue
        name = f"{table}.{column.name}"
        summed = not _NEVER_SUMMED & set(result_columns.words(column.name))
        for function in ("sum", "avg") if summed else ("avg",):
            found.setdefault(f"{function} {name}", label(f"{function} {name}"))
    if len(opened.tables()) == 1:
        found.setdefault(f"count {table}", label(f"count {table}"))
    return tuple(found.items())[:MOST_OPTIONS]


def _is_figure(column: SchemaColumn) -> bool:
    kind = column.data_type.upper()
    if column.primary_key or column.references or result_columns.is_identifier(column.name):
        return False
    return any(kind.startswith(number) or number in kind for number in _NUMBERS) and (
        "POINT" not in kind and "INTERVAL" not in kind
    )


def _name(function: str, column: str, table: str) -> str:
    """The name of the figure in the result."""
    bare = column.rpartition(".")[2]
    if function == "count":
        return f"number_of_{table.rpartition('.')[2]}"
    if function == "sum" and "total" in bare.lower():
        return bare
    return {"sum": f"total_{bare}", "avg": f"average_{bare}"}.get(function, f"{function}_{bare}")
