"""Words about tables and columns that an analyst drafted and no person has looked at."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_NO = {"nullable": False, "server_default": sa.false()}


def upgrade() -> None:
    with op.batch_alter_table("schema_tables") as table:
        table.add_column(sa.Column("description_drafted", sa.Boolean(), **_NO))
        table.add_column(
            sa.Column("described_by", sa.String(20), nullable=False, server_default="")
        )
    with op.batch_alter_table("schema_columns") as table:
        table.add_column(sa.Column("description_drafted", sa.Boolean(), **_NO))
        table.add_column(sa.Column("term_drafted", sa.Boolean(), **_NO))


def downgrade() -> None:
    with op.batch_alter_table("schema_columns") as table:
        table.drop_column("term_drafted")
        table.drop_column("description_drafted")
    with op.batch_alter_table("schema_tables") as table:
        table.drop_column("described_by")
        table.drop_column("description_drafted")
