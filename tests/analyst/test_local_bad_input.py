"""What is no question: a clear, polite sentence, never a crash, never a figure."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import guard
from core.analyst.local import LocalAnalyst, spans
from core.analyst.local.plan import dump, load
from core.errors import QueryFailed
from core.guard import Policy
from core.types import Cannot, Draft, QueryResult, Question, Reply, Turn
from tests.analyst import engines
from tests.analyst.engines import SCHEMAS, TODAY, Database

LONGEST_SENTENCE = 200
DIALECTS = (("duckdb", ""), ("sqlite", ""), ("postgres", ""), ("mysql", "mariadb"))


def table() -> list[Any]:
    path = Path(__file__).parent / "questions" / "bad_input.toml"
    entries = tomllib.loads(path.read_text("utf-8"))["input"]
    return [
        pytest.param(
            {**e, "ask": e["ask"] * e.get("times", 1)},
            id=repr(e["ask"])[1:41],
            marks=[pytest.mark.xfail(reason=e["not_yet"], strict=True)] if "not_yet" in e else [],
        )
        for e in entries
    ]


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    script = (SCHEMAS / "hospital.sql").read_text("utf-8")
    folder = tmp_path_factory.mktemp("hospital")
    database = Database(engines.load("duckdb", script, folder, lambda name: name))
    yield database
    database.connector.close()


@pytest.mark.parametrize("entry", table())
def test_bad_input_gets_a_clear_sentence_and_questions_to_ask(
    hospital: Database, entry: dict[str, Any]
) -> None:
    outcome = hospital.ask(entry["ask"])
    assert type(outcome).__name__ == entry["kind"], outcome
    assert isinstance(outcome, Cannot | Reply)
    said = outcome.reason if isinstance(outcome, Cannot) else outcome.text
    assert entry["says"] in said
    assert said[0].isupper()
    assert said.endswith(".")
    assert said.isprintable()
    assert len(said) <= LONGEST_SENTENCE
    assert outcome.suggestions
    for question in outcome.suggestions:
        assert isinstance(hospital.ask(question), Draft), question


@pytest.mark.parametrize(
    "text",
    [
        "how\u200b many pati\u00adents\u202e are there",
        "how many\u0000patients\u0007",
        "ｈｏｗ ｍａｎｙ ｐａｔｉｅｎｔｓ",
        "  HOW   MANY\n\npatients\t???",
    ],
)
def test_invisible_signs_and_odd_letters_change_nothing(hospital: Database, text: str) -> None:
    draft = hospital.ask(text)
    assert isinstance(draft, Draft), draft
    assert hospital.rows(draft.sql) == [[8]]


def test_letters_with_their_accents_apart_find_the_stored_value(hospital: Database) -> None:
    draft = hospital.ask("how many patients from Ko\u0308ln")
    assert isinstance(draft, Draft), draft
    assert hospital.rows(draft.sql) == [[3]]


class Counting(Database):
    """A desk that counts the looks at the database."""

    looks = 0

    def try_sql(self, sql: str) -> QueryResult:
        self.looks += 1
        return super().try_sql(sql)


def test_all_unknown_words_are_looked_for_in_one_look(hospital: Database) -> None:
    desk = Counting(hospital.connector, hospital.schema)
    outcome = desk.ask("how many colourless green patients sleep furiously in \"Köln\" or 'Metz'")
    assert isinstance(outcome, Cannot)
    assert desk.looks == 1


WORDS = """
    patients doctors doctor wards drugs visits prescriptions name city salary fee fees price beds
    specialty insurer status on call hired booked visited Köln lyon Cardiology 'no show' "done"
    1 3 2026 100 1e9 10,000 12.5 -7 2026-02-30 march q3 monday last month year quarter week this
    since before between and or not no never without with whose only also instead as a pie table
    growth vs versus month over active new currently born ytd % > >= <> = ? , ; ( ' ’ — de 東京
""".split()  # noqa: SIM905 - a list of words is read as words
CUES = sorted({" ".join(phrase) for phrase in spans.cues()})
ALPHABETS = st.one_of(
    st.characters(codec="utf-8"),
    st.characters(categories=("Lo", "Ll", "Nd", "Mn", "Cf", "Zs"), codec="utf-8"),
    st.sampled_from("'\"`;%_\\-/*()[]{}<>|&$€#@!?.,:\n\t\0"),
)
TEXTS = st.lists(
    st.one_of(st.sampled_from(WORDS), st.sampled_from(CUES), st.text(ALPHABETS, max_size=8)),
    max_size=14,
).map(" ".join)


class SamplesOnly(Database):
    """A desk whose database does not answer: only the values seen before are found."""

    def try_sql(self, sql: str) -> QueryResult:
        raise QueryFailed("The database is away.")


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(TEXTS, min_size=1, max_size=2), dialect=st.sampled_from(DIALECTS))
def test_any_text_gets_an_outcome_and_any_query_passes_the_guard(
    hospital: Database, texts: list[str], dialect: tuple[str, str]
) -> None:
    schema = replace(hospital.schema, dialect=dialect[0], engine=dialect[1])
    analyst, desk, turns = LocalAnalyst(), SamplesOnly(hospital.connector, schema), ()
    for text in texts:
        outcome = analyst.draft(Question(text, schema, TODAY, turns), desk)
        if isinstance(outcome, Draft):
            guard.check(outcome.sql, schema.guarded_as, Policy.of(schema))
            assert outcome.plan is not None
            assert dump(load(outcome.plan)) == outcome.plan
            assert outcome.reading
            turns = (Turn(text, sql=outcome.sql, plan=outcome.plan),)
