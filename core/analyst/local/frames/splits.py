"""The ways in which a figure can be split to see what a change of it is made of."""

from core.analyst.local.lexicon import Lexicon, spoken
from core.analyst.local.plan import Field, Group, Plan, fields_of
from core.analyst.local.roles import Role

MOST_SPLITS = 6
MOST_PARTS = 60
_NOT_PARTS = {"email", "phone", "address", "description", "comment", "note", "url", "text"}


def splits_of(plan: Plan, lexicon: Lexicon) -> tuple[Group, ...]:
    """Categories of the figure's rows and of what each row belongs to, the nearest first.

    Columns that a condition already holds fixed, that hardly repeat or that have one value
    only are left out.
    """
    table = plan.measures[-1].table
    fixed = {f for c in plan.conditions for f in fields_of(c)}
    found: list[tuple[float, Group]] = []
    for other in lexicon.schema.tables:
        path = lexicon.joins.path(table, other.name, only_up=True)
        if path is None or len(path) > 3:
            continue
        names = set(lexicon.names(other.name))
        for at in lexicon.columns(other.name, Role.TEXT):
            parts = _parts(at, at in names, lexicon)
            if at in fixed or not 2 <= parts <= MOST_PARTS:
                continue
            label = _label(at, table, lexicon)
            found.append((len(path) + parts / 100, Group(at, label)))
    found.sort(key=lambda f: (f[0], f[1].label))
    chosen: list[Group] = []
    for _, group in found:
        if all(group.label != known.label for known in chosen):
            chosen.append(group)
    return tuple(chosen[:MOST_SPLITS])


def _parts(at: Field, names_rows: bool, lexicon: Lexicon) -> int:
    """How many parts a column splits rows into; 0 where it is no category."""
    if _NOT_PARTS & set(spoken(at.column)):
        return 0
    column = lexicon.column(at)
    rows = lexicon.table(at.table).row_count
    if names_rows:
        return rows if rows is not None else len(column.samples)
    if column.distinct_count is not None:
        return column.distinct_count
    return len(column.samples)


def _label(at: Field, table: str, lexicon: Lexicon) -> str:
    said = lexicon.label(at)
    own = "_".join(spoken(at.table))
    return said if at.table == table or said == own else f"{own}_{said}"
