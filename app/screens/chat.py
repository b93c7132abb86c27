"""Chat: ask, watch the answer come, and go on from there."""

from uuid import UUID
from zoneinfo import ZoneInfo

import streamlit as st

from app import frame, measuring, problems, signin, state, tiling
from app.resources import datamind
from app.widgets import answer, chat_list, progress, rating, reading_chips, verify, welcome
from core import answers, ask, connections, conversations, feedback, how, jobs, library, verified
from core.alerts import wishes
from core.alerts.definition import Definition
from core.alerts.rules import Rule
from core.connections import ConnectionView
from core.conversations import Conversation, Message
from core.errors import NotFound
from core.feedback import Rating
from core.security import access
from core.types import Actor, ChartSpec

dm = datamind()


def opened(actor: Actor) -> Conversation | None:
    """The conversation that the address names, if it is the person's own."""
    session_id = state.chat_id()
    if session_id is None:
        return None
    try:
        return conversations.conversation(dm, actor, session_id)
    except NotFound:
        state.open_chat(None)
        st.toast("That conversation is not here. Start a new one.")
        return None


def pick_connection(
    available: tuple[ConnectionView, ...], conversation: Conversation | None
) -> ConnectionView | None:
    """The picker at the top; remembers the choice for this tab."""
    by_id = {c.id: c for c in available if c.is_active}
    wanted = conversation.connection_id if conversation else state.chosen_connection()
    ids = list(by_id)
    if wanted not in by_id and conversation is None:
        wanted = next((c.id for c in by_id.values() if c.tables), next(iter(ids), None))
    picked = st.selectbox(
        "Connection",
        ids,
        index=ids.index(wanted) if wanted in by_id else None,
        format_func=lambda i: by_id[i].name,
        label_visibility="collapsed",
        placeholder="Choose a connection" if ids else "No connection yet",
        key=f"connection-{conversation.id if conversation else 'new'}",
        width=260,
    )
    if picked:
        state.choose_connection(picked)
    return by_id.get(picked) if picked else None


def begin(
    actor: Actor, text: str, connection_id: UUID | None, conversation: Conversation | None
) -> None:
    """Ask, and show the conversation with the answer on its way."""
    with problems.shown():
        asked = ask.start(
            dm,
            actor,
            text,
            connection_id=connection_id,
            session_id=conversation.id if conversation else None,
        )
        state.open_chat(asked.session_id)
        st.rerun()


def act(actor: Actor, message: Message, wish: answer.Wish) -> None:
    """Do what the person wants with an answer."""
    with problems.shown():
        match wish:
            case answer.Ask(question):
                state.ask_next(question)
                st.rerun()
            case answer.AskBuiltIn(question):
                ask.start(
                    dm,
                    actor,
                    question,
                    connection_id=message.connection_id,
                    session_id=message.session_id,
                    built_in=True,
                )
                st.rerun()
            case answer.Choose(index):
                ask.start_chosen(dm, actor, message.id, index)
                st.rerun()
            case answer.Change(key, values):
                ask.start_changed(dm, actor, message.id, key, values)
                st.rerun()
            case rating.Rate(liked, reason):
                feedback.rate(dm, actor, message.id, liked=liked, reason=reason)
                st.rerun()
            case answer.Watch():
                watch(actor, message, Rule("below"))
            case verify.Verify(words):
                stand_for(actor, message, words)
            case answer.Pin():
                tiling.pin(message)
            case answer.Save(name, shared):
                library.save(dm, actor, message.id, name=name, shared=shared)
                st.toast(f"Saved as “{name.strip()}”. It is listed on a new chat.")


def redraw(message_id: UUID, chart: ChartSpec | None) -> None:
    """Keep another chart of an answer, and show it."""
    with problems.shown():
        conversations.draw_as(dm, signin.actor(), message_id, chart)
        st.rerun()


def watch(actor: Actor, message: Message, rule: Rule) -> None:
    """Open the form of an alert about an answer's figure."""
    if message.connection_id is None or not message.sql:
        return
    title = answers.title_of(message)[:200]
    held_on = message.created_at.astimezone(ZoneInfo(actor.time_zone)).date()
    state.begin_alert(
        Definition(title, message.connection_id, message.sql, rule, dates_held_on=held_on)
    )
    st.switch_page("screens/alerts.py", query_params={"new": "1"})


def wished_alert(actor: Actor, text: str, conversation: Conversation | None) -> bool:
    """Open the form when somebody asks to be told about the last answer's figure."""
    wish = wishes.read(text)
    if wish is None or conversation is None or not access.allows(actor, "analyst"):
        return False
    told = conversations.messages(dm, actor, conversation.id)
    last = next((m for m in reversed(told) if m.role == "assistant" and m.sql), None)
    if last is None or wish.subject:
        return False
    watch(actor, last, wish.rule)
    return True


def stand_for(actor: Actor, message: Message, words: str) -> None:
    """Verify an answer; a question that leans on others is asked for in full."""
    try:
        verified.verify(dm, actor, message.id, words)
    except verified.LeansOnOthers:
        state.remember("leaning", str(message.id))
    else:
        state.forget("leaning")
        st.toast("Verified. Who asks for the same gets this answer at once.")
    st.rerun()


