"""What the doctors of all servers share: wording, order, time limits, TLS, clock, version."""

import ipaddress
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

from core.connectors import server_versions
from core.connectors.base import Target
from core.types import Finding

SECONDS_A_QUERY: Final = 5.0
SECONDS_IN_ALL: Final = 10.0
MOST_CLOCK_DIFFERENCE: Final = timedelta(seconds=60)
SOON: Final = timedelta(days=180)
ONLY_READS: Final = (
    "DataMind only reads, whatever the account may do; but if its password leaked, or a check "
    "failed, nothing else would stand in the way. Use an account that cannot do more."
)
_NOT_CHECKED: Final = "Could not be checked"
_ORDER: Final = ("danger", "warning", "note", "good")


def report(found: Iterable[Finding], reader_sql: str) -> tuple[Finding, ...]:
    """The findings, worst first; at the end the way to a proper reader when one is needed."""
    ordered = sorted(found, key=lambda finding: _ORDER.index(finding.level))
    if reader_sql and any(finding.level in ("danger", "warning") for finding in ordered):
        ordered.append(
            Finding(
                "note",
                "This SQL makes an account that can only read.",
                "Have an administrator put a password in and run it, then enter the new "
                "account in this connection.",
                reader_sql,
            )
        )
    return tuple(ordered)


def verdict(of_rights: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings on rights, or the good word when all were looked at and none is too much."""
    unsure = any(f.title.startswith(_NOT_CHECKED) for f in of_rights)
    if unsure or any(f.level in ("danger", "warning") for f in of_rights):
        return of_rights
    return (*of_rights, Finding("good", "This account holds no right to change anything."))


def not_checked(what: str) -> Finding:
    """The server did not answer one of the questions."""
    return Finding(
        "note",
        f"{_NOT_CHECKED}: {what}.",
        "The server refused to tell, or took too long. The other findings stand.",
    )


def few(names: Iterable[str], most: int = 3) -> str:
    """Up to three of the names as words: "a", "a and b", "for example a, b and c"."""
    every = sorted(set(names))
    shown = every[:most]
    words = shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " and " + shown[-1]
    return f"for example {words}" if len(every) > most else words


def counted(names: Iterable[str], one: str, many: str = "") -> str:
    """How many, and which: "the table orders", "12 tables, for example a, b and c"."""
    every = set(names)
    if len(every) == 1:
        return f"the {one} {few(every)}"
    joint = ", " if len(every) > 3 else ": "
    return f"{len(every)} {many or one + 's'}{joint}{few(every)}"


def amount(names: Iterable[str], one: str) -> str:
    """How many: "1 function", "12 functions"."""
    number = len(set(names))
    return f"{number} {one}" + ("" if number == 1 else "s")


def listed(words: Sequence[str]) -> str:
    """All of the words, the last one after "and"."""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def encryption(target: Target, cipher: str) -> Finding:
    """Whether what travels between DataMind and the server can be read on the way."""
    if cipher and target.ssl_mode in ("verify-ca", "verify-full"):
        return Finding(
            "good", "The connection is encrypted, and the server's identity is checked.", cipher
        )
    if _stays_here(target.host):
        return Finding("good", "The connection does not leave this machine.")
    if cipher:
        return Finding(
            "note",
            "The connection is encrypted, but the server's identity is not checked.",
            f"{cipher}. Somebody in between could pose as the server; with a certificate "
            "authority's file and the SSL mode “verify-full” nobody can.",
        )
    return Finding(
        "warning",
        "The connection is not encrypted.",
        f"SSL mode “{target.ssl_mode}”: password checks and data travel readable for everybody "
        "on the way. Have TLS switched on at the server, and choose the SSL mode “require” or "
        "“verify-full”.",
    )


def clock(server: datetime, ours: datetime) -> Finding:
    """Whether “today” means the same here and there. Both moments aware."""
    apart = abs(server - ours)
    if apart <= MOST_CLOCK_DIFFERENCE:
        return Finding("good", "The clocks of the server and of DataMind agree.")
    way = "ahead of" if server > ours else "behind"
    return Finding(
        "warning",
        f"The server's clock is {_duration(apart)} {way} DataMind's.",
        "“Today” and “last hour” would not mean the same on both. Have the time service (NTP) "
        "of both machines looked at.",
    )


def support(product: str, version: server_versions.Version, today: date) -> Finding:
    """Whether those who make the server still mend it."""
    name = f"{product} {'.'.join(map(str, version))}"
    ends = server_versions.end_of_support(product, version)
    if ends is None:
        return Finding("good", f"{name} is newer than what DataMind knows of.")
    if ends < today:
        since = "" if ends == date.min else f" since {_day(ends)}"
        return Finding(
            "warning",
            f"{name} has not been supported{since}."
            if since
            else f"{name} is no longer supported.",
            "Security holes are not mended any more. Plan the step to a supported version.",
        )
    if ends - today < SOON:
        return Finding(
            "note",
            f"{name} is supported until {_day(ends)} only.",
            "Plan the step to a newer version.",
        )
    return Finding("good", f"{name} is supported until {_day(ends)}.")


def moment(now: datetime | None) -> datetime:
    """The moment that was passed in, or the machine's."""
    return now or datetime.now(UTC)


def _stays_here(host: str) -> bool:
    if host in ("", "localhost") or host.startswith("/"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _duration(length: timedelta) -> str:
    seconds = round(length.total_seconds())
    for size, unit in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} seconds"
