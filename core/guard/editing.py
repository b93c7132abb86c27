"""What the policy changes about the person's words before they run."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from core.errors import UnsafeSql
from core.guard.retelling import Piece

_CLOSES: Final = frozenset({",", ")", "]", "."})


@dataclass(frozen=True)
class Edit:
    """Words that go before and behind the person's own, from `begin` to `end` in his text.

    Where `keeps` is false they stand in the place of his.
    """

    begin: int
    end: int
    before: tuple[Piece, ...] = ()
    behind: tuple[Piece, ...] = ()
    keeps: bool = False


def words(*texts: str) -> tuple[Piece, ...]:
    """Words of our own, each to be one token."""
    return tuple(Piece(text, None) for text in texts)


def applied(told: Sequence[Piece], edits: Sequence[Edit]) -> list[Piece]:
    """The words with the edits made. Raises UnsafeSql where an edit has no place of its own."""
    begins = {edit.begin: edit for edit in edits}
    ends = {edit.end for edit in edits}
    made: list[Piece] = []
    current: Edit | None = None
    fresh = False
    count = 0
    for piece in told:
        token = piece.token
        if token is not None and token.start in begins:
            if current is not None:
                raise _no_place()
            current = begins[token.start]
            made += current.before
            fresh = bool(current.before)
        if current is None or current.keeps:
            apart = fresh and piece.glued and piece.text not in _CLOSES
            made.append(replace(piece, glued=False) if apart else piece)
            fresh = False
        if token is not None and token.end in ends:
            if current is None or token.end != current.end:
                raise _no_place()
            made += current.behind
            fresh = True
            count += 1
            current = None
    if count != len(edits):
        raise _no_place()
    return made


def _no_place() -> UnsafeSql:
    return UnsafeSql(
        "This query could not be prepared so that it keeps to what you may read.",
        "Write it in a simpler way.",
    )
