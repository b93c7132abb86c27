"""What the campaigns cost and brought: one that worked, one that did not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

import numpy as np

from core.demo import calendar, dice
from core.demo.dice import Ints

Days = tuple[int, int]


class Campaign(NamedTuple):
    """A campaign: euro a day, cents a click, clicks in a thousand views, and when it runs."""

    name: str
    channel: str
    budget: float
    click: float
    rate: float
    runs: Callable[[Ints], Ints]


def _always(day: Ints) -> Ints:
    return np.ones_like(day)


def _each_year(first: Days, last: Days) -> Callable[[Ints], Ints]:
    return lambda day: calendar.in_season(day, first, last)


def _since(start: date) -> Callable[[Ints], Ints]:
    return lambda day: (day >= calendar.number(start)).astype(np.int64)


CAMPAIGNS: Final = (
    Campaign("Brand search", "Paid search", 92, 62, 48, _always),
    Campaign("Product ads", "Paid social", 118, 55, 13, _always),
    Campaign("Newsletter", "Email", 21, 14, 35, _always),
    Campaign("Spring Sale", "Paid social", 265, 34, 24, _each_year((3, 25), (4, 14))),
    Campaign("Back to School", "Display", 240, 290, 2, _each_year((8, 10), (9, 15))),
    Campaign("Black Week", "Paid search", 420, 58, 40, _each_year((11, 20), (11, 29))),
    Campaign("Christmas gifts", "Paid social", 190, 60, 15, _each_year((12, 1), (12, 20))),
    Campaign("Refer a friend", "Referral", 74, 21, 90, _since(calendar.REFER_A_FRIEND_SINCE)),
)


@dataclass(frozen=True)
class Spend:
    """Entries by day; `campaign` is an index into CAMPAIGNS, money in cents."""

    ids: Ints
    day: Ints
    campaign: Ints
    cents: Ints
    clicks: Ints
    impressions: Ints


def between(first: date, last: date) -> Spend:
    """What was spent from one day to another."""
    history = calendar.days(calendar.FOUNDED, last)
    running = np.stack([campaign.runs(history) for campaign in CAMPAIGNS], axis=1) > 0
    at, campaign = np.nonzero(running)
    day = history[at]
    ids = np.arange(1, len(day) + 1, dtype=np.int64)
    kept = day >= calendar.number(first)
    ids, day, campaign = ids[kept], day[kept], campaign[kept].astype(np.int64)
    budget, click, rate = (
        np.array([row[column] for row in CAMPAIGNS], dtype=np.float64)[campaign]
        for column in (2, 3, 4)
    )
    luck = 0.85 + 0.3 * dice.uniform("marketing/amount", ids)
    cents = np.floor(budget * 100 * luck * np.sqrt(calendar.level(day)))
    clicks = np.floor(cents / (click * (0.8 + 0.4 * dice.uniform("marketing/clicks", ids))))
    shown = clicks * 1000 / (rate * (0.85 + 0.3 * dice.uniform("marketing/shown", ids)))
    return Spend(
        ids,
        day,
        campaign,
        cents.astype(np.int64),
        clicks.astype(np.int64),
        np.ceil(shown).astype(np.int64),
    )
