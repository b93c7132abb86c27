"""Where a value comes from: the real columns behind it, and what was done with them."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.types import OutputKind


@dataclass(frozen=True)
class Origin:
    """The real columns behind a value; the fields mean what those of `core.types.Output` do.

    `width` and `direct` are those of `grains.Cut`: the length of a time written as text, and
    whether a bound on the value is one on the column.
    """

    kind: OutputKind = "expression"
    columns: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    grain: str | None = None
    width: int = 0
    direct: bool = False

    @property
    def certain(self) -> bool:
        """Whether it is known to the last column where the value comes from."""
        return not self.unresolved


@dataclass(frozen=True)
class Field:
    """A column that a query or a source gives. `star` is the source behind an unread star."""

    name: str
    origin: Origin
    star: "Source | None" = None


@dataclass(frozen=True)
class Source:
    """What stands in FROM, by the name the query gives it.

    `table` is a real table. `fields` are the columns it gives as far as they are known; `open`
    says that it has others. `rest` is where those come from, if that is known at all. A hidden
    source is there for a condition only (SEMI and ANTI joins). `merged` are columns that a
    USING or NATURAL makes one with those of earlier sources, `side` the side of that join.
    """

    alias: str
    key: int
    table: str = ""
    fields: tuple[Field, ...] = ()
    open: bool = False
    rest: Origin | None = None
    hidden: bool = False
    merged: frozenset[str] = frozenset()
    side: str = ""

    def field(self, name: str) -> Origin | None:
        """Where its column of that name comes from; None where it surely has none."""
        wanted = name.lower()
        for field in self.fields:
            if field.name.lower() == wanted and field.star is None:
                return field.origin
        if not self.open:
            return None
        stars = [field.star for field in self.fields if field.star is not None]
        if len(stars) == 1:
            return stars[0].field(name)
        if self.table:
            return column(self.table, name)
        return self.rest or Origin("column", unresolved=(f"{self.alias}.{name}",))

    def named(self, name: str) -> Origin | None:
        """The same where the query names this source before the column: it must have it then.

        So it is the one column without a name, or one that a series was not known to have.
        """
        found = self.field(name)
        if found is not None:
            return found
        unnamed = [field.origin for field in self.fields if not field.name]
        return unnamed[0] if len(unnamed) == 1 else self.rest

    @property
    def everything(self) -> Origin:
        """Its whole row."""
        known = together(field.origin for field in self.fields)
        if not self.open:
            return known
        missing = (f"{self.table or self.alias}.*",)
        return Origin("expression", known.columns, (*known.unresolved, *missing))


def column(table: str, name: str, grain: str | None = None) -> Origin:
    """A column of a real table, as it is."""
    return Origin("column", (f"{table}.{name}",), grain=grain, direct=True)


def together(origins: Iterable[Origin]) -> Origin:
    """Everything that several values come from; their functions too."""
    columns: dict[str, None] = {}
    unresolved: dict[str, None] = {}
    functions: dict[str, None] = {}
    for origin in origins:
        columns |= dict.fromkeys(origin.columns)
        unresolved |= dict.fromkeys(origin.unresolved)
        functions |= dict.fromkeys(origin.functions)
    return Origin("expression", tuple(columns), tuple(unresolved), tuple(functions))


def merged(origins: Iterable[Origin]) -> Origin:
    """One column of several queries put together: what all branches agree on stays."""
    some = list(origins)
    whole = together(some)
    kinds: set[OutputKind] = {o.kind for o in some}
    if len(kinds) > 1:
        kinds.discard("constant")
    cuts = {(o.grain, o.width, o.direct) for o in some if o.kind != "constant"}
    grain, width, direct = cuts.pop() if len(cuts) == 1 else (None, 0, False)
    return Origin(
        kinds.pop() if len(kinds) == 1 else "expression",
        whole.columns,
        whole.unresolved,
        whole.functions,
        grain,
        width,
        direct,
    )
