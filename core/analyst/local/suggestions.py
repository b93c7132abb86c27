"""Questions that can be answered from a schema, made from its own names."""

from core.analyst.local import dates, metrics
from core.analyst.local.lexicon import Lexicon, rows_of, spoken
from core.analyst.local.plan import Field
from core.analyst.local.roles import Role


def from_schema(lexicon: Lexicon, near: tuple[str, ...] = ()) -> list[str]:
    """Up to eight questions, those about the tables in `near` first."""
    made: list[str] = []
    revenue = metrics.find("revenue", lexicon, ())
    if revenue:
        made += _about_revenue(revenue.table, lexicon)
    tables = sorted(
        lexicon.schema.tables,
        key=lambda t: (
            t.name not in near,
            -sum(not s.to_one for s in lexicon.joins.steps(t.name)),
            -(t.row_count or 0),
        ),
    )
    for table in tables[:6]:
        made += _about(table.name, lexicon)
    if near:
        made = [m for m in made if any(" ".join(spoken(n)) in m for n in near)] + made
    return list(dict.fromkeys(made))[:8]


def plural(phrase: str) -> str:
    """The plural of a noun phrase."""
    if phrase.endswith(("s", "x", "ch", "sh")):
        return phrase if phrase.endswith("s") and not phrase.endswith("ss") else phrase + "es"
    return (
        phrase[:-1] + "ies"
        if phrase.endswith("y") and phrase[-2:-1] not in "aeiou"
        else phrase + "s"
    )


def category(table: str, lexicon: Lexicon) -> Field | None:
    """A text column with few values that rows can be split by."""
    names = set(lexicon.names(table))
    for at in lexicon.columns(table, Role.TEXT):
        column = lexicon.column(at)
        few = column.distinct_count if column.distinct_count is not None else len(column.samples)
        if at not in names and 1 < few <= 12 and spoken(at.column)[-1] not in ("email", "phone"):
            return at
    return None


def _about_revenue(table: str, lexicon: Lexicon) -> list[str]:
    made = []
    for step in lexicon.joins.steps(table):
        named = lexicon.role(lexicon.names(step.other)[0]) is Role.TEXT
        own_name = "name" in spoken(lexicon.names(step.other)[0].column)
        if step.to_one and named and own_name:
            made.append(f"What were our top 10 {plural(' '.join(spoken(step.other)))} by revenue?")
            break
    if dates.choose(table, lexicon):
        made.append("Revenue by month this year")
    return made


def _about(table: str, lexicon: Lexicon) -> list[str]:
    said = plural(" ".join(rows_of(table)))
    made = [f"How many {said} are there?"]
    split = category(table, lexicon)
    if split:
        made.append(f"How many {said} by {' '.join(spoken(split.column))}?")
    if any(True for _ in lexicon.columns(table, Role.TIME)):
        made.append(f"Number of {said} by month")
    return made
