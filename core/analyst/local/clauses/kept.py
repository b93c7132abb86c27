"""What must hold, while it is being gathered."""

from dataclasses import dataclass, field

from core.analyst.local.plan import Condition, Having, fields_of


@dataclass
class Kept:
    """What must hold for the rows of one table."""

    table: str
    conditions: list[Condition] = field(default_factory=list)
    having: list[Having] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)
    twins: tuple[Condition, Condition] | None = None
    once: bool = False

    def tables(self) -> set[str]:
        """Tables that the conditions reach without a sub-select."""
        return {
            self.table,
            *self.joined,
            *(f.table for c in self.conditions for f in fields_of(c)),
        }
