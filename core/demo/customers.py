"""The shop's customers and their subscriptions, from the first day of the business on."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from core.demo import calendar, dice, people
from core.demo.dice import Floats, Ints

SEGMENTS: Final = ("Consumer", "Small business", "Enterprise")
PLANS: Final = (("Basic", 990), ("Plus", 1990), ("Premium", 4990))
REASONS: Final = (
    "Too expensive",
    "Not using it enough",
    "Switched to a competitor",
    "Missing features",
    "Service problems",
)
_SOUTH: Final = np.array([c.region == people.SOUTH for c in people.COUNTRIES])
_DACH: Final = np.array([c.region == "DACH" for c in people.COUNTRIES])


@dataclass(frozen=True)
class Customers:
    """Everybody who signed up until some day; the nth has the id n + 1.

    `known` tells how many there were at the end of each day since the shop was founded.
    """

    country: Ints
    segment: Ints
    signed_up: Ints
    known: Ints

    @property
    def ids(self) -> Ints:
        """Numbers of the customers, from 1."""
        return np.arange(1, len(self.country) + 1, dtype=np.int64)

    def pick(self, stream: str, keys: Ints, day: Ints) -> Ints:
        """A customer (index) for each row, signed up by its day, busy ones more often.

        The newer half comes more often too, and Southern Europe less and less.
        """
        known = self.known[day - calendar.number(calendar.FOUNDED)]
        chosen = np.zeros(len(keys), dtype=np.int64)
        waiting = np.arange(len(keys))
        for attempt in range(7):
            row = keys[waiting]
            chance = dice.uniform(f"{stream}/who/{attempt}", row)
            found = np.floor(known[waiting] * chance**0.75).astype(np.int64)
            chosen[waiting] = found
            keen = self._keenness(found) * np.where(
                _SOUTH[self.country[found]], calendar.south(day[waiting]), 1.0
            )
            refused = dice.uniform(f"{stream}/accepts/{attempt}", row) > keen
            waiting = waiting[refused]
        return chosen

    def _keenness(self, customer: Ints) -> Floats:
        return 0.12 + 0.88 * dice.uniform("customers/keenness", customer) ** 3


@dataclass(frozen=True)
class Subscriptions:
    """Subscriptions by start day; the nth has the id n + 1. `ended` is far off if it goes on."""

    customer: Ints
    plan: Ints
    started: Ints
    ended: Ints


def until(last: date) -> Customers:
    """All customers who signed up until a day."""
    day = calendar.days(calendar.FOUNDED, last)
    joined = calendar.counts(calendar.signups(day), "customers", day)
    signed_up = np.repeat(day, joined)
    keys = np.arange(len(signed_up), dtype=np.int64)
    shares = np.array([float(country.share) for country in people.COUNTRIES])
    # Once for the whole market, then some of the South's newcomers never come: others do.
    country = dice.choice("customers/country", keys, shares.tolist())
    elsewhere = dice.choice("customers/elsewhere", keys, np.where(_SOUTH, 0.0, shares).tolist())
    stays_away = _SOUTH[country] & (
        dice.uniform("customers/south", keys) > calendar.south(signed_up)
    )
    return Customers(
        country=np.where(stays_away, elsewhere, country),
        segment=dice.choice("customers/segment", keys, (0.76, 0.19, 0.05)),
        signed_up=signed_up,
        known=np.cumsum(joined),
    )


def names(customers: Customers) -> tuple[list[str], list[str]]:
    """Name and email of every customer."""
    languages = [country.names for country in people.COUNTRIES]
    met = dict.fromkeys(languages, 0)
    everybody = []
    for country in customers.country.tolist():
        language = languages[country]
        everybody.append(people.person(language, met[language]))
        met[language] += 1
    return [name for name, _ in everybody], [email for _, email in everybody]


def subscriptions(customers: Customers, last: date) -> Subscriptions:
    """The subscriptions that these customers started until a day, and when they ended them."""
    keys = customers.ids
    willing = np.array([0.15, 0.30, 0.46])[customers.segment]
    subscribes = dice.uniform("subscriptions", keys) < willing
    lag = np.floor(dice.exponential("subscriptions/lag", keys) * 45).astype(np.int64)
    started = customers.signed_up + lag
    kept = np.flatnonzero(subscribes & (started <= calendar.number(last)))
    kept = kept[np.lexsort((kept, started[kept]))]
    plans = np.array([[0.60, 0.30, 0.10], [0.30, 0.48, 0.22], [0.08, 0.37, 0.55]])
    plan = dice.picked_by_row(
        dice.uniform("subscriptions/plan", kept), customers.segment[kept], plans
    )
    patience = dice.exponential("cancellations", kept) / np.array([1.25, 1.0, 0.7])[plan]
    country = customers.country[kept]
    patience /= np.where(_DACH[country], 0.85, np.where(_SOUTH[country], 1.4, 1.0))
    return Subscriptions(kept, plan, started[kept], _ends(started[kept], patience, last))


def _ends(started: Ints, patience: Floats, last: date) -> Ints:
    """The day on which the annoyances since the start use up the patience."""
    day = calendar.days(calendar.FOUNDED, last)
    monthly = np.full(len(day), 0.034)
    monthly *= np.where(calendar.in_season(day, (1, 1), (1, 31)) > 0, 1.5, 1.0)
    weeks_after = np.zeros(len(day))
    for lag in range(2, 23):
        weeks_after[calendar.outage(day - lag) > 0] = 1.0
    annoyance = np.concatenate([[0.0], np.cumsum(monthly * (1 + 2.2 * weeks_after) / 30.4)])
    begun = annoyance[started - day[0] + 1]
    enough: Ints = np.searchsorted(annoyance, begun + patience, side="left").astype(np.int64)
    return calendar.number(calendar.FOUNDED) + enough - 1


def reasons(subscription: Ints, ended: Ints) -> Ints:
    """Why each subscription was ended, as indexes into REASONS; after an outage the service."""
    troubled = np.zeros(len(ended), dtype=np.int64)
    for lag in range(2, 23):
        if len(ended):
            troubled |= calendar.outage(ended - lag) > 0
    weights = np.array([[0.34, 0.30, 0.18, 0.12, 0.06], [0.14, 0.12, 0.14, 0.06, 0.54]])
    chance = dice.uniform("cancellations/reason", subscription)
    return dice.picked_by_row(chance, troubled, weights)
