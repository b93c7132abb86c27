"""Alerts with states, series, runs and events; destinations and deliveries."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CONDITIONS = ("above", "below", "change_pct", "anomaly")
MORE = ("outside", "no_rows", "any_rows", "stale")


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _state() -> sa.Enum:
    states = ("ok", "pending", "firing", "recovering", "no_data", "error")
    return _choice("alert_state", *states)


def upgrade() -> None:
    op.create_table(
        "destinations",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("config_encrypted", sa.Text(), nullable=False),
        sa.Column("hint", sa.String(length=255), server_default="", nullable=False),
        sa.Column("last_error", sa.Text(), server_default="", nullable=False),
        sa.Column("last_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["users.id"],
            name=op.f("fk_destinations_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["org_id"],
            ["organizations.id"],
            name=op.f("fk_destinations_org_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destinations")),
        sa.UniqueConstraint("org_id", "name", name=op.f("uq_destinations_org_id_name")),
    )
    with op.batch_alter_table("destinations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_destinations_created_by_id"), ["created_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_destinations_org_id"), ["org_id"], unique=False)

    op.create_table(
        "alert_runs",
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.DateTime(timezone=True), nullable=False),
        sa.Column("group_name", sa.String(length=500), server_default="", nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "level",
            _choice("alert_level", "ok", "bad", "no_data", "unknown", "error"),
            nullable=False,
        ),
        sa.Column("state", _state(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("expected", sa.Double(), nullable=True),
        sa.Column("threshold", sa.Double(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("milliseconds", sa.Integer(), server_default="0", nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alerts.id"], name=op.f("fk_alert_runs_alert_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_runs")),
        sa.UniqueConstraint(
            "alert_id", "slot", "group_name", name=op.f("uq_alert_runs_alert_id_slot_group_name")
        ),
    )
    with op.batch_alter_table("alert_runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alert_runs_checked_at"), ["checked_at"], unique=False)

    op.create_table(
        "alert_series",
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("group_name", sa.String(length=500), server_default="", nullable=False),
        sa.Column("state", _state(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("told", sa.String(length=20), server_default="", nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_value", sa.Double(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alerts.id"], name=op.f("fk_alert_series_alert_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_series")),
        sa.UniqueConstraint(
            "alert_id", "group_name", name=op.f("uq_alert_series_alert_id_group_name")
        ),
    )
    with op.batch_alter_table("alert_series", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alert_series_alert_id"), ["alert_id"], unique=False)

    op.create_table(
        "deliveries",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("destination_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=320), server_default="", nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column(
            "notice",
            sa.JSON().with_variant(JSONB(), "postgresql"),
            server_default="{}",
            nullable=False,
        ),
        sa.Column(
            "state",
            _choice("delivery_state", "waiting", "sending", "sent", "dead"),
            server_default="waiting",
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), server_default="", nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["destination_id"],
            ["destinations.id"],
            name=op.f("fk_deliveries_destination_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["alert_events.id"],
            name=op.f("fk_deliveries_event_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organizations.id"], name=op.f("fk_deliveries_org_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("key", name=op.f("uq_deliveries_key")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_deliveries_destination_id"), ["destination_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_deliveries_event_id"), ["event_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_deliveries_next_attempt_at"), ["next_attempt_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_deliveries_org_id"), ["org_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deliveries_state"), ["state"], unique=False)

    with op.batch_alter_table("alert_events", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "kind",
                _choice(
                    "alert_event_kind",
                    "fired",
                    "recovered",
                    "no_data",
                    "error",
                    "reminder",
                    "failing",
                ),
                server_default="fired",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("slot", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("group_name", sa.String(length=500), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("title", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column(
                "why",
                sa.JSON().with_variant(JSONB(), "postgresql"),
                server_default="[]",
                nullable=False,
            )
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_alert_events_alert_id_slot_group_name_kind"),
            ["alert_id", "slot", "group_name", "kind"],
        )

    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "rule",
                sa.JSON().with_variant(JSONB(), "postgresql"),
                server_default="{}",
                nullable=False,
            )
        )
        batch_op.add_column(
            sa.Column("value_column", sa.String(length=255), server_default="", nullable=False)
        )
        batch_op.add_column(
            sa.Column(
                "group_columns",
                sa.JSON().with_variant(JSONB(), "postgresql"),
                server_default="[]",
                nullable=False,
            )
        )
        batch_op.add_column(
            sa.Column(
                "policies",
                sa.JSON().with_variant(JSONB(), "postgresql"),
                server_default="{}",
                nullable=False,
            )
        )
        batch_op.add_column(
            sa.Column(
                "recipients",
                sa.JSON().with_variant(JSONB(), "postgresql"),
                server_default="[]",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("state", _state(), server_default="ok", nullable=False))
        batch_op.add_column(sa.Column("state_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("snoozed_until_fine", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("next_check_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("last_slot", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("last_reason", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("last_hint", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="0", nullable=False))
        batch_op.create_index(
            batch_op.f("ix_alerts_next_check_at"), ["next_check_at"], unique=False
        )
        batch_op.alter_column(
            "condition_type",
            existing_type=_choice("condition_type", *CONDITIONS),
            type_=_choice("condition_type", *CONDITIONS, *MORE),
            existing_nullable=False,
        )


def downgrade() -> None:
    op.execute(
        sa.text("DELETE FROM alerts WHERE condition_type IN :more").bindparams(
            sa.bindparam("more", MORE, expanding=True)
        )
    )
    # ### commands auto generated by Alembic - please adjust! ###
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.alter_column(
            "condition_type",
            existing_type=_choice("condition_type", *CONDITIONS, *MORE),
            type_=_choice("condition_type", *CONDITIONS),
            existing_nullable=False,
        )
        batch_op.drop_index(batch_op.f("ix_alerts_next_check_at"))
        batch_op.drop_column("version")
        batch_op.drop_column("last_hint")
        batch_op.drop_column("last_reason")
        batch_op.drop_column("last_slot")
        batch_op.drop_column("next_check_at")
        batch_op.drop_column("snoozed_until_fine")
        batch_op.drop_column("snoozed_until")
        batch_op.drop_column("state_since")
        batch_op.drop_constraint(op.f("ck_alerts_alert_state"), type_="check")
        batch_op.drop_column("state")
        batch_op.drop_column("recipients")
        batch_op.drop_column("policies")
        batch_op.drop_column("group_columns")
        batch_op.drop_column("value_column")
        batch_op.drop_column("rule")

    with op.batch_alter_table("alert_events", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("uq_alert_events_alert_id_slot_group_name_kind"), type_="unique"
        )
        batch_op.drop_column("why")
        batch_op.drop_column("title")
        batch_op.drop_column("group_name")
        batch_op.drop_column("slot")
        batch_op.drop_constraint(op.f("ck_alert_events_alert_event_kind"), type_="check")
        batch_op.drop_column("kind")

    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deliveries_state"))
        batch_op.drop_index(batch_op.f("ix_deliveries_org_id"))
        batch_op.drop_index(batch_op.f("ix_deliveries_next_attempt_at"))
        batch_op.drop_index(batch_op.f("ix_deliveries_event_id"))
        batch_op.drop_index(batch_op.f("ix_deliveries_destination_id"))

    op.drop_table("deliveries")
    with op.batch_alter_table("alert_series", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alert_series_alert_id"))

    op.drop_table("alert_series")
    with op.batch_alter_table("alert_runs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alert_runs_checked_at"))

    op.drop_table("alert_runs")
    with op.batch_alter_table("destinations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_destinations_org_id"))
        batch_op.drop_index(batch_op.f("ix_destinations_created_by_id"))

    op.drop_table("destinations")
