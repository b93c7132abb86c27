"""Which backups stay: all of a month, then one a week."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

ALL_OF: Final = timedelta(days=30)
WEEKLY_OF: Final = timedelta(days=90)
_NAME: Final = re.compile(r"datamind-(\d{4}-\d\d-\d\d)-\d{6}\.zip")


def name(at: datetime) -> str:
    """The name of a backup made then (UTC)."""
    return f"datamind-{at:%Y-%m-%d-%H%M%S}.zip"


def tidy(place: Path, today: date) -> int:
    """Remove what is too old from a folder of backups; returns how many. Other files stay.

    The last 30 days stay whole, then the first of each week up to 90 days.
    """
    weeks: set[tuple[int, int]] = set()
    gone = 0
    for path in sorted(place.iterdir()):
        found = _NAME.fullmatch(path.name)
        if found is None:
            continue
        day = date.fromisoformat(found[1])
        age = today - day
        if age <= WEEKLY_OF:
            week = day.isocalendar()[:2]
            if age <= ALL_OF or week not in weeks:
                weeks.add(week)
                continue
        path.unlink()
        gone += 1
    return gone
