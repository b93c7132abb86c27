"""The other reading of a question whose words fit two columns equally well.

“Total amount in Berlin” may mean the city of the order or that of the customer. Only a column of
the same name in another table, which each counted row has at most one row of, is another reading,
and only while the question names neither table.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from core.analyst.local import lexicon as lexicons
from core.analyst.local import reading, render, words
from core.analyst.local.lexicon import Lexicon
from core.analyst.local.plan import Compare, Field, Plan, dump, load
from core.analyst.local.roles import Role
from core.types import Draft, Json, Question


@dataclass(frozen=True)
class Reading:
    """One of two readings: the column it takes, in words, and its draft."""

    label: str
    draft: Draft


def of(question: Question, draft: Draft) -> tuple[Reading, Reading] | None:
    """The reading of a draft of the built-in analyst and the other one; None where there is no
    other, or none that can be told apart. What the answer before took is settled."""
    plan = _loaded(draft.plan)
    if plan is None or not plan.measures or plan.then:
        return None
    lexicon, text = lexicons.of(question.schema), question.text
    before = _loaded(question.history[-1].plan) if question.history else None
    settled = set(_used(before, lexicon)) if before else set()
    said = {token.lemma for token in words.tokens(words.cleaned(text))}
    for used in dict.fromkeys(_used(plan, lexicon)):
        if used in settled:
            continue
        for other in _like(used, plan, lexicon):
            if said & {*lexicons.spoken(used.table), *lexicons.spoken(other.table)}:
                continue
            turned = _turned(plan, used, other)
            try:
                sql = render.sql(turned, lexicon)
            except render.NoPath:
                continue
            second = replace(draft, sql=sql, reading=reading.of(turned, lexicon), plan=dump(turned))
            return Reading(_label(used), draft), Reading(_label(other), second)
    return None


def _loaded(plan: Json | None) -> Plan | None:
    try:
        return load(plan) if plan else None
    except ValueError:
        return None


def _used(plan: Plan, lexicon: Lexicon) -> Iterator[Field]:
    """Columns of texts that the plan filters or groups by."""
    for condition in plan.conditions:
        if isinstance(condition, Compare) and condition.operator in ("=", "in"):
            yield condition.field
    for group in plan.groups:
        if lexicon.role(group.field) is Role.TEXT:
            yield group.field


def _like(used: Field, plan: Plan, lexicon: Lexicon) -> Iterator[Field]:
    """Columns of the same name in tables of which a counted row has at most one."""
    base = plan.measures[0].table
    for table in lexicon.schema.tables:
        if table.name == used.table or lexicon.joins.path(base, table.name, True) is None:
            continue
        for column in lexicon.columns(table.name, Role.TEXT):
            if lexicons.spoken(column.column) == lexicons.spoken(used.column):
                yield column


def _turned(plan: Plan, used: Field, other: Field) -> Plan:
    conditions = tuple(
        replace(c, field=other) if isinstance(c, Compare) and c.field == used else c
        for c in plan.conditions
    )
    groups = tuple(replace(g, field=other, key=None) if g.field == used else g for g in plan.groups)
    return replace(plan, conditions=conditions, groups=groups)


def _label(column: Field) -> str:
    return f"{lexicons.said(column.column)} of the {lexicons.said(column.table)}"
