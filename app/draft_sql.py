"""The SQL that a person writes in this tab, kept while he looks at other screens."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from app import state
from core.explore import Run
from core.library import Saved
from core.parameters import Parameter

NAME = "draft-sql"


@dataclass(frozen=True)
class Written:
    """The text with its parameters. `version` is another one when the text is put there anew."""

    text: str = ""
    version: int = 0
    connection_id: UUID | None = None
    parameters: tuple[Parameter, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    job_id: UUID | None = None
    saved: Saved | None = None


def current() -> Written:
    """What is written just now."""
    kept = state.recall(NAME)
    return kept if isinstance(kept, Written) else Written()


def keep(
    text: str,
    connection_id: UUID,
    parameters: tuple[Parameter, ...],
    values: Mapping[str, str],
) -> None:
    """Remember what was typed."""
    now = replace(
        current(), text=text, connection_id=connection_id, parameters=parameters, values=values
    )
    state.remember(NAME, now)


def ran(job_id: UUID) -> None:
    """Remember the run whose result is shown."""
    state.remember(NAME, replace(current(), job_id=job_id))


def name(saved_id: UUID, called: str) -> None:
    """Remember what the text is saved as."""
    before = current()
    saved = before.saved or Saved(saved_id, called, "", before.text, None, False, True)
    state.remember(NAME, replace(before, saved=replace(saved, id=saved_id, name=called)))


def open_saved(saved: Saved) -> None:
    """Put a saved query into the editor."""
    _put(saved.sql, saved.connection_id, saved.parameters, {}, saved)


def open_run(run: Run) -> None:
    """Put a run of the history into the editor."""
    _put(run.sql, run.connection_id, (), run.values, None)


def open_text(text: str, connection_id: UUID) -> None:
    """Put any text into the editor."""
    _put(text, connection_id, (), {}, None)


def tabs() -> str:
    """The key of the tabs: another one when a text was put there, so that it is seen."""
    return f"explore-tabs-{current().version}"


def _put(
    text: str,
    connection_id: UUID | None,
    parameters: tuple[Parameter, ...],
    values: Mapping[str, str],
    saved: Saved | None,
) -> None:
    state.remember(
        NAME,
        Written(text, current().version + 1, connection_id, parameters, values, None, saved),
    )
