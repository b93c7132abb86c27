"""The demo's dashboard: what an executive of the shop looks at every morning."""

from typing import Final
from uuid import UUID

from core.dashboards import boards, filtering, layout, tiles
from core.dashboards.tiles import NewTile
from core.dashboards.views import Filter, Place
from core.datamind import DataMind
from core.demo import cast
from core.store.tables import Connection
from core.types import Actor, ChartSpec

TITLE: Final = "Shop this morning"
DESCRIPTION: Final = "Revenue, customers and service at a glance"
NOTE: Final = """**How to read this**

- Revenue counts paid orders, after discounts, in euro.
- A month is compared with the whole month before it.
- Click a bar to look at it alone on all tiles.
"""

FILTERS: Final = (
    Filter(
        "period",
        "date",
        "Period",
        ("orders.ordered_at", "website_sessions.started_at", "refunds.refunded_on"),
    ),
    Filter("country", "list", "Country", ("customers.country",)),
    Filter("channel", "list", "Channel", ("orders.channel",)),
)

_MONTHS: Final = "(SELECT date_trunc('month', max(ordered_at)) - INTERVAL 12 MONTH FROM orders)"
_RUNNING: Final = "(SELECT date_trunc('month', max(ordered_at)) FROM orders)"
_QUARTER: Final = "(SELECT CAST(max(ordered_at) AS DATE) - INTERVAL 90 DAY FROM orders)"


def _monthly(figure: str, name: str) -> str:
    return (
        f"SELECT date_trunc('month', o.ordered_at) AS month, {figure} AS {name}\n"
        "FROM orders AS o\nJOIN customers AS c ON c.customer_id = o.customer_id\n"
        f"WHERE o.status = 'paid' AND o.ordered_at >= {_MONTHS}\n"
        "GROUP BY 1 ORDER BY 1"
    )


_KPIS: Final = (
    ("Revenue", "revenue", _monthly("round(sum(o.total), 0)", "revenue"), "EUR"),
    ("Orders", "orders", _monthly("count(*)", "orders"), ""),
    ("Average order value", "average_order_value",
     _monthly("round(avg(o.total), 2)", "average_order_value"), "EUR"),
    ("Buying customers", "customers", _monthly("count(DISTINCT o.customer_id)", "customers"), ""),
)  # fmt: skip

