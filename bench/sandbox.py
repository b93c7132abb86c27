"""What a query on a file costs in a child process against the same engine in this process."""

import resource
import sqlite3
import tempfile
from pathlib import Path

from bench.timing import compare
from core import connectors
from core.connectors.base import Cancel, Connector, Limits, Target
from core.errors import QueryFailed
from core.types import SafeSelect

TINY = "SELECT count(*) AS n FROM numbers WHERE a < 10"
LARGE = "SELECT * FROM numbers LIMIT 10001"
BOMB = "SELECT replace(hex(zeroblob(15000000)), '0', 'xxxxxxxxxxxxxxxxxxxxxxxxx') AS huge"
ROWS, COLUMNS = 20_000, 10


def shop(folder: Path) -> Target:
    path = folder / "numbers.sqlite"
    made = sqlite3.connect(path)
    names = "abcdefghij"[:COLUMNS]
    made.execute(f"CREATE TABLE numbers ({', '.join(names)})")
    made.executemany(
        f"INSERT INTO numbers VALUES ({', '.join('?' * COLUMNS)})",
        ((row, row * 0.5, f"name {row % 97}", *[row % 7] * (COLUMNS - 3)) for row in range(ROWS)),
    )
    made.commit()
    made.close()
    return Target("bench", "1", (path,))


def ask(connector: Connector, sql: str, times: int) -> None:
    for _ in range(times):
        connector.run(SafeSelect(sql, "sqlite", 10_000), Limits(), Cancel())


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        target = shop(Path(folder))
        inside = connectors.kind("sqlite")(target)
        outside = connectors.open("sqlite", target)
        for sql, times in ((TINY, 50), (LARGE, 2)):
            ask(outside, sql, times)
            result = compare(
                ("in a child", lambda s=sql, n=times: ask(outside, s, n)),
                ("in this process", lambda s=sql, n=times: ask(inside, s, n)),
                runs=9,
            )
            print(f"{times} x {sql}\n{result}")
        before = megabytes()
        try:
            ask(outside, BOMB, 1)
        except QueryFailed as problem:
            print(f"a value of 750 MB: {problem.message}")
        print(f"the app's peak memory grew by {megabytes() - before:.0f} MB")
