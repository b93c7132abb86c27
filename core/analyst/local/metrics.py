"""Figures known by name (revenue, profit, units) found in a schema that may not name them so."""

from dataclasses import dataclass
from typing import Any

from core.analyst.local.lexicon import Lexicon, Phrase, spoken, vocabulary
from core.analyst.local.plan import Amount, Days, Field
from core.analyst.local.roles import Role


@dataclass(frozen=True)
class Metric:
    """A metric as this schema holds it, and in words what it was taken to be."""

    name: str
    amount: Amount
    table: str
    told: str


def find(name: str, lexicon: Lexicon, near: tuple[str, ...], said: Phrase = ()) -> Metric | None:
    """The best place for a metric, near the tables that the question is about.

    A place from which those tables cannot be reached without repeating rows is taken only
    when nothing better exists.
    """
    wanted = vocabulary("metrics")[name]
    found = [
        (score - _far(table, lexicon, near), amount, table)
        for score, amount, table in _places(wanted, lexicon, said)
    ]
    if name == "profit" and not found:
        return _profit(lexicon, near)
    if not found:
        return None
    _, amount, table = max(found, key=lambda f: f[0])
    return Metric(name, amount, table, f"{name.capitalize()} is {in_words(amount)}.")


def kept_in(table: str, name: str, lexicon: Lexicon) -> Metric | None:
    """The metric where one column of this very table holds it."""
    places = [
        (score, amount)
        for score, amount, owner in _places(vocabulary("metrics")[name], lexicon, ())
        if owner == table and amount.single
    ]
    if not places:
        return None
    _, amount = max(places, key=lambda p: p[0])
    return Metric(name, amount, table, f"{name.capitalize()} is {in_words(amount)}.")


def in_words(amount: Amount | Days) -> str:
    """An amount as a short formula: order_lines.quantity × order_lines.unit_price."""
    parts: list[str] = []
    for sign, product in amount.terms:
        text = " × ".join(f"{f.table}.{f.column}" for f in product)
        parts.append(text if sign > 0 and not parts else f"{'+' if sign > 0 else '−'} {text}")
    return " ".join(parts)


def of_field(at: Field) -> Amount:
    """One column as an amount."""
    return Amount(((1, (at,)),))


def _places(
    wanted: dict[str, Any], lexicon: Lexicon, said: Phrase
) -> list[tuple[float, Amount, str]]:
    names = [tuple(n.split()) for n in wanted["columns"]]
    found: list[tuple[float, Amount, str]] = []
    for table in lexicon.schema.tables:
        numbers = lexicon.columns(table.name, Role.NUMBER)
        by_name = {spoken(f.column): f for f in numbers}
        titled = set(spoken(table.name)) & set(wanted["tables"])
        for rank, name in enumerate(names):
            if name in by_name:
                score = (1.0 - 0.02 * rank) if not wanted["tables"] or titled or rank < 8 else 0.5
                found.append((score, of_field(by_name[name]), table.name))
        if said and said in by_name:
            found.append((1.05, of_field(by_name[said]), table.name))
        for rank, (one, other) in enumerate(tuple(p) for p in wanted["product"]):
            left = by_name.get(tuple(one.split()))
            right = _factor(tuple(other.split()), table.name, by_name, lexicon)
            if left and right:
                both = Amount(((1, (left, right)),))
                found.append((0.72 - 0.02 * rank, both, table.name))
        for rank, name in enumerate(wanted["amounts"]):
            column = by_name.get(tuple(name.split()))
            if column and titled:
                found.append((0.62 - 0.02 * rank, of_field(column), table.name))
    return found


def _factor(name: Phrase, table: str, own: dict[Phrase, Field], lexicon: Lexicon) -> Field | None:
    if name in own:
        return own[name]
    for step in lexicon.joins.steps(table):
        if step.to_one:
            for at in lexicon.columns(step.other, Role.NUMBER):
                if spoken(at.column) == name:
                    return at
    return None


def _far(table: str, lexicon: Lexicon, near: tuple[str, ...]) -> float:
    cost = 0.0
    for other in near:
        distance = lexicon.joins.distance(table, other)
        if distance > 50:
            cost += 3.0
        else:
            cost += 0.05 * distance + (0.7 if lexicon.joins.fan_out(table, other) else 0.0)
    return cost


def _profit(lexicon: Lexicon, near: tuple[str, ...]) -> Metric | None:
    earned = find("revenue", lexicon, near)
    spent = find("cost", lexicon, near)
    if not earned or not spent or earned.table != spent.table:
        return None
    amount = Amount((*earned.amount.terms, *((-1, p) for _, p in spent.amount.terms)))
    return Metric("profit", amount, earned.table, f"Profit is {in_words(amount)}.")
