"""The check itself: text, tree, names, limit, and the words that will run."""

from collections.abc import Mapping
from typing import Any

from core.errors import UnsafeSql
from core.guard import (
    attributes,
    editing,
    limit,
    lists,
    masking,
    names,
    parsing,
    resolving,
    retelling,
    text,
    tree,
)
from core.guard.masking import Masks
from core.guard.policy import Policy
from core.types import SafeSelect


def check(
    sql: str,
    dialect: str,
    policy: Policy | None = None,
    *,
    cap: int = 10_000,
    params: Mapping[str, Any] | None = None,
) -> SafeSelect:
    """The query as it may run, asking for at most `cap` + 1 rows.

    Nothing but reading gets through: every kind of node and every function is on a list. With a
    policy, tables must be in it and its private columns stay unread. `:name` must be in `params`;
    only the parameters that the query names are handed on.
    Raises UnsafeSql, whose message names what was refused.
    """
    if dialect not in lists.PARSED_AS:
        raise UnsafeSql(
            f"DataMind does not know the SQL dialect {dialect}.",
            "Known are " + ", ".join(lists.PARSED_AS) + ".",
        )
    written = text.tokens(sql, dialect)
    root = parsing.parse(written, sql, dialect)
    found = tree.walk(root, dialect)
    text.check_names(written, dialect, frozenset(found.named))
    real = resolving.tables(found, dialect, policy)
    reads = names.check(found, real, dialect, policy)
    attributes.check(found, dialect, policy)
    given = params or {}
    unknown = sorted(found.placeholders - set(given))
    if unknown:
        raise UnsafeSql(
            f"The parameter :{unknown[0]} has no value.", "Give it a value or write it in."
        )
    root, kept = limit.bare(root, written)
    masks = masking.planned(root, written, found, real, policy, dialect) if policy else Masks()
    told = retelling.pieces(sql, kept, found, dialect)
    if masks.edits:
        told = editing.applied(told, masks.edits)
    told = limit.limited(root, told, cap + 1)
    ready = retelling.joined(told)
    retelling.proved(told, ready, dialect)
    return SafeSelect(
        sql=ready,
        dialect=dialect,
        cap=cap,
        params={name: given[name] for name in sorted(found.placeholders)},
        reads=reads,
        marks=retelling.marks(told),
        schema=policy.schema if policy else "",
        masked=masks.names,
    )
