"""Which date a question means: the date column nearest to its rows, with the fitting name."""

from core.analyst.local import words
from core.analyst.local.lexicon import Lexicon, spoken
from core.analyst.local.plan import Field
from core.analyst.local.roles import Role

_BORN = {"created", "create", "crt", "opened", "started", "start", "signed", "signup", "ordered",
         "order", "sold", "sale", "invoice", "issued", "raised", "filed",
         "submitted", "logged", "held", "begin", "registered", "joined", "hire",
         "refunded", "refund", "cancelled", "spent", "visit", "event", "transaction", "occurred",
         "placed", "purchase", "posted", "admitted"}  # fmt: skip
_LATE = {"updated", "modified", "deleted", "due", "birth", "end", "ended", "closed", "expiry",
         "expires", "login", "launched", "shipped", "delivered", "valid", "synced"}  # fmt: skip


# What happened, and the words by which its date is kept.
_EVENTS = {"win": {"close", "closed", "won"},
           "lose": {"close", "closed", "cancelled", "ended", "lost"},
           "churn": {"cancelled", "ended", "churned"}, "hired": {"hire", "started", "joined"},
           "sold": {"sale", "sold", "order", "ordered"}, "bought": {"order", "ordered", "purchase"},
           "joined": {"signup", "signed", "joined", "registered", "hire"},
           "born": {"birth", "birthday"}, "signup": {"signed", "signup"},
           "signups": {"signed", "signup"}}  # fmt: skip


def choose(
    table: str, lexicon: Lexicon, said: tuple[str, ...] = (), new: bool = False
) -> Field | None:
    """The date that places a row of `table` in time, or None when there is none.

    `said` are the question's lemmas: a verb such as "cancelled" points at its column.
    Tables that a row has exactly one of are searched too, nearest first.
    """
    best: tuple[float, Field] | None = None
    for other in lexicon.schema.tables:
        path = lexicon.joins.path(table, other.name, only_up=True)
        if path is None or len(path) > 3:
            continue
        for at in lexicon.columns(other.name, Role.TIME, Role.YEAR):
            score = _score(at, table, said, new) - 1.2 * len(path)
            if best is None or score > best[0]:
                best = (score, at)
    return best[1] if best and best[0] > -3.2 else None


def _score(at: Field, table: str, said: tuple[str, ...], new: bool) -> float:
    named = set(spoken(at.column))
    stems = {words.stem(w) for w in said if len(w) > 3}
    score = 0.0
    if {words.stem(w) for w in named if len(w) > 3 and w not in ("date", "time")} & stems:
        score += 1.6
    if any(named & kept for word, kept in _EVENTS.items() if word in said):
        score += 1.6
    score += 0.5 if named & _BORN else 0.0
    score -= 0.7 if named & _LATE else 0.0
    own = {words.stem(w) for w in spoken(at.table)}
    score += 0.3 if {words.stem(w) for w in named} & own else 0.0
    score += 0.2 if named <= {"date", "timestamp", "time", "day", "year"} else 0.0
    if new and named & {"created", "signed", "signup", "joined", "registered", "started"}:
        score += 1.0
    return score
