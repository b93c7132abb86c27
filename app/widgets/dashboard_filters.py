"""The filters of a dashboard: answered above its tiles, set up in a dialog."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args

import streamlit as st

from app.problems import plain
from core import formats
from core.dashboards import periods
from core.dashboards.filtering import MOST_FILTERS, Candidate, Given
from core.dashboards.restricting import Restriction
from core.dashboards.views import Filter, FilterKind, Value

BETWEEN = "between"
KIND_WORDS: dict[FilterKind, str] = {
    "date": "Dates", "list": "Values from a list", "text": "Contains text", "number": "From … to",
}  # fmt: skip


@dataclass(frozen=True)
class Give:
    """Another answer to a filter."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Clear:
    """The defaults again, and no clicks."""


@dataclass(frozen=True)
class Unclick:
    """Take a click back."""

    index: int


Wish = Give | Clear | Unclick


def show(
    filters: Sequence[Filter],
    given: Given,
    clicks: Sequence[Restriction],
    offered: Callable[[Filter], Sequence[str]],
    today: date,
) -> Wish | None:
    """Draw the filters with their answers; `offered` looks up the values of a list."""
    if not filters and not clicks:
        return None
    wish: Wish | None = None
    with st.container(
        horizontal=True, vertical_alignment="bottom", gap="small", key="dashboard-filters"
    ):
        for one in filters:
            answer = given.get(one.name, one.default)
            key = f"filter-{one.name}-{'|'.join(value or '' for value in answer)}"
            new = _ask(one, answer, key, offered, today)
            if new != answer:
                wish = Give(one.name, new)
        for index, click in enumerate(clicks):
            label = f"{_column(click.columns[0])}: {_told(click)}"
            if st.button(plain(label), icon=":material/close:", key=f"unclick-{index}-{label}"):
                wish = Unclick(index)
        if (given or clicks) and st.button("Clear", type="tertiary", key="filters-clear"):
            wish = Clear()
    return wish


def _ask(
    one: Filter,
    answer: tuple[Value, ...],
    key: str,
    offered: Callable[[Filter], Sequence[str]],
    today: date,
) -> tuple[Value, ...]:
    """The widget of a filter; returns the answer it holds."""
    label = plain(one.label)
    match one.kind:
        case "list":
            given = [value for value in answer if value]
            options = list(dict.fromkeys([*offered(one), *given]))
            return tuple(st.multiselect(label, options, given, key=key, width=190))
        case "text":
            words = st.text_input(label, answer[0] if answer else "", key=key, width=180)
            return (words,) if words.strip() else ()
        case "number":
            return _range(label, answer, key)
        case "date":
            return _period(label, answer, key, today)


def _range(label: str, answer: tuple[Value, ...], key: str) -> tuple[Value, ...]:
    low, high = (*answer, None, None)[:2]
    ends = [
        st.text_input(f"{label} {word}", value or "", key=f"{key}-{word}", width=110)
        for word, value in (("from", low), ("to", high))
    ]
    found = tuple(end.strip() or None for end in ends)
    return found if any(found) else ()


def _period(label: str, answer: tuple[Value, ...], key: str, today: date) -> tuple[Value, ...]:
    named = answer[0] if len(answer) == 1 and answer[0] in periods.NAMES else None
    now = named or (BETWEEN if answer else None)
    chosen = st.selectbox(
        label,
        [*periods.NAMES, BETWEEN],
        index=[*periods.NAMES, BETWEEN].index(now) if now else None,
        format_func=lambda name: _period_words(name, today),
        placeholder="Any time",
        key=key,
        width=190,
    )
    if chosen is None or chosen != BETWEEN:
        return (chosen,) if chosen else ()
    first, last = (answer if len(answer) == 2 else periods.days(("last_30_days",), today))[:2]
    days = st.date_input(
        "From and to",
        [_date(first, today), _date(last, today)],
        key=f"{key}-days",
        width=230,
    )
    if len(days) != 2:
        return answer
    return tuple(day.isoformat() for day in days)


def _period_words(name: str, today: date) -> str:
    """A named period with its dates, which "last quarter" alone does not tell."""
    if name == BETWEEN:
        return "Between …"
    first, last = (_date(value, today) for value in periods.days((name,), today))
    return f"{name.replace('_', ' ').capitalize()} · {formats.day(first)} – {formats.day(last)}"


def _date(value: Value, otherwise: date) -> date:
    try:
        return date.fromisoformat(value) if value else otherwise
    except ValueError:
        return otherwise


def _column(name: str) -> str:
    return formats.heading(name.rpartition(".")[2])


def _told(click: Restriction) -> str:
    first, *more = (value or "" for value in click.values)
    if click.kind != "date" or not more or more[0] == first:
        return first
    return f"{first} – {more[0]}"


def set_up(filters: Sequence[Filter], candidates: Sequence[Candidate]) -> list[Filter] | None:
    """The form of the filters; returns them all as they are to be kept."""
    if not filters:
        st.caption("A filter above the tiles restricts all of them that read its column.")
    for index, one in enumerate(filters):
        with st.container(horizontal=True, vertical_alignment="center"):
            about = f"**{plain(one.label)}** · {KIND_WORDS[one.kind]} · {', '.join(one.columns)}"
            st.markdown(plain(about).replace("\\*\\*", "**"), width="stretch")
            if st.button("Remove", key=f"filter-remove-{index}", type="tertiary"):
                return [*filters[:index], *filters[index + 1 :]]
    if len(filters) >= MOST_FILTERS or not candidates:
        return None
    st.divider()
    counts = {c.column: c for c in candidates}
    columns = st.multiselect(
        "Columns, one of each table",
        list(counts),
        format_func=lambda c: f"{c} · read by {counts[c].tiles}",
        key="filter-columns",
    )
    first = counts[columns[0]] if columns else None
    kinds = list(get_args(FilterKind))
    kind = st.selectbox(
        "Asked for as",
        kinds,
        index=kinds.index(first.kind) if first else 0,
        format_func=lambda one: KIND_WORDS[one],
        key=f"filter-kind-{first.column if first else ''}",
    )
    label = st.text_input(
        "Label",
        _column(first.column) if first else "",
        max_chars=100,
        key=f"filter-label-{first.column if first else ''}",
    )
    if st.button("Add filter", type="primary", disabled=not columns):
        return [*filters, Filter(_name(label, filters), kind, label.strip(), tuple(columns))]
    return None


def _name(label: str, others: Sequence[Filter]) -> str:
    """What the filter is called in addresses: from its label, unlike all others."""
    word = "".join(c if c.isascii() and c.isalnum() else "_" for c in label.lower()).strip("_")
    stem = f"f{word}"[:50] if not word[:1].isalpha() else word[:50]
    taken = {one.name for one in others}
    names = (stem, *(f"{stem}_{n}" for n in range(2, MOST_FILTERS + 2)))
    return next(name for name in names if name not in taken)
