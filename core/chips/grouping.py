"""What a query groups by, as chips: another column, another length of time."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, cast

from sqlglot import exp

from core import columns as result_columns
from core import formats
from core.analyst.local import cuts
from core.analyst.local.plan import Grain
from core.chips.opened import Opened, cannot
from core.types import Chip, Grouping, SchemaColumn

GRAINS: Final = ("day", "week", "month", "quarter", "year")
# Units that a dialect can only spell in a way whose reading is not certain.
_NOT_READ: Final = {"sqlite": ("quarter",), "mysql": ("week", "quarter")}
_ON_GROUPS: Final = ("having", "qualify", "filter")
MOST_OPTIONS: Final = 60
MOST_DIFFERENT: Final = 1_000
_TEXTS: Final = ("CHAR", "TEXT", "STRING", "ENUM", "BOOL", "BPCHAR")


def offered(opened: Opened) -> Iterator[Chip]:
    """A chip for the column of the groups, one for the length of their periods."""
    column = _column(opened)
    if column is not None:
        name = column.columns[0]
        yield Chip("group", label(name), name, (name,), _options(opened, name))
    grain = _grain(opened)
    if grain is not None and grain.grain is not None:
        lacking = _NOT_READ.get(opened.schema.dialect, ())
        options = tuple((unit, f"by {unit}") for unit in GRAINS if unit not in lacking)
        yield Chip("grain", f"by {grain.grain}", grain.columns[0], (grain.grain,), options)


def change(opened: Opened, chip: Chip, values: Sequence[Any]) -> None:
    """Group by another column, or by periods of another length."""
    if len(values) != 1:
        raise cannot()
    if chip.kind == "grain":
        _cut(opened, str(values[0]))
    else:
        _regroup(opened, str(values[0]))


def label(column: str) -> str:
    """ "by product"; the table says it better where the column is only called name."""
    table, _, name = column.rpartition(".")
    said = formats.heading(name).lower()
    if said in ("name", "title", "label"):
        said = f"{formats.heading(table.rpartition('.')[2]).lower().rstrip('s')} {said}"
    return f"by {formats.shortened(said, 40)}"


def _cut(opened: Opened, unit: str) -> None:
    grouping = _grain(opened)
    output = _output(opened, grouping) if grouping else None
    if grouping is None or output is None or unit not in GRAINS:
        raise cannot()
    if unit in _NOT_READ.get(opened.schema.dialect, ()):
        raise cannot()
    old = _value(output)
    columns = list(old.find_all(exp.Column))
    made = cuts.of(opened.schema.dialect)(columns[0].copy(), cast("Grain", unit))
    opened.replace_all(old, made)
    if output.alias_or_name.lower() == grouping.grain:
        opened.rename(output, unit)


def _regroup(opened: Opened, column: str) -> None:
    grouping = _column(opened)
    output = _output(opened, grouping) if grouping else None
    new = opened.node_of(column)
    select = opened.select
    if grouping is None or output is None or new is None or select is None:
        raise cannot()
    if column not in {key for key, _ in _options(opened, grouping.columns[0])}:
        raise cannot()
    for other in _keys(opened, grouping):
        opened.node(other.place).pop()
    old = _value(output)
    opened.replace_all(old, new)
    name = column.rpartition(".")[2]
    if isinstance(output, exp.Alias):
        opened.rename(output, name)


def _column(opened: Opened) -> Grouping | None:
    """The only group that is a bare column and is shown; others may be its table's keys."""
    select = opened.select
    if select is None or not opened.tables() or select.args.get("distinct"):
        return None
    own = [g for g in opened.reading.grouping if g.path == ()]
    if any(g.sets for g in own) or not _written_out(select):
        return None
    shown = [g for g in own if g.output is not None and not g.grain and len(g.columns) == 1]
    shown = [g for g in shown if isinstance(_value(_output(opened, g)), exp.Column)]
    if len(shown) != 1 or shown[0].unresolved or not _is_label(opened.column(shown[0].columns[0])):
        return None
    rest = [g for g in own if g is not shown[0] and g not in _keys(opened, shown[0])]
    if any(g.output is None for g in rest) or _shown_elsewhere(opened, shown[0]):
        return None
    return shown[0]


