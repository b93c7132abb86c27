"""Visits to the website and requests to support."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.demo import calendar, dice
from core.demo.customers import Customers
from core.demo.dice import Floats, Ints
from core.demo.sales import ONLINE, Orders

DEVICES: Final = ("Desktop", "Mobile", "Tablet")
SOURCES: Final = (
    "Organic search",
    "Direct",
    "Paid search",
    "Paid social",
    "Email",
    "Referral",
    "Display",
)
TOPICS: Final = (
    "Delivery",
    "Returns",
    "Product question",
    "Payment",
    "Account",
    "Website problem",
)
PRIORITIES: Final = ("Low", "Normal", "High", "Urgent")
NOBODY: Final = -1


@dataclass(frozen=True)
class Sessions:
    """Visits in the order of their ids; `customer` is an index, NOBODY if not signed in."""

    ids: Ints
    customer: Ints
    day: Ints
    second: Ints
    device: Ints
    source: Ints
    page_views: Ints
    converted: NDArray[np.bool_]


@dataclass(frozen=True)
class Tickets:
    """Requests to support in the order of their ids; satisfaction 0 means not rated."""

    ids: Ints
    customer: Ints
    day: Ints
    second: Ints
    topic: Ints
    priority: Ints
    response_minutes: Ints
    satisfaction: Ints


def sessions(first: date, last: date, customers: Customers, orders: Orders) -> Sessions:
    """All visits from one day to another; each online order is the end of one of them.

    `orders` are those of the same days.
    """
    ids, day, nth = _rows("sessions", first, last)
    customer = customers.pick("sessions", ids, day)
    customer[dice.uniform("sessions/anonymous", ids) < 0.18] = NOBODY
    second = calendar.seconds_of_day("sessions/time", ids, day)
    app = 0.38 + 0.2 / (1 + np.exp(-(day - calendar.number(date(2025, 1, 1))) / 400.0))
    shares = np.stack([0.93 - app, app, np.full(len(ids), 0.07)], axis=1)
    device = dice.picked_by_row(dice.uniform("sessions/device", ids), np.arange(len(ids)), shares)
    page_views = 1 + np.floor(dice.exponential("sessions/pages", ids) * 3.4).astype(np.int64)

    buyer = _buyers(day, nth, orders)
    bought = buyer >= 0
    order = buyer[bought]
    customer[bought] = orders.customer[order]
    before = 90 + np.floor(dice.exponential("sessions/before", ids[bought]) * 420)
    second[bought] = np.maximum(orders.second[order] - before.astype(np.int64), 0)
    device[bought & (device == 1)] = 0
    device[bought] = np.where(orders.channel[order] == 1, 1, device[bought])
    page_views[bought] += 4

    # Ids follow the clock, so whole visits change places within their day.
    clock = np.lexsort((second, day))
    return Sessions(
        ids=ids,
        customer=customer[clock],
        day=day,
        second=second[clock],
        device=device[clock],
        source=_sources(ids, day)[clock],
        page_views=np.minimum(page_views, 60)[clock],
        converted=bought[clock],
    )


def tickets(first: date, last: date, customers: Customers) -> Tickets:
    """All requests to support from one day to another."""
    ids, day, _ = _rows("tickets", first, last)
    trouble = np.minimum(calendar.outage(day) + calendar.outage(day - 1), 1)
    topics = np.array([[0.32, 0.19, 0.20, 0.12, 0.12, 0.05], [0.08, 0.05, 0.04, 0.10, 0.08, 0.65]])
    priorities = np.array([[0.28, 0.52, 0.15, 0.05], [0.05, 0.30, 0.40, 0.25]])
    priority = dice.picked_by_row(dice.uniform("tickets/priority", ids), trouble, priorities)
    usual = np.array([310.0, 170.0, 75.0, 30.0])[priority]
    busy = np.where(trouble > 0, 3.2, 1.0) * np.sqrt(calendar.season(day))
    # A new help desk made the answers quicker.
    quicker = np.where(day >= calendar.number(date(2026, 2, 2)), 0.72, 1.0)
    minutes = usual * busy * quicker * np.exp(0.75 * dice.normal("tickets/response", ids))
    topic = dice.picked_by_row(dice.uniform("tickets/topic", ids), trouble, topics)
    matter = np.array([-0.5, -0.2, 0.4, -0.1, 0.2, -0.9])[topic]
    mood = 4.7 + matter - np.log2(1 + minutes / 90.0) * 0.7
    mood += dice.normal("tickets/mood", ids) * 0.8
    rated = dice.uniform("tickets/rated", ids) < 0.56
    return Tickets(
        ids=ids,
        customer=customers.pick("tickets", ids, day),
        day=day,
        second=calendar.seconds_of_day("tickets/time", ids, day, online=False),
        topic=topic,
        priority=priority,
        response_minutes=np.maximum(minutes, 2).astype(np.int64),
        satisfaction=np.where(rated, np.clip(np.rint(mood), 1, 5), 0).astype(np.int64),
    )


def _rows(what: str, first: date, last: date) -> tuple[Ints, Ints, Ints]:
    """Id, day, and the place within the day (from 0) of each row."""
    history = calendar.days(calendar.FOUNDED, last)
    expected = {"sessions": calendar.visits, "tickets": calendar.tickets}[what](history)
    came = calendar.counts(expected, what, history)
    wanted = history >= calendar.number(first)
    sizes = came[wanted]
    day = np.repeat(history[wanted], sizes)
    ids = came[~wanted].sum() + 1 + np.arange(len(day), dtype=np.int64)
    nth = np.arange(len(day)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return ids, day, nth


def _buyers(day: Ints, nth: Ints, orders: Orders) -> Ints:
    """For each visit the place of the order that ended it, or NOBODY."""
    online = np.flatnonzero(orders.channel < ONLINE)
    start = np.searchsorted(orders.day[online], day, side="left")
    end = np.searchsorted(orders.day[online], day, side="right")
    place = start + nth
    found = np.full(len(day), NOBODY, dtype=np.int64)
    buys = place < end
    found[buys] = online[place[buys]]
    return found


def _sources(ids: Ints, day: Ints) -> Ints:
    friends = np.where(day >= calendar.number(calendar.REFER_A_FRIEND_SINCE), 0.13, 0.035)
    school = 0.01 + 0.05 * calendar.in_season(day, (8, 10), (9, 15))
    spring = 0.13 + 0.09 * calendar.in_season(day, (3, 25), (4, 14))
    rest: Floats = 1 - friends - school - spring
    shares = np.stack(
        [rest * 0.40, rest * 0.26, rest * 0.22, spring, rest * 0.12, friends, school], axis=1
    )
    return dice.picked_by_row(dice.uniform("sessions/source", ids), np.arange(len(ids)), shares)