def standing(actor: Actor, message: Message) -> verify.Standing | None:
    """Whether an answer is verified; None for a person who may not verify."""
    if not access.allows(actor, "analyst") or message.connection_id is None:
        return None
    kept = message.sql in verified.stood_for(dm, actor, message.connection_id)
    return verify.Standing(kept, leans=state.recall("leaning") == str(message.id))


def show_message(
    actor: Actor, message: Message, question: str, rated: Rating | None, last: bool
) -> None:
    """One message: the person's words, or an answer with all that can be done with it.

    Of the last one, and only while its data can be asked, also what could be asked next.
    """
    if message.role == "user":
        answer.asked(message)
        return
    offer = None
    if last and message.preview is not None:
        offer = reading_chips.Offer(
            answers.reading_chips(dm, actor, message.id),
            dm.clock.today(actor.time_zone),
            lambda column: answers.chip_values(dm, actor, message.id, column),
        )
    wish = answer.show(
        message,
        question,
        offer=offer,
        whole=lambda: answers.result(dm, signin.actor(), message.id),
        account=lambda: how.account(dm, signin.actor(), message.id),
        redraw=lambda chart: redraw(message.id, chart),
        today=dm.clock.today(actor.time_zone),
        download=lambda fmt: answers.download(dm, actor, message.id, fmt),
        may_save=access.allows(actor, "analyst"),
        rated=rated,
        standing=standing(actor, message) if message.preview is not None else None,
        last=last,
    )
    if wish:
        act(actor, message, wish)


@st.fragment(run_every=0.25)
@measuring.part("answer under way")
def follow(job_id: UUID) -> None:
    """Show how far an answer is; the whole screen is drawn anew when it is there."""
    actor = signin.actor()
    now = jobs.follow(dm, actor, job_id)
    if now.over:
        st.rerun(scope="app")
    if progress.show(now):
        jobs.stop(dm, actor, job_id)


def sidebar(actor: Actor, conversation: Conversation | None) -> None:
    """The person's conversations."""
    with st.sidebar:
        wish = chat_list.show(
            conversations.sessions(dm, actor), conversation.id if conversation else None
        )
    with problems.shown():
        match wish:
            case chat_list.New():
                state.open_chat(None)
            case chat_list.Open(session_id):
                state.open_chat(session_id)
            case chat_list.Pin(session_id, pinned):
                conversations.pin(dm, actor, session_id, pinned)
            case chat_list.Rename(session_id, title):
                conversations.rename(dm, actor, session_id, title)
            case chat_list.Delete(session_id):
                conversations.delete(dm, actor, session_id)
                if conversation and conversation.id == session_id:
                    state.open_chat(None)
            case None:
                return
        st.rerun()


def draw() -> None:
    """The whole screen."""
    actor = signin.actor()
    conversation = opened(actor)
    available = connections.connections(dm, actor)
    chosen: list[ConnectionView | None] = []
    frame.begin(
        conversation.title if conversation else "Chat",
        lambda: chosen.append(pick_connection(available, conversation)),
    )
    connection = chosen[0]
    sidebar(actor, conversation)
    running = None
    if conversation:
        # Looked up first: an answer that comes in between is then among the messages.
        running = jobs.active(dm, actor, jobs.QUESTION, conversation.id)
        told = conversations.messages(dm, actor, conversation.id)
        rated = feedback.ratings(dm, actor, conversation.id)
        question = ""
        for message in told:
            question = message.text if message.role == "user" else question
            last = message is told[-1] and connection is not None
            show_message(actor, message, question, rated.get(message.id), last)
        asked = next((str(m.id) for m in reversed(told) if m.role == "user"), "")
        if running:
            follow(running.job_id)
            answer.bring_up(asked, answered=False)
        elif connection is None:
            st.info(
                "The data of this chat is gone or switched off. Choose a connection above to ask "
                "it something, or start a new chat.",
                icon=":material/link_off:",
            )
        elif told and told[-1].role == "assistant":
            answer.bring_up(asked, answered=True)
        elif told:
            problems.show("This question was interrupted before it was answered.", "Ask it again.")
    else:
        wish = welcome.show(
            connection,
            suggestions=ask.suggestions(dm, actor, connection.id) if connection else (),
            verified=verified.questions(dm, actor, connection.id) if connection else (),
            saved=[q for q in library.saved_queries(dm, actor) if not q.parameters],
            may_connect=access.allows(actor, "analyst"),
        )
        start_from(actor, wish)
    typed = st.chat_input(
        f"Ask about {connection.name} …" if connection else "Choose a connection first",
        max_chars=ask.LONGEST_QUESTION,
        disabled=connection is None or running is not None,
        key="question",
    )
    text = typed or state.pending_question()
    if text and not running and not wished_alert(actor, text, conversation):
        begin(actor, text, connection.id if connection else None, conversation)


def start_from(actor: Actor, wish: welcome.Wish | None) -> None:
    """Begin a conversation from the empty screen: a suggestion, or a saved query."""
    with problems.shown():
        match wish:
            case welcome.Ask(question):
                state.ask_next(question)
            case welcome.RunSaved(saved_id):
                state.open_chat(ask.start_saved(dm, actor, saved_id).session_id)
            case welcome.DeleteSaved(saved_id):
                library.delete(dm, actor, saved_id)
            case None:
                return
        st.rerun()


draw()
