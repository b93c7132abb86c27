"""What is active, current, cancelled or new: words that stand for a state or a date."""

from dataclasses import replace

from core.analyst.local import dates, metrics
from core.analyst.local.grounding.binding import NotGrounded
from core.analyst.local.grounding.figures import Figures
from core.analyst.local.lexicon import spoken
from core.analyst.local.plan import (
    Compare,
    Condition,
    Field,
    Measure,
    Related,
)
from core.analyst.local.roles import Role

_PEOPLE = {"customer", "client", "user", "account", "member", "person", "employee", "order",
           "subscriber", "patient", "student", "visitor"}  # fmt: skip
_HAPPENINGS = {"cancellation", "churn", "cancel", "signup", "registration"}
_PENDING = {"open": "open", "unresolved": "open", "outstanding": "open", "unpaid": "unpaid"}
_PAID = {"paid", "settled"}
_ENDS = {"closed", "close", "resolved", "completed", "finished", "done", "ended", "won", "lost",
         "cancelled", "canceled", "rejected", "solved", "delivered"}  # fmt: skip
_STATUS = {"status", "stage", "state", "phase", "sts"}
_ACTIVITY = (
    "session",
    "event",
    "visit",
    "login",
    "activity",
    "usage",
    "click",
    "view",
    "message",
    "order",
    "transaction",
)


