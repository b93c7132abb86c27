"""Alerts: what is watched, where it stands, what it said."""

from datetime import datetime
from uuid import UUID

import streamlit as st

from app import frame, problems, signin, state
from app.resources import datamind
from app.widgets import alert_form, alert_list, alert_past, alert_view, destination_list
from core import channels, connections, library, members, query
from core.alerts import backtest, history, keeping, views
from core.alerts.definition import Definition
from core.alerts.rules import Rule
from core.alerts.telling import DESTINATION
from core.security import access
from core.types import Query

dm = datamind()
actor, me = frame.begin("Alerts")
is_admin = access.allows(actor, "admin")


def show_list() -> None:
    """All alerts of the organization."""
    search = st.text_input(
        "Search", placeholder="Search alerts", label_visibility="collapsed", key="alert-search"
    )
    found = views.alerts(dm, actor, search=search)
    if not found and search:
        st.caption("No alert has these words in its name.")
    elif not found:
        st.markdown("Nothing is watched yet.")
        st.caption("An alert checks a figure and tells you when it turns bad: press New alert.")
    else:
        st.caption(alert_list.summary(found))
    wish = alert_list.show(found, actor.time_zone, dm.clock.now())
    if wish:
        state.address(alert=str(wish.alert_id))
        st.rerun()


def show_said() -> None:
    """What all alerts said, the newest first."""
    page = state.number("events-page")
    wish = alert_view.events(views.events(dm, actor, page=page), page, views.PAGE, actor.time_zone)
    if wish:
        turn("events-page", wish.what)


def show_destinations() -> None:
    """Where messages can go, and those that did not arrive."""
    wish = destination_list.show(
        channels.listed(dm, actor), actor.time_zone, can_mail=channels.can_mail(dm)
    )
    wish = destination_list.dead(channels.dead_letters(dm, actor), actor.time_zone) or wish
    with problems.shown():
        match wish:
            case destination_list.Add(name, kind, config):
                channels.add(dm, actor, name, kind, config)
                st.toast("Added. Send a test to see that it arrives.")
            case destination_list.Remove(destination_id):
                channels.remove(dm, actor, destination_id)
            case destination_list.Test(destination_id):
                channels.send_test(dm, actor, destination_id)
                st.toast("The test message has arrived.")
            case destination_list.TestMail():
                channels.mail_test(dm, actor, me.email)
                st.toast(f"The mail server took a mail to {me.email}.")
            case destination_list.SendAgain(delivery_id):
                channels.send_again(dm, actor, delivery_id)
                st.toast("It is on its way.")
            case None:
                return
        st.rerun()


def show_one(alert_id: UUID) -> None:
    """One alert."""
    alert = views.alert(dm, actor, alert_id)
    wish: alert_view.Wish | None = alert_view.head(alert, actor.time_zone, is_admin=is_admin)
    follow(alert_id, alert.last_checked_at)
    group = alert_view.groups(views.series(dm, actor, alert_id), actor.time_zone)
    alert_view.past(history.runs(dm, actor, alert_id, group=group), alert, actor.time_zone)
    page = state.number(f"events-{alert_id}")
    wish = (
        alert_view.events(
            views.events(dm, actor, alert_id, page=page), page, views.PAGE, actor.time_zone
        )
        or wish
    )
    with problems.shown():
        match wish:
            case alert_view.Quiet(how_long):
                keeping.snooze(dm, actor, alert_id, how_long)
            case alert_view.Do(what):
                act(alert_id, what)
            case None:
                return
        st.rerun()


@st.fragment(run_every=4)
def follow(alert_id: UUID, checked_at: datetime | None) -> None:
    """Draw the screen anew once the alert has been checked again."""
    if views.alert(dm, signin.actor(), alert_id).last_checked_at != checked_at:
        st.rerun(scope="app")


def act(alert_id: UUID, what: alert_view.What) -> None:
    """Do what the person wants with an alert."""
    match what:
        case "back":
            state.address()
        case "edit":
            state.address(edit=str(alert_id))
        case "check":
            keeping.check_now(dm, actor, alert_id)
            st.toast("It is checked within seconds.")
        case "pause" | "resume":
            keeping.switch(dm, actor, alert_id, what == "resume")
        case "take_over":
            keeping.take_over(dm, actor, alert_id)
        case "delete":
            keeping.delete(dm, actor, alert_id)
            state.address()
        case "more" | "newer":
            turn(f"events-{alert_id}", what)


