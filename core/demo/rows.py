"""The rows that some days add to the shop's tables, as Arrow tables."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa

from core.demo import calendar, customers, marketing, people, products, sales, visits
from core.demo.customers import Customers
from core.demo.dice import Ints

_SECONDS_A_DAY: Final = 86_400


def between(first: date, last: date, *, start: date, founding: bool) -> Mapping[str, pa.Table]:
    """The rows of all tables that the days from first to last bring.

    `start` is the first day of the events in the file (refunds look back to it). `founding`
    adds what was there before: countries, and earlier customers, subscriptions, products.
    """
    everybody = customers.until(last)
    joined = calendar.number(calendar.FOUNDED) if founding else calendar.number(first)
    back = max(start, first - timedelta(days=sales.LATEST_REFUND))
    orders, items = sales.between(back, last, everybody)
    tables = {
        "countries": _countries() if founding else None,
        "customers": _customers(everybody, joined),
        "products": _products(joined, calendar.number(last)),
        "orders": _orders(orders, calendar.number(first)),
        "order_items": _items(items, orders, calendar.number(first)),
        "refunds": _refunds(sales.refunds(orders, first, last)),
        "marketing_spend": _spend(marketing.between(first, last)),
        "website_sessions": _sessions(visits.sessions(first, last, everybody, orders)),
        "support_tickets": _tickets(visits.tickets(first, last, everybody)),
        **_plans(everybody, joined, last),
    }
    return {name: table for name, table in tables.items() if table is not None}


def _countries() -> pa.Table:
    rows = [{"country": country.name, "region": country.region} for country in people.COUNTRIES]
    return pa.Table.from_pylist(rows)


def _customers(everybody: Customers, joined: int) -> pa.Table:
    names, emails = customers.names(everybody)
    new = everybody.signed_up >= joined
    old = int((~new).sum())
    return _table(
        {
            "customer_id": everybody.ids[new],
            "name": pa.array(names[old:], pa.string()),
            "email": pa.array(emails[old:], pa.string()),
            "country": _words([c.name for c in people.COUNTRIES], everybody.country[new]),
            "segment": _words(customers.SEGMENTS, everybody.segment[new]),
            "signed_up_on": _dates(everybody.signed_up[new]),
        }
    )


def _products(joined: int, last: int) -> pa.Table:
    launched = np.array([calendar.number(p.launched_on) for p in products.PRODUCTS])
    new = np.flatnonzero((launched >= joined) & (launched <= last))
    chosen = [products.PRODUCTS[place] for place in new]
    return _table(
        {
            "product_id": new + 1,
            "name": pa.array([product.name for product in chosen], pa.string()),
            "category": pa.array([product.category for product in chosen], pa.string()),
            "price": _money(np.array([product.price for product in chosen], dtype=np.int64)),
            "cost": _money(np.array([product.cost for product in chosen], dtype=np.int64)),
            "launched_on": _dates(launched[new]),
        }
    )


def _orders(orders: sales.Orders, first: int) -> pa.Table:
    new = orders.day >= first
    return _table(
        {
            "order_id": orders.ids[new],
            "customer_id": orders.customer[new] + 1,
            "ordered_at": _moments(orders.day[new], orders.second[new]),
            "status": _words(sales.STATUSES, orders.cancelled[new]),
            "channel": _words(sales.CHANNELS, orders.channel[new]),
            "total": _money(orders.cents[new]),
        }
    )


def _items(items: sales.Items, orders: sales.Orders, first: int) -> pa.Table:
    old = orders.ids[orders.day < first]
    new = items.order > (old[-1] if len(old) else 0)
    return _table(
        {
            "order_item_id": items.ids[new],
            "order_id": items.order[new],
            "product_id": items.product[new] + 1,
            "quantity": items.quantity[new],
            "unit_price": _money(items.unit_price[new]),
            "discount": _money(items.discount[new]),
            "revenue": _money(items.revenue[new]),
        }
    )


def _refunds(refunds: sales.Refunds) -> pa.Table:
    return _table(
        {
            "refund_id": refunds.ids,
            "order_id": refunds.order,
            "refunded_on": _dates(refunds.day),
            "amount": _money(refunds.cents),
            "reason": _words(sales.REASONS, refunds.reason),
        }
    )


def _spend(spend: marketing.Spend) -> pa.Table:
    return _table(
        {
            "marketing_spend_id": spend.ids,
            "spent_on": _dates(spend.day),
            "channel": _words([c.channel for c in marketing.CAMPAIGNS], spend.campaign),
            "campaign": _words([c.name for c in marketing.CAMPAIGNS], spend.campaign),
            "amount": _money(spend.cents),
            "clicks": spend.clicks,
            "impressions": spend.impressions,
        }
    )


def _sessions(sessions: visits.Sessions) -> pa.Table:
    known = pa.array(sessions.customer + 1, mask=sessions.customer == visits.NOBODY)
    return _table(
        {
            "session_id": sessions.ids,
            "customer_id": known,
            "started_at": _moments(sessions.day, sessions.second),
            "device": _words(visits.DEVICES, sessions.device),
            "source": _words(visits.SOURCES, sessions.source),
            "page_views": sessions.page_views,
            "converted": sessions.converted,
        }
    )


def _tickets(tickets: visits.Tickets) -> pa.Table:
    return _table(
        {
            "ticket_id": tickets.ids,
            "customer_id": tickets.customer + 1,
            "opened_at": _moments(tickets.day, tickets.second),
            "category": _words(visits.TOPICS, tickets.topic),
            "priority": _words(visits.PRIORITIES, tickets.priority),
            "first_response_minutes": tickets.response_minutes,
            "satisfaction": pa.array(tickets.satisfaction, mask=tickets.satisfaction == 0),
        }
    )


def _plans(everybody: Customers, joined: int, last: date) -> dict[str, pa.Table]:
    """Subscriptions and cancellations, which are numbered together since the founding."""
    all_ = customers.subscriptions(everybody, last)
    prices = np.array([price for _, price in customers.PLANS], dtype=np.int64)
    new = np.flatnonzero(all_.started >= joined)
    ended = np.flatnonzero(all_.ended <= calendar.number(last))
    ended = ended[np.lexsort((ended, all_.ended[ended]))]
    nth = np.arange(1, len(ended) + 1, dtype=np.int64)
    fresh = all_.ended[ended] >= joined
    ended, nth = ended[fresh], nth[fresh]
    return {
        "subscriptions": _table(
            {
                "subscription_id": new + 1,
                "customer_id": all_.customer[new] + 1,
                "plan": _words([plan for plan, _ in customers.PLANS], all_.plan[new]),
                "monthly_price": _money(prices[all_.plan[new]]),
                "started_on": _dates(all_.started[new]),
            }
        ),
        "cancellations": _table(
            {
                "cancellation_id": nth,
                "subscription_id": ended + 1,
                "cancelled_on": _dates(all_.ended[ended]),
                "reason": _words(customers.REASONS, customers.reasons(ended, all_.ended[ended])),
            }
        ),
    }


def _table(columns: Mapping[str, Any]) -> pa.Table:
    return pa.table(columns)


def _words(words: Sequence[str], which: Ints) -> "pa.Array[Any]":
    return pa.array(words, pa.string()).take(which)


def _dates(days: Ints) -> "pa.Array[Any]":
    return pa.array(days.astype(np.int32), pa.int32()).cast(pa.date32())


def _moments(days: Ints, seconds: Ints) -> "pa.Array[Any]":
    micros = (days * _SECONDS_A_DAY + seconds) * 1_000_000
    moments: pa.Array[Any] = pa.array(micros).cast(pa.timestamp("us"))
    return moments


def _money(hundredths: Ints) -> "pa.Array[Any]":
    """Hundredths as DECIMAL(12,2), exactly; Arrow keeps 128 bits, the lower half first."""
    wide: Any = np.zeros((len(hundredths), 2), dtype=np.int64)
    wide[:, 0] = hundredths
    money: pa.Array[Any] = pa.Array.from_buffers(
        pa.decimal128(12, 2), len(hundredths), [None, pa.py_buffer(wide.tobytes())]
    )
    return money
