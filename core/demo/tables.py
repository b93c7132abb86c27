"""The shop's tables as they are declared in its file, with their descriptions."""

from typing import Final, NamedTuple


class Declared(NamedTuple):
    """A table: what it holds, and (name, type and keys, description) of each column."""

    name: str
    description: str
    columns: tuple[tuple[str, str, str], ...]


# In the order in which they can be filled: a table after those that it refers to.
TABLES: Final = (
    Declared(
        "countries",
        "Countries we sell to, with their sales region",
        (
            ("country", "VARCHAR PRIMARY KEY", "Name of the country"),
            ("region", "VARCHAR NOT NULL", "Sales region, such as DACH or Nordics"),
        ),
    ),
    Declared(
        "customers",
        "Everybody who has an account with the shop",
        (
            ("customer_id", "INTEGER PRIMARY KEY", "Number of the customer"),
            ("name", "VARCHAR NOT NULL", "Full name"),
            ("email", "VARCHAR NOT NULL", "Email address"),
            ("country", "VARCHAR NOT NULL REFERENCES countries(country)", "Where they live"),
            ("segment", "VARCHAR NOT NULL", "Consumer, Small business or Enterprise"),
            ("signed_up_on", "DATE NOT NULL", "Day the account was opened"),
        ),
    ),
    Declared(
        "products",
        "Everything the shop sells",
        (
            ("product_id", "INTEGER PRIMARY KEY", "Number of the product"),
            ("name", "VARCHAR NOT NULL", "Name of the product"),
            ("category", "VARCHAR NOT NULL", "Product category"),
            ("price", "DECIMAL(10,2) NOT NULL", "List price in euro"),
            ("cost", "DECIMAL(10,2) NOT NULL", "What one piece costs us, in euro"),
            ("launched_on", "DATE NOT NULL", "First day on sale"),
        ),
    ),
    Declared(
        "orders",
        "Orders placed by customers",
        (
            ("order_id", "INTEGER PRIMARY KEY", "Number of the order"),
            ("customer_id", "INTEGER NOT NULL REFERENCES customers(customer_id)", "Who ordered"),
            ("ordered_at", "TIMESTAMP NOT NULL", "When the order was placed"),
            ("status", "VARCHAR NOT NULL", "paid or cancelled"),
            ("channel", "VARCHAR NOT NULL", "Web, Mobile app, Marketplace or Phone"),
            ("total", "DECIMAL(12,2) NOT NULL", "Order value in euro, after discounts"),
        ),
    ),
    Declared(
        "order_items",
        "The lines of each order, one for each product",
        (
            ("order_item_id", "INTEGER PRIMARY KEY", "Number of the line"),
            ("order_id", "INTEGER NOT NULL REFERENCES orders(order_id)", "The order it is in"),
            ("product_id", "INTEGER NOT NULL REFERENCES products(product_id)", "What was bought"),
            ("quantity", "INTEGER NOT NULL", "Pieces"),
            ("unit_price", "DECIMAL(10,2) NOT NULL", "Price of one piece in euro"),
            ("discount", "DECIMAL(4,2) NOT NULL", "Discount as a fraction: 0.10 is 10 percent"),
            ("revenue", "DECIMAL(12,2) NOT NULL", "Value of the line in euro, after discount"),
        ),
    ),
    Declared(
        "refunds",
        "Money given back for orders",
        (
            ("refund_id", "INTEGER PRIMARY KEY", "Number of the refund"),
            ("order_id", "INTEGER NOT NULL REFERENCES orders(order_id)", "The refunded order"),
            ("refunded_on", "DATE NOT NULL", "Day the money was sent back"),
            ("amount", "DECIMAL(12,2) NOT NULL", "Refunded amount in euro"),
            ("reason", "VARCHAR NOT NULL", "Why the customer wanted it back"),
        ),
    ),
    Declared(
        "marketing_spend",
        "What each campaign cost and brought, day by day",
        (
            ("marketing_spend_id", "INTEGER PRIMARY KEY", "Number of the entry"),
            ("spent_on", "DATE NOT NULL", "Day"),
            ("channel", "VARCHAR NOT NULL", "Marketing channel"),
            ("campaign", "VARCHAR NOT NULL", "Name of the campaign"),
            ("amount", "DECIMAL(10,2) NOT NULL", "Spend in euro"),
            ("clicks", "INTEGER NOT NULL", "Clicks on the ads"),
            ("impressions", "INTEGER NOT NULL", "How often the ads were shown"),
        ),
    ),
    Declared(
        "website_sessions",
        "Visits to the website and the app; distinct customers a day are the daily active users",
        (
            ("session_id", "INTEGER PRIMARY KEY", "Number of the visit"),
            ("customer_id", "INTEGER REFERENCES customers(customer_id)", "Who, if signed in"),
            ("started_at", "TIMESTAMP NOT NULL", "When the visit began"),
            ("device", "VARCHAR NOT NULL", "Desktop, Mobile or Tablet"),
            ("source", "VARCHAR NOT NULL", "Where the visitor came from"),
            ("page_views", "INTEGER NOT NULL", "Pages seen"),
            ("converted", "BOOLEAN NOT NULL", "Whether the visit ended in an order"),
        ),
    ),
    Declared(
        "support_tickets",
        "Requests to customer support",
        (
            ("ticket_id", "INTEGER PRIMARY KEY", "Number of the ticket"),
            ("customer_id", "INTEGER NOT NULL REFERENCES customers(customer_id)", "Who asked"),
            ("opened_at", "TIMESTAMP NOT NULL", "When it was opened"),
            ("category", "VARCHAR NOT NULL", "What it is about"),
            ("priority", "VARCHAR NOT NULL", "Low, Normal, High or Urgent"),
            ("first_response_minutes", "INTEGER NOT NULL", "Minutes until the first answer"),
            ("satisfaction", "INTEGER", "Rating from 1 (bad) to 5 (great), if given"),
        ),
    ),
    Declared(
        "subscriptions",
        "Paid monthly plans that customers started",
        (
            ("subscription_id", "INTEGER PRIMARY KEY", "Number of the subscription"),
            ("customer_id", "INTEGER NOT NULL REFERENCES customers(customer_id)", "Subscriber"),
            ("plan", "VARCHAR NOT NULL", "Basic, Plus or Premium"),
            ("monthly_price", "DECIMAL(8,2) NOT NULL", "Price a month in euro"),
            ("started_on", "DATE NOT NULL", "First day"),
        ),
    ),
    Declared(
        "cancellations",
        "Subscriptions that were ended; a subscription without one is still active",
        (
            ("cancellation_id", "INTEGER PRIMARY KEY", "Number of the cancellation"),
            (
                "subscription_id",
                "INTEGER NOT NULL REFERENCES subscriptions(subscription_id)",
                "The subscription that was ended",
            ),
            ("cancelled_on", "DATE NOT NULL", "Day it was ended"),
            ("reason", "VARCHAR NOT NULL", "Why it was ended"),
        ),
    ),
)


def ddl() -> tuple[str, ...]:
    """The statements that create the empty tables with their keys and descriptions."""
    statements = []
    for table in TABLES:
        columns = ", ".join(f"{name} {kind}" for name, kind, _ in table.columns)
        statements.append(f"CREATE TABLE {table.name} ({columns})")
        statements.append(f"COMMENT ON TABLE {table.name} IS '{table.description}'")
        statements += [
            f"COMMENT ON COLUMN {table.name}.{name} IS '{description}'"
            for name, _, description in table.columns
        ]
    return tuple(statements)
