"""What an engine says of a table's contents, so that unchanged tables are not read again."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("schema_tables") as table:
        table.add_column(
            sa.Column("fingerprint", sa.String(255), server_default="", nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("schema_tables") as table:
        table.drop_column("fingerprint")
