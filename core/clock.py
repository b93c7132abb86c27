"""Time is passed in: everything that needs "now" or "today" asks the clock it was given."""

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Where now and today come from."""

    def now(self) -> datetime:
        """The moment, aware, in UTC."""

    def today(self, time_zone: str = "UTC") -> date:
        """The calendar day in an IANA time zone."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        return datetime.now(UTC)

    def today(self, time_zone: str = "UTC") -> date:
        """The calendar day in an IANA time zone."""
        return self.now().astimezone(ZoneInfo(time_zone)).date()


class FixedDay:
    """A clock whose day stands still (DATAMIND_TODAY) while its time of day runs.

    Used by tests, checks and screenshots, so that "last quarter" means the same tomorrow.
    """

    def __init__(self, day: date) -> None:
        self.day = day

    def now(self) -> datetime:
        """The running time of day on the fixed day, in UTC."""
        return datetime.combine(self.day, datetime.now(UTC).timetz())

    def today(self, time_zone: str = "UTC") -> date:
        """The fixed day, in every time zone."""
        return self.day
