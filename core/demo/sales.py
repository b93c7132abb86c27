"""Orders, their lines, and the refunds that follow."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from core.demo import calendar, dice, products
from core.demo.customers import Customers
from core.demo.dice import Floats, Ints

CHANNELS: Final = ("Web", "Mobile app", "Marketplace", "Phone")
ONLINE: Final = 2  # the first channels that leave a visit on our own website
STATUSES: Final = ("paid", "cancelled")
REASONS: Final = (
    "Changed my mind",
    "Damaged on arrival",
    "Not as described",
    "Wrong item",
    "Arrived too late",
)
LATEST_REFUND: Final = 30  # days after the order
DISCOUNTS: Final = np.array([0, 5, 10, 15, 20, 30], dtype=np.int64)
ITEMS_AN_ID: Final = 10


@dataclass(frozen=True)
class Orders:
    """Orders in the order of their ids; `customer` is an index, `cents` their total."""

    ids: Ints
    day: Ints
    second: Ints
    customer: Ints
    channel: Ints
    cancelled: Ints
    cents: Ints


@dataclass(frozen=True)
class Items:
    """The lines of orders; `order` is an order's id. Money in cents, discount in percent."""

    ids: Ints
    order: Ints
    product: Ints
    quantity: Ints
    unit_price: Ints
    discount: Ints
    revenue: Ints


@dataclass(frozen=True)
class Refunds:
    """Refunds by day; `order` is an order's id, money in cents."""

    ids: Ints
    order: Ints
    day: Ints
    cents: Ints
    reason: Ints


def between(first: date, last: date, customers: Customers) -> tuple[Orders, Items]:
    """All orders from one day to another, and their lines."""
    history = calendar.days(calendar.FOUNDED, last)
    placed = calendar.counts(calendar.orders(history), "orders", history)
    wanted = history >= calendar.number(first)
    day = np.repeat(history[wanted], placed[wanted])
    ids = placed[~wanted].sum() + 1 + np.arange(len(day), dtype=np.int64)
    customer = customers.pick("orders", ids, day)
    segment = customers.segment[customer]
    items = _items(ids, day, segment)
    orders = Orders(
        ids=ids,
        day=day,
        second=calendar.seconds_of_day("orders/time", ids, day),
        customer=customer,
        channel=dice.picked_by_row(
            dice.uniform("orders/channel", ids), np.arange(len(ids)), _channel_shares(day, segment)
        ),
        cancelled=(dice.uniform("orders/status", ids) < 0.043).astype(np.int64),
        cents=np.bincount(items.order - ids[:1].sum(), items.revenue, len(ids)).astype(np.int64),
    )
    return orders, items


def refunds(orders: Orders, first: date, last: date) -> Refunds:
    """The refunds sent from one day to another for some of these orders, one an order at most."""
    late = calendar.in_season(orders.day, (12, 1), (12, 24))
    refunded = dice.uniform("refunds", orders.ids) < np.where(late, 0.095, 0.062)
    lag = 2 + np.floor(dice.uniform("refunds/lag", orders.ids) * (LATEST_REFUND - 1))
    day = orders.day + lag.astype(np.int64)
    due = (day >= calendar.number(first)) & (day <= calendar.number(last))
    kept = np.flatnonzero(refunded & due & (orders.cancelled == 0))
    kept = kept[np.lexsort((kept, day[kept]))]
    order, day = orders.ids[kept], day[kept]
    _, starts, sizes = np.unique(day, return_index=True, return_counts=True)
    nth = np.arange(len(day)) - np.repeat(starts, sizes)
    part = np.where(dice.uniform("refunds/whole", order) < 0.65, 100, 50)
    weights = np.array([[0.34, 0.22, 0.19, 0.14, 0.11], [0.22, 0.19, 0.15, 0.11, 0.33]])
    return Refunds(
        # A hundred ids for each day: a day's refunds never shift those of another.
        ids=(day - calendar.number(calendar.FOUNDED)) * 100 + nth + 1,
        order=order,
        day=day,
        cents=(orders.cents[kept] * part + 50) // 100,
        reason=dice.picked_by_row(dice.uniform("refunds/reason", order), late[kept], weights),
    )


def _channel_shares(day: Ints, segment: Ints) -> Floats:
    """The app wins over the web year by year, Enterprise likes the phone."""
    app = 0.20 + 0.30 / (1 + np.exp(-(day - calendar.number(date(2025, 1, 1))) / 400.0))
    marketplace = np.array([0.17, 0.10, 0.02])[segment]
    phone = np.array([0.03, 0.10, 0.45])[segment]
    own = 1 - marketplace - phone
    return np.stack([own * (1 - app), own * app, marketplace, phone], axis=1)


def _items(ids: Ints, day: Ints, segment: Ints) -> Items:
    lines = 1 + dice.choice("orders/lines", ids, (0.37, 0.30, 0.19, 0.09, 0.05))
    row = np.repeat(np.arange(len(ids)), lines)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(lines) - lines, lines)
    keys = ids[row] * ITEMS_AN_ID + nth + 1
    product = _products(keys, day[row])
    # The same product drawn twice for an order is one line.
    _, first = np.unique(ids[row] * len(products.PRODUCTS) + product, return_index=True)
    kept = np.sort(first)
    row, keys, product = row[kept], keys[kept], product[kept]
    price = products.PRICES[product]
    quantity = _quantity(keys, segment[row], price)
    discount = _discount(ids[row], day[row], segment[row])
    return Items(
        ids=keys,
        order=ids[row],
        product=product,
        quantity=quantity,
        unit_price=price,
        discount=discount,
        revenue=(price * quantity * (100 - discount) + 50) // 100,
    )


def _products(keys: Ints, day: Ints) -> Ints:
    month = day.astype("datetime64[D]").astype("datetime64[M]")
    months, row = np.unique(month, return_inverse=True)
    starts = months.astype("datetime64[D]").astype(np.int64)
    return dice.picked_by_row(
        dice.uniform("items/product", keys), row.astype(np.int64), products.demand(starts)
    )


def _quantity(keys: Ints, segment: Ints, price: Ints) -> Ints:
    """Mostly one; companies take more, and more of what is cheap."""
    bulk = np.array([0.28, 1.1, 4.2])[segment] * np.where(price > 10000, 0.5, 1.0)
    more: Ints = np.floor(dice.exponential("items/quantity", keys) * bulk).astype(np.int64)
    return np.minimum(more + 1, 40)


def _discount(order: Ints, day: Ints, segment: Ints) -> Ints:
    """In percent, the same for all lines of an order."""
    sale = calendar.in_season(day, (3, 25), (4, 14)) | calendar.in_season(day, (11, 22), (11, 29))
    usual = np.where(segment == 2, 2, sale)
    weights = np.array(
        [
            [0.78, 0.09, 0.08, 0.03, 0.02, 0.00],
            [0.30, 0.08, 0.22, 0.20, 0.15, 0.05],
            [0.20, 0.15, 0.35, 0.20, 0.10, 0.00],
        ]
    )
    chance = dice.uniform("orders/discount", order)
    return DISCOUNTS[dice.picked_by_row(chance, usual.astype(np.int64), weights)]
