"""The most and the least: by a column, an aggregate of it, or a number of rows."""

from dataclasses import replace

from core.analyst.local import dates, metrics, words
from core.analyst.local.clauses.binding import FIGURES, Binding
from core.analyst.local.clauses.kept import Kept
from core.analyst.local.clauses.tree import (
    Noun,
    Rank,
)
from core.analyst.local.grounding.binding import NotGrounded
from core.analyst.local.lexicon import spoken, vocabulary
from core.analyst.local.plan import (
    Condition,
    Measure,
    Order,
    Plan,
)
from core.analyst.local.roles import Role


class Ranking(Binding):
    """Binds ranks to an order."""

    def keep(self, noun: Noun, table: str, once: bool = False) -> Kept:
        """What must hold for a thing; a layer above knows how."""
        raise NotImplementedError

    def ranked(self, plan: Plan, rank: Rank, table: str) -> Plan:
        """A list of rows cut to those that come first. Raises NotGrounded."""
        order, base, joined, conditions = self.ordering(rank, table)
        groups = plan.groups
        if base != plan.base and order.measure is not None:
            joined = (*joined, plan.base)
        return replace(
            plan,
            base=base,
            groups=groups,
            order=(order,),
            limit=rank.n or 1,
            conditions=(*plan.conditions, *conditions),
            joined=tuple(dict.fromkeys((*plan.joined, *joined))),
        )

    def ordering(
        self, rank: Rank, table: str
    ) -> tuple[Order, str, tuple[str, ...], tuple[Condition, ...]]:
        """What a rank sorts by: the order, the base to count rows of, and its conditions."""
        if rank.implied:
            return self._implied_order(rank, table)
        if rank.counted or (rank.target is None and rank.noun is not None):
            return self._counted_order(rank, table)
        if rank.target is None:
            raise NotGrounded("It is not clear by which figure to rank.", ())
        at = self.column(rank.target, [table], *FIGURES)
        if self.lexicon.role(at) not in FIGURES and rank.word in ("most", "fewest", "least"):
            return self._counted_order(replace(rank, noun=Noun(rank.target), counted=True), table)
        if self.lexicon.role(at) not in FIGURES:
            raise NotGrounded(
                f"{rank.target.text.capitalize()} is not a number to rank by.", (rank.target.text,)
            )
        if rank.function in ("sum", "avg"):
            measure = Measure(
                rank.function, at.table, metrics.of_field(at), f"{rank.function}_{at.column}"
            )
            return Order(rank.descending, measure=measure), at.table, (), ()
        return Order(rank.descending, field=at), table, (), ()

    def _implied_order(
        self, rank: Rank, table: str
    ) -> tuple[Order, str, tuple[str, ...], tuple[Condition, ...]]:
        direction, *names = vocabulary("cues")["implied"][rank.implied]
        for name in names:
            bare, _, other = name.partition(":")
            wanted = set(bare.split())
            descending = (other or direction) == "desc"
            if wanted == {"date"}:
                own = self.lexicon.columns(table, Role.TIME, Role.YEAR)
                chosen = dates.choose(table, self.lexicon, self.said)
                if chosen is None:
                    below = [s.other for s in self.joins.steps(table) if not s.to_one]
                    found = [at for t in below for at in self.lexicon.columns(t, Role.TIME)]
                    if len({at.table for at in found}) == 1:
                        chosen = dates.choose(found[0].table, self.lexicon, self.said)
                if chosen is None:
                    continue
                at = chosen if chosen in own or not own else own[0]
                return Order(descending, field=at), table, (), ()
            for at in self.lexicon.columns(table, Role.NUMBER, Role.TIME):
                if wanted <= set(spoken(at.column)):
                    return Order(descending, field=at), table, (), ()
        raise NotGrounded(f"I see nothing here that tells what is {rank.implied}.", (rank.implied,))

    def _counted_order(
        self, rank: Rank, table: str
    ) -> tuple[Order, str, tuple[str, ...], tuple[Condition, ...]]:
        noun = rank.noun or Noun()
        if noun.span is None:
            verb = next((w for w in reversed(self.said) if w.endswith("ed")), "")
            other = self.related_by_verb(table, verb) if verb else table
        else:
            other = self.table(noun.span, [table])
        inner = self.keep(noun, other)
        path = self.joins.path(table, other)
        if path is None:
            raise NotGrounded("It is not clear what should be counted.", ())
        base = other
        measure: Measure = Measure("count", other, None, self.count_label(other))
        if path and all(s.to_one for s in path) and other != table:
            base = table
            measure = Measure("count", table, None, self.count_label(table))
        return (
            Order(rank.descending, measure=measure), base, tuple(inner.joined),
            tuple(inner.conditions),
        )  # fmt: skip

    def related_by_verb(self, table: str, verb: str) -> str:
        """The table whose rows a verb speaks of: ordered, enrolled. Raises NotGrounded."""
        root = words.stem(verb)
        alike = {"bought": "order", "sold": "order", "purchas": "order", "buy": "order"}
        roots = {root, alike.get(verb, root), alike.get(root, root)}
        for step in sorted(self.joins.steps(table), key=lambda s: s.to_one):
            if {words.stem(w) for w in spoken(step.other)} & roots:
                return step.other
        for other in self.lexicon.schema.tables:
            near = self.joins.distance(table, other.name) < 3
            if near and {words.stem(w) for w in spoken(other.name)} & roots:
                return other.name
        many = [s.other for s in self.joins.steps(table) if not s.to_one]
        if len(many) == 1:
            return many[0]
        raise NotGrounded(f"I cannot tell what “{verb}” refers to.", (verb,))

    @staticmethod
    def count_label(table: str) -> str:
        """A name for the number of a table's rows."""
        return words.several("_".join(spoken(table)))
