"""The check itself: text, tree, names, limit, and the words that will run."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
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
    row_rules,
    text,
    tree,
)
from core.guard.editing import Edit
from core.guard.masking import Masks
from core.guard.policy import Policy
from core.guard.retelling import Piece
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
    policy, tables must be in it, its private columns are masked or the query is refused, and
    only the rows that its rules permit are read. `:name` must be in `params`;
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
    text.check_names(written, dialect, found)
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
    told = retelling.pieces(sql, kept, found, dialect)
    masks = Masks()
    edits: tuple[Edit, ...] = ()
    if policy and (policy.private or policy.rows):
        masks = masking.planned(root, written, found, real, policy, dialect)
        edits = (*masks.edits, *row_rules.planned(root, found, real, policy, dialect))
        told = editing.applied(told, edits)
    told = limit.limited(root, told, cap + 1)
    ready = retelling.joined(told)
    retelling.proved(told, ready, dialect)
    if policy and edits:
        _checked_again(told, dialect, policy)
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


def _checked_again(told: Sequence[Piece], dialect: str, policy: Policy) -> None:
    """What the policy made of the query passes the whole check, and leaves it nothing to do.

    Raises UnsafeSql otherwise.
    """
    sql = retelling.joined([replace(p, text=":") if p.parameter else p for p in told])
    written = text.tokens(sql, dialect)
    root = parsing.parse(written, sql, dialect)
    found = tree.walk(root, dialect)
    text.check_names(written, dialect, found)
    retelling.pieces(sql, written, found, dialect)
    real = resolving.tables(found, dialect, policy)
    row_rules.folded(found, real, policy, dialect)
    found = tree.walk(root, dialect)
    real = resolving.tables(found, dialect, policy)
    names.check(found, real, dialect, policy)
    attributes.check(found, dialect, policy)
    own = [token for token, piece in zip(written, told, strict=True) if piece.token is not None]
    if masking.planned(root, own, found, real, policy, dialect) != Masks():
        raise UnsafeSql(
            "This query could not be prepared so that it keeps to what you may read.",
            "Write it in a simpler way.",
        )