def _keys(opened: Opened, grouping: Grouping) -> list[Grouping]:
    """Groups that are not shown and only tell rows of the same table apart."""
    table = grouping.columns[0].rpartition(".")[0]
    return [
        g
        for g in opened.reading.grouping
        if g.path == ()
        and g.output is None
        and len(g.columns) == 1
        and g.columns[0].rpartition(".")[0] == table
        and isinstance(opened.node(g.place), exp.Column)
        and (held := opened.column(g.columns[0])) is not None
        and held.primary_key
    ]


def _grain(opened: Opened) -> Grouping | None:
    """The only group that is a column of time cut to a unit and shown."""
    select = opened.select
    if select is None or not _written_out(select):
        return None
    own = [g for g in opened.reading.grouping if g.path == ()]
    found = [g for g in own if g.grain in GRAINS and g.output is not None and not g.sets]
    if len(found) != 1 or len(found[0].columns) != 1 or found[0].unresolved:
        return None
    old = _value(_output(opened, found[0]))
    columns = list(old.find_all(exp.Column))
    bare = isinstance(old, exp.Column)
    same = all(column == columns[0] for column in columns)
    held = opened.column(found[0].columns[0])
    if not columns or not same or held is None or bare:
        return None
    timed = held.data_type.upper().startswith(("DATE", "TIMESTAMP"))
    return found[0] if timed or opened.dialect == "sqlite" else None


def _written_out(select: exp.Select) -> bool:
    """Whether groups are expressions, not GROUP BY ALL or the like; windows would change too."""
    group = select.args.get("group")
    if group is None or group.args.get("all"):
        return False
    return not any(True for _ in select.find_all(exp.Window, exp.Star) if not _counts(_))


def _counts(node: exp.Expr) -> bool:
    return isinstance(node, exp.Star) and isinstance(node.parent, exp.Count)


def _shown_elsewhere(opened: Opened, grouping: Grouping) -> bool:
    """Whether other outputs or HAVING depend on the column of the groups."""
    reading = opened.reading
    column = grouping.columns[0]
    others = [o for i, o in enumerate(reading.outputs) if i != grouping.output]
    havings = [c for c in reading.filters if c.clause in _ON_GROUPS and c.path == ()]
    used = [c for o in others for c in o.columns] + [c for h in havings for c in h.columns]
    return column in used


def _output(opened: Opened, grouping: Grouping | None) -> exp.Expr | None:
    if grouping is None or grouping.output is None or opened.select is None:
        return None
    return cast("exp.Expr", opened.select.expressions[grouping.output])


def _value(output: exp.Expr | None) -> exp.Expr:
    if output is None:
        raise cannot()
    return output.this if isinstance(output, exp.Alias) else output


def _options(opened: Opened, current: str) -> tuple[tuple[str, str], ...]:
    """Columns of the tables that are read whose values tell groups apart."""
    found: dict[str, str] = {current: label(current)}
    taken = {c for g in opened.reading.grouping for c in g.columns}
    for table in opened.tables().values():
        held = opened.schema.table(table)
        for column in held.columns if held else ():
            name = f"{table}.{column.name}"
            few = column.distinct_count is None or column.distinct_count <= MOST_DIFFERENT
            if _is_label(column) and few and name not in taken and not column.references:
                found[name] = f"{label(name)} ({formats.heading(table).lower()})"
    return tuple(found.items())[:MOST_OPTIONS]


def _is_label(column: SchemaColumn | None) -> bool:
    """Whether the values of a column name groups: texts that do not only tell rows apart."""
    if column is None or result_columns.is_identifier(column.name):
        return False
    return any(kind in column.data_type.upper() for kind in _TEXTS)