_CHARTS: Final[tuple[tuple[str, str, ChartSpec, Place], ...]] = (
    (
        "Revenue by month",
        """SELECT date_trunc('month', o.ordered_at) AS month, round(sum(o.total), 0) AS revenue
FROM orders AS o
JOIN customers AS c ON c.customer_id = o.customer_id
WHERE o.status = 'paid' AND o.ordered_at >= :months AND o.ordered_at < :running
GROUP BY 1 ORDER BY 1""",
        ChartSpec("line", "month", ("revenue",), currency="EUR"),
        Place(0, 4, 8, 6),
    ),
    (
        "Top 10 products, last 90 days",
        """SELECT p.name AS product, round(sum(i.revenue), 0) AS revenue
FROM order_items AS i
JOIN orders AS o ON o.order_id = i.order_id
JOIN products AS p ON p.product_id = i.product_id
JOIN customers AS c ON c.customer_id = o.customer_id
WHERE o.status = 'paid' AND o.ordered_at >= :quarter
GROUP BY 1 ORDER BY 2 DESC LIMIT 10""",
        ChartSpec("horizontal_bar", "product", ("revenue",), currency="EUR"),
        Place(0, 10, 6, 7),
    ),
    (
        "Revenue by country, last 90 days",
        """SELECT c.country, round(sum(o.total), 0) AS revenue
FROM orders AS o
JOIN customers AS c ON c.customer_id = o.customer_id
WHERE o.status = 'paid' AND o.ordered_at >= :quarter
GROUP BY 1 ORDER BY 2 DESC""",
        ChartSpec("horizontal_bar", "country", ("revenue",), currency="EUR"),
        Place(6, 10, 6, 7),
    ),
    (
        "Revenue by channel",
        """SELECT date_trunc('month', o.ordered_at) AS month, o.channel,
  round(sum(o.total), 0) AS revenue
FROM orders AS o
JOIN customers AS c ON c.customer_id = o.customer_id
WHERE o.status = 'paid' AND o.ordered_at >= :months AND o.ordered_at < :running
GROUP BY 1, 2 ORDER BY 1""",
        ChartSpec("bar", "month", ("revenue",), "channel", stack="stacked", currency="EUR"),
        Place(0, 17, 6, 6),
    ),
    (
        "Daily active users, last 90 days",
        """SELECT CAST(s.started_at AS DATE) AS day, count(DISTINCT s.customer_id) AS active_users
FROM website_sessions AS s
WHERE s.started_at >= (SELECT CAST(max(started_at) AS DATE) - INTERVAL 90 DAY
  FROM website_sessions)
GROUP BY 1 ORDER BY 1""",
        ChartSpec("area", "day", ("active_users",)),
        Place(6, 17, 6, 6),
    ),
    (
        "Largest orders, last 90 days",
        """SELECT CAST(o.ordered_at AS DATE) AS ordered_on, c.name AS customer, c.country,
  o.channel, o.total
FROM orders AS o
JOIN customers AS c ON c.customer_id = o.customer_id
WHERE o.status = 'paid' AND o.ordered_at >= :quarter
ORDER BY o.total DESC LIMIT 50""",
        ChartSpec("table"),
        Place(0, 23, 8, 6),
    ),
    (
        "Refunds by reason, last 90 days",
        """SELECT r.reason, round(sum(r.amount), 0) AS refunded
FROM refunds AS r
WHERE r.refunded_on >= (SELECT max(refunded_on) - INTERVAL 90 DAY FROM refunds)
GROUP BY 1 ORDER BY 2 DESC""",
        ChartSpec("pie", "reason", ("refunded",), currency="EUR"),
        Place(8, 23, 4, 6),
    ),
)


def _said(sql: str) -> str:
    """The query with its moments: the data's last day stands for today."""
    moments = {":quarter": _QUARTER, ":months": _MONTHS, ":running": _RUNNING}
    for name, moment in moments.items():
        sql = sql.replace(name, moment)
    return sql


def put_up(dm: DataMind, admin: Actor, connection_id: UUID) -> None:
    """Make the dashboard as the demo's analyst and share it, once: one that is deleted stays so."""
    if not _is_first(dm, connection_id):
        return
    analyst = cast.person(dm, admin, "analyst")
    board = boards.create(dm, analyst, TITLE, DESCRIPTION)
    places: dict[UUID, Place] = {}
    for index, (title, column, sql, currency) in enumerate(_KPIS):
        chart = ChartSpec("kpi", "month", (column,), currency=currency)
        made = tiles.add(dm, analyst, board, NewTile(title, connection_id, sql, chart))
        places[made] = Place(3 * index, 0, 3, 4)
    for title, sql, chart, place in _CHARTS:
        made = tiles.add(dm, analyst, board, NewTile(title, connection_id, _said(sql), chart))
        places[made] = place
    note = tiles.add(dm, analyst, board, NewTile("", markdown=NOTE))
    places[note] = Place(8, 4, 4, 6)
    version = boards.dashboard(dm, analyst, board).version
    layout.arrange(dm, analyst, board, places, version=version)
    filtering.keep(dm, analyst, board, FILTERS)
    boards.share(dm, analyst, board, True)


def _is_first(dm: DataMind, connection_id: UUID) -> bool:
    with dm.sessions.write() as db:
        row = db.get_one(Connection, connection_id)
        done = bool(row.extra_config.get("dashboard"))
        row.extra_config = {**row.extra_config, "dashboard": True}
    return not done
