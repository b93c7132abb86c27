"""The outputs that a question names: counts, sums, averages, metrics, and columns to list."""

from dataclasses import replace

from core.analyst.local import metrics, words
from core.analyst.local.grounding.binding import NotGrounded
from core.analyst.local.grounding.rating import Rating
from core.analyst.local.intent import Wanted
from core.analyst.local.lexicon import spoken, vocabulary
from core.analyst.local.plan import (
    Compare,
    Field,
    Function,
    Group,
    Measure,
)
from core.analyst.local.roles import Role, averaged

_PEOPLE = {"customer", "client", "user", "account", "member", "person", "employee", "order",
           "subscriber", "patient", "student", "visitor"}  # fmt: skip
_SELLING = {"sold", "bought", "purchased"}
_PREFIX = {"sum": "total", "avg": "average", "min": "minimum", "max": "maximum",
           "count": "number", "count_distinct": "different"}  # fmt: skip


class Figures(Rating):
    """Binds the wanted outputs."""

    def _outputs(self) -> None:
        mentioned = self._mentioned_tables()
        for wanted in self.intent.wanted:
            if wanted.span is None:
                continue
            if wanted.span.kind == "metric" and not wanted.count:
                self._metric(wanted, mentioned)
            elif wanted.rate:
                self._rate(wanted.span)
            elif wanted.count:
                self._count(wanted)
            elif wanted.functions:
                self._aggregate(wanted)
            else:
                self._show(wanted)

    def _metric(self, wanted: Wanted, mentioned: tuple[str, ...]) -> None:
        assert wanted.span
        name = wanted.span.detail
        said = tuple(words.lemma(w) for w in wanted.span.text.split())
        whole = " ".join(self.said)
        percent = (
            name == "profit"
            and ("margin" in said)
            and (self.intent.share or "%" in self.said or "percent" in whole)
        )
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
        if (
            "average" in self.said
            and wanted.functions == ("avg",)
            and (self._per_entity(found, said, label))
        ):
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
        ):
            table = self._table(span)
            if self._sold(table):
                return
            self._set_base(table)
            self.measures.append(Measure("count", table, None, self._count_label(table)))
            return
        at = self._column(span)
        self._set_base(at.table)
        if not wanted.distinct and self.lexicon.added_up(at):
            function = wanted.functions[0] if wanted.functions else "sum"
            label = f"{_PREFIX[function]}_{self.lexicon.label(at)}"
            self.measures.append(Measure(function, at.table, metrics.of_field(at), label))
            return
        if not wanted.distinct and self.lexicon.role(at) is Role.FLAG:
            self.conditions.append(Compare(at, "=", (1.0,)))
            self.measures.append(Measure("count", at.table, None, self._count_label(at.table)))
            return
        self.measures.append(
            Measure("count_distinct", at.table, metrics.of_field(at), self.lexicon.counted(at))
        )

    def _sold(self, table: str) -> bool:
        """How many were sold: pieces where they are kept, else rows of the table of sales."""
        if not _SELLING & set(self.said) or self.intent.without or self.intent.unsold:
            return False
        units = metrics.find("units", self.lexicon, (table,))
        titles = set(vocabulary("metrics")["revenue"]["tables"])
        for step in self.lexicon.joins.steps(table):
            if step.to_one or not titles & set(spoken(step.other)):
                continue
            self._set_base(step.other)
            if units and units.table == step.other:
                self.measures.append(Measure("sum", units.table, units.amount, "units_sold"))
                self.out.assumptions.append(units.told)
            else:
                label = self._count_label(step.other)
                self.measures.append(Measure("count", step.other, None, label))
            return True
        return False

    def _aggregate(self, wanted: Wanted) -> None:
        assert wanted.span
        at = self._column(wanted.span, Role.NUMBER, Role.YEAR, Role.TIME, Role.FLAG)
        sure = wanted.span.best("column")
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
            measure = Measure(
                function, at.table, metrics.of_field(at), f"{name}_{self.lexicon.label(at)}"
            )
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
            if all(g.field != at for g in self.groups):
                self.groups.append(Group(at, self.lexicon.label(at)))
            self.explicit = True

    def _row_measure(self, table: str) -> None:
        """What a table's rows amount to: money for a table of spending, else their number."""
        if {"spend", "spending", "expense", "cost", "budget", "payment"} & set(spoken(table)) and (
            not self.intent.asks_count
        ):
            for at in self.lexicon.columns(table, Role.NUMBER):
                if {"amount", "cost", "total", "spend", "value"} & set(spoken(at.column)):
                    self.measures.append(
                        Measure("sum", table, metrics.of_field(at), "_".join(spoken(table)))
                    )
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
