"""Queries made up by hypothesis over the tables of the reading's cases."""

from hypothesis import strategies as st

COLUMNS = {
    "customers": ("id", "name", "country", "signed_up_on"),
    "orders": ("id", "customer_id", "status", "total", "ordered_at"),
    "staff": ("id", "name", "boss_id"),
}


@st.composite
def sources_of_rows(draw: st.DrawFn, depth: int, steps: tuple[str, ...]) -> tuple[str, list[str]]:
    """Something to stand in FROM, and the columns it surely has."""
    kind = draw(st.sampled_from(["table", "table", "query", "step"] if depth else ["table"]))
    if kind == "query":
        sql, names = draw(queries(depth - 1, steps))
        return f"({sql})", names
    if kind == "step" and steps:
        return draw(st.sampled_from(steps)), ["n", "label"]
    table = draw(st.sampled_from(sorted(COLUMNS)))
    return table, list(COLUMNS[table])


@st.composite
def queries(draw: st.DrawFn, depth: int = 2, steps: tuple[str, ...] = ()) -> tuple[str, list[str]]:
    """A query over the tables of the cases, and the names that its columns surely have."""
    first, names = draw(sources_of_rows(depth, steps))
    visible = [f"a.{name}" for name in names]
    rest = ""
    if draw(st.booleans()):
        second, others = draw(sources_of_rows(depth, steps))
        how = draw(st.sampled_from(["JOIN", "LEFT JOIN", "CROSS JOIN", ",", "USING", "NATURAL"]))
        shared = [name for name in names if name in others]
        if how == "USING" and names.count("id") == 1 == others.count("id"):
            rest = f" JOIN {second} b USING (id)"
        elif how == "NATURAL" and shared and len({*names}) == len(names):
            rest = f" NATURAL JOIN {second} b"
        elif how in (",", "CROSS JOIN"):
            rest = f"{how} {second} b" if how == "," else f" {how} {second} b"
        else:
            rest = f" LEFT JOIN {second} b ON a.{names[0]} = b.{others[0]}"
        visible += [f"b.{name}" for name in others]
    chosen = draw(
        st.lists(st.sampled_from([*visible, "*", "a.*", "COUNT"]), min_size=1, max_size=3)
    )
    shown, given = [], []
    for number, expression in enumerate(chosen):
        if expression == "COUNT":
            shown.append(f"(SELECT COUNT(*) FROM staff s WHERE s.name IS NOT NULL) AS c{number}")
        elif "*" in expression:
            shown.append(expression)
        else:
            shown.append(f"{expression} AS c{number}")
        given += [f"c{number}"] if "*" not in expression else []
    where = f" WHERE {draw(st.sampled_from(visible))} IS NOT NULL" if draw(st.booleans()) else ""
    distinct = "DISTINCT " if draw(st.booleans()) else ""
    sql = f"SELECT {distinct}{', '.join(shown)} FROM {first} a{rest}{where}"
    return sql, given or ["nothing_sure"]


@st.composite
def whole_queries(draw: st.DrawFn) -> str:
    """A query with a step that may be used anywhere, put together with itself or not."""
    steps = ("step",) if draw(st.booleans()) else ()
    sql, _ = draw(queries(steps=steps))
    both = draw(st.sampled_from(["", "", " UNION ALL ", " UNION ", " EXCEPT "]))
    sql = f"{sql}{both}{sql}" if both else sql
    step = "SELECT s.id AS n, s.name AS label FROM staff s"
    return f"WITH step AS ({step}) {sql}" if steps else sql
