"""Dashboards as a whole: made, listed, opened, described, shared, copied, deleted."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import audit, formats
from core.dashboards import rights
from core.dashboards.views import Board, Entry, Filter, filters_of, is_mine, name_of, tile_of
from core.datamind import DataMind
from core.errors import BadInput, NotAllowed
from core.security import access
from core.store.tables import Dashboard, User, Widget
from core.types import Actor

MOST_LISTED: Final = 500
LONGEST_TITLE: Final = 500
LONGEST_DESCRIPTION: Final = 5_000
REFRESHES: Final = (0, 60, 300, 900, 3600)
"""Seconds after which a dashboard that is looked at refreshes by itself; 0 is never."""


def create(dm: DataMind, actor: Actor, title: str, description: str = "") -> UUID:
    """Make an empty dashboard of one's own. Raises BadInput, NotAllowed for viewers."""
    access.require(actor, "analyst", "create dashboards")
    with dm.sessions.write() as db:
        row = added(db, actor, title, description)
        made = row.id
    audit.record(dm, actor, "dashboard.create", "dashboard", made, title=row.title)
    return made


def added(db: Session, actor: Actor, title: str, description: str = "") -> Dashboard:
    """A new dashboard's row within the caller's transaction."""
    row = Dashboard(
        org_id=actor.org_id,
        created_by_id=actor.user_id,
        title=checked_title(title),
        description=_checked_description(description),
    )
    db.add(row)
    db.flush()
    return row


def dashboards(dm: DataMind, actor: Actor, *, search: str = "") -> tuple[Entry, ...]:
    """The dashboards that the actor sees, the latest changed first.

    `search` looks in titles, descriptions and owners' names.
    """
    counted = (
        sa.select(
            Widget.dashboard_id,
            sa.func.count().label("tiles"),
            sa.func.min(Widget.last_refreshed_at).label("refreshed_at"),
        )
        .where(Widget.removed_at.is_(None))
        .group_by(Widget.dashboard_id)
        .subquery()
    )
    query = (
        sa.select(Dashboard, User, counted.c.tiles, counted.c.refreshed_at)
        .outerjoin(User, User.id == Dashboard.created_by_id)
        .outerjoin(counted, counted.c.dashboard_id == Dashboard.id)
        .where(rights.visible(actor))
        .order_by(Dashboard.updated_at.desc(), Dashboard.id)
        .limit(MOST_LISTED)
    )
    wanted = search.strip()
    if wanted:
        columns = (Dashboard.title, Dashboard.description, User.full_name)
        query = query.where(sa.or_(*(c.icontains(wanted, autoescape=True) for c in columns)))
    with dm.sessions.read() as db:
        return tuple(
            Entry(
                id=row.id,
                title=row.title,
                description=row.description or "",
                owner=name_of(owner),
                is_mine=is_mine(actor, row),
                is_shared=row.is_shared,
                tiles=tiles or 0,
                updated_at=row.updated_at,
                refreshed_at=refreshed_at,
            )
            for row, owner, tiles, refreshed_at in db.execute(query)
        )


def dashboard(dm: DataMind, actor: Actor, dashboard_id: UUID) -> Board:
    """One dashboard with its tiles. Raises NotFound."""
    with dm.sessions.read() as db:
        row = rights.to_see(db, actor, dashboard_id)
        owner = db.get(User, row.created_by_id) if row.created_by_id else None
        tiles = [tile_of(widget) for widget in rights.widgets(db, dashboard_id)]
        return Board(
            id=row.id,
            title=row.title,
            description=row.description or "",
            owner=name_of(owner),
            is_shared=row.is_shared,
            version=row.version,
            tiles=tuple(sorted(tiles, key=lambda tile: (tile.place.y, tile.place.x))),
            filters=filters_of(row),
            refresh_seconds=row.refresh_seconds,
            may_edit=access.allows(actor, "analyst"),
            may_delete=rights.may_delete(actor, row),
        )


