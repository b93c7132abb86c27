"""Reports: a dashboard or a saved query as a file, sent on a schedule."""

from uuid import UUID

import streamlit as st

from app import frame, problems, signin, state
from app.resources import datamind
from app.widgets import report_form, report_list
from core import channels, jobs, library, members
from core.answers import Download
from core.dashboards import boards
from core.reports import keeping, making

dm = datamind()
actor, me = frame.begin("Reports")


def show_list() -> None:
    """All reports of the organization."""
    if st.button("New report", type="primary", icon=":material/schedule_send:"):
        state.address(new="1")
        st.rerun()
    found = keeping.reports(dm, actor)
    if not found:
        st.markdown("Nothing is sent yet.")
        st.caption("A report sends a dashboard or a saved query to people on a schedule.")
    wish = report_list.show(
        found,
        lambda report_id: keeping.runs(dm, actor, report_id),
        file,
        actor.time_zone,
        state.named("report"),
    )
    if wish:
        with problems.shown():
            act(wish)


def file(run_id: UUID) -> Download:
    """The file of a run, fetched when it is asked for."""
    return keeping.file(dm, signin.actor(), run_id)


def act(wish: report_list.Do) -> None:
    """Do what the person wants with a report."""
    match wish.what:
        case "send":
            state.remember("sending", str(keeping.send_now(dm, actor, wish.report_id)))
        case "edit":
            state.address(edit=str(wish.report_id))
        case "pause" | "resume":
            keeping.switch(dm, actor, wish.report_id, wish.what == "resume")
        case "delete":
            keeping.delete(dm, actor, wish.report_id)
    st.rerun()


@st.fragment(run_every=1.0)
def follow(job_id: UUID) -> None:
    """Say how far a report is that is sent at once."""
    now = jobs.follow(dm, signin.actor(), job_id)
    if now.over:
        state.forget("sending")
        st.rerun(scope="app")
    st.caption(":material/hourglass_top: Making the report …")


def show_form(report_id: UUID | None) -> None:
    """A new report, or one to change."""
    kept = {report.id: report.wanted for report in keeping.reports(dm, actor)}
    st.markdown("### Edit report" if report_id else "### New report")
    key = f"report-{report_id or 'new'}"
    wish = report_form.show(
        key, kept.get(report_id) if report_id else None, choices(), me.time_zone, dm.clock.now()
    )
    with problems.shown():
        match wish:
            case report_form.Cancel():
                state.address()
            case report_form.Preview(wanted):
                with st.spinner("Making the file"):
                    made = keeping.preview(dm, actor, wanted)
                st.markdown(problems.plain(made.summary))
                st.download_button(
                    f"Take {made.download.name} along",
                    made.download.content,
                    made.download.name,
                    made.download.mime,
                    on_click="ignore",
                )
                return
            case report_form.Save(wanted):
                if report_id:
                    keeping.edit(dm, actor, report_id, wanted)
                else:
                    keeping.create(dm, actor, wanted)
                state.address()
            case None:
                return
        st.rerun()


def choices() -> report_form.Choices:
    """What the form offers."""
    outside = [d for d in channels.listed(dm, actor) if d.kind == making.EMAIL]
    return report_form.Choices(
        boards={board.id: board.title for board in boards.dashboards(dm, actor)},
        queries={
            q.id: q.name
            for q in library.saved_queries(dm, actor)
            if q.connection_id and not q.parameters
        },
        places={making.DESTINATION + str(d.id): d.name for d in outside},
        people={m.id: m.full_name for m in members.colleagues(dm, actor) if m.id != actor.user_id},
        can_mail=channels.can_mail(dm),
    )


def draw() -> None:
    """What the address names."""
    editing = state.named("edit")
    if editing or state.says("new"):
        show_form(editing)
        return
    sending = state.recall("sending")
    if isinstance(sending, str):
        follow(UUID(sending))
    show_list()


with problems.shown():
    draw()
