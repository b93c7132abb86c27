"""The form of an alert, in the order that a person thinks: what, when it is bad, who is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import streamlit as st

from app.problems import plain
from app.widgets.alert_list import every
from core import formats, moving
from core.alerts.definition import EMAIL, IN_APP, Definition, number
from core.alerts.outcomes import Seen
from core.alerts.rules import Rule
from core.alerts.states import Policies
from core.alerts.values import Pick

KINDS = {
    "above": "is above a limit",
    "below": "is below a limit",
    "outside": "is outside a range",
    "change_pct": "changes by so many percent",
    "anomaly": "is unusual",
    "no_rows": "the query gives no rows",
    "any_rows": "the query gives any rows",
    "stale": "the newest date is too old",
}
AGAINST = {
    "previous": "the check before",
    "day": "a day before",
    "week": "a week before",
    "month": "a month before",
    "year": "a year before, same weekday",
}
WAYS = {"both": "up or down", "up": "up only", "down": "down only"}
TAKEN = {"alert": "tell people", "keep": "keep the state", "ok": "take it as fine"}
MINUTES = (1, 5, 15, 30, 60, 180, 360, 720, 1440)
REMIND = {0: "never", 60: "every hour", 360: "every 6 hours", 1440: "every day"}
FEW = (1, 2, 3, 5, 10)


@dataclass(frozen=True)
class Choices:
    """What there is to choose from, by id: names of connections, queries, places and people."""

    connections: Mapping[UUID, str]
    queries: Mapping[UUID, str]
    places: Mapping[str, str]
    people: Mapping[UUID, str]
    can_mail: bool


@dataclass(frozen=True)
class Columns:
    """The columns of the query as it was run last."""

    sql: str
    numbers: tuple[str, ...]
    all: tuple[str, ...]


@dataclass(frozen=True)
class Fill:
    """Take the SQL of a saved query."""

    query_id: UUID


@dataclass(frozen=True)
class Run:
    """Run the query to see its columns."""

    connection_id: UUID
    sql: str


@dataclass(frozen=True)
class Try:
    """Say what a check would say now."""

    definition: Definition


@dataclass(frozen=True)
class LookBack:
    """Say what it would have done in the last 90 days."""

    definition: Definition


@dataclass(frozen=True)
class Save:
    """Keep the alert."""

    definition: Definition


@dataclass(frozen=True)
class Cancel:
    """Leave without keeping anything."""


Wish = Fill | Run | Try | LookBack | Save | Cancel


def show(
    key: str, start: Definition | None, choices: Choices, columns: Columns | None, today: date
) -> Wish | None:
    """Draw the form; returns what the person wants. Raises BadInput for what is no number."""
    began = _Start(key, start)
    name = st.text_input("Name", began.name, max_chars=255, key=f"{key}-name")
    wish = None
    with st.container(border=True):
        st.markdown("**What is watched**")
        connection, sql, wish = _query(began, choices, columns)
        pick = _pick(began, columns if columns and columns.sql == sql else None)
        held_on = _moving(began, sql, today)
    with st.container(border=True):
        st.markdown("**When it is bad**")
        rule = _rule(began)
        minutes = st.selectbox(
            "Checked",
            sorted({*MINUTES, began.minutes}),
            index=sorted({*MINUTES, began.minutes}).index(began.minutes),
            format_func=every,
            key=f"{key}-minutes",
            width=220,
        )
        policies = _policies(began)
    with st.container(border=True):
        st.markdown("**Who is told**")
        channels, people = _told(began, choices)
    with st.container(horizontal=True):
        save = st.button("Save alert", type="primary", key=f"{key}-save")
        test = st.button("Test now", key=f"{key}-try", icon=":material/science:")
        back = st.button("Look back 90 days", key=f"{key}-back", icon=":material/history:")
        if st.button("Cancel", type="tertiary", key=f"{key}-cancel"):
            return Cancel()
    if not (save or test or back):
        return wish
    definition = Definition(
        name=name,
        connection_id=connection,
        sql=sql,
        rule=rule.read(),
        pick=pick,
        policies=policies,
        every_minutes=minutes,
        channels=channels,
        recipients=people,
        description=began.description,
        params=began.params,
        dates_held_on=held_on,
    )
    if back:
        return LookBack(definition)
    return Save(definition) if save else Try(definition)


def verdicts(seen: tuple[Seen, ...]) -> None:
    """What a test saw: nothing was kept, nobody was told."""
    if not seen:
        st.info("The query gave no rows.", icon=":material/help:")
    for one in seen[:10]:
        about = f"{one.group}: " if one.group else ""
        show = {"bad": st.error, "ok": st.success}.get(one.verdict.level, st.info)
        word = {"bad": "It would fire.", "ok": "Fine."}.get(one.verdict.level, "")
        show(plain(f"{about}{one.verdict.reason} {word}".strip()))
    if len(seen) > 10:
        st.caption(f"And {len(seen) - 10} more groups.")


class _Start:
    """What the form begins with."""

    def __init__(self, key: str, given: Definition | None) -> None:
        self.key = key
        self.name = given.name if given else ""
        self.connection = given.connection_id if given else None
        self.sql = given.sql if given else ""
        self.rule = given.rule if given else Rule("below")
        self.pick = given.pick if given else Pick()
        self.policies = given.policies if given else Policies()
        self.minutes = given.every_minutes if given else 60
        self.channels = given.channels if given else (IN_APP,)
        self.people = given.recipients if given else ()
        self.description = given.description if given else ""
        self.params = given.params if given else {}
        self.held_on = given.dates_held_on if given else None


def _query(
    began: _Start, choices: Choices, columns: Columns | None
) -> tuple[UUID, str, Wish | None]:
    ids = list(choices.connections)
    wish: Wish | None = None
    connection = st.selectbox(
        "Connection",
        ids,
        index=ids.index(began.connection) if began.connection in ids else 0,
        format_func=choices.connections.__getitem__,
        key=f"{began.key}-connection",
        width=320,
    )
    if choices.queries:
        with st.popover("Take a saved query", icon=":material/bookmark:"):
            for query_id, title in choices.queries.items():
                if st.button(plain(title), key=f"{began.key}-query-{query_id}", width="stretch"):
                    wish = Fill(query_id)
    sql = st.text_area(
        "Query",
        began.sql,
        height=140,
        key=f"{began.key}-sql",
        help="A SELECT whose first row holds the figure. Read-only, checked before it runs.",
    )
    if st.button("Run it", key=f"{began.key}-run", icon=":material/play_arrow:"):
        wish = Run(connection, sql)
    if columns and columns.sql == sql:
        st.caption(plain("Columns: " + ", ".join(columns.all[:20])))
    return connection, sql, wish


def _moving(began: _Start, sql: str, today: date) -> date | None:
    """Whether the dates that the query names move along with time."""
    if not moving.dates(sql):
        return None
    kept = began.held_on if sql == began.sql else None
    move = st.checkbox(
        "Dates in the query move along with time",
        began.held_on is not None or not began.sql,
        key=f"{began.key}-moves",
        help="Last month is another month at the next check: the dates are counted on from today.",
    )
    if not move:
        return None
    held_on = kept or today
    now = moving.dates(moving.moved(sql, held_on, today))
    st.caption(plain("Today they are " + ", ".join(map(formats.day, dict.fromkeys(now)))))
    return held_on


def _pick(began: _Start, columns: Columns | None) -> Pick:
    if columns is None:
        return began.pick
    left, right = st.columns(2)
    options = ["", *columns.all]
    value = left.selectbox(
        "Figure",
        options,
        index=options.index(began.pick.value) if began.pick.value in options else 0,
        format_func=lambda name: name or "first column with numbers",
        key=f"{began.key}-value",
    )
    groups = right.multiselect(
        "One state for each",
        columns.all,
        [name for name in began.pick.groups if name in columns.all],
        key=f"{began.key}-groups",
        help="Columns that tell groups apart: each group then fires on its own.",
    )
    return Pick(value, tuple(groups))


class _Typed:
    """A rule as it was typed; reading it may find what is no number."""

    def __init__(self, kind: str, texts: Mapping[str, str], **chosen: object) -> None:
        self._kind, self._texts, self._chosen = kind, texts, chosen

    def read(self) -> Rule:
        figures = {name: number(text) for name, text in self._texts.items() if text.strip()}
        return Rule(self._kind, **figures, **self._chosen)  # type: ignore[arg-type]


def _rule(began: _Start) -> _Typed:
    key, rule = began.key, began.rule
    kinds = list(KINDS)
    left, right = st.columns([2, 3])
    kind = left.selectbox(
        "The figure",
        kinds,
        index=kinds.index(rule.kind),
        format_func=KINDS.__getitem__,
        key=f"{key}-kind",
    )
    same = kind == rule.kind

    def box(place: object, name: str, label: str, default: str = "", help: str = "") -> str:
        kept = getattr(rule, name) if same else None
        text = default if kept is None else _written(kept)
        return str(place.text_input(label, text, key=f"{key}-{kind}-{name}", help=help or None))  # type: ignore[attr-defined]

    with right:
        match kind:
            case "above" | "below":
                return _Typed(kind, {"threshold": box(st, "threshold", "Limit")})
            case "outside":
                low, high = st.columns(2)
                return _Typed(
                    kind, {"low": box(low, "low", "Lowest"), "high": box(high, "high", "Highest")}
                )
            case "change_pct":
                return _change(key, rule, box)
            case "anomaly":
                return _unusual(key, rule, box)
            case "stale":
                return _Typed(kind, {"threshold": box(st, "threshold", "Hours", "24")})
            case _:
                return _Typed(kind, {})


def _written(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value)


def _change(key: str, rule: Rule, box: object) -> _Typed:
    percent, against, way = st.columns(3)
    ways, since = list(WAYS), list(AGAINST)
    return _Typed(
        "change_pct",
        {"threshold": box(percent, "threshold", "Percent", "20")},  # type: ignore[operator]
        against=against.selectbox(
            "Against", since, since.index(rule.against), AGAINST.__getitem__, key=f"{key}-against"
        ),
        direction=way.selectbox(
            "Way", ways, ways.index(rule.direction), WAYS.__getitem__, key=f"{key}-way"
        ),
    )


def _unusual(key: str, rule: Rule, box: object) -> _Typed:
    sigmas, least, way = st.columns(3)
    ways = list(WAYS)
    typed = {
        "threshold": box(sigmas, "threshold", "Standard deviations", "2"),  # type: ignore[operator]
        "least_percent": box(least, "least_percent", "At least percent", "0"),  # type: ignore[operator]
    }
    direction = way.selectbox(
        "Way", ways, ways.index(rule.direction), WAYS.__getitem__, key=f"{key}-way"
    )
    robust = st.checkbox(
        "Compare with the same weekday", rule.robust, key=f"{key}-robust",
        help="With the median of the same weekday, which single outliers do not move.",
    )  # fmt: skip
    return _Typed("anomaly", typed, direction=direction, robust=robust)


def _policies(began: _Start) -> Policies:
    key, kept = began.key, began.policies
    takes = list(TAKEN)
    with st.expander("More about when people are told"):
        one, two = st.columns(2)
        fire = one.selectbox(
            "Bad checks in a row before it fires", sorted({*FEW, kept.fire_after}),
            sorted({*FEW, kept.fire_after}).index(kept.fire_after), key=f"{key}-fire",
        )  # fmt: skip
        fine = two.selectbox(
            "Good checks in a row before it is fine", sorted({*FEW, kept.fine_after}),
            sorted({*FEW, kept.fine_after}).index(kept.fine_after), key=f"{key}-fine",
        )  # fmt: skip
        nothing = one.selectbox(
            "When there is no data", takes, takes.index(kept.no_data), TAKEN.__getitem__,
            key=f"{key}-nothing",
        )  # fmt: skip
        error = two.selectbox(
            "When a check fails", takes, takes.index(kept.error), TAKEN.__getitem__,
            key=f"{key}-error", help="Its owner is told of the third failure in a row in any case.",
        )  # fmt: skip
        minutes = int(kept.remind_every.total_seconds() // 60) if kept.remind_every else 0
        reminders = sorted({*REMIND, minutes})
        remind = one.selectbox(
            "Say again while it fires", reminders, reminders.index(minutes),
            lambda m: REMIND.get(m, every(m) if m else "never"), key=f"{key}-remind",
        )  # fmt: skip
    return Policies(
        fire_after=fire,
        fine_after=fine,
        no_data=nothing,
        error=error,
        remind_every=timedelta(minutes=remind) if remind else None,
    )


def _told(began: _Start, choices: Choices) -> tuple[tuple[str, ...], tuple[UUID, ...]]:
    ways = {IN_APP: "In the app"}
    if choices.can_mail:
        ways[EMAIL] = "By mail"
    ways |= choices.places
    channels = st.pills(
        "Ways",
        list(ways),
        selection_mode="multi",
        default=[c for c in began.channels if c in ways],
        format_func=ways.__getitem__,
        key=f"{began.key}-ways",
    )
    people = st.multiselect(
        "Besides its owner",
        list(choices.people),
        [p for p in began.people if p in choices.people],
        format_func=choices.people.__getitem__,
        key=f"{began.key}-people",
        placeholder="Choose members",
    )
    if not choices.can_mail:
        st.caption("Nobody can be mailed: no mail server is set (SMTP_HOST).")
    return tuple(channels), tuple(people)
