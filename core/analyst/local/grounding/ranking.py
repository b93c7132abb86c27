"""The most and the least: by a column of the rows, by a figure, or by a number of rows."""

from dataclasses import replace

from core.analyst.local import dates, metrics, words
from core.analyst.local.grounding.binding import NotGrounded
from core.analyst.local.grounding.grouping import Grouping
from core.analyst.local.intent import Superlative
from core.analyst.local.lexicon import spoken, vocabulary
from core.analyst.local.plan import (
    Field,
    Function,
    Group,
    Measure,
    Order,
)
from core.analyst.local.roles import Role, averaged

_PREFIX = {"sum": "total", "avg": "average", "min": "minimum", "max": "maximum",
           "count": "number", "count_distinct": "different"}  # fmt: skip


class Ranking(Grouping):
    """Binds superlatives to an order and a limit."""

    def _superlative(self) -> None:
        sup = self.intent.superlative
        if not sup:
            return
        if sup.implied:
            self._implied(sup)
        elif sup.target is None:
            self._ranked_without_figure(sup)
        elif self._largest_row(sup):
            return
        elif sup.target.kind == "metric" or sup.counted:
            self._ranked_by_measure(sup)
        else:
            self._ranked_by_column(sup)

    def _largest_row(self, sup: Superlative) -> bool:
        """The largest order: the row with the largest amount, where rows have one."""
        if not sup.counted or sup.entity or self.groups or self.measures or self.intent.groups:
            return False
        assert sup.target
        others = [e for e in self.intent.entities if e is not sup.target]
        if others or sup.target.kind == "metric" or self.intent.related:
            return False
        table = self._table(sup.target)
        own = metrics.kept_in(table, "revenue", self.lexicon)
        if not own or not own.amount.single or sup.word in ("most", "fewest", "least"):
            return False
        self._add_anchor(table)
        self._order_rows(own.amount.single, sup.descending, replace(sup, entity=sup.target), table)
        return True

    def _limit(self, sup: Superlative) -> int | None:
        if sup.n is not None:
            return sup.n
        named = sup.entity
        several = named is not None and named.text.lower() != " ".join(spoken(named.text))
        if several and not self.explicit and not sup.counted:
            self.out.assumptions.append("The first 10 are shown.")
            return 10
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
            own = list(self.lexicon.columns(table, Role.TIME, Role.YEAR))
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

    def _ranked_without_figure(self, sup: Superlative) -> None:
        """Top products, best customers: by the figure already named, by revenue, or by number."""
        entity = sup.entity
        named = entity is not None and (entity.best("table") or entity.best("column"))
        if entity and named and (self.measures or not entity.best("table")):
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

    def _ranked_by_measure(self, sup: Superlative) -> None:  # noqa: PLR0912 - one branch per form of words
        assert sup.target
        entity = sup.entity or (self.intent.entities[0] if self.intent.entities else None)
        counted: str | None = None
        if sup.target.kind == "metric" and not sup.counted:
            near = (*self._mentioned_tables(), *(g.field.table for g in self.groups))
            said = tuple(words.lemma(w) for w in sup.target.text.split())
            found = metrics.find(sup.target.detail, self.lexicon, tuple(dict.fromkeys(near)), said)
            if not found:
                raise NotGrounded(
                    f"I found nothing here that holds {sup.target.text}.", (sup.target.text,)
                )
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
        if (
            counted == self.groups[0].field.table
            and sup.target.kind != "metric"
            and (self.groups[0].key and self.intent.related)
        ):
            counted = self._table(self.intent.related[0])
            measure = Measure("count", counted, None, self._count_label(counted))
        self._set_base(counted, force=True)
        already = [i for i, m in enumerate(self.measures) if m.amount == measure.amount]
        if already:
            self.order.append(Order(sup.descending, output=len(self.groups) + already[0]))
        elif self.explicit and sup.n is None and self._only_names_asked():
            self.order.append(Order(sup.descending, measure=measure))
            self.having = self.having
        else:
            self.measures.append(measure)
            self.order.append(Order(sup.descending, output=len(self.groups)))
        self.limit = self._limit(sup)

    def _only_names_asked(self) -> bool:
        """Whether the question asks for names or ids alone, so that no figure is added."""
        asked = {w for i in self.intent.wanted if i.span for w in spoken(i.span.text)}
        return bool(asked & {"name", "title", "id", "code", "first", "last", "address"})

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
        if (
            not inside
            or (sup.entity and not sup.entity.best("table"))
            or (sup.aggregate and at.table != table)
        ):
            if not self.groups and entity:
                self._group_by(entity)
            function = sup.aggregate or ("avg" if averaged(spoken(at.column)) else "sum")
            self._set_base(at.table, force=True)
            prefix = _PREFIX[function]
            self.measures.append(
                Measure(
                    function, at.table, metrics.of_field(at), f"{prefix}_{self.lexicon.label(at)}"
                )
            )
            self.order.append(Order(sup.descending, output=len(self.groups)))
            self.limit = self._limit(sup)
            return
        self._order_rows(at, sup.descending, sup, table)


def replace_counted(sup: Superlative) -> Superlative:
    """The same superlative, about a number of rows."""
    return Superlative(sup.descending, sup.n, sup.target, sup.entity, counted=True)