def describe(
    dm: DataMind, actor: Actor, dashboard_id: UUID, title: str, description: str = ""
) -> None:
    """Give a dashboard another title and description. Raises BadInput, NotFound, NotAllowed."""
    with dm.sessions.write() as db:
        row = rights.to_edit(db, actor, dashboard_id)
        before, row.title = row.title, checked_title(title)
        row.description = _checked_description(description)
    audit.record(dm, actor, "dashboard.describe", "dashboard", dashboard_id, before=before)


def refresh_every(dm: DataMind, actor: Actor, dashboard_id: UUID, seconds: int) -> None:
    """Let a dashboard that is looked at refresh by itself after one of `REFRESHES` seconds."""
    if seconds not in REFRESHES:
        raise BadInput("That is no interval to refresh after.", "Choose one from the list.")
    with dm.sessions.write() as db:
        rights.to_edit(db, actor, dashboard_id).refresh_seconds = seconds


def share(dm: DataMind, actor: Actor, dashboard_id: UUID, shared: bool) -> None:
    """Show a dashboard to the whole organization, or to its owner only again.

    Only the owner or an admin may take it back from the others.
    """
    with dm.sessions.write() as db:
        row = rights.to_edit(db, actor, dashboard_id)
        if not shared and not rights.may_delete(actor, row):
            raise NotAllowed(
                "Only its owner, or an admin, can stop sharing this dashboard.", "Ask one of them."
            )
        row.is_shared = shared
    audit.record(dm, actor, "dashboard.share", "dashboard", dashboard_id, shared=shared)


def duplicate(dm: DataMind, actor: Actor, dashboard_id: UUID) -> UUID:
    """A copy of a dashboard that is one's own and not shared. Raises NotFound, NotAllowed."""
    with dm.sessions.write() as db:
        row = rights.to_edit(db, actor, dashboard_id)
        title = formats.shortened(f"{row.title} (copy)", LONGEST_TITLE)
        copy = added(db, actor, title, row.description or "")
        copy.filters, copy.refresh_seconds = list(row.filters), row.refresh_seconds
        for widget in rights.widgets(db, dashboard_id):
            db.add(copied(widget, copy.id))
        made = copy.id
    audit.record(dm, actor, "dashboard.duplicate", "dashboard", made, of=str(dashboard_id))
    return made


def delete(dm: DataMind, actor: Actor, dashboard_id: UUID) -> None:
    """Delete a dashboard with its tiles and links: one's own, or as an admin any that is seen."""
    with dm.sessions.write() as db:
        row = rights.to_see(db, actor, dashboard_id)
        if not rights.may_delete(actor, row):
            raise NotAllowed("Only its owner, or an admin, can delete it.", "Ask one of them.")
        title = row.title
        db.delete(row)
    audit.record(dm, actor, "dashboard.delete", "dashboard", dashboard_id, title=title)


def kept_filters(filters: Sequence[Filter]) -> list[object]:
    """Filters as they are stored."""
    return [
        {**asdict(one), "columns": list(one.columns), "default": list(one.default)}
        for one in filters
    ]


def copied(widget: Widget, dashboard_id: UUID) -> Widget:
    """A new row that shows the same."""
    return Widget(
        dashboard_id=dashboard_id,
        connection_id=widget.connection_id,
        title=widget.title,
        widget_type=widget.widget_type,
        query_sql=widget.query_sql,
        chart_config=dict(widget.chart_config),
        refresh_interval_seconds=widget.refresh_interval_seconds,
        position=dict(widget.position),
        dates_held_on=widget.dates_held_on,
    )


def checked_title(title: str) -> str:
    """A title without space around it. Raises BadInput for none, or a very long one."""
    title = " ".join(title.split())
    if not 1 <= len(title) <= LONGEST_TITLE:
        raise BadInput(f"A title has 1 to {LONGEST_TITLE} characters.", "Type a title.")
    return title


def _checked_description(description: str) -> str | None:
    description = description.strip()
    if len(description) > LONGEST_DESCRIPTION:
        raise BadInput(
            f"A description has at most {LONGEST_DESCRIPTION:,} characters.", "Shorten it."
        )
    return description or None
