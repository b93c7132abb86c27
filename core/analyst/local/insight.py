"""The written answer, by rules: the figure first, then extremes, shares and the last change.

Every number in the text comes from the facts of the result; an empty result says what was
looked for.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from core import formats
from core.analyst.local import drivers, periods
from core.analyst.local.plan import Plan, load
from core.types import ColumnFacts, Draft, Facts, Insight, Question

_SUMMARY = 500


def write(question: Question, draft: Draft, facts: Facts, follow_ups: Sequence[str]) -> Insight:
    """The insight of a result, with a one-sentence summary for later turns."""
    plan = _plan(draft)
    sentences = _sentences(question, draft, facts, plan)
    summary = " ".join(sentences[0].replace("**", "").split())[:_SUMMARY]
    return Insight("\n\n".join(_paragraphs(sentences)), summary, draft.chart, tuple(follow_ups))


def _plan(draft: Draft) -> Plan | None:
    if draft.plan is None:
        return None
    try:
        return load(draft.plan)
    except ValueError:
        return None


def _paragraphs(sentences: list[str]) -> list[str]:
    return [sentences[0], " ".join(sentences[1:])] if len(sentences) > 1 else sentences


def _sentences(  # noqa: PLR0911 - one line per kind of result
    question: Question, draft: Draft, facts: Facts, plan: Plan | None
) -> list[str]:
    if facts.row_count == 0:
        return [f"Nothing was found. I looked for: {_lower(draft.reading)}."]
    measures = [c for c in facts.columns if c.role == "measure"]
    times = [c for c in facts.columns if c.role == "time"]
    places = [c for c in facts.columns if c.role == "category"]
    if plan and plan.drivers:
        return drivers.sentences(facts, falling=not plan.order[0].descending)
    if facts.row_count == 1:
        return _single(facts, draft)
    if not measures:
        return [_listed(facts)]
    main = _main(measures, plan)
    if plan and plan.change:
        return _changed(facts, main, times) + _running(question, draft)
    if times and not (places and len(facts.columns) > 2):
        return _over_time(facts, main, times[0], question, plan) + _running(question, draft)
    return _ranked(facts, main, plan) + _running(question, draft)


def _main(measures: list[ColumnFacts], plan: Plan | None) -> ColumnFacts:
    extra = ("change_percent", "share_percent")
    own = [m for m in measures if m.name not in extra and not m.name.endswith("_before")]
    return (own or measures)[0]


def _single(facts: Facts, draft: Draft) -> list[str]:
    row = facts.sample[0] if facts.sample else ()
    named = [(c, v) for c, v in zip(facts.columns, row, strict=False)]
    figures = [(c, v) for c, v in named if _is_number(v) and c.role == "measure"]
    labels = [
        _text(c.name, v)
        for c, v in named
        if not (_is_number(v) and c.role == "measure") and v is not None
    ]
    if all(v is None for _, v in named):
        return [f"There is no value. I looked for: {_lower(draft.reading)}."]
    if labels and figures:
        told = ", ".join(f"{_named(c.name)} {_text(c.name, v)}" for c, v in figures)
        return [f"**{', '.join(labels)}**: {told}."]
    if figures:
        told = ", ".join(f"{_named(c.name)}: **{_text(c.name, v)}**" for c, v in figures)
        return [_capital(told) + "."]
    return [f"**{', '.join(labels)}**."]


def _listed(facts: Facts) -> str:
    shown = [
        ", ".join(
            _text(c.name, v) for c, v in zip(facts.columns[:3], row, strict=False) if v is not None
        )
        for row in facts.sample[:3]
    ]
    first = f", for example {'; '.join(s for s in shown if s)}" if any(shown) else ""
    return f"**{_rows(facts)}** were found{first}."


def _rows(facts: Facts) -> str:
    count = f"{facts.row_count:,}"
    return f"More than {count} rows" if facts.truncated else f"{count} rows"


def _ranked(facts: Facts, main: ColumnFacts, plan: Plan | None) -> list[str]:
    if main.maximum is None or main.minimum is None:
        return [_listed(facts)]
    best, worst = main.maximum_at or "(empty)", main.minimum_at or "(empty)"
    high, low = _text(main.name, main.maximum), _text(main.name, main.minimum)
    named = _named(main.name)
    if main.maximum == main.minimum:
        return [f"All {_rows(facts)} have the same {named}: **{high}**."]
    ascending = bool(plan and plan.order and not plan.order[0].descending and plan.limit)
    counted = bool(plan and plan.measures and plan.measures[0].function.startswith("count"))
    counted = counted and plan is not None and plan.measures[0].per is None
    most, least = ("most", "fewest") if counted else ("highest", "lowest")
    lead = (
        f"**{worst}** has the {least} {named}: **{low}**."
        if ascending
        else f"**{best}** has the {most} {named}: **{high}**."
    )
    sentences = [lead]
    if ascending:
        sentences.append(f"The highest of these is {best} with {high}.")
    else:
        sentences.append(
            f"The lowest {'of these ' if plan and plan.limit else ''}is {worst} with {low}."
        )
    if main.total and main.total > 0 and main.minimum >= 0 and not facts.truncated:
        whole = "together" if plan and plan.limit else "in total"
        sentences.append(f"The {_rows(facts)} come to {_text(main.name, main.total)} {whole}.")
    return sentences


def _over_time(
    facts: Facts, main: ColumnFacts, at: ColumnFacts, question: Question, plan: Plan | None
) -> list[str]:
    named = _named(main.name)
    if main.maximum is None or main.minimum is None:
        return [_listed(facts)]
    high, low = _text(main.name, main.maximum), _text(main.name, main.minimum)
    first = f"From {at.minimum_at} to {at.maximum_at}, {named}"
    if main.total is not None:
        lead = f"{first}: **{_text(main.name, main.total)}** in total."
    else:
        lead = f"{first} was between **{low}** and **{high}**."
    sentences = [
        lead,
        f"It was highest in {main.maximum_at} ({high}) and lowest in {main.minimum_at} ({low}).",
    ]
    return sentences + _last_two(facts, main, question, plan)


def _last_two(facts: Facts, main: ColumnFacts, question: Question, plan: Plan | None) -> list[str]:
    """The two last whole periods, told only when the sample holds every row."""
    grain = plan.grain if plan else None
    if facts.row_count > len(facts.sample) or grain not in (
        "day",
        "week",
        "month",
        "quarter",
        "year",
    ):
        return []
    names = [c.name for c in facts.columns]
    where, when = names.index(main.name), 0
    start, _ = periods.whole(grain, question.today)
    whole = [
        row
        for row in facts.sample
        if _number(row[where]) is not None and not _begins_at(row[when], start, grain)
    ]
    if len(whole) < 2:
        return []
    before, last = whole[-2], whole[-1]
    old, new = _text(main.name, before[where]), _text(main.name, last[where])
    if old == new:
        return [f"The last two whole {grain}s were the same."]
    went = "rose" if (_number(last[where]) or 0) > (_number(before[where]) or 0) else "fell"
    return [f"In the last whole {grain} it {went} from {old} to {new}."]


def _begins_at(value: Any, start: date, grain: str) -> bool:
    text = str(value)[:10]
    quarter = f"{start.year}-Q{(start.month + 2) // 3}"
    known = {start.isoformat(), quarter if grain == "quarter" else "",
             f"{start:%Y-%m}" if grain == "month" else "",
             str(start.year) if grain == "year" else ""}  # fmt: skip
    return text in known


def _changed(facts: Facts, main: ColumnFacts, times: list[ColumnFacts]) -> list[str]:
    change = next((c for c in facts.columns if c.name == "change_percent"), None)
    if change is None or change.maximum is None or change.minimum is None:
        return _ranked(facts, main, None)
    return [
        f"{_capital(_named(main.name))} changed most upwards in **{change.maximum_at}** "
        f"(**{_text(change.name, change.maximum)}**) and most downwards in {change.minimum_at} "
        f"({_text(change.name, change.minimum)}).",
    ]


def _running(question: Question, draft: Draft) -> list[str]:
    return [a for a in draft.assumptions if a.endswith("is not over yet.")]


def _named(name: str) -> str:
    return name.replace("_", " ")


def _text(name: str, value: Any) -> str:
    return formats.cell(value, name)


def _is_number(value: Any) -> bool:
    return _number(value) is not None


def _number(value: Any) -> float | None:
    if value is None or isinstance(value, bool | str | date):
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
