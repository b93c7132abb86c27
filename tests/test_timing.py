"""The benches' stop-watch: fair turns, honest medians, memory of the work alone."""

import gc

import pytest

from bench import timing


def allocate(mib: int) -> int:
    return len(bytearray(b"x") * (mib * timing.MIB))


def break_down() -> None:
    raise ValueError


def test_both_sides_run_in_turns_and_lead_alternately() -> None:
    order: list[str] = []
    result = timing.compare(
        ("ours", lambda: order.append("o")), ("theirs", lambda: order.append("t")), runs=4
    )
    assert "".join(order) == "ot" + "ot" + "to" + "ot" + "to"
    assert len(result.ours.seconds) == len(result.theirs.seconds) == 4


def test_the_ratio_is_that_of_the_medians_and_above_one_when_ours_is_faster() -> None:
    ours = timing.Timing("ours", (0.010, 0.020, 9.0))
    theirs = timing.Timing("theirs", (0.050, 0.060, 0.070))
    result = timing.Comparison(ours, theirs)
    assert result.ratio == pytest.approx(3.0)
    assert str(result).splitlines() == [
        "ours: median 20.0 ms (10.0 to 9,000.0, 3 runs)",
        "theirs: median 60.0 ms (50.0 to 70.0, 3 runs)",
        "ratio: 3.00 x",
    ]


def test_peak_memory_is_that_of_the_work_and_not_of_the_caller() -> None:
    ballast = bytearray(b"x") * (400 * timing.MIB)
    little = timing.peak_memory(allocate, 1)
    much = timing.peak_memory(allocate, 101)
    assert len(ballast) > 0
    del ballast
    gc.collect()
    assert little < 300
    assert much - little == pytest.approx(100, abs=10)


def test_work_that_breaks_down_has_no_peak() -> None:
    with pytest.raises(RuntimeError, match="break_down failed"):
        timing.peak_memory(break_down)
