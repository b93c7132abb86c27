"""An intent bound to a schema: every mention becomes a column, table or value of it.

Alternatives are scored by how well the words fit and how near they lie to the tables that the
question is surely about; what cannot be bound without guessing raises NotGrounded.
"""

from dataclasses import dataclass, field, replace
from datetime import date

from core.analyst.local import dates, metrics, periods, words
from core.analyst.local.intent import Intent, Superlative, Test, Wanted
from core.analyst.local.lexicon import Lexicon, Meaning, spoken, vocabulary
from core.analyst.local.plan import (
    Amount,
    Compare,
    Condition,
    Either,
    Field,
    Function,
    Grain,
    Group,
    Having,
    Measure,
    Order,
    Plan,
    Related,
    Window,
)
from core.analyst.local.roles import Role, averaged
from core.analyst.local.spans import Reading, Span

_PEOPLE = {"customer", "client", "user", "account", "member", "person", "employee", "order",
           "subscriber", "patient", "student", "visitor"}  # fmt: skip
_PREFIX = {"sum": "total", "avg": "average", "min": "minimum", "max": "maximum",
           "count": "number", "count_distinct": "different"}  # fmt: skip
_ACTIVITY = ("session", "event", "visit", "login", "activity", "usage", "click", "view", "message",
             "order", "transaction")  # fmt: skip


