"""How benches measure: two sides in turns, medians, a ratio; and peak memory in a fresh process.

On shared cores the clock wanders by a quarter; the ratio of two interleaved sides does not.
"""

import multiprocessing
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

MIB = 1024 * 1024


@dataclass(frozen=True)
class Timing:
    """Seconds of each run of one side, in the order they were run."""

    name: str
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def __str__(self) -> str:
        low, middle, high = (
            f"{1000 * s:,.1f}" for s in (min(self.seconds), self.median, max(self.seconds))
        )
        return f"{self.name}: median {middle} ms ({low} to {high}, {len(self.seconds)} runs)"


@dataclass(frozen=True)
class Comparison:
    """Our side and the other one; a ratio of 2 says that ours takes half the time."""

    ours: Timing
    theirs: Timing

    @property
    def ratio(self) -> float:
        return self.theirs.median / self.ours.median

    def __str__(self) -> str:
        return f"{self.ours}\n{self.theirs}\nratio: {self.ratio:.2f} x"


def compare(
    ours: tuple[str, Callable[[], object]],
    theirs: tuple[str, Callable[[], object]],
    runs: int = 5,
    warm_ups: int = 1,
) -> Comparison:
    """Run both sides in turns, each leading every other time, after unmeasured warm-ups."""
    sides = (ours, theirs)
    for _ in range(warm_ups):
        for _, work in sides:
            work()
    seconds: tuple[list[float], list[float]] = ([], [])
    for run in range(runs):
        for side in (0, 1) if run % 2 == 0 else (1, 0):
            begin = time.perf_counter()
            sides[side][1]()
            seconds[side].append(time.perf_counter() - begin)
    return Comparison(Timing(ours[0], tuple(seconds[0])), Timing(theirs[0], tuple(seconds[1])))


def peak_memory(work: Callable[..., object], *args: object) -> float:
    """The most memory, in MiB, that a fresh Python process held while it did this work.

    `work` is a function at the top of a module and `args` can be pickled. The process's own start
    (interpreter, the module's imports) counts: measure a function that does nothing beside it.
    """
    context = multiprocessing.get_context("spawn")
    answers, answer = context.Pipe(duplex=False)
    with answers, answer:
        child = context.Process(target=_work_and_tell, args=(answer, work, args))
        child.start()
        answer.close()
        try:
            return float(answers.recv())
        except EOFError:
            raise RuntimeError(f"{work.__name__} failed; its traceback is above") from None
        finally:
            child.join()
            child.close()


def _work_and_tell(
    answer: Connection, work: Callable[..., object], args: tuple[object, ...]
) -> None:
    work(*args)
    answer.send(_high_water_mark() / MIB)


def _high_water_mark() -> int:
    # On Linux ru_maxrss outlives exec, so a child of a big parent would report the parent's peak;
    # the kernel's own mark belongs to this process's memory alone.
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
