"""What admins oversee: the organization's settings, the audit log, how the system is doing."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from app import going, problems
from app.resources import datamind
from app.widgets import audit_table, organization_form, system_view
from core import audit, members, organizations, system
from core.accounts import Profile
from core.types import Actor


def organization(actor: Actor) -> None:
    """Name and retention."""
    dm = datamind()
    now = organizations.organization(dm, actor)
    wish = organization_form.show(now)
    if wish:
        with problems.shown():
            organizations.change(
                dm,
                actor,
                name=wish.name,
                chat_days=wish.chat_days,
                audit_days=wish.audit_days,
            )
            st.toast("Saved.")
            st.rerun()
    going.delete_organization(actor, now.slug)


def log(actor: Actor, me: Profile) -> None:
    """What happened, narrowed, and as a file."""
    dm = datamind()
    people = {m.id: m.full_name for m in members.members(dm, actor)}
    asked = audit_table.filters(people, dm.clock.today(me.time_zone))
    wanted = _wanted(asked, me.time_zone)
    audit_table.show(audit.entries(dm, actor, wanted=wanted), me.time_zone)
    st.download_button(
        "Export as CSV",
        lambda: audit.export_csv(dm, actor, wanted),
        file_name="audit-log.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def _wanted(asked: audit_table.Asked, time_zone: str) -> audit.Wanted:
    zone = ZoneInfo(time_zone)
    first = [datetime.combine(day, time(), zone) for day in asked.days[:1]]
    last = [datetime.combine(day, time(), zone) + timedelta(days=1) for day in asked.days[-1:]]
    return audit.Wanted(
        asked.kind,
        asked.who,
        asked.text,
        since=first[0] if first else None,
        until=last[0] if last else None,
    )


def doing(actor: Actor, me: Profile) -> None:
    """How the installation is doing, and failed work again."""
    dm = datamind()
    again = system_view.show(system.system(dm, actor), me.time_zone)
    if again:
        with problems.shown():
            system.retry(dm, actor, again)
            st.toast("It is tried again.")
            st.rerun()
