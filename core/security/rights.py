"""What an organization permits on one connection: to whom, from which role on, or by name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from core.types import Actor, Role

RANK: Final[dict[str, int]] = {"viewer": 0, "analyst": 1, "admin": 2}

FromRole = Role | Literal["nobody"]


@dataclass(frozen=True)
class Grant:
    """Everybody from a role on, and people by name."""

    role: FromRole
    people: frozenset[UUID] = frozenset()

    def covers(self, actor: Actor) -> bool:
        """Whether it is given to the actor."""
        by_role = self.role != "nobody" and RANK[actor.role] >= RANK[self.role]
        return by_role or actor.user_id in self.people


@dataclass(frozen=True)
class Rights:
    """Who may ask a connection, write SQL on it, and see its private columns as they are.

    Admins may ask and write always: they are who changes this. With `values_stay` no value of the
    data is sent to a model, only names.
    """

    ask: Grant = Grant("viewer")
    write: Grant = Grant("analyst")
    unmasked: Grant = Grant("admin")
    values_stay: bool = False

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Rights":
        """Rights as they are kept; what is missing is as for a new connection."""
        usual = cls()

        def grant(name: str, otherwise: Grant) -> Grant:
            given = kept.get(name)
            return Grant(given["role"], _ids(given["people"])) if given else otherwise

        return cls(
            ask=grant("ask", usual.ask),
            write=grant("write", usual.write),
            unmasked=grant("unmasked", usual.unmasked),
            values_stay=bool(kept.get("values_stay", False)),
        )

    def as_json(self) -> dict[str, Any]:
        """The form in which they are kept."""
        grants = (("ask", self.ask), ("write", self.write), ("unmasked", self.unmasked))
        return {
            **{
                name: {"role": grant.role, "people": sorted(map(str, grant.people))}
                for name, grant in grants
            },
            "values_stay": self.values_stay,
        }

    def may_ask(self, actor: Actor) -> bool:
        """Whether the actor may ask the connection. The installation's own work may."""
        return actor.via == "system" or actor.role == "admin" or self.ask.covers(actor)

    def may_write(self, actor: Actor) -> bool:
        """Whether the actor may write SQL of his own there."""
        return self.may_ask(actor) and (actor.role == "admin" or self.write.covers(actor))

    def sees_private(self, actor: Actor) -> bool:
        """Whether private columns are shown as they are: to the person himself alone, never in
        what leaves for others, as alerts, reports and public links do."""
        return actor.via == "user" and self.may_ask(actor) and self.unmasked.covers(actor)


def _ids(kept: Iterable[str]) -> frozenset[UUID]:
    return frozenset(map(UUID, kept))
