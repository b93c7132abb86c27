"""What is usual, and how far a value is from it.

Plain: the z-score over the sample standard deviation. Robust: the median and the median absolute
deviation, scaled by 1.4826 so that both scores mean the same for normal data (Iglewicz and
Hoaglin, "How to Detect and Handle Outliers", 1993); one bad day of the past does not hide the next.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

FEWEST_PAST: Final = 3

_MAD_TO_SIGMA: Final = 1.4826
_MEAN_DEVIATION_TO_SIGMA: Final = 1.2533


@dataclass(frozen=True)
class Usual:
    """The middle of past values and how far they usually are from it."""

    middle: float
    spread: float

    def score(self, value: float) -> float:
        """The distance in spreads; infinite where the past never moved and the value did."""
        away = value - self.middle
        if self.spread > 0:
            return away / self.spread
        return math.copysign(math.inf, away) if away else 0.0

    def percent(self, value: float) -> float | None:
        """The distance in percent of the middle; None where that is zero."""
        return (value - self.middle) / abs(self.middle) * 100 if self.middle else None


def plain(past: Sequence[float]) -> Usual:
    """Mean and sample standard deviation of at least two values."""
    return Usual(statistics.fmean(past), _settled(statistics.stdev(past), past))


def robust(past: Sequence[float]) -> Usual:
    """Median and scaled median absolute deviation; the mean one where more than half are equal."""
    middle = statistics.median(past)
    away = [abs(value - middle) for value in past]
    spread = statistics.median(away) * _MAD_TO_SIGMA
    if not spread:
        spread = statistics.fmean(away) * _MEAN_DEVIATION_TO_SIGMA
    return Usual(middle, _settled(spread, past))


def _settled(spread: float, past: Sequence[float]) -> float:
    """A spread that is nothing but rounding errors of floating point counts as none."""
    largest = max(map(abs, past))
    return spread if spread > largest * 1e-12 else 0.0
