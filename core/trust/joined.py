"""Whether the joins of a query are on keys, and repeat no row that is summed or counted."""

from collections.abc import Iterator

from core import formats
from core.trust.probes import Probes
from core.types import JoinUse, Output, Reading, Reason

_REPEATED_COUNT = ("sum", "avg", "count", "stddev", "variance", "median")


def reasons(reading: Reading | None, probes: Probes) -> list[Reason]:
    """What is to be said of the joins, in plain words. Raises QueryCancelled."""
    if reading is None:
        return []
    binding = [j for j in reading.joins if j.kind not in ("semi", "anti")]
    found = [reason for join in binding for reason in _keys(join)]
    main = [j for j in binding if j.path == () and j.table and j.on]
    if main:
        found += _repeats(reading, main, probes)
    if any(j.path != () and j.on_declared_key is not True for j in binding):
        found.append(Reason("Joins inside of a part of the query were not followed.", None))
    return found


def _keys(join: JoinUse) -> Iterator[Reason]:
    name = formats.shortened(join.table or join.alias or "a part of the query", 60)
    if join.kind in ("cross", "positional") or (not join.on and join.complete):
        if join.table:
            yield Reason(f"{name} is joined without a key.", False)
        return
    if join.on_declared_key:
        yield Reason(f"{name} is joined on a declared key.")
    elif join.table:
        yield Reason(f"{name} is joined on columns that are not declared as a key.", None)


def _repeats(reading: Reading, joins: list[JoinUse], probes: Probes) -> Iterator[Reason]:
    """A figure of a table that a join repeats is counted more than once."""
    tables = [t.name.lower() for t in reading.tables if t.path == ()]
    if len(set(tables)) != len(tables):
        yield Reason("A table is joined with itself; repeated rows were not looked for.", None)
        return
    figures = [o for o in reading.outputs if _is_repeatable(o) and o.columns]
    unsure = False
    for output in figures:
        owners = {c.rpartition(".")[0].lower() for c in output.columns}
        if len(owners) != 1:
            unsure = True
            continue
        owner = next(iter(owners))
        for table, once in _reached(owner, joins, probes):
            unsure = unsure or once is None
            if once is False:
                name = formats.shortened(output.name or output.sql, 60)
                yield Reason(
                    f"Joining {table} repeats rows of {owner}, so {name} counts some of them more"
                    " than once.",
                    False,
                )
                return
    if unsure:
        yield Reason("Whether a join repeats rows could not be looked up.", None)
    elif figures:
        yield Reason("No join repeats a row that is counted.")


def _is_repeatable(output: Output) -> bool:
    return any(f in _REPEATED_COUNT for f in output.functions)


def _reached(owner: str, joins: list[JoinUse], probes: Probes) -> Iterator[tuple[str, bool | None]]:
    """Every table that is joined to the owner's rows, and whether each row meets at most one."""
    seen = {owner}
    waiting = [owner]
    while waiting:
        here = waiting.pop()
        for join in joins:
            there = _other_side(here, join)
            if there is None or there in seen:
                continue
            seen.add(there)
            columns = [c.rpartition(".")[2] for pair in join.on for c in pair if _of(c) == there]
            yield there, probes.unique(there, columns)
            waiting.append(there)


def _other_side(here: str, join: JoinUse) -> str | None:
    sides = {_of(column) for pair in join.on for column in pair}
    return next(iter(sides - {here}), None) if here in sides and len(sides) == 2 else None


def _of(column: str) -> str:
    return column.rpartition(".")[0].lower()
