"""SQL by hand: parameters of saved queries, and each person's history."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("saved_queries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parameters", _JSON, server_default="[]", nullable=False))
    op.create_table(
        "query_runs",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=True),
        sa.Column("sql_text", sa.Text(), nullable=False),
        sa.Column("values", _JSON, server_default="{}", nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=True),
        sa.Column("milliseconds", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organizations.id"], name=op.f("fk_query_runs_org_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_query_runs_user_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["connections.id"],
            name=op.f("fk_query_runs_connection_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_query_runs")),
    )
    with op.batch_alter_table("query_runs", schema=None) as batch_op:
        for column in ("org_id", "user_id", "connection_id", "created_at"):
            batch_op.create_index(batch_op.f(f"ix_query_runs_{column}"), [column], unique=False)


def downgrade() -> None:
    op.drop_table("query_runs")
    with op.batch_alter_table("saved_queries", schema=None) as batch_op:
        batch_op.drop_column("parameters")
