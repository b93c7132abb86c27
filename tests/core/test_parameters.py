"""Parameters: bound, typed, never pasted."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core import parameters
from core.errors import BadInput
from core.parameters import Parameter

BOUND: list[tuple[str, list[Parameter], dict[str, str], str, dict[str, Any]]] = [
    ("d >= {{from}}", [], {"from": "2026-10-01"}, "d >= :given_from",
     {"given_from": date(2026, 10, 1)}),
    ("d >= '{{ from }}'", [], {"from": "2026-10-01"}, "d >= :given_from",
     {"given_from": date(2026, 10, 1)}),
    ("n > {{least}}", [Parameter("least", "number", "5")], {}, "n > :given_least",
     {"given_least": 5}),
    ("n > {{least}}", [Parameter("least", "number")], {"least": "1,000.5"}, "n > :given_least",
     {"given_least": Decimal("1000.5")}),
    ("c IN ({{country_list}})", [], {"country_list": "DE, AT"},
     "c IN (:given_country_list_0, :given_country_list_1)",
     {"given_country_list_0": "DE", "given_country_list_1": "AT"}),
    ("a = {{x}} OR b = {{x}}", [], {"x": "1' OR 1=1"}, "a = :given_x OR b = :given_x",
     {"given_x": "1' OR 1=1"}),
    ("a = 'no {mark}' -- {{x}}", [], {}, "a = 'no {mark}' -- {{x}}", {}),
    ('"{{x}}" /* {{y}} */ `{{z}}`', [], {}, '"{{x}}" /* {{y}} */ `{{z}}`', {}),
    ("it''s {{x}}", [], {"x": "y"}, "it''s :given_x", {"given_x": "y"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sql", "kept", "given", "then", "params"), BOUND, ids=[b[0] for b in BOUND]
)
def test_parameters_are_bound(
    sql: str, kept: list[Parameter], given: dict[str, str], then: str, params: dict[str, Any]
) -> None:
    assert parameters.bound(sql, kept, given) == (then, params)


REFUSED = [
    ("d > {{from}}", "date", "yesterday-ish", "is not a date"),
    ("n > {{n}}", "number", "many", "is not a number"),
    ("n > {{n}}", "number", "NaN", "is not a number"),
    ("n > {{n}}", "text", "  ", "has no value"),
    ("c IN ({{n}})", "list", ", ,", "takes 1 to 500"),
    ("c LIKE '%{{n}}%'", "text", "x", "stands inside of a longer text"),
]


@pytest.mark.parametrize(("sql", "kind", "value", "said"), REFUSED, ids=[r[3] for r in REFUSED])
def test_what_does_not_fit_is_said(sql: str, kind: parameters.Kind, value: str, said: str) -> None:
    name = "from" if "from" in sql else "n"
    with pytest.raises(BadInput, match=said):
        parameters.bound(sql, [Parameter(name, kind)], {name: value})


def test_kinds_are_kept_or_suggested_by_names() -> None:
    sql = "{{from}} {{start_date}} {{region}} {{country_ids}} {{from}} {{n}}"
    assert [(p.name, p.kind) for p in parameters.of(sql, [Parameter("n", "number", "3")])] == [
        ("from", "date"), ("start_date", "date"), ("region", "text"), ("country_ids", "list"),
        ("n", "number"),
    ]  # fmt: skip
