"""States as stories: what checks saw, where the alert stands, and what people heard."""

from datetime import UTC, datetime, timedelta

import pytest

from core.alerts import states
from core.alerts.states import Policies, Standing

START = datetime(2026, 10, 15, 9, tzinfo=UTC)
PLAIN = Policies()
PATIENT = Policies(fire_after=3, fine_after=2)
HOURLY = Policies(remind_every=timedelta(hours=3))

STORIES = [
    # policies, verdicts (one a check; capitals while muted), states, what was told
    ("it fires once, however long it lasts", PLAIN, "o b b b b", "ok firing firing firing firing",
     ". fired . . ."),
    ("it is told when it is fine again", PLAIN, "b o o", "firing ok ok", "fired recovered ."),
    ("again bad is again told", PLAIN, "b o b", "firing ok firing", "fired recovered fired"),
    ("one bad check is not enough", PATIENT, "b b o b b b", "pending pending ok pending pending "
     "firing", ". . . . . fired"),
    ("one good check is not enough", PATIENT, "b b b o b o o", "pending pending firing recovering "
     "firing recovering ok", ". . fired . . . recovered"),
    ("no data is told", PLAIN, "o n n b", "ok no_data no_data firing", ". no_data . fired"),
    ("data again is told", PLAIN, "n o", "no_data ok", "no_data recovered"),
    ("no data while it fires", PLAIN, "b n o", "firing no_data ok", "fired no_data recovered"),
    ("no data is not zero", Policies(no_data="keep"), "b n n o", "firing firing firing ok",
     "fired . . recovered"),
    ("no data may be fine", Policies(no_data="ok"), "b n", "firing ok", "fired recovered"),
    ("an error keeps the state", PLAIN, "b e e o", "firing firing firing ok",
     "fired . . recovered"),
    ("an error may be told", Policies(error="alert"), "e e o", "error error ok",
     "error . recovered"),
    ("an error may be fine", Policies(error="ok"), "e", "ok", "."),
    ("too little past changes nothing", PLAIN, "u u b u o", "ok ok firing firing ok",
     ". . fired . recovered"),
    ("it is repeated after a while", HOURLY, "b b b b b b b", "firing " * 7,
     "fired . . reminder . . reminder"),
    ("what is not seen is not repeated", HOURLY, "b b b e b", "firing " * 5,
     "fired . . . reminder"),
    ("muted, nobody is told", PLAIN, "B B O", "firing firing ok", ". . ."),
    ("what still holds is told after", PLAIN, "B B b b", "firing firing firing firing",
     ". . fired ."),
    ("it was told, and got fine while muted", PLAIN, "b O o", "firing ok ok", "fired . recovered"),
    ("it was told, muted, and is not told twice", PLAIN, "b B b", "firing firing firing",
     "fired . ."),
    ("fine while pending is nothing to tell", PATIENT, "b o", "pending ok", ". ."),
]  # fmt: skip

LEVELS = {"o": "ok", "b": "bad", "n": "no_data", "e": "error", "u": "unknown"}


@pytest.mark.parametrize(
    ("policies", "verdicts", "stands", "told"),
    [s[1:] for s in STORIES],
    ids=[s[0] for s in STORIES],
)
def test_people_are_told_of_changes(policies, verdicts, stands, told):
    standing, seen, heard = Standing(), [], []
    for hour, letter in enumerate(verdicts.split()):
        step = states.step(
            standing,
            LEVELS[letter.lower()],
            policies,
            START + timedelta(hours=hour),
            muted=letter.isupper(),
        )
        standing = step.standing
        seen.append(standing.state)
        heard.append(step.told or ".")
    assert seen == stands.split()
    assert heard == told.split()


def test_since_is_when_the_state_began():
    standing = Standing()
    for hour, level in enumerate(("bad", "bad", "ok", "ok")):
        standing = states.step(standing, level, PLAIN, START + timedelta(hours=hour)).standing
    assert standing.since == START + timedelta(hours=2)
