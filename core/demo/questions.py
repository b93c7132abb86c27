"""Questions to start with on the demo shop's data."""

from typing import Final

SUGGESTED: Final = (
    "What were our top 10 products by revenue last quarter?",
    "Revenue by month this year",
    "Revenue by country last quarter",
    "How many customers do we have in the DACH region?",
    "Average order value by channel in the past 90 days",
    "New customers by month in the last 12 months",
    "Daily active users in the past 30 days",
    "Cancellations by month in the last 12 months",
    "Refund amount by reason last quarter",
    "Marketing spend by campaign this year",
    "Support tickets by category last month",
)
