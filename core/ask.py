"""Ask a question: from the words to the saved answer, readable from top to bottom."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from time import monotonic
from typing import Final
from uuid import UUID

from core import (
    accounts,
    audit,
    charts,
    chips,
    choosing,
    connections,
    conversations,
    glossary,
    guard,
    jobs,
    library,
    limits,
    metrics,
    previews,
    query,
    recall,
    schema,
    tracing,
    trust,
    usage,
    verified,
)
from core.analyst.base import Analyst
from core.analyst.local import lexicon, terms
from core.analyst.local.suggestions import from_schema
from core.datamind import DataMind
from core.desk import QuestionDesk
from core.errors import (
    AnalystFailed,
    BadInput,
    DataMindError,
    LimitReached,
    QueryCancelled,
    UnsafeSql,
)
from core.jobs import Work
from core.recall import Recalled
from core.store.tables import ChatMessage, ChatSession
from core.types import (
    Actor,
    Answer,
    Cannot,
    Cause,
    Choice,
    Draft,
    Facts,
    Insight,
    Json,
    Outcome,
    Proof,
    Query,
    Question,
    Reply,
    Turn,
)

LONGEST_QUESTION: Final = 5_000
MOST_AT_ONCE: Final = 24
MOST_SUGGESTED: Final = 12
MOST_VERIFIED_SUGGESTED: Final = 6


@dataclass(frozen=True)
class Asked:
    """A question under way: its conversation, and the job to follow."""

    session_id: UUID
    job_id: UUID


def start(
    dm: DataMind,
    actor: Actor,
    text: str,
    *,
    connection_id: UUID | None,
    session_id: UUID | None = None,
    built_in: bool = False,
    wait: bool = False,
) -> Asked:
    """Begin to answer; a thread works on, whatever the screen does. Without a session a new
    conversation begins, with the question's first 80 characters as its title. With `wait` it
    returns when the answer is there. With `built_in` the built-in analyst answers, whoever else
    there is.

    Raises BadInput, NotFound, LimitReached.
    """
    text = _storable(text).strip()
    if not 1 <= len(text) <= LONGEST_QUESTION:
        raise BadInput(
            f"A question has 1 to {LONGEST_QUESTION:,} characters.",
            "Type a question." if not text else "Make it shorter.",
        )
    args: Json = {"built_in": True} if built_in else {}
    return _begin(dm, actor, text, connection_id, session_id, args=args, wait=wait)


def _storable(text: str) -> str:
    """The text without what no database keeps: zero bytes and halves of surrogate pairs."""
    return text.replace("\0", " ").encode("utf-8", "ignore").decode("utf-8")


def start_saved(dm: DataMind, actor: Actor, saved_id: UUID) -> Asked:
    """Begin a conversation with the answer of a saved query: no analyst writes its SQL anew."""
    saved = library.saved_query(dm, actor, saved_id)
    return _begin(
        dm, actor, saved.name, saved.connection_id, None, args={"saved_id": str(saved_id)}
    )


def start_changed(
    dm: DataMind, actor: Actor, message_id: UUID, key: str, values: Sequence[object]
) -> Asked:
    """Answer one's own answer anew with one of its reading chips changed, as the next turn of its
    conversation. No analyst is asked: the query is changed on its tree (core/chips).

    Raises NotFound, LimitReached, BadInput for a change that cannot be made with certainty.
    """
    message = conversations.message(dm, actor, message_id)
    if not message.sql or message.connection_id is None or message.session_id is None:
        raise BadInput("This message has no query.", "Choose an answer that shows a figure.")
    known, today = schema.read(dm, actor, message.connection_id), dm.clock.today(actor.time_zone)
    sql = chips.edited(message.sql, known, today, key, values)
    reading = chips.in_words(sql, known, today)
    return _begin(
        dm,
        actor,
        reading[:LONGEST_QUESTION],
        message.connection_id,
        message.session_id,
        args={"changed": {"sql": sql, "reading": reading}},
    )


def start_chosen(dm: DataMind, actor: Actor, message_id: UUID, index: int) -> Asked:
    """Answer with one of the readings that one's own message offered, as the next turn of its
    conversation; what was looked at is what runs.

    Raises NotFound, LimitReached, BadInput where there is no such option.
    """
    message = conversations.message(dm, actor, message_id)
    if not 0 <= index < len(message.options) or message.session_id is None:
        raise BadInput("There is no such reading to choose.", "Choose one that is offered.")
    option = message.options[index]
    args = {"changed": option.draft} if option.draft else {"picked": True}
    return _begin(
        dm,
        actor,
        option.question[:LONGEST_QUESTION],
        message.connection_id,
        message.session_id,
        args=args,
    )


def suggestions(dm: DataMind, actor: Actor, connection_id: UUID) -> tuple[str, ...]:
    """Questions to begin with: verified ones, those kept with the connection, else what the
    built-in analyst offers for its schema. Raises NotFound."""
    kept = connections.connection(dm, actor, connection_id).suggested
    others = kept or from_schema(lexicon.of(schema.read(dm, actor, connection_id)))
    stood_for = verified.questions(dm, actor, connection_id)[:MOST_VERIFIED_SUGGESTED]
    return tuple(dict.fromkeys((*stood_for, *others)))[:MOST_SUGGESTED]


def _begin(
    dm: DataMind,
    actor: Actor,
    text: str,
    connection_id: UUID | None,
    session_id: UUID | None,
    *,
    args: Json,
    wait: bool = False,
) -> Asked:
    if connection_id is None:
        raise BadInput("No connection is chosen.", "Choose the data that you want to ask.")
    connections.connection(dm, actor, connection_id)
    if session_id and jobs.active(dm, actor, jobs.QUESTION, session_id):
        raise BadInput(
            f"An answer is still on its way in this chat. “{text[:200]}” was not asked.",
            "Reload the page to see it come in, then ask again.",
        )
    if len(dm.running) >= MOST_AT_ONCE:
        raise LimitReached(
            "Many questions are being answered right now.", "Try again in a few seconds."
        )
    limits.count(dm, limits.QUESTIONS_OF, str(actor.user_id))
    now = dm.clock.now()
    with dm.sessions.write() as db:
        if session_id:
            session = conversations.own_session(db, actor, session_id)
            session.connection_id, session.updated_at = connection_id, now
        else:
            session = ChatSession(
                user_id=actor.user_id,
                connection_id=connection_id,
                title=text[: conversations.TITLE_LENGTH],
                created_at=now,
                updated_at=now,
            )
            db.add(session)
            db.flush()
        asked = ChatMessage(session_id=session.id, role="user", content=text, created_at=now)
        db.add(asked)
        db.flush()
        args = {
            **args,
            "session_id": str(session.id),
            "message_id": str(asked.id),
            "connection_id": str(connection_id),
        }
        job_id = jobs.create(db, dm, actor, jobs.QUESTION, args, subject=session.id, running=True)
    thread = threading.Thread(
        target=jobs.carry_out,
        args=(dm, job_id, lambda work: _work_on(dm, work)),
        name=f"question-{job_id}",
        daemon=True,
    )
    thread.start()
    if wait:
        thread.join()
    return Asked(session.id, job_id)


def _work_on(dm: DataMind, work: Work) -> Json:
    """Answer, and write the message once, at the end, whatever the end is."""
    actor = accounts.actor_of_job(dm, work.job_id)
    asked = _asked(dm, work)
    began = monotonic()
    stopped: QueryCancelled | None = None
    try:
        answer = _answer(dm, actor, work, asked)
    except QueryCancelled as stop:
        stopped = stop
        said = work.cancel.why or "You stopped this answer."
        answer = Answer(asked, error=said, hint="Ask again when you like.")
    except DataMindError as problem:
        answer = _failed(Answer(asked), problem)
        answer = replace(answer, offers_built_in=_by_model(dm, work, problem))
    _count(answer, monotonic() - began, stopped=stopped is not None)
    message_id = _save(dm, work, answer, milliseconds=round((monotonic() - began) * 1000))
    audit.record(
        dm,
        actor,
        "chat.ask",
        "chat_message",
        message_id,
        analyst=answer.analyst,
        tokens=answer.usage.total,
        failed=bool(answer.error),
    )
    if stopped:
        raise stopped
    return {"message_id": str(message_id)}


@contextmanager
def _stage(name: str) -> Iterator[None]:
    with tracing.span(name), metrics.stage(name):
        yield


def _count(answer: Answer, seconds: float, *, stopped: bool) -> None:
    outcome = (
        "stopped" if stopped else answer.grade.level if answer.grade else answer.cause or "said"
    )
    metrics.QUESTIONS.labels(answer.analyst or "none", outcome).inc()
    metrics.QUESTION.observe(seconds)


def _by_model(dm: DataMind, work: Work, problem: DataMindError) -> bool:
    """Whether it was the model that failed, and not the question or the data."""
    asked = dm.analysts.claude is not None and not work.args.get("built_in")
    return asked and isinstance(problem, AnalystFailed)


def _answer(dm: DataMind, actor: Actor, work: Work, asked: str) -> Answer:
    connection_id = UUID(work.args["connection_id"])
    work.step("Reading the question")
    with _stage("schema"):
        known = schema.read(dm, actor, connection_id).masked
    desk = QuestionDesk(dm, actor, work, connection_id, known)
    own_terms, instructions = glossary.of(dm, actor, connection_id)
    question = Question(
        text=asked,
        schema=known,
        today=dm.clock.today(actor.time_zone),
        history=_history(dm, work),
        time_zone=actor.time_zone,
        terms=own_terms,
        instructions=instructions,
    )
    written = _written(dm, actor, work)
    with _stage("recall"):
        recalled = None if written else recall.find(dm, actor, question, desk, desk.kept)
    if recalled:
        answer = _run(dm, actor, work, desk, dm.analysts.local, question, recalled.draft, recalled)
        if not answer.error:
            verified.count_use(dm, actor, recalled.verified.id)
            return replace(answer, analyst=dm.analysts.local.name)
    by_rules = bool(written or work.args.get("built_in"))
    analyst = dm.analysts.local if by_rules else dm.analysts.choose()
    if written:
        outcome: Outcome = written
    elif analyst is dm.analysts.local:
        outcome = _decided(dm, work, desk, question, analyst)
    else:
        usage.allow(dm, actor)
        work.step("Waiting for the model")
        with usage.turn(dm, actor, desk.cancelled):
            outcome = _decided(dm, work, desk, question, analyst)
    answer = _settled(outcome, asked)
    if isinstance(outcome, Cannot):
        near = tuple(one.question for one in desk.verified(asked))
        answer = replace(answer, suggestions=tuple(dict.fromkeys((*near, *answer.suggestions))))
    if isinstance(outcome, Draft):
        outcome = replace(outcome, assumptions=(*outcome.assumptions, *_cited(question)))
        answer = _run(dm, actor, work, desk, analyst, question, outcome)
    return replace(answer, usage=desk.usage, analyst=analyst.name)


def _cited(question: Question) -> tuple[str, ...]:
    """The terms of the glossary that the question names."""
    used = terms.named(question.text, question.terms)
    return tuple(f"Glossary: “{one.term}” means {one.meaning}." for one in used)


def _decided(
    dm: DataMind, work: Work, desk: QuestionDesk, question: Question, analyst: Analyst
) -> Outcome:
    """What the analyst says, or a choice between two readings whose numbers differ: one question
    a turn."""
    with _stage("draft"):
        outcome = analyst.draft(question, desk)
    may_ask = not work.args.get("picked")
    if isinstance(outcome, Choice):
        work.step("Comparing the readings")
        return choosing.weighed(
            question, outcome, dm.analysts.local, desk, desk.look_up, may_ask=may_ask,
            own=analyst is dm.analysts.local,
        )  # fmt: skip
    if isinstance(outcome, Draft) and may_ask:
        return choosing.doubted(question, outcome, desk.look_up)
    return outcome


def _written(dm: DataMind, actor: Actor, work: Work) -> Draft | None:
    """The draft of a question whose SQL is known already: a saved query, or a changed one."""
    changed, saved = work.args.get("changed"), work.args.get("saved_id")
    if changed:
        reading = changed["reading"]
        return Draft(
            changed["sql"],
            reading,
            assumptions=tuple(changed.get("assumptions", ())),
            plan=changed.get("plan"),
            title=changed.get("title") or reading.partition(", ")[0],
        )
    return library.draft(dm, actor, UUID(saved)) if saved else None


def _settled(outcome: Outcome, asked: str) -> Answer:
    """The answer of an outcome that needs no query."""
    match outcome:
        case Choice(text, options):
            return Answer(asked, text, summary=text, options=options)
        case Cannot(reason, suggestions, missing):
            cause: Cause = "no such data" if missing else "not understood"
            return Answer(asked, reason, summary=reason, suggestions=suggestions, cause=cause)
        case Reply(reason, suggestions):
            return Answer(asked, reason, summary=reason, suggestions=suggestions)
        case Draft():
            return Answer(asked)


def _run(
    dm: DataMind,
    actor: Actor,
    work: Work,
    desk: QuestionDesk,
    analyst: Analyst,
    question: Question,
    draft: Draft,
    recalled: Recalled | None = None,
) -> Answer:
    """Run a draft and explain its result; SQL that failed stays with the answer."""
    answer = Answer(
        question.text,
        reading=draft.reading,
        assumptions=draft.assumptions,
        sql=draft.sql,
        plan=draft.plan,
    )
    work.step("Asking the database")
    try:
        asked = Query(desk.connection_id, draft.sql)
        with _stage("query"):
            result = query.run(dm, actor, asked, cancel=work.cancel, known=question.schema)
        with _stage("guard"):
            safe = query.check(dm, actor, asked, known=question.schema)
        read = guard.reading(safe, question.schema, question.today)
        case = trust.Case(question, draft, result, read, desk.look_up)
        work.step("Writing the answer")
        with _stage("insight"):
            insight, proof = _proven(dm, actor, analyst, question, draft, case, desk)
        work.step("Checking the answer")
        with _stage("grade"):
            grade = recall.graded(case, recalled) if recalled else case.grade()
    except QueryCancelled:
        raise
    except DataMindError as problem:
        return _failed(answer, problem)
    wanted = insight.chart or draft.chart
    return replace(
        answer,
        text=insight.text,
        summary=insight.summary,
        result=result,
        chart=charts.fit(wanted, result) if wanted else charts.recommend(result, draft.title),
        suggestions=insight.follow_ups,
        grade=grade,
        proof=proof,
        facts=case.facts,
        verified=recall.told(recalled) if recalled else None,
        cause="empty" if case.facts.empty else None,
    )


def _failed(answer: Answer, problem: DataMindError) -> Answer:
    """The answer with what went wrong, in words and as a cause."""
    cause: Cause = "refused" if isinstance(problem, UnsafeSql) else "failed"
    return replace(answer, error=problem.message, hint=problem.hint, cause=cause)


def _proven(
    dm: DataMind,
    actor: Actor,
    analyst: Analyst,
    question: Question,
    draft: Draft,
    case: trust.Case,
    desk: QuestionDesk,
) -> tuple[Insight, Proof]:
    """What the analyst wrote, as far as the result says it too; a result without values gets
    no confident words."""
    nothing = case.says_nothing()
    if nothing:
        offered = _by_rules(dm, question, draft, case, desk).follow_ups
        return Insight(nothing, nothing[:500], follow_ups=offered), Proof()
    written, proof = case.settle(_explain(dm, actor, analyst, question, draft, case.facts, desk))
    if written.text:
        return written, proof
    for text in (_by_rules(dm, question, draft, case, desk).text, case.plain()):
        told, its_proof = case.settle(replace(written, text=text, summary=""))
        if told.text:
            break
    return told, replace(its_proof, dropped=proof.dropped)


def _by_rules(
    dm: DataMind, question: Question, draft: Draft, case: trust.Case, desk: QuestionDesk
) -> Insight:
    return dm.analysts.local.explain(question, draft, case.facts, desk)


def _explain(
    dm: DataMind,
    actor: Actor,
    analyst: Analyst,
    question: Question,
    draft: Draft,
    facts: Facts,
    desk: QuestionDesk,
) -> Insight:
    """The answer in words. Where the model fails the figures are there all the same, and the
    built-in analyst says them."""
    if analyst is dm.analysts.local or not desk.shows_values:
        return dm.analysts.local.explain(question, draft, facts, desk)
    try:
        with usage.turn(dm, actor, desk.cancelled):
            return analyst.explain(question, draft, facts, desk)
    except AnalystFailed:
        return dm.analysts.local.explain(question, draft, facts, desk)


def _asked(dm: DataMind, work: Work) -> str:
    with dm.sessions.read() as db:
        return db.get_one(ChatMessage, UUID(work.args["message_id"])).content


def _history(dm: DataMind, work: Work) -> tuple[Turn, ...]:
    session_id, connection_id = (UUID(work.args[key]) for key in ("session_id", "connection_id"))
    with dm.sessions.read() as db:
        return conversations.turns(db, session_id, connection_id)


def _save(dm: DataMind, work: Work, answer: Answer, *, milliseconds: int) -> UUID:
    result = answer.result
    with dm.sessions.write() as db:
        row = ChatMessage(
            session_id=UUID(work.args["session_id"]),
            role="assistant",
            content=answer.text,
            generated_sql=answer.sql,
            sql_was_executed=result is not None,
            query_result_preview=previews.pack(result) if result else None,
            full_result_row_count=result.row_count if result else None,
            chart_config=charts.to_json(answer.chart),
            execution_time_ms=round(result.seconds * 1000) if result else None,
            error_message=answer.error or None,
            token_usage=asdict(answer.usage) if answer.usage.total else None,
            context_summary=answer.summary[:500] or None,
            answer=conversations.details(
                answer, UUID(work.args["connection_id"]), milliseconds=milliseconds
            ),
            cause=answer.cause,
            created_at=dm.clock.now(),
        )
        db.add(row)
        db.flush()
        return row.id
