"""What the rows of the answer are: groups asked for, or a list when no figure was named."""

from dataclasses import replace

from core.analyst.local.grounding.binding import NotGrounded
from core.analyst.local.grounding.states import States
from core.analyst.local.lexicon import spoken
from core.analyst.local.roles import Role, averaged


class Grouping(States):
    """Binds groups, and chooses an output when none was named."""

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
        alone = (
            len(numbers) == len(self.groups)
            and not self.intent.entities
            and (not self.intent.listing or self.said[0] == "what")
            and (
                bool(self.intent.times)
                or not any(averaged(spoken(g.field.column)) for g in numbers)
            )
        )
        if numbers and (
            self.intent.grains or self.intent.trend or (alone and not self.intent.order)
        ):
            for group in numbers:
                self.groups.remove(group)
                self._numeric_measure(group.field)

    def _measure_for_groups(self) -> None:
        """Groups without a figure: a number named at the head is added up, else rows count."""
        numbers = [
            g for g in self.groups if self.lexicon.role(g.field) is Role.NUMBER and g.key is None
        ]
        if numbers and len(numbers) < len(self.groups):
            for group in numbers:
                self.groups.remove(group)
                self._numeric_measure(group.field)
            return
        table = self.anchors[0] if self.anchors else self.groups[0].field.table
        if not self.intent.entities:
            table = self._table_of_values() or table
        if self.base:
            table = self.base if not self.intent.entities else self._table(self.intent.entities[0])
        grouped = self.groups[-1].field.table
        listed = self.intent.entities and self.explicit and not self.intent.asks_count
        if listed and self.anchors and self._table(self.intent.groups[0]) == self.anchors[0]:
            return
        if table == grouped and self.groups[-1].key and not self.intent.related:
            return
        self._set_base(table, force=True)
        self._row_measure(table)

    def _table_of_values(self) -> str:
        """The one table that every value named lies in: demos are meetings of that kind."""
        owners = [{m.table for m in s.meanings if m.kind == "value"} for s, _ in self.intent.values]
        both = set.intersection(*owners) if owners else set()
        return both.pop() if len(both) == 1 else ""

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
        of_values = self._table_of_values()
        if not entities and of_values and (self.intent.asks_count or timed):
            self._set_base(of_values)
            self._row_measure(of_values)
            return
        if not entities:
            if self.intent.values and self.intent.asks_count and len(self.anchors) == 1:
                self._set_base(self.anchors[0])
                self._row_measure(self.base)
                return
            raise NotGrounded(
                "I could not make out which figure or list you want.", self.intent.open_words
            )
        table = self._table(entities[0])
        self._set_base(table)
        if (
            self.intent.asks_count
            or self.intent.grains
            or self.intent.share
            or self.intent.trend
            or (self.intent.change or self.intent.new)
            or (
                timed
                and not self.intent.listing
                and not (self.intent.without or self.intent.unsold)
            )
        ):
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
