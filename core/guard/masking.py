"""A private column as bare output of the outermost query is shown as •••; a star becomes a list."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlglot import exp
from sqlglot.tokenizer_core import Token

from core.errors import UnsafeSql
from core.guard import editing, folding, privacy, retelling
from core.guard.editing import Edit
from core.guard.policy import Policy
from core.guard.retelling import Piece
from core.guard.sight import Sight, is_private
from core.guard.stars import Star, stars
from core.guard.tree import Found

MASK: Final = "•••"


@dataclass(frozen=True)
class Masks:
    """The edits that hide private columns, and the names of the outputs that they hide."""

    edits: tuple[Edit, ...] = ()
    names: tuple[str, ...] = ()


def planned(
    root: exp.Expr,
    written: Sequence[Token],
    found: Found,
    real: dict[int, str],
    policy: Policy,
    dialect: str,
) -> Masks:
    """What must be written otherwise so that no private value comes back.

    `root` is the query without brackets around it. Raises UnsafeSql for every use of a private
    column that is no bare output of it.
    """
    if not policy.private:
        return Masks()
    sight = Sight(found, real, policy, dialect)
    if not sight.sources:
        return Masks()
    plan = _Plan(sight, policy, dialect)
    covering = stars(found, written, sight)
    branches = list(_branches(root))
    for star in covering:
        plan.expand(star, branches)
    for branch in branches:
        plan.hide(branch)
    privacy.checked(found, written, sight, plan.cleared)
    plan.nothing_by_masked_outputs(root, branches, found)
    return Masks(tuple(plan.edits), tuple(dict.fromkeys(plan.names)))


class _Plan:
    def __init__(self, sight: Sight, policy: Policy, dialect: str) -> None:
        self.edits: list[Edit] = []
        self.names: list[str] = []
        self.cleared: set[int] = set()
        self._sight = sight
        self._policy = policy
        self._dialect = dialect
        self._masked: dict[int, tuple[str, str]] = {}
        self._given: dict[int, dict[str, tuple[str, str]]] = {}
        self._widths: dict[int, list[bool]] = {}

    def hide(self, branch: exp.Select) -> None:
        """Mask the bare private columns among the outputs of one SELECT."""
        for output in branch.expressions:
            column = output.this if isinstance(output, exp.Alias) else output
            if not isinstance(column, exp.Column) or isinstance(column.this, exp.Star):
                continue
            private = self._private(column, branch)
            if private is None:
                continue
            _not_distinct(branch, private)
            parts = [p for p in column.args.values() if isinstance(p, exp.Identifier)]
            places = [part.meta for part in parts]
            if not all("start" in place for place in places):
                raise is_private(*private)
            self.cleared |= {place["start"] for place in places}
            name = column.this if output is column else output.args["alias"]
            behind = () if output is not column else self._under(column.this)
            self.edits.append(
                Edit(
                    min(place["start"] for place in places),
                    max(place["end"] for place in places),
                    (*editing.words(f"'{MASK}'"), *behind),
                )
            )
            self._remember(branch, output, name, private)

    def expand(self, star: Star, branches: Sequence[exp.Select]) -> None:
        """Write the columns that a star stands for, the private ones masked."""
        pieces: list[Piece] = []
        width: list[bool] = []
        for source in star.sources:
            if pieces:
                pieces.append(Piece(",", None, glued=True))
            qualifier = retelling.spelled(source.name, self._dialect)
            if source.table is None:
                pieces += [Piece(qualifier, None), *_glued(".", "*")]
                width = []
                continue
            private = {folding.loose(c) for c in self._policy.private_columns(source.table)}
            shown = [
                column
                for column in self._policy.columns_of(source.table)
                if folding.loose(column) not in star.without
            ]
            for index, column in enumerate(shown):
                if index:
                    pieces.append(Piece(",", None, glued=True))
                named = retelling.quoted_name(column, self._dialect)
                if folding.loose(column) not in private:
                    pieces += [Piece(qualifier, None), *_glued(".", named)]
                    width.append(False)
                    continue
                if all(star.query is not branch for branch in branches):
                    raise is_private(
                        source.table, column, "Name the columns you need instead of a star."
                    )
                _not_distinct(star.query, (source.table, column))
                pieces += editing.words(f"'{MASK}'", "AS", named)
                width.append(True)
                self.names.append(column)
                self._gives(star.query, column, (source.table, column))
        if not pieces:
            raise UnsafeSql("Nothing is left of the star.", "Name the columns you need.")
        self.cleared |= star.places
        self.edits.append(Edit(star.begin, star.end, tuple(pieces)))
        if all(source.table is not None for source in star.sources):
            self._widths[id(star.item)] = width

    def nothing_by_masked_outputs(
        self, root: exp.Expr, branches: Sequence[exp.Select], found: Found
    ) -> None:
        """Refuse sorting or grouping by a masked output, by its number or by its name."""
        if not self.names:
            return
        for column in found.columns:
            if column.table or id(column) in self._masked:
                continue
            near = _branch_of(column, root, branches)
            for branch in branches if near is root else [q for q in branches if q is near]:
                private = self._given.get(id(branch), {}).get(folding.loose(column.name))
                if private is not None:
                    raise is_private(
                        *private, f"Give the masked output another name than {column.name}."
                    )
        hidden = next(p for given in self._given.values() for p in given.values())
        for query in {id(q): q for q in (root, *branches)}.values():
            for number in _ordinals(query):
                shown = branches if query is root else [q for q in branches if q is query]
                if number is None or any(self._hides(branch, number) for branch in shown):
                    raise is_private(*hidden, "Sort and group by columns that are not masked.")

    def _private(self, column: exp.Column, branch: exp.Select) -> tuple[str, str] | None:
        name = folding.loose(column.name)
        for source in self._sight.owned(branch):
            if name in source.hidden and folding.loose(column.table) in ("", source.alias):
                return source.table, source.hidden[name]
        return None

    def _under(self, name: exp.Expr) -> tuple[Piece, ...]:
        return editing.words("AS", retelling.spelled(name, self._dialect))

    def _gives(self, branch: exp.Select, name: str, private: tuple[str, str]) -> None:
        self._given.setdefault(id(branch), {})[folding.loose(name)] = private

    def _remember(
        self, branch: exp.Select, output: exp.Expr, name: exp.Expr, private: tuple[str, str]
    ) -> None:
        shown = folding.looked_up(name, self._dialect)
        self.names.append(shown if self._dialect == "postgres" else name.name)
        self._gives(branch, name.name, private)
        column = output.this if isinstance(output, exp.Alias) else output
        self._masked[id(column)] = private
        self._widths[id(output)] = [True]

    def _hides(self, branch: exp.Select, number: int) -> bool:
        """Whether the output of that number is masked, or cannot be counted to."""
        at = 0
        for output in branch.expressions:
            unknown = _is_star(output) and id(output) not in self._widths
            if unknown:
                return True
            width = self._widths.get(id(output), [False])
            if number <= at + len(width):
                return number > at and width[number - at - 1]
            at += len(width)
        return False


def _branches(root: exp.Expr) -> Iterator[exp.Select]:
    """The SELECTs whose outputs are those of the query: itself, or the parts of UNION ALL."""
    if isinstance(root, exp.Select):
        yield root
    elif isinstance(root, exp.Subquery):
        if not root.args.get("alias") and not root.args.get("joins"):
            yield from _branches(root.this)
    elif isinstance(root, exp.Union) and root.args.get("distinct") is False:
        yield from _branches(root.this)
        yield from _branches(root.expression)


def _branch_of(place: exp.Expr, root: exp.Expr, branches: Sequence[exp.Select]) -> exp.Expr | None:
    """The part of the query whose outputs a name could mean; none inside a step of WITH."""
    ends = {id(root), *map(id, branches)}
    above = place.parent
    while above is not None and id(above) not in ends:
        if isinstance(above, exp.With):
            return None
        above = above.parent
    return above


def _not_distinct(query: exp.Select, private: tuple[str, str]) -> None:
    if query.args.get("distinct"):
        raise is_private(*private, "Leave DISTINCT out, or the private column.")


def _ordinals(query: exp.Expr) -> Iterator[int | None]:
    """The numbers of outputs that the query sorts or groups by; None stands for ALL of them."""
    group, order = query.args.get("group"), query.args.get("order")
    if group is not None:
        if group.args.get("all"):
            yield None
        for literal in group.find_all(exp.Literal):
            listed = exp.Group | exp.Tuple | exp.Cube | exp.Rollup | exp.GroupingSets | exp.Paren
            if isinstance(literal.parent, listed) and literal.name.isdigit():
                yield int(literal.name)
    for ordered in order.expressions if order is not None else ():
        term = ordered.this.unnest() if isinstance(ordered, exp.Ordered) else ordered.unnest()
        if isinstance(term, exp.Literal) and term.name.isdigit():
            yield int(term.name)
        elif isinstance(term, exp.Var | exp.Column) and term.name.upper() == "ALL":
            yield None


def _is_star(output: exp.Expr) -> bool:
    return isinstance(output, exp.Star) or (
        isinstance(output, exp.Column) and isinstance(output.this, exp.Star)
    )


def _glued(*texts: str) -> list[Piece]:
    return [Piece(text, None, glued=True) for text in texts]
