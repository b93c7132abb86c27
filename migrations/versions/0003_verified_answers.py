"""Verified answers, and how the analysts did on them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evaluation_runs",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("analyst", sa.String(length=50), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("same", sa.Integer(), nullable=False),
        sa.Column(
            "details",
            sa.JSON().with_variant(JSONB(), "postgresql"),
            server_default="{}",
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id"],
            ["organizations.id"],
            name=op.f("fk_evaluation_runs_org_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_runs")),
    )
    with op.batch_alter_table("evaluation_runs", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_evaluation_runs_created_at"), ["created_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_evaluation_runs_org_id"), ["org_id"], unique=False)

    op.create_table(
        "verified_answers",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=500), nullable=False),
        sa.Column("sql_text", sa.Text(), nullable=False),
        sa.Column("reading", sa.Text(), server_default="", nullable=False),
        sa.Column("chart_config", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("times_used", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("broken", sa.Text(), server_default="", nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["connections.id"],
            name=op.f("fk_verified_answers_connection_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["users.id"],
            name=op.f("fk_verified_answers_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["org_id"],
            ["organizations.id"],
            name=op.f("fk_verified_answers_org_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verified_answers")),
    )
    with op.batch_alter_table("verified_answers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_verified_answers_connection_id"), ["connection_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_verified_answers_created_by_id"), ["created_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_verified_answers_org_id"), ["org_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("verified_answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_verified_answers_org_id"))
        batch_op.drop_index(batch_op.f("ix_verified_answers_created_by_id"))
        batch_op.drop_index(batch_op.f("ix_verified_answers_connection_id"))

    op.drop_table("verified_answers")
    with op.batch_alter_table("evaluation_runs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evaluation_runs_org_id"))
        batch_op.drop_index(batch_op.f("ix_evaluation_runs_created_at"))

    op.drop_table("evaluation_runs")