class NotGrounded(Exception):
    """The question means something that this schema does not hold; says which words."""

    def __init__(self, reason: str, words_not_found: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.words = words_not_found


@dataclass
class Grounded:
    """A plan with what was assumed on the way, and how sure it is (0 to 1)."""

    plan: Plan
    assumptions: list[str] = field(default_factory=list)
    score: float = 1.0
    ties: list[tuple[Span, Field, Field]] = field(default_factory=list)


def ground(intent: Intent, reading: Reading, lexicon: Lexicon, today: date) -> Grounded:
    """Bind an intent. Raises NotGrounded when it does not fit the schema."""
    return _Grounding(intent, reading, lexicon, today).run()


class _Grounding:
    def __init__(self, intent: Intent, reading: Reading, lexicon: Lexicon, today: date) -> None:
        self.intent = intent
        self.reading = reading
        self.lexicon = lexicon
        self.today = today
        self.said = tuple(t.lemma for t in reading.tokens)
        self.out = Grounded(Plan(""))
        self.anchors: list[str] = []
        self.base = ""
        self.groups: list[Group] = []
        self.measures: list[Measure] = []
        self.conditions: list[Condition] = []
        self.having: list[Having] = []
        self.order: list[Order] = []
        self.limit: int | None = None
        self.explicit = False
        self.verbs: list[Field] = []

    # --- the steps -----------------------------------------------------------------------

    def run(self) -> Grounded:
        self._anchor()
        self._verbs()
        self._status()
        if self.intent.active is not None and self._active():
            pass
        else:
            self._outputs()
        self._groups()
        self._numbers_at_the_head()
        self._superlative()
        self._default_output()
        self._filters()
        self._current()
        self._times()
        self._orders()
        self._assemble()
        return self.out

    def _anchor(self) -> None:
        spans = [w.span for w in self.intent.wanted if w.count and w.span]
        spans += self.intent.entities
        if not spans:
            spans += [w.span for w in self.intent.wanted
                      if w.span and w.span.best("table") >= 0.7]  # fmt: skip
        for span in spans:
            if span and span.best("table") >= max(0.5, span.best("column") - 0.3):
                self._add_anchor(self._table(span))
        if not self.anchors:
            for wanted in self.intent.wanted:
                if wanted.span and wanted.span.kind != "metric" and wanted.span.meanings:
                    columns = [m for m in wanted.span.meanings if m.kind == "column"]
                    top = max((m.score for m in columns), default=0)
                    owners = {m.table for m in columns if m.score >= top - 0.05}
                    if len(owners) == 1:
                        self._add_anchor(owners.pop())
        for span in (*self.intent.related, *self.intent.without):
            if not self.anchors and span.best("table") > 0.7:
                self._add_anchor(self._table(span))
        if len(self.lexicon.schema.tables) == 1:
            self._add_anchor(self.lexicon.schema.tables[0].name)

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
            if self.lexicon.role(at) is Role.TIME:
                self.intent.wanted.remove(wanted)
                self.verbs.append(at)
                self._add_anchor(at.table)
                if wanted.count:
                    self.intent.asks_count = True

    def _status(self) -> None:
        """Active accounts, where a status says so in a letter or an end date is not yet set."""
        if self.intent.active is None or self.intent.active or self.intent.times or (
            self.intent.grains or not self.anchors
        ):  # fmt: skip
            return
        spans = [s for s in (*[w.span for w in self.intent.wanted], *self.intent.entities,
                             *self.intent.groups) if s]  # fmt: skip
        tables = [self._table(s) for s in spans if s.best("table") > 0.7]
        for table in dict.fromkeys([*tables, *self.anchors]):
            found = self._in_force(table)
            if found:
                self.conditions.append(found)
                self.intent.active = None
                return
        raise NotGrounded("I see nothing in this data that tells what is active.", ("active",))

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
        for at in self.lexicon.columns(table, Role.TIME):
            if {"cancelled", "ended", "terminated", "closed", "churned"} & set(spoken(at.column)):
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

    def _add_anchor(self, table: str) -> None:
        if table not in self.anchors:
            self.anchors.append(table)

    def _outputs(self) -> None:
        mentioned = self._mentioned_tables()
        for wanted in self.intent.wanted:
            if wanted.span is None:
                continue
            if wanted.span.kind == "metric":
                self._metric(wanted, mentioned)
            elif wanted.count:
                self._count(wanted)
            elif wanted.functions:
                self._aggregate(wanted)
            else:
                self._show(wanted)

    def _mentioned_tables(self) -> tuple[str, ...]:
        """Tables that measures must reach: those of groups, entities and ranked things."""
        spans = [*self.intent.groups, *self.intent.entities]
        if self.intent.superlative and self.intent.superlative.entity:
            spans.append(self.intent.superlative.entity)
        found = []
        for span in spans:
            tables = [m for m in span.meanings if m.kind == "table"]
            columns = [m for m in span.meanings if m.kind == "column" and m.score > 0.75]
            if tables and span.best("table") >= span.best("column"):
                found.append(self._table(span))
            elif len({m.table for m in columns}) == 1:
                found.append(columns[0].table)
        for span, _ in self.intent.values:
            owners = {m.table for m in span.meanings if m.kind == "value"}
            if len(owners) == 1:
                found.append(owners.pop())
        return tuple(dict.fromkeys(found))

    def _metric(self, wanted: Wanted, mentioned: tuple[str, ...]) -> None:
        assert wanted.span
        name = wanted.span.detail
        said = tuple(words.lemma(w) for w in wanted.span.text.split())
        whole = " ".join(self.said)
        percent = name == "profit" and ("margin" in said) and (
            self.intent.share or "%" in self.said or "percent" in whole)  # fmt: skip
        found = metrics.find(name, self.lexicon, mentioned, said)
        if not found:
            columns = [m for m in wanted.span.meanings if m.kind == "column" and m.score > 0.8]
            if columns:
                self._aggregate(Wanted(wanted.span, wanted.functions or ("sum",)))
                return
            raise NotGrounded(
                f"I found nothing in this data that holds {wanted.span.text.lower()}.",
                (wanted.span.text,),
            )
        self._set_base(found.table)
        label = "_".join(said) if name not in ("revenue",) or len(said) == 1 else name
        label = "revenue" if label in ("business", "order_value", "sale", "turnover") else label
        if "average" in self.said and wanted.functions == ("avg",) and (
            self._per_entity(found, said, label)
        ):  # fmt: skip
            self.out.assumptions.append(found.told)
            return
        functions: tuple[Function, ...] = wanted.functions or ("sum",)
        for function in functions:
            shown = label if function == "sum" else f"{function}_{label}"
            measure = Measure(function, found.table, found.amount, shown)
            if percent:
                revenue = metrics.find("revenue", self.lexicon, mentioned)
                assert revenue
                below = Measure("sum", revenue.table, revenue.amount, "revenue")
                measure = replace(measure, per=below, percent=True, label="margin_percent")
                self.intent.share = False
            self.measures.append(measure)
        self.out.assumptions.append(found.told)

    def _per_entity(self, found: metrics.Metric, said: tuple[str, ...], label: str) -> bool:
        """Average order value and its kin: the sum divided by the number of orders."""
        target = self._per_table(said)
        if not target:
            return False
        if target == found.table:
            self.measures.append(
                Measure("avg", found.table, found.amount, f"average_{'_'.join(said)}")
            )
            return True
        own = metrics.kept_in(target, "revenue", self.lexicon)
        if own:
            self._set_base(target, force=True)
            self.measures.append(Measure("avg", target, own.amount, f"average_{'_'.join(said)}"))
            self.out.assumptions.append(f"The value of each is {metrics.in_words(own.amount)}.")
            return True
        key = self.lexicon.key(target)
        if not key:
            return False
        per = Measure("count_distinct", target, metrics.of_field(key), "number")
        self.measures.append(
            Measure("sum", found.table, found.amount, f"average_{'_'.join(said)}", per=per)
        )
        return True

    def _per_table(self, said: tuple[str, ...]) -> str | None:
        for word in said:
            for meaning in self.lexicon.meanings((word,)):
                if meaning.kind == "table" and meaning.score > 0.8:
                    return meaning.table
        for span in list(self.intent.groups):
            if set(spoken(span.text)) & _PEOPLE and span.best("table") > 0.8:
                self.intent.groups.remove(span)
                return self._table(span)
        return None

    def _count(self, wanted: Wanted) -> None:
        assert wanted.span
        span = wanted.span
        if span.best("table") >= span.best("column") and not (
            wanted.distinct and span.best("column") >= 0.9
        ):  # fmt: skip
            table = self._table(span)
            self._set_base(table)
            self.measures.append(Measure("count", table, None, self._count_label(table)))
            return
        at = self._column(span)
        self._set_base(at.table)
        self.measures.append(
            Measure("count_distinct", at.table, metrics.of_field(at),
                    f"different_{self.lexicon.label(at)}")
        )  # fmt: skip

    def _count_label(self, table: str) -> str:
        said = "_".join(spoken(table))
        return (
            said
            if said.endswith("s")
            else (said[:-1] + "ies" if said.endswith("y") else said + "s")
        )

    def _aggregate(self, wanted: Wanted) -> None:
        assert wanted.span
        at = self._column(wanted.span, Role.NUMBER, Role.YEAR, Role.TIME, Role.FLAG)
        sure = max(m.score for m in wanted.span.meanings if m.kind == "column")
        if self.lexicon.role(at) is Role.KEY and sure < 0.75:
            raise NotGrounded(
                f"I found no figure for {wanted.span.text} here.", (wanted.span.text,)
            )
        if self.lexicon.role(at) is Role.KEY or self.lexicon.role(at) is Role.TEXT:
            summed = set(wanted.functions) & {"sum", "avg"}
            if summed:
                raise NotGrounded(
                    f"{wanted.span.text.capitalize()} is not a number that can be added up.",
                    (wanted.span.text,),
                )
        self._set_base(at.table)
        self._add_anchor(at.table)
        for function in wanted.functions:
            if function in ("sum", "avg") and self.lexicon.role(at) in (Role.TIME, Role.YEAR):
                continue
            name = _PREFIX[function]
            measure = Measure(function, at.table, metrics.of_field(at),
                              f"{name}_{self.lexicon.label(at)}")  # fmt: skip
            if function == "avg" and len(wanted.functions) == 1:
                for span in list(self.intent.groups):
                    people = set(spoken(span.text)) & _PEOPLE
                    if people and span.best("table") > 0.8 and not self.intent.asks_count:
                        target = self._table(span)
                        key = self.lexicon.key(target)
                        if key and self.lexicon.joins.path(at.table, target, only_up=True):
                            self.intent.groups.remove(span)
                            per = Measure("count_distinct", target, metrics.of_field(key))
                            measure = replace(measure, function="sum", per=per)
            self.measures.append(measure)

    def _show(self, wanted: Wanted) -> None:
        assert wanted.span
        span = wanted.span
        for at in self._columns(span):
            if not self.base:
                self._set_base(self.anchors[0] if self.anchors else at.table)
            self.groups.append(Group(at, self.lexicon.label(at)))
            self.explicit = True

    def _columns(self, span: Span) -> tuple[Field, ...]:
        """The column meant; a bare "name" of a person is first and last name."""
        said = tuple(words.lemma(w) for w in span.text.split())
        if said[-1:] in (("name",), ("names",)) and len(said) <= 2 and self.anchors:
            named = self.lexicon.names(self.anchors[0])
            if len(said) == 1 and span.best("column") <= 1.0:
                exact = [m for m in span.meanings
                         if m.table == self.anchors[0] and m.score > 0.9]  # fmt: skip
                if not exact and self.lexicon.role(named[0]) is Role.TEXT:
                    return named
        return (self._column(span),)

    def _groups(self) -> None:
        if self._each_is_the_list():
            return
        for span in self.intent.groups:
            for group in self._dimension(span):
                if all(g.field != group.field for g in self.groups):
                    self.groups.append(group)
        if self.intent.groups and not self.measures and not self.intent.superlative:
            self._measure_for_groups()

    def _each_is_the_list(self) -> bool:
        """The order date of each booking: a list of bookings, nothing is grouped."""
        if self.measures or not self.explicit or self.intent.asks_count or self.intent.superlative:
            return False
        if len(self.intent.groups) != 1 or self.intent.grains or self.intent.tests:
            return False
        span = self.intent.groups[0]
        shown = {g.field.table for g in self.groups}
        numbers = any(self.lexicon.role(g.field) is Role.NUMBER for g in self.groups)
        if span.best("table") < 0.7 or (numbers and {"by", "per"} & set(self.said)):
            return False
        table = self._table(span)
        if table not in shown and not self.lexicon.joins.path(table, next(iter(shown))):
            return False
        self._add_anchor(table)
        return True

    def _numbers_at_the_head(self) -> None:
        """A number named alone, or over time, is added up: what is our current MRR."""
        if self.measures or not self.groups or self.intent.superlative or self.intent.tests:
            return
        numbers = [g for g in self.groups if self.lexicon.role(g.field) is Role.NUMBER]
        alone = len(numbers) == len(self.groups) and not self.intent.entities and (
            not self.intent.listing or self.said[0] == "what") and not any(
            averaged(spoken(g.field.column)) for g in numbers)  # fmt: skip
        if numbers and (
            self.intent.grains or self.intent.trend or (alone and not self.intent.order)
        ):
            for group in numbers:
                self.groups.remove(group)
                self._numeric_measure(group.field)

    def _measure_for_groups(self) -> None:
        """Groups without a figure: a number named at the head is added up, else rows count."""
        numbers = [g for g in self.groups if self.lexicon.role(g.field) is Role.NUMBER
                   and g.key is None]  # fmt: skip
        if numbers and len(numbers) < len(self.groups):
            for group in numbers:
                self.groups.remove(group)
                self._numeric_measure(group.field)
            return
        table = self.anchors[0] if self.anchors else self.groups[0].field.table
        if self.base:
            table = self.base if not self.intent.entities else self._table(self.intent.entities[0])
        grouped = self.groups[-1].field.table
        if self.intent.entities and self.explicit and not self.intent.asks_count:
            if len(self.anchors) > 0 and self._table(self.intent.groups[0]) == self.anchors[0]:
                return
        if table == grouped and self.groups[-1].key and not self.intent.related:
            return
        self._set_base(table, force=True)
        self._row_measure(table)

    def _row_measure(self, table: str) -> None:
        """What a table's rows amount to: money for a table of spending, else their number."""
        if {"spend", "spending", "expense", "cost", "budget", "payment"} & set(spoken(table)) and (
            not self.intent.asks_count
        ):  # fmt: skip
            for at in self.lexicon.columns(table, Role.NUMBER):
                if {"amount", "cost", "total", "spend", "value"} & set(spoken(at.column)):
                    self.measures.append(Measure("sum", table, metrics.of_field(at),
                                                 "_".join(spoken(table))))  # fmt: skip
                    self.out.assumptions.append(
                        f"{' '.join(spoken(table)).capitalize()} is {at.table}.{at.column}."
                    )
                    return
        self.measures.append(Measure("count", table, None, self._count_label(table)))

    def _numeric_measure(self, at: Field) -> None:
        function: Function = "avg" if averaged(spoken(at.column)) else "sum"
        prefix = "average" if function == "avg" else "total"
        self._set_base(at.table)
        self.measures.append(
            Measure(function, at.table, metrics.of_field(at), f"{prefix}_{self.lexicon.label(at)}")
        )
        if function == "avg":
            self.out.assumptions.append(
                f"{' '.join(spoken(at.column)).capitalize()} is averaged, not added up."
            )

    def _dimension(self, span: Span) -> tuple[Group, ...]:
        """A group as spoken: a column, or the name of a table's rows."""
        near = [self.base] if self.base else self.anchors
        options: list[tuple[float, Meaning]] = []
        for meaning in span.meanings:
            if meaning.kind == "value":
                continue
            score = meaning.score - self._distance_cost(meaning.table, near)
            if meaning.kind == "column":
                role = self.lexicon.role(meaning.field)
                score -= 0.12 if role is Role.NUMBER else 0.0
                score -= 0.25 if role is Role.KEY and "id" not in span.text.lower() else 0.0
                if role is Role.KEY and "id" not in span.text.lower() and len(near) and (
                    meaning.table == near[0] and self.lexicon.column(meaning.field).references
                ):  # fmt: skip
                    target = str(self.lexicon.column(meaning.field).references).rpartition(".")[0]
                    other = self.lexicon.schema.table(target)
                    if other and not any(m.table == other.name and m.kind == "table"
                                         for m in span.meanings):  # fmt: skip
                        options.append((score + 0.26, Meaning(other.name)))
            elif near and meaning.table == near[0] and len(near) == 1 and self.measures:
                score -= 0.1
            options.append((score, meaning))
        if not options:
            raise NotGrounded(f"I do not know {span.text} here.", (span.text,))
        options.sort(key=lambda o: -o[0])
        best = options[0]
        if best[0] < -1:
            raise NotGrounded(
                f"{span.text.capitalize()} is not connected with what is asked.", (span.text,)
            )
        if (
            len(options) > 1 and best[1].kind == "column" and options[1][1].kind == "column"
            and options[1][0] > best[0] - 0.02 and options[1][1].table != best[1].table
        ):  # fmt: skip
            self.out.ties.append((span, best[1].field, options[1][1].field))
        if best[1].kind == "column":
            at = best[1].field
            if self.lexicon.role(at) is Role.TIME:
                return (Group(at, "month", "month"),)
            return (Group(at, self.lexicon.label(at)),)
        return self._named(best[1].table)

    def _named(self, table: str) -> tuple[Group, ...]:
        key = self.lexicon.key(table)
        return tuple(
            Group(at, self.lexicon.label(at), key=key if at != key else None)
            for at in self.lexicon.names(table)
        )

    # --- the most and the least -----------------------------------------------------------

    def _superlative(self) -> None:
        sup = self.intent.superlative
        if not sup:
            return
        if sup.implied:
            self._implied(sup)
        elif sup.target is None:
            self._ranked_without_figure(sup)
        elif sup.target.kind == "metric" or sup.counted:
            self._ranked_by_measure(sup)
        else:
            self._ranked_by_column(sup)

    def _limit(self, sup: Superlative) -> int | None:
        if sup.n is not None:
            return sup.n
        return 1

    def _implied(self, sup: Superlative) -> None:
        direction, *names = vocabulary("cues")["implied"][sup.implied]
        if sup.entity and sup.entity.best("table"):
            self._add_anchor(self._table(sup.entity))
        tables = self.anchors or [t.name for t in self.lexicon.schema.tables]
        for name in names:
            bare, _, other = name.partition(":")
            wanted = tuple(bare.split())
            for table in tables:
                at = self._implied_column(table, wanted)
                if at:
                    self._order_rows(at, (other or direction) == "desc", sup, table)
                    return
        raise NotGrounded(f"I see nothing here that tells what is {sup.implied}.", (sup.implied,))

    def _implied_column(self, table: str, wanted: tuple[str, ...]) -> Field | None:
        if wanted == ("date",):
            own = [f for f in self.lexicon.columns(table, Role.TIME, Role.YEAR)]
            chosen = dates.choose(table, self.lexicon, self.said)
            return chosen if chosen in own or not own else own[0]
        for at in self.lexicon.columns(table, Role.NUMBER, Role.TIME):
            if set(wanted) <= set(spoken(at.column)):
                return at
        return None

    def _order_rows(self, at: Field, descending: bool, sup: Superlative, table: str) -> None:
        self._set_base(table)
        if self.measures and not self.groups:
            function: Function = "max" if descending else "min"
            self.measures = [
                Measure(function, at.table, metrics.of_field(at), self.lexicon.label(at))
            ]
            return
        if not self.groups:
            self.groups = [*self._plain_names(table), Group(at, self.lexicon.label(at))]
        self.order.append(Order(descending, field=at))
        self.limit = self._limit(sup)

    def _plain_names(self, table: str) -> list[Group]:
        return [replace(g, key=None) for g in self._named(table)]

    def _ranked_without_figure(self, sup: Superlative) -> None:
        """Top products, best customers: by the figure already named, by revenue, or by number."""
        entity = sup.entity
        if entity and (entity.best("table") or entity.best("column")):
            if self.measures or not entity.best("table"):
                self._group_by(entity)
        if not self.measures and sup.counted and self.groups:
            self._set_base(self.groups[0].field.table)
            self.measures.append(Measure("count", self.base, None, "count"))
        if not self.measures:
            table = self._table(entity) if entity and entity.best("table") else ""
            found = metrics.find("revenue", self.lexicon, (table,)) if table else None
            if not found or metrics._far(found.table, self.lexicon, (table,)) > 1:
                if entity is None and self.groups:
                    return
                raise NotGrounded("It is not clear by which figure to rank them.", ())
            self._group_by(entity)  # type: ignore[arg-type]
            self._set_base(found.table, force=True)
            self.measures.append(Measure("sum", found.table, found.amount, "revenue"))
            self.out.assumptions += ["They are ranked by revenue.", found.told]
            self.out.score -= 0.1
        self.order.append(Order(sup.descending, output=len(self.groups)))
        self.limit = self._limit(sup) if sup.n or not self.intent.grains else None

    def _group_by(self, span: Span) -> None:
        for group in self._dimension(span):
            if all(g.field != group.field for g in self.groups):
                self.groups.append(group)

    def _ranked_by_measure(self, sup: Superlative) -> None:
        assert sup.target
        entity = sup.entity or (self.intent.entities[0] if self.intent.entities else None)
        counted: str | None = None
        if sup.target.kind == "metric":
            near = (*self._mentioned_tables(), *(g.field.table for g in self.groups))
            said = tuple(words.lemma(w) for w in sup.target.text.split())
            found = metrics.find(sup.target.detail, self.lexicon, tuple(dict.fromkeys(near)), said)
            if not found:
                raise NotGrounded(f"I found nothing here that holds {sup.target.text}.",
                                  (sup.target.text,))  # fmt: skip
            label = {"sale": "revenue", "turnover": "revenue"}.get("_".join(said), "_".join(said))
            label = "revenue" if sup.target.detail == "revenue" else label
            measure = Measure(sup.aggregate or "sum", found.table, found.amount, label)
            self.out.assumptions.append(found.told)
            counted = found.table
        elif sup.target.best("table") >= sup.target.best("column") or sup.target.best("table"):
            counted = self._table(sup.target)
            measure = Measure("count", counted, None, self._count_label(counted))
        else:
            at = self._column(sup.target)
            counted = at.table
            measure = Measure("count", counted, None, "count")
            if not self.groups and not (entity and entity is not sup.target):
                self.groups.append(Group(at, self.lexicon.label(at)))
        if not self.groups:
            if entity is not None and entity is not sup.target:
                self._group_by(entity)
            else:
                raise NotGrounded("It is not clear what to rank.", ())
        elif self.explicit and entity is not None and entity.best("table"):
            key = self.lexicon.key(self._table(entity))
            first = self.groups[0]
            if key and first.field != key and first.field.table == key.table:
                self.groups = [replace(first, key=key), *self.groups[1:]]
        if counted == self.groups[0].field.table and sup.target.kind != "metric" and (
            self.groups[0].key and self.intent.related
        ):  # fmt: skip
            counted = self._table(self.intent.related[0])
            measure = Measure("count", counted, None, self._count_label(counted))
        self._set_base(counted, force=True)
        already = [i for i, m in enumerate(self.measures) if m.amount == measure.amount]
        if already:
            self.order.append(Order(sup.descending, output=len(self.groups) + already[0]))
        elif self.explicit and sup.n is None:
            self.order.append(Order(sup.descending, measure=measure))
            self.having = self.having
        else:
            self.measures.append(measure)
            self.order.append(Order(sup.descending, output=len(self.groups)))
        self.limit = self._limit(sup)

    def _ranked_by_column(self, sup: Superlative) -> None:
        assert sup.target
        target = sup.target
        entity = sup.entity or next(
            (e for e in self.intent.entities if e.first < target.first), None
        )
        if entity and entity.best("table"):
            self._add_anchor(self._table(entity))
        at = self._column(target, Role.NUMBER, Role.TIME, Role.YEAR)
        numeric = self.lexicon.role(at) in (Role.NUMBER, Role.TIME, Role.YEAR)
        if not numeric:
            self._ranked_by_measure(replace_counted(sup))
            return
        grouped = bool(self.intent.groups) or bool(self.intent.grains)
        if grouped or (not self.groups and entity is None):
            function: Function = "max" if sup.descending else "min"
            self._set_base(at.table)
            name = "maximum" if sup.descending else "minimum"
            self.measures.append(
                Measure(
                    function, at.table, metrics.of_field(at), f"{name}_{self.lexicon.label(at)}"
                )
            )
            return
        table = self._table(entity) if entity and entity.best("table") else at.table
        inside = at.table == table or self.lexicon.joins.path(table, at.table, only_up=True)
        if not inside or (sup.entity and not sup.entity.best("table")) or (
            sup.aggregate and at.table != table
        ):  # fmt: skip
            if not self.groups and entity:
                self._group_by(entity)
            function = sup.aggregate or ("avg" if averaged(spoken(at.column)) else "sum")
            self._set_base(at.table, force=True)
            prefix = _PREFIX[function]
            self.measures.append(Measure(function, at.table, metrics.of_field(at),
                                         f"{prefix}_{self.lexicon.label(at)}"))  # fmt: skip
            self.order.append(Order(sup.descending, output=len(self.groups)))
            self.limit = self._limit(sup)
            return
        self._order_rows(at, sup.descending, sup, table)

    # --- what is shown when nothing was said about it ---------------------------------------

    def _default_output(self) -> None:
        if self.measures or self.groups:
            return
        entities = [e for e in self.intent.entities if e.best("table")]
        timed = bool(self.intent.times) or bool(self.intent.grains)
        if not entities and self.verbs:
            self._set_base(self.verbs[0].table)
            self._row_measure(self.base)
            return
        if not entities and self.intent.related:
            entities = self.intent.related[:1]
            self.intent.related = self.intent.related[1:]
        if not entities:
            if self.intent.values and self.intent.asks_count and len(self.anchors) == 1:
                self._set_base(self.anchors[0])
                self._row_measure(self.base)
                return
            raise NotGrounded("I could not make out which figure or list you want.",
                              self.intent.open_words)  # fmt: skip
        table = self._table(entities[0])
        self._set_base(table)
        if self.intent.asks_count or self.intent.grains or self.intent.share or self.intent.trend or (
            self.intent.change or self.intent.new
        ) or (timed and not self.intent.listing and not self.intent.without):  # fmt: skip
            self._row_measure(table)
            return
        restricted = self.intent.without or self.intent.tests or self.intent.values
        if self.intent.listing and not restricted:
            self.out.plan = replace(self.out.plan, everything=True)
            self.groups = []
            return
        self.groups = self._plain_names(table)
        if restricted and not self.intent.without and self.said[0] in ("list", "show"):
            self.out.plan = replace(self.out.plan, everything=True)

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
                    self.measures = [Measure("count_distinct", table.name, metrics.of_field(key),
                                             "active_" + self._count_label(
                                                 person or "user"))]  # fmt: skip
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

    # --- conditions ---------------------------------------------------------------------

    def _filters(self) -> None:
        self._set_base(self.base or (self.anchors[0] if self.anchors else ""))
        for test in self.intent.tests:
            self._test(test)
        self._values()
        for span in self.intent.without:
            self._without(span)
        if self.intent.unsold and not self.intent.without and self.anchors:
            found = metrics.find("revenue", self.lexicon, (self.anchors[0],))
            related = self._related(self.anchors[0], found.table, True) if found else None
            if not related:
                raise NotGrounded("I cannot tell what was never sold.", ())
            self.conditions.append(related)
        for span in self.intent.related:
            self._relate(span)

    def _test(self, test: Test) -> None:
        if test.about == "times":
            self._so_often(test)
            return
        if test.about:
            owner = self.base or (self.anchors[0] if self.anchors else "")
            for table in (owner, *(a for a in self.anchors if a != owner)):
                for at in self.lexicon.columns(table, Role.NUMBER) if table else ():
                    if test.about in spoken(at.column):
                        self._condition(Compare(at, test.operator, test.values), test)
                        return
            raise NotGrounded(f"I see no {test.about} in this data.", (test.about,))
        if test.counted and test.span is not None and test.span.kind != "metric":
            self._having_count(test)
            return
        if test.span is None:
            if self.measures and test.values and self.groups:
                numbers = tuple(float(v) for v in test.values if not isinstance(v, str))
                self.having.append(Having(self.measures[-1], test.operator, numbers))
                return
            if self.measures and not self.groups and self.measures[0].amount and test.values:
                at = self.measures[0].amount.single
                if at:
                    self.conditions.append(Compare(at, test.operator, test.values))
                    return
            names = self._name_for(test)
            if names is None:
                raise NotGrounded("It is not clear what the limit in the question applies to.", ())
            self._condition(Compare(names, test.operator, test.values, test.aggregate), test)
            return
        if test.span.kind == "metric":
            found = metrics.find(test.span.detail, self.lexicon, self._mentioned_tables())
            if not found:
                raise NotGrounded(
                    f"I found nothing that holds {test.span.text}.", (test.span.text,)
                )
            measure = Measure("sum", found.table, found.amount, test.span.detail)
            numbers = tuple(float(v) for v in test.values if not isinstance(v, str))
            single = found.amount.single
            if self.measures and not self.groups and single and single.table == self.base:
                self.conditions.append(Compare(single, test.operator, test.values))
            else:
                self.having.append(Having(measure, test.operator, numbers))
                self._set_base(found.table, force=True)
            return
        numeric = bool(test.values) and not isinstance(test.values[0], str)
        if test.span.best("table") > test.span.best("column") and test.values and not numeric:
            at, values = self._stored(self.lexicon.names(self._table(test.span))[0], test)
            self._condition(Compare(at, test.operator, values), test)
            return
        if test.span.best("table") > test.span.best("column") and numeric:
            own = self.lexicon.columns(self._table(test.span), Role.NUMBER)
            if len(own) == 1:
                self._condition(Compare(own[0], test.operator, test.values), test)
                return
            raise NotGrounded("It is not clear what the number in the question applies to.", ())
        roles = (Role.NUMBER, Role.YEAR, Role.KEY, Role.FLAG) if numeric or test.aggregate else ()
        at = self._column(test.span, *roles)
        if isinstance((test.values or (0.0,))[0], str):
            at, values = self._stored(at, test)
            self._condition(Compare(at, test.operator, values), test)
            return
        self._condition(Compare(at, test.operator, test.values, test.aggregate), test)

    def _so_often(self, test: Test) -> None:
        """More than 10 times: so many rows of the table that the verb belongs to."""
        owner = self.base or (self.anchors[0] if self.anchors else "")
        stems = {words.stem(w) for w in self.said if w.endswith("ed")}
        for step in self.lexicon.joins.steps(owner) if owner else ():
            if not step.to_one and {words.stem(w) for w in spoken(step.other)} & stems:
                self.conditions.append(Related(
                    Field(owner, step.column), Field(step.other, step.other_column), False,
                    number=(test.operator, float(test.values[0]))))  # fmt: skip
                return
        raise NotGrounded("It is not clear what should have happened so often.", ())

    def _stored(self, at: Field, test: Test) -> tuple[Field, tuple[str | float, ...]]:
        if test.operator not in ("=", "!="):
            return at, test.values
        wanted = str(test.values[0]).lower()
        for meanings in self.lexicon.values.values():
            for m in meanings:
                if m.field == at and m.value is not None and m.value.lower() == wanted:
                    return at, (m.value,)
        return at, test.values

    def _name_for(self, test: Test) -> Field | None:
        table = self.base or (self.anchors[0] if self.anchors else "")
        if not table:
            return None
        if test.values and isinstance(test.values[0], str):
            return self.lexicon.names(table)[0]
        if self.groups and self.lexicon.role(self.groups[-1].field) is Role.NUMBER:
            return self.groups[-1].field
        numbers = self.lexicon.columns(table, Role.NUMBER)
        if "older" in self.said or "younger" in self.said:
            numbers = tuple(f for f in numbers if "age" in spoken(f.column))
        return numbers[0] if len(numbers) == 1 else None

    def _condition(self, condition: Compare, test: Test) -> None:
        if test.alternative and self.conditions and isinstance(
            self.conditions[-1], Compare | Either
        ):  # fmt: skip
            last = self.conditions.pop()
            options = last.options if isinstance(last, Either) else (last,)
            assert all(isinstance(o, Compare) for o in options)
            self.conditions.append(Either((*options, condition)))  # type: ignore[arg-type]
            return
        self.conditions.append(condition)

    def _having_count(self, test: Test) -> None:
        assert test.span
        if test.span.best("table") < 0.5:
            at = self._column(test.span)
            table = at.table
            numeric = self.lexicon.role(at) is Role.NUMBER
            if numeric:
                self._condition(Compare(at, test.operator, test.values), test)
                return
        table = self._table(test.span)
        numbers = tuple(float(v) for v in test.values if not isinstance(v, str))
        measure = Measure("count", table, None, self._count_label(table))
        if self.measures and self.groups and self.measures[0].table == table and (
            self.measures[0].function == "count"
        ):  # fmt: skip
            self.having.append(Having(self.measures[0], test.operator, numbers))
            return
        if self.measures and self.measures[0].table != table and not self.intent.groups:
            related = self._related(self.measures[0].table, table, negated=False)
            if related and len(numbers) == 1:
                self.groups = []
                self.conditions.append(replace(related, number=(test.operator, numbers[0])))
                return
        if not self.groups:
            owner = self.base or (self.anchors[0] if self.anchors else "")
            if not owner or owner == table:
                raise NotGrounded("It is not clear what should be counted.", (test.span.text,))
            self.groups = list(self._named(owner))
        entity = self.base if self.base != table else self.groups[0].field.table
        key = self.lexicon.key(entity)
        if key and self.groups[0].key is None and self.groups[0].field != key and (
            self.groups[0].field.table == entity
        ):  # fmt: skip
            self.groups[0] = replace(self.groups[0], key=key)
        if self.measures and self.measures[0].function == "count" and not self.intent.groups:
            raise NotGrounded(
                "Counting groups of a certain size is not something I can do yet.", ()
            )
        self.having.append(Having(measure, test.operator, numbers))
        self._set_base(table, force=True)

    def _values(self) -> None:
        chosen: dict[tuple[Field, bool], list[str]] = {}
        near = list(dict.fromkeys([*([self.base] if self.base else []), *self.anchors,
                                   *(g.field.table for g in self.groups)]))  # fmt: skip
        for span, negated in self.intent.values:
            options = [m for m in span.meanings if m.kind == "value"]
            if not options:
                raise NotGrounded(f"I found no “{span.text}” in this data.", (span.text,))
            hints = {(m.table, m.column) for other in self.reading.spans
                     for m in other.meanings if m.kind == "column" and m.score > 0.7
                     and abs(other.first - span.first) <= 3}  # fmt: skip
            best = max(options, key=lambda m: (
                m.score - 2 * self._distance_cost(m.table, near)
                + (0.3 if (m.table, m.column) in hints else 0)))  # fmt: skip
            if self._distance_cost(best.table, near) > 2:
                raise NotGrounded(f"{span.text} is not connected with what is asked.", (span.text,))
            chosen.setdefault((best.field, negated), []).append(best.value or "")
        for (at, negated), values in chosen.items():
            owner = self.groups[0].field.table if self.groups else self.base
            if negated and owner and at.table != owner and self.lexicon.joins.fan_out(
                owner, at.table
            ):  # fmt: skip
                related = self._related(owner, at.table, negated=True)
                if related:
                    where = (Compare(at, "in" if len(values) > 1 else "=", tuple(values)),)
                    self.conditions.append(replace(related, where=where))
                    continue
            if self.intent.both and len(values) == 2 and not negated and not self.measures:
                self._intersect(at, values)
            elif len(values) == 1:
                self.conditions.append(Compare(at, "!=" if negated else "=", tuple(values)))
            else:
                self.conditions.append(Compare(at, "not in" if negated else "in", tuple(values)))
                if self.measures and not self.groups and not negated and (
                    {"vs", "versus", "compare", "and"} & set(self.said)
                ):  # fmt: skip
                    self.groups.append(Group(at, self.lexicon.label(at)))

    def _intersect(self, at: Field, values: list[str]) -> None:
        self.conditions.append(Compare(at, "=", (values[0],)))
        self.out.plan = replace(
            self.out.plan, then=("intersect", Plan(self.base, conditions=(
                Compare(at, "=", (values[1],)),))))  # fmt: skip

    def _without(self, span: Span) -> None:
        other = self._table(span)
        owner = next((t for t in (self.groups[0].field.table if self.groups else "", *self.anchors,
                                  self.base) if t and t != other), "")  # fmt: skip
        related = self._related(owner, other, negated=True) if owner else None
        if not related:
            raise NotGrounded(f"I cannot tell what has no {span.text}.", (span.text,))
        self.conditions.append(related)

    def _related(self, owner: str, other: str, negated: bool) -> Related | None:
        path = self.lexicon.joins.path(owner, other)
        if not path:
            return None
        first = path[0]
        if len(path) == 1:
            return Related(Field(owner, first.column), Field(other, first.other_column), negated)
        key = self.lexicon.key(owner)
        return Related(Field(owner, first.column), Field(first.other, first.other_column), negated) if (
            key or True) and len(path) <= 3 and not first.to_one else None  # fmt: skip

    def _relate(self, span: Span) -> None:
        """A table named in a condition: only rows that have one, unless it is joined anyway."""
        if span.best("table") < 0.8:
            return
        other = self._table(span)
        needed = {
            self.base,
            *(g.field.table for g in self.groups),
            *(m.table for m in self.measures),
        }
        needed |= {f.table for c in self.conditions for f in _fields(c)}
        if other in needed or not self.base:
            return
        if self.lexicon.joins.path(self.base, other, only_up=True):
            return
        related = self._related(self.base, other, negated=False)
        if related:
            self.conditions.append(related)

    # --- time -----------------------------------------------------------------------------

    def _times(self) -> None:
        spans = self.intent.times
        grains = list(self.intent.grains)
        if self.intent.trend and not grains:
            grains = ["month"]
        if (
            self.intent.change
            and not grains
            and not any(s.against for s in spans)
            and self.measures
        ):
            grains = self._grain_of_change(spans)
        if not spans and not grains:
            for at in self.verbs:
                if self.lexicon.column(at).nullable and not {"created", "signed"} & set(
                    spoken(at.column)
                ):  # fmt: skip
                    self.conditions.append(Compare(at, "filled"))
            return
        table = self.measures[0].table if self.measures else self.base
        at = (
            self._date_named()
            or (self.verbs or [None])[0]
            or dates.choose(table, self.lexicon, self.said, self.intent.new)
        )
        if at is None:
            raise NotGrounded(f"There is no date for {' '.join(spoken(table))} in this data.", ())
        self._windows(at)
        for grain in dict.fromkeys(grains):
            self._grain(at, grain)
        if self.measures or spans:
            self.out.assumptions.append(f"Dates are taken from {at.table}.{at.column}.")

    def _date_named(self) -> Field | None:
        for group in list(self.groups):
            if group.grain and self.lexicon.role(group.field) is Role.TIME:
                self.groups.remove(group)
                return group.field
        for group in list(self.groups):
            if self.lexicon.role(group.field) is Role.TIME and self.measures:
                self.groups.remove(group)
                return group.field
        return None

    def _grain_of_change(self, spans: list) -> list[Grain]:  # type: ignore[type-arg]
        period = next((s.period for s in spans if s.period), None)
        if period and period.unit in ("week", "month", "quarter", "year") and len(spans) == 1:
            self.out.plan = replace(self.out.plan, change=False)
            self._versus_previous = True
            return []
        return ["month"]

    _versus_previous = False

    def _windows(self, at: Field) -> None:
        own = [s for s in self.intent.times if s.period and not s.against]
        if len(own) == 1 and own[0].ends and self.intent.change and self.measures:
            first, last = own[0].ends
            self.conditions.append(self._window(at, last))
            self.out.plan = replace(self.out.plan, versus=self._window(at, first), change=False)
            return
        against = next((s for s in self.intent.times if s.against), None)
        windows = [self._window(at, s.period) for s in own if s.period]
        if len(windows) >= 2 and not against:
            self._several(windows)
        else:
            self.conditions += windows[:1]
        if against or self._versus_previous:
            period = own[0].period if own else None
            other = against.period if against and against.period else None
            if period is None and against and against.against in ("year", "previous"):
                unit: Grain = "year" if against.against == "year" else "month"
                by = 0 if against.against == "year" else -1
                period = periods.unit_around(unit, self.today, by, "")
                if unit == "year":
                    period = periods.Period(period.start, self.today, "year to date")
                self.conditions.append(self._window(at, period))
            if period and other is None:
                year = against is not None and against.against == "year"
                if year and period.end and period.end > self.today:
                    period = periods.Period(period.start, self.today, f"{period.phrase} so far")
                    self.conditions = [c for c in self.conditions if not isinstance(c, Window)]
                    self.conditions.append(self._window(at, period))
                other = periods.year_earlier(period) if year else periods.previous(period)
            if other:
                self.out.plan = replace(self.out.plan, versus=self._window(at, other))

    def _window(self, at: Field, period: periods.Period) -> Window:
        return Window(at, period.start, period.end, period.phrase, period.unit)

    def _several(self, windows: list[Window]) -> None:
        if {"and", "vs", "versus", "to", "from"} & set(self.said) and self.measures and "or" not in self.said and not self.groups:  # fmt: skip
            first, second = sorted(windows[:2], key=lambda w: w.start or date.min)
            if self.lexicon.role(first.field) is not Role.YEAR:
                self.conditions.append(second)
                self.out.plan = replace(self.out.plan, versus=first)
                return
        if self.lexicon.role(windows[0].field) is Role.YEAR:
            years = tuple(float(w.start.year) for w in windows if w.start)
            if self.intent.both and not self.measures:
                at = windows[0].field
                self.conditions.append(Compare(at, "=", years[:1]))
                self.out.plan = replace(self.out.plan, then=("intersect", Plan(
                    self.base, conditions=(Compare(at, "=", years[1:2]),))))  # fmt: skip
                return
            self.conditions.append(Compare(windows[0].field, "in", years))
            return
        starts = [w.start for w in windows if w.start]
        ends = [w.end for w in windows if w.end]
        if starts and ends:
            self.conditions.append(replace(windows[0], start=min(starts), end=max(ends), phrase=""))

    def _grain(self, at: Field, grain: Grain) -> None:
        if not self.measures:
            self._row_measure(self.base)
        if self.lexicon.role(at) is Role.YEAR:
            self.groups.append(Group(at, self.lexicon.label(at)))
            return
        at_front = Group(at, grain, grain)
        self.groups = [at_front, *self.groups]
        self.order = [replace(o, output=o.output + 1) if o.output is not None else o
                      for o in self.order]  # fmt: skip
        if not self.order:
            self.order.append(Order(False, output=0))
        if self.intent.change and grain in ("day", "week", "month", "quarter", "year"):
            self.out.plan = replace(self.out.plan, change=True)

    # --- order and the whole ----------------------------------------------------------------

    def _orders(self) -> None:
        for what, descending in self.intent.order:
            if what == "count":
                counted = self._table(self.intent.related[0]) if self.intent.related else self.base
                self.order.append(Order(descending, measure=Measure("count", counted)))
                self._set_base(counted, force=True)
            elif what == "output":
                outputs = len(self.groups) + len(self.measures)
                alphabetic = "alphabetical" in " ".join(self.said) or "alphabetically" in self.said
                position = 0 if alphabetic or not self.measures else outputs - 1
                self.order.insert(0, Order(descending, output=position))
            elif what.kind == "metric":
                self.order.append(Order(descending, output=len(self.groups)))
            else:
                at = self._column(what)
                shown = next((i for i, g in enumerate(self.groups) if g.field == at), None)
                by_amount = next((i for i, m in enumerate(self.measures)
                                  if m.amount and m.amount.single == at), None)  # fmt: skip
                if by_amount is not None:
                    self.order.append(Order(descending, output=len(self.groups) + by_amount))
                else:
                    self.order.append(Order(descending, output=shown, field=None if shown is not None
                                            else at))  # fmt: skip

    def _assemble(self) -> None:
        if not self.base:
            raise NotGrounded("I could not make out what you want to know.", self.intent.open_words)
        if self.measures and self.groups and not self.order:
            timed = any(g.grain for g in self.groups)
            last = len(self.groups) + len(self.measures) - 1
            self.order.append(Order(False, output=0) if timed else Order(True, output=last))
        plan = replace(
            self.out.plan, base=self.base, groups=tuple(self.groups),
            measures=tuple(self.measures), conditions=tuple(self.conditions),
            having=tuple(self.having), order=tuple(self.order), limit=self.limit,
            distinct=self.intent.distinct, chart=self.intent.chart,
            share=self.intent.share and bool(self.measures) and bool(self.groups),
        )  # fmt: skip
        if plan.then:
            how, other = plan.then
            rest = tuple(c for c in plan.conditions[:-1])
            plan = replace(plan, order=(), then=(how, replace(
                plan, then=None, order=(), conditions=(*rest, *other.conditions))))  # fmt: skip
        if self.intent.share and self.measures and self.intent.values and all(
            g.grain for g in self.groups
        ):  # fmt: skip
            plan = replace(self._share_of_filter(plan), share=False)
        elif self.intent.share and self.measures and not self.groups:
            plan = self._share_of_filter(plan)
        self._guard_against_doubling(plan)
        self.out.plan = plan

    def _share_of_filter(self, plan: Plan) -> Plan:
        """Share of online orders: the filtered figure divided by the whole one."""
        only = tuple(c for c in plan.conditions if isinstance(c, Compare))
        if not only:
            raise NotGrounded("It is not clear what the share is of.", ())
        whole = plan.measures[0]
        part = replace(whole, only=only, per=whole, percent=True, label="share_percent")
        rest = tuple(c for c in plan.conditions if c not in only)
        return replace(plan, measures=(part,), conditions=rest)

    def _guard_against_doubling(self, plan: Plan) -> None:
        from core.analyst.local.render import tables_of

        tables = tables_of(plan)
        for measure in plan.measures:
            for other in tables:
                joins = self.lexicon.joins
                if joins.path(measure.table, other) is None:
                    raise NotGrounded(
                        f"{' '.join(spoken(measure.table)).capitalize()} and "
                        f"{' '.join(spoken(other))} are not connected in this data.",
                        (),
                    )
                if joins.fan_out(measure.table, other) and measure.function in ("sum", "avg"):
                    raise NotGrounded(
                        f"{measure.label.replace('_', ' ').capitalize()} cannot be split by "
                        f"{' '.join(spoken(other))} without counting rows twice.",
                        (),
                    )

    # --- finding things ------------------------------------------------------------------

    def _set_base(self, table: str, force: bool = False) -> None:
        if table and (force or not self.base):
            self.base = table

    def _distance_cost(self, table: str, near: list[str]) -> float:
        if not near:
            return 0.0
        best = min(
            self.lexicon.joins.distance(start, table) + (0.5 * (i > 0))
            for i, start in enumerate(near)
        )
        return 3.0 if best > 50 else 0.1 * best

    def _table(self, span: Span) -> str:
        options = [m for m in span.meanings if m.kind == "table"]
        if not options:
            columns = [m for m in span.meanings if m.kind == "column"]
            if not columns:
                raise NotGrounded(f"I do not know {span.text} here.", (span.text,))
            return self._column(span).table
        near = self.anchors[:2]
        return max(options, key=lambda m: (
            m.score - 0.5 * self._distance_cost(m.table, near), -len(m.table))).table  # fmt: skip

    def _column(self, span: Span, *kinds: Role) -> Field:
        near = list(dict.fromkeys([*self.anchors, *([self.base] if self.base else [])]))
        options: list[tuple[float, Field]] = []
        for meaning in span.meanings:
            if meaning.kind != "column":
                continue
            score = meaning.score - self._distance_cost(meaning.table, near)
            if kinds and self.lexicon.role(meaning.field) not in kinds:
                score -= 0.5
            options.append((score, meaning.field))
        if not options:
            tables = [m for m in span.meanings if m.kind == "table"]
            if tables:
                return self.lexicon.names(self._table(span))[0]
            raise NotGrounded(f"I do not know {span.text} here.", (span.text,))
        options.sort(key=lambda o: (-o[0], o[1].table, o[1].column))
        if options[0][0] < -1:
            raise NotGrounded(
                f"{span.text.capitalize()} is not connected with what is asked.", (span.text,)
            )
        if len(options) > 1 and options[0][0] - options[1][0] < 0.01 and not self.anchors:
            self.out.ties.append((span, options[0][1], options[1][1]))
        return options[0][1]


def dated(table: str, lexicon: Lexicon) -> bool:
    """Whether rows of the table can be placed in time."""
    return dates.choose(table, lexicon) is not None


def replace_counted(sup: Superlative) -> Superlative:
    """The same superlative, about a number of rows."""
    return Superlative(sup.descending, sup.n, sup.target, sup.entity, counted=True)


def _fields(condition: Condition) -> list[Field]:
    if isinstance(condition, Either):
        return [c.field for c in condition.options]
    return [condition.field]


__all__ = ["Amount", "Grounded", "NotGrounded", "ground"]


class Editor(_Grounding):
    """Binds the words of a follow-up around the plan that it edits."""

    def __init__(
        self, before: Plan, intent: Intent, reading: Reading, lexicon: Lexicon, today: date
    ) -> None:
        super().__init__(intent, reading, lexicon, today)
        self.before = before
        self.base = before.base
        self.anchors = [before.base]
        self.groups = list(before.groups)
        self.measures = list(before.measures)

    def dimension(self, span: Span) -> tuple[Group, ...]:
        """A new dimension, near the plan's rows."""
        return self._dimension(span)

    def shown(self) -> list[Group]:
        """Further columns to list."""
        return [Group(at, self.lexicon.label(at)) for w in self.intent.wanted
                if w.span and not w.count and not w.functions and w.span.best("column")
                for at in self._columns(w.span)]  # fmt: skip

    def conditions_only(self, plan: Plan) -> list[Condition]:
        """New conditions; a group that they are about is told apart by them."""
        self.groups, self.measures = list(plan.groups), list(plan.measures)
        self.conditions, self.having = [], []
        for test in self.intent.tests:
            self._test(test)
        before = len(self.groups)
        self._values()
        del self.groups[before:]
        for span in self.intent.without:
            self._without(span)
        return self.conditions

    def measures_only(self, plan: Plan) -> Plan | None:
        """The plan with the figure named in the follow-up instead of the old one."""
        wanted = [w for w in self.intent.wanted if w.span and (
            w.functions or w.count or w.span.kind == "metric" or (
                plan.measures and w.span.best("column") and self.lexicon.role(
                    self._column(w.span)) is Role.NUMBER))]  # fmt: skip
        if not wanted and self.intent.asks_count is False:
            return None
        self.measures = []
        for item in wanted:
            assert item.span
            if item.span.kind == "metric":
                self._metric(item, tuple(g.field.table for g in plan.groups))
            elif item.count:
                self._count(item)
            elif item.functions:
                self._aggregate(item)
            else:
                self._numeric_measure(self._column(item.span))
        if not self.measures:
            return None
        groups = plan.groups if plan.measures else ()
        order = (
            tuple(
                o
                for o in plan.order
                if o.field is None
                and o.measure is None
                and (o.output or 0) < len(groups) + len(self.measures)
            )
            if groups
            else ()
        )
        changed = replace(plan, measures=tuple(self.measures), groups=groups, order=order,
                          base=self.measures[0].table, everything=False, distinct=False,
                          limit=plan.limit if groups else None)  # fmt: skip
        self._guard_against_doubling(changed)
        return changed

    def counted(self, plan: Plan) -> Plan:
        """How many of what was listed."""
        measure = Measure("count", plan.base, None, self._count_label(plan.base))
        return replace(plan, groups=(), measures=(measure,), order=(), limit=None, everything=False,
                       distinct=False)  # fmt: skip


def editor(before: Plan, intent: Intent, reading: Reading, lexicon: Lexicon, today: date) -> Editor:
    """Something that binds a follow-up's words around an earlier plan."""
    return Editor(before, intent, reading, lexicon, today)
