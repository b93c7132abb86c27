"""Whether a written figure is a value, as people round: to its last digit and no further."""

import math
from decimal import Decimal

from core.trust.tokens import Token

# Beyond this a float is no longer known to the last digit.
LARGEST_EXACT = Decimal(2**53)
FLOAT_DIGITS = Decimal("1e-15")
# A figure of few digits may not stand for a value that is this much away from it.
MOST_AWAY = Decimal("0.12")
MOST_ROUNDED = Decimal("0.25")


def fits(token: Token, value: Decimal | float | None, *, sign: bool = True) -> bool:
    """Whether the figure may be written for the value. Without `sign` only sizes are compared."""
    if value is None or token.value is None:
        return False
    if isinstance(value, Decimal):
        return value.is_finite() and _fits(token, value, sign=sign)
    if not math.isfinite(value):
        return False
    number = float(value) + 0.0
    if abs(number) > LARGEST_EXACT and token.step < abs(Decimal(number)) * FLOAT_DIGITS:
        return False
    return _fits(token, Decimal(repr(number)), sign=sign) or _fits(
        token, Decimal(number), sign=sign
    )


def _fits(token: Token, exact: Decimal, *, sign: bool) -> bool:
    said = token.value or Decimal(0)
    if not sign:
        exact, said = abs(exact), abs(said)
    return said == exact or (said * exact > 0 and _rounded(token, abs(exact), abs(said)))


def _rounded(token: Token, exact: Decimal, said: Decimal) -> bool:
    away = abs(exact - said)
    if token.near:
        return _about(token, exact, said, away)
    if token.word or away > MOST_AWAY * exact:
        return False
    tie = away * 2 == token.step
    even = not tie or int(said / token.step) % 2 == 0
    return away * 2 < token.step or (tie and (said > exact or even))


def _about(token: Token, exact: Decimal, said: Decimal, away: Decimal) -> bool:
    place = token.place or said / 10
    if token.near == "about":
        return away <= max(place / 2, token.step / 2) and away <= MOST_AWAY * exact
    bounded = away <= max(place, token.step) and away <= MOST_ROUNDED * exact
    return bounded and (said <= exact if token.near == "over" else exact <= said)
