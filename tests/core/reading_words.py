"""A reading in the short words of its cases (reading_cases/*.toml)."""

from datetime import date, datetime
from typing import Any

from core.types import (
    Condition,
    Grouping,
    JoinUse,
    Ordering,
    Output,
    Period,
    Reading,
    RowLimit,
    SetUse,
    TableUse,
    WindowUse,
)
from core.types import Path as Steps


def within(path: Steps) -> str:
    return f" in {'/'.join(path)}" if path else ""


def surely(restricts: bool) -> str:
    return "" if restricts else " (maybe)"


def sources(columns: tuple[str, ...], unresolved: tuple[str, ...]) -> str:
    return ", ".join([*columns, *(f"?{name}" for name in unresolved)])


def table(use: TableUse) -> str:
    alias = f" {use.alias}" if use.alias != use.name else ""
    return f"{use.name}{alias} {use.role}{within(use.path)}"


def join(use: JoinUse) -> str:
    pairs = " & ".join(f"{one} = {other}" for one, other in use.on) or "-"
    key = {True: " key", False: " no key", None: ""}[use.on_declared_key]
    more = "" if use.complete else " and more"
    lateral = "lateral " if use.lateral else ""
    written = f" {use.written}" if use.written else ""
    named = f"{use.table or '-'} {use.alias}"
    return f"{use.kind} {lateral}{named}{written}: {pairs}{more}{key}{within(use.path)}"


def output(column: Output) -> str:
    functions = f" {'+'.join(column.functions)}" if column.functions else ""
    grain = f" @{column.grain}" if column.grain else ""
    come = sources(column.columns, column.unresolved)
    return f"{column.name or '-'}: {column.kind}{functions}{' <- ' + come if come else ''}{grain}"


def condition(told: Condition) -> str:
    column = sources(told.columns, told.unresolved) or "-"
    if told.functions:
        column = f"{'+'.join(told.functions)}({column})"
    elif not told.bare:
        column = f"({column})"
    values = "".join(f" {shown(value)}" for value in told.values)
    query = f" {'/'.join(told.subquery)}" if told.subquery is not None else ""
    marks = [told.clause] if told.clause != "where" else []
    marks += [m for m in ("links", "relative") if getattr(told, m)]
    marks += [f":{name}" for name in told.parameters]
    negated = "not " if told.negated else ""
    aside = f" [{' '.join(marks)}]" if marks else ""
    return (
        f"{negated}{column} {told.operator}{values}{query}{aside}"
        f"{surely(told.restricts)}{within(told.path)}"
    )


def shown(value: Any) -> str:
    if isinstance(value, tuple):
        return "(" + ", ".join(map(shown, value)) + ")"
    if isinstance(value, date):
        return value.isoformat(*(" ",) if isinstance(value, datetime) else ())
    return repr(value) if isinstance(value, str) else str(value)


def period(told: Period) -> str:
    since, until = (shown(end) if end else "" for end in (told.since, told.until))
    relative = " relative" if told.relative else ""
    span = f"{since} .. {until}".strip()
    return f"{told.column} {span}{relative}{surely(told.restricts)}{within(told.path)}"


def grouping(told: Grouping) -> str:
    grain = f" @{told.grain}" if told.grain else ""
    shown_as = f" #{told.output}" if told.output is not None else ""
    sets = f" {told.sets}" if told.sets else ""
    return (
        f"{sources(told.columns, told.unresolved) or '-'}{grain}{shown_as}{sets}{within(told.path)}"
    )


def order(told: Ordering) -> str:
    shown_as = f" #{told.output}" if told.output is not None else ""
    way = " desc" if told.descending else ""
    column = sources(told.columns, told.unresolved) or "-"
    return f"{column}{shown_as}{way} nulls {told.nulls}{within(told.path)}"


def window(told: WindowUse) -> str:
    parts = [f"by {', '.join(told.partition)}"] if told.partition else []
    parts += [f"order {', '.join(told.order)}"] if told.order else []
    parts += [told.frame] if told.frame else []
    over = f" over {'; '.join(parts)}" if parts else " over all"
    return f"{told.function}({', '.join(told.columns)}){over}{within(told.path)}"


def sets(told: SetUse) -> str:
    return ", ".join(told.operators) + within(told.path)


def limits(told: RowLimit) -> str:
    return f"{told.rows} from {told.offset or 0}{within(told.path)}"


WORDS = {
    "tables": table,
    "joins": join,
    "outputs": output,
    "filters": condition,
    "periods": period,
    "grouping": grouping,
    "order": order,
    "windows": window,
    "sets": sets,
    "limits": limits,
}


def told(reading: Reading) -> dict[str, Any]:
    """The reading in the short words of the cases."""
    parts: dict[str, Any] = {
        key: [say(part) for part in getattr(reading, key)] for key, say in WORDS.items()
    }
    for key in ("limit", "offset", "distinct"):
        value = getattr(reading, key)
        parts[key] = "none" if value is None else value
    return parts
