"""Being quiet from a message: signed links that need no sign-in and can do nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from core import audit
from core.alerts import keeping
from core.datamind import DataMind
from core.errors import NotFound
from core.security import links
from core.store.tables import Alert

PURPOSE: Final = "snooze-alert"
GOOD_FOR_SECONDS: Final = 7 * 24 * 3600
OFFERED: Final = (
    ("hour", "Quiet for 1 hour"),
    ("day", "Quiet for 1 day"),
    ("fine", "Quiet until fine"),
)


@dataclass(frozen=True)
class Wanted:
    """What a link is for."""

    alert_id: UUID
    alert: str
    how_long: str
    label: str


def actions(dm: DataMind, told: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The links of a message about an alert that may fire on: label and address."""
    if not told.get("alert_id") or told.get("kind") == "recovered":
        return ()
    return tuple(
        (
            label,
            f"{dm.settings.address}/alerts/quiet?token={_token(dm, told['alert_id'], how_long)}",
        )
        for how_long, label in OFFERED
    )


def wanted(dm: DataMind, token: str) -> Wanted:
    """What a token asks for. Raises NotAllowed when forged or old, NotFound for a lost alert."""
    told = links.read(_secret(dm), PURPOSE, token, seconds=GOOD_FOR_SECONDS)
    with dm.sessions.read() as db:
        row = db.get(Alert, UUID(told["alert"]))
    if row is None:
        raise NotFound("This alert is no longer there.", "It has been deleted.")
    return Wanted(row.id, row.name, told["how_long"], dict(OFFERED)[told["how_long"]])


def accept(dm: DataMind, token: str) -> Wanted:
    """Be quiet as the token says. Raises NotAllowed, NotFound."""
    found = wanted(dm, token)
    with dm.sessions.write() as db:
        row = db.get_one(Alert, found.alert_id)
        keeping.quiet(row, found.how_long, dm.clock.now())
        org_id = row.org_id
    audit.record(
        dm, None, "alert.snooze", "alert", found.alert_id, org_id=org_id, by="link",
        how_long=found.how_long,
    )  # fmt: skip
    return found


def _token(dm: DataMind, alert_id: str, how_long: str) -> str:
    return links.sign(_secret(dm), PURPOSE, {"alert": alert_id, "how_long": how_long})


def _secret(dm: DataMind) -> str:
    return dm.settings.signing_secret.get_secret_value()
