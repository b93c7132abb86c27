"""Until when a version of a database server gets corrections from those who make it.

Sources: PostgreSQL's versioning policy (postgresql.org/support/versioning), MariaDB's
maintenance policy (mariadb.org/about/#maintenance-policy), Oracle's lifetime support policy for
MySQL (extended support). Newer versions than the newest here are taken as supported; one that
is missing between them was a short-term release, and has ended.
"""

from datetime import date
from typing import Final

Version = tuple[int, ...]

POSTGRES: Final[dict[Version, date]] = {
    (10,): date(2022, 11, 10),
    (11,): date(2023, 11, 9),
    (12,): date(2024, 11, 21),
    (13,): date(2025, 11, 13),
    (14,): date(2026, 11, 12),
    (15,): date(2027, 11, 11),
    (16,): date(2028, 11, 9),
    (17,): date(2029, 11, 8),
    (18,): date(2030, 11, 14),
}
MARIADB: Final[dict[Version, date]] = {
    (10, 3): date(2023, 5, 25),
    (10, 4): date(2024, 6, 18),
    (10, 5): date(2025, 6, 24),
    (10, 6): date(2026, 7, 6),
    (10, 11): date(2028, 2, 16),
    (11, 4): date(2029, 5, 29),
    (11, 8): date(2028, 6, 4),
    (12, 3): date(2029, 6, 30),
}
MYSQL: Final[dict[Version, date]] = {
    (5, 6): date(2021, 2, 28),
    (5, 7): date(2023, 10, 31),
    (8, 0): date(2026, 4, 30),
    (8, 4): date(2032, 4, 30),
}
_BY_PRODUCT: Final = {"PostgreSQL": POSTGRES, "MariaDB": MARIADB, "MySQL": MYSQL}


def end_of_support(product: str, version: Version) -> date | None:
    """The last day of support; None for a version newer than all that are known here.

    `date.min` for one that ended before this table was written.
    """
    known = _BY_PRODUCT[product]
    if version in known:
        return known[version]
    return None if version > max(known) else date.min