class States(Figures):
    """Binds words of state to status columns, end dates and activity."""

    def _verbs(self) -> None:
        """A date column hinted at by a verb (opened, cancelled) dates rows; it is not shown."""
        for wanted in list(self.intent.wanted):
            span = wanted.span
            if span is None or span.kind == "metric" or wanted.functions:
                continue
            if {"date", "time", "when", "day", "year"} & set(
                spoken(span.text)
            ) or "when" in self.said:
                continue
            columns = [m for m in span.meanings if m.kind == "column"]
            if not columns or max(m.score for m in columns) >= 0.97:
                continue
            at = self._column(span)
            near = self.anchors[:1]
            if near and not (
                at.table == near[0]
                or self.lexicon.joins.path(near[0], at.table, only_up=True)
                or self.lexicon.joins.distance(near[0], at.table) < 2.7
            ):
                raise NotGrounded(
                    f"{span.text.capitalize()} is not kept for {' '.join(spoken(near[0]))}.",
                    (span.text,),
                )
            verb = span.text.lower().endswith("ed") or _HAPPENINGS & set(spoken(span.text))
            if self.lexicon.role(at) is Role.TIME and verb:
                self.intent.wanted.remove(wanted)
                self.verbs.append(at)
                self._add_anchor(at.table)
                if wanted.count:
                    self.intent.asks_count = True

    def _status(self) -> None:
        """Active accounts, where a status says so in a letter or an end date is not yet set."""
        if (
            self.intent.active is None
            or self.intent.active
            or self.intent.times
            or (self.intent.grains or not self.anchors)
        ):
            return
        spans = [
            s
            for s in (
                *[w.span for w in self.intent.wanted],
                *self.intent.entities,
                *self.intent.groups,
            )
            if s
        ]
        tables = [self._table(s) for s in spans if s.best("table") > 0.7]
        for table in dict.fromkeys([*tables, *self.anchors]):
            found = self._in_force(table)
            if found:
                self.conditions.append(found)
                self.intent.active = None
                return
        raise NotGrounded("I see nothing in this data that tells what is active.", ("active",))

    def _pending(self) -> None:
        """Open tickets, unpaid invoices: not closed, resolved or paid yet."""
        things = [
            *(w.span for w in self.intent.wanted if w.span and not w.rate),
            *self.intent.entities,
        ]
        tables = [self._table(s) for s in things if s.best("table") > 0.7] + self.anchors
        for item in list(self.intent.values):
            word, stored = item[0].text.lower(), {m.table for m in item[0].meanings}
            if word in _PENDING and tables and not stored & set(tables):
                self.intent.values.remove(item)
                self.intent.pending = _PENDING[word]
        if not self.intent.pending:
            return
        for table in dict.fromkeys(tables):
            found = self._not_yet(table, self.intent.pending)
            if found:
                self.conditions.append(found)
                self._set_base(table)
                return
        raise NotGrounded(
            f"I see nothing in this data that tells what is {self.intent.pending}.",
            (self.intent.pending,),
        )

    def _not_yet(self, table: str, how: str) -> Condition | None:
        ends = _PAID if how == "unpaid" else _ENDS
        texts = [
            f for f in self.lexicon.columns(table, Role.TEXT) if _STATUS & set(spoken(f.column))
        ]
        for at in texts:
            stored = self.lexicon.column(at).samples
            same = [s for s in stored if s.lower() in (how, f"not {how}", "open", "unpaid")]
            if len(same) == 1:
                return Compare(at, "=", (same[0],))
        for at in self.lexicon.columns(table, Role.TIME):
            if ends & set(spoken(at.column)) and self.lexicon.column(at).nullable:
                said = f"{at.table}.{at.column} is empty"
                self.out.assumptions.append(f"{how.capitalize()} means {said}.")
                return Compare(at, "empty")
        for at in texts:
            stored = self.lexicon.column(at).samples
            over = tuple(
                s for s in stored if ends & {w.lower() for w in s.replace("_", " ").split()}
            )
            if over and len(over) < len(stored):
                said = f"{at.table}.{at.column} is not {' or '.join(over)}"
                self.out.assumptions.append(f"{how.capitalize()} means {said}.")
                return Compare(at, "not in", over)
        return None

    def _in_force(self, table: str) -> Condition | None:
        for at in self.lexicon.columns(table, Role.TEXT):
            samples = self.lexicon.column(at).samples
            if (
                "status" in spoken(at.column)
                and "A" in samples
                and all(len(s) < 3 for s in samples)
            ):
                self.out.assumptions.append(f"Active means {at.table}.{at.column} is A.")
                return Compare(at, "=", ("A",))
        for at in self.lexicon.columns(table, Role.FLAG):
            if "active" in spoken(at.column):
                return Compare(at, "=", (1.0,))
        for at in self.lexicon.columns(table, Role.TIME):
            if {"cancelled", "ended", "closed", "churned", "resolved", "left"} & set(
                spoken(at.column)
            ):
                self.out.assumptions.append(f"Active means {at.table}.{at.column} is empty.")
                return Compare(at, "empty")
        for step in self.lexicon.joins.steps(table):
            if not step.to_one and {"cancellation", "termination", "churn"} & set(
                spoken(step.other)
            ):
                self.out.assumptions.append(f"Active means not in {step.other}.")
                return Related(
                    Field(table, step.column), Field(step.other, step.other_column), True
                )
        return None

    def _current(self) -> None:
        """The current figure of things that end counts only those that go on."""
        if not {"current", "currently"} & set(self.said) or self.intent.times or not self.base:
            return
        found = self._in_force(self.base)
        if found and found not in self.conditions:
            self.conditions.append(found)

    def _active(self) -> bool:
        """Active customers: different ones with activity; daily ones are counted by day."""
        entity = next((w.span for w in self.intent.wanted if w.span), None) or next(
            iter(self.intent.entities), None
        )
        person = self._table(entity) if entity and entity.best("table") else None
        for word in _ACTIVITY:
            for table in self.lexicon.schema.tables:
                if spoken(table.name)[-1] != word or table.name == person:
                    continue
                key = self._person_key(table.name, person)
                if key and dates.choose(table.name, self.lexicon):
                    self._set_base(table.name, force=True)
                    self.measures = [
                        Measure(
                            "count_distinct",
                            table.name,
                            metrics.of_field(key),
                            "active_" + self._count_label(person or "user"),
                        )
                    ]
                    self.intent.wanted = []
                    grain = self.intent.active
                    if grain and not self.intent.grains and "average" not in self.said:
                        self.intent.grains.append(grain)  # type: ignore[arg-type]
                    elif grain and not self.intent.grains:
                        self.intent.grains.append(grain)  # type: ignore[arg-type]
                        self.out.plan = replace(self.out.plan, average=True)
                    elif not grain and not self.intent.times and not self.intent.grains:
                        self.measures = []
                        self.base = ""
                        return False
                    self.out.assumptions.append(
                        f"Active means at least one row in {' '.join(spoken(table.name))}."
                    )
                    return True
        return False

    def _person_key(self, table: str, person: str | None) -> Field | None:
        for step in self.lexicon.joins.steps(table):
            named = set(spoken(step.other))
            if step.to_one and (step.other == person or (person is None and named & _PEOPLE)):
                return Field(table, step.column)
        return None
