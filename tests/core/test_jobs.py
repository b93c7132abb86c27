"""Long work is a row: done once, followed, stopped, and settled after a crash."""

from datetime import timedelta
from uuid import UUID

import pytest

from core import jobs
from core.datamind import DataMind
from core.errors import BadInput, NotFound, QueryCancelled
from core.jobs import LOST_AFTER, MOST_ATTEMPTS, Work
from core.store.tables import Job
from core.types import Actor, Json
from tests.factories import Organization


class Woken:
    """A queue that remembers whom it was told to wake."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, UUID]] = []

    def send(self, kind: str, job_id: UUID) -> None:
        self.sent.append((kind, job_id))


@pytest.fixture
def woken(dm: DataMind) -> Woken:
    queue = Woken()
    object.__setattr__(dm, "queue", queue)
    return queue


def created(dm: DataMind, actor: Actor, kind: str = jobs.REFRESH_SCHEMA, **given: object) -> UUID:
    with dm.sessions.write() as db:
        return jobs.create(db, dm, actor, kind, {"n": 1}, subject="it", **given)


def later(dm: DataMind, by: timedelta) -> None:
    """Let the clock stand `by` later, as a day cannot be shorter than its seconds."""
    with dm.sessions.write() as db:
        for job in db.query(Job):
            job.woken_at -= by
            if job.heartbeat_at:
                job.heartbeat_at -= by


def test_a_job_is_done_once_and_its_result_kept(dm: DataMind, acme: Organization) -> None:
    job_id, did = created(dm, acme.analyst), []

    def do(work: Work) -> Json:
        work.step("Counting")
        did.append(work.args["n"])
        return {"counted": 1}

    jobs.perform(dm, job_id, do)
    jobs.perform(dm, job_id, do)  # a message delivered twice changes nothing
    now = jobs.follow(dm, acme.analyst, job_id)
    assert (now.state, now.result, did) == ("done", {"counted": 1}, [1])
    assert [step.text for step in now.steps] == ["Counting"]


@pytest.mark.parametrize(
    ("failure", "state", "error"),
    [
        (BadInput("It is wrong.", "Mend it."), "failed", "It is wrong."),
        (QueryCancelled("Stopped.", ""), "cancelled", "Stopped."),
        (ZeroDivisionError("secret detail"), "failed", "Something went wrong on our side."),
    ],
)
def test_how_a_job_ends(
    dm: DataMind, acme: Organization, failure: Exception, state: str, error: str
) -> None:
    job_id = created(dm, acme.analyst)

    def do(_: Work) -> Json:
        raise failure

    jobs.perform(dm, job_id, do)
    now = jobs.follow(dm, acme.analyst, job_id)
    assert (now.state, now.error) == (state, error)
    assert "secret detail" not in now.error + now.hint


def test_streamed_text_is_followed(dm: DataMind, acme: Organization) -> None:
    job_id, seen = created(dm, acme.analyst), []

    def do(work: Work) -> Json:
        work.stream("Revenue ")
        work.stream("rose.")
        work.step("Saving")
        seen.append(jobs.follow(dm, acme.analyst, work.job_id).text)
        return {}

    jobs.perform(dm, job_id, do)
    assert seen == ["Revenue rose."]


def test_stop_reaches_work_at_its_next_step(dm: DataMind, acme: Organization) -> None:
    job_id, ended = created(dm, acme.analyst), []

    def do(work: Work) -> Json:
        work.cancel.on_request(lambda: ended.append("on the database"))
        jobs.stop(dm, acme.analyst, work.job_id)
        work.step("Going on")
        return {}

    jobs.perform(dm, job_id, do)
    assert jobs.follow(dm, acme.analyst, job_id).state == "cancelled"
    assert ended == ["on the database"]


def test_stopping_what_nobody_took_ends_it(dm: DataMind, acme: Organization) -> None:
    job_id = created(dm, acme.analyst)
    jobs.stop(dm, acme.analyst, job_id)
    jobs.perform(dm, job_id, lambda _: pytest.fail("it was stopped"))
    assert jobs.follow(dm, acme.analyst, job_id).state == "cancelled"


def test_a_colleague_cannot_follow_or_stop_it(dm: DataMind, acme: Organization) -> None:
    job_id = created(dm, acme.analyst)
    for act in (jobs.follow, jobs.stop):
        with pytest.raises(NotFound):
            act(dm, acme.admin, job_id)


def test_the_sweep_wakes_again_for_what_nobody_took(
    dm: DataMind, acme: Organization, woken: Woken
) -> None:
    job_id = created(dm, acme.analyst)
    assert jobs.sweep(dm) == 0
    later(dm, LOST_AFTER + timedelta(seconds=1))
    assert jobs.sweep(dm) == 1
    assert woken.sent == [(jobs.REFRESH_SCHEMA, job_id)]
    assert jobs.sweep(dm) == 0, "it was woken just now"


def test_work_of_a_killed_process_is_taken_up_again_three_times(
    dm: DataMind, acme: Organization, woken: Woken
) -> None:
    job_id = created(dm, acme.analyst)
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert jobs._claim(dm, job_id, None), attempt
        later(dm, LOST_AFTER + timedelta(seconds=1))
        jobs.sweep(dm)
    now = jobs.follow(dm, acme.analyst, job_id)
    assert (now.state, len(woken.sent)) == ("failed", MOST_ATTEMPTS - 1)
    assert "never finished" in now.error


def test_a_question_of_a_killed_process_is_interrupted(
    dm: DataMind, acme: Organization, woken: Woken
) -> None:
    job_id = created(dm, acme.analyst, jobs.QUESTION, running=True)
    later(dm, LOST_AFTER + timedelta(seconds=1))
    jobs.sweep(dm)
    now = jobs.follow(dm, acme.analyst, job_id)
    assert (now.state, now.hint, woken.sent) == ("interrupted", "Ask again.", [])


def test_a_beating_job_is_left_alone(dm: DataMind, acme: Organization, woken: Woken) -> None:
    created(dm, acme.analyst, jobs.QUESTION, running=True)
    assert jobs.sweep(dm) == 0
    assert woken.sent == []


def test_signing_out_stops_questions_but_not_other_work(dm: DataMind, acme: Organization) -> None:
    question = created(dm, acme.analyst, jobs.QUESTION, running=True)
    refresh = created(dm, acme.analyst)
    jobs.stop_all(dm, acme.analyst)
    with dm.sessions.read() as db:
        assert db.get_one(Job, question).cancel_requested
        assert not db.get_one(Job, refresh).cancel_requested