def turn(name: str, what: str) -> None:
    """Go a page on or back."""
    state.remember(name, state.number(name) + (1 if what == "more" else -1))
    st.rerun()


def show_form(alert_id: UUID | None) -> None:
    """A new alert, or one to change."""
    key = f"alert-{alert_id or 'new'}"
    start = state.recall(f"{key}-start")
    if not isinstance(start, Definition):
        start = views.alert(dm, actor, alert_id).definition if alert_id else None
    st.markdown("### Edit alert" if alert_id else "### New alert")
    there = [c for c in connections.connections(dm, actor) if c.is_active]
    places = {c.id: c.name for c in sorted(there, key=lambda c: not c.tables)}
    if not places:
        st.info("Connect data first: an alert watches a figure in it.")
        return
    columns = state.recall(f"{key}-columns")
    known = columns if isinstance(columns, alert_form.Columns) else None
    with problems.shown():
        times = state.number(f"{key}-filled")
        today = dm.clock.today(actor.time_zone)
        wish = alert_form.show(f"{key}-{times}", start, choices(places), known, today)
        match wish:
            case alert_form.Cancel():
                leave(key, alert_id)
            case alert_form.Fill(query_id):
                fill(key, query_id, times)
            case alert_form.Run(connection_id, sql):
                run(key, connection_id, sql)
            case alert_form.Try(definition):
                alert_form.verdicts(keeping.try_now(dm, actor, definition))
            case alert_form.LookBack(definition):
                with st.spinner("Asking as of each of the last 90 days"):
                    found = backtest.ask(dm, actor, definition)
                state.remember(f"{key}-past", (definition, found))
            case alert_form.Save(definition):
                if alert_id:
                    keeping.edit(dm, actor, alert_id, definition)
                leave(key, alert_id or keeping.create(dm, actor, definition))
        show_past(key)


def show_past(key: str) -> None:
    """What the alert would have done, as it was looked back upon last."""
    kept = state.recall(f"{key}-past")
    if isinstance(kept, tuple):
        definition, found = kept
        alert_past.show(definition, found, actor.time_zone)


def choices(places: dict[UUID, str]) -> alert_form.Choices:
    """What the form offers."""
    told = {DESTINATION + str(d.id): d.name for d in channels.listed(dm, actor)}
    people = {m.id: m.full_name for m in members.colleagues(dm, actor) if m.id != actor.user_id}
    queries = {q.id: q.name for q in library.saved_queries(dm, actor) if q.connection_id in places}
    return alert_form.Choices(places, queries, told, people, channels.can_mail(dm))


def fill(key: str, query_id: UUID, times: int) -> None:
    """Begin the form again with a saved query."""
    saved = library.saved_query(dm, actor, query_id)
    if saved.connection_id:
        begun = Definition(
            saved.name,
            saved.connection_id,
            saved.sql,
            Rule("below"),
            dates_held_on=saved.dates_held_on,
        )
        state.remember(f"{key}-start", begun)
        state.remember(f"{key}-filled", times + 1)
        st.rerun()


def run(key: str, connection_id: UUID, sql: str) -> None:
    """Run the query once, for its columns."""
    result = query.run(dm, actor, Query(connection_id, sql, purpose="alert"))
    names = tuple(result.columns)
    state.remember(f"{key}-columns", alert_form.Columns(sql, names, names))
    st.rerun()


def leave(key: str, alert_id: UUID | None) -> None:
    """Forget the form, and show the alert or the list."""
    for part in ("start", "columns", "filled", "past"):
        state.forget(f"{key}-{part}")
    state.address(**({"alert": str(alert_id)} if alert_id else {}))
    st.rerun()


def draw() -> None:
    """What the address names."""
    wanted, editing = state.named("alert"), state.named("edit")
    if editing or state.says("new"):
        show_form(editing)
    elif wanted:
        show_one(wanted)
    else:
        if st.button("New alert", type="primary", icon=":material/add_alert:"):
            state.address(new="1")
            st.rerun()
        names = ["Alerts", "Said", *(["Destinations"] if is_admin else [])]
        chosen = "Destinations" if state.says("view") and is_admin else "Alerts"
        tabs = dict(zip(names, st.tabs(names, default=chosen), strict=True))
        with tabs["Alerts"]:
            show_list()
        with tabs["Said"]:
            show_said()
        if is_admin:
            with tabs["Destinations"]:
                show_destinations()


with problems.shown():
    draw()
