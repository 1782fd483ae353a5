"""more turns of a ticket, and sealed notes"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

EARLIER = ("calling_ms", "walking_ms", "service_ms", "aside_ms")


def upgrade() -> None:
    with op.batch_alter_table("turns", schema=None) as batch_op:
        batch_op.add_column(sa.Column("arrived_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("bound", sa.String(60), nullable=True))
        batch_op.add_column(sa.Column("put_backs", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("stretch_at", sa.BigInteger(), nullable=True))
        for name in EARLIER:
            batch_op.add_column(sa.Column(name, sa.BigInteger(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("aside_at", sa.BigInteger(), nullable=True))
    # Until now a ticket had one turn, and nobody was parked.
    op.execute("UPDATE turns SET arrived_at = joined_at, stretch_at = called_at")
    with op.batch_alter_table("turns", schema=None) as batch_op:
        batch_op.alter_column("arrived_at", existing_type=sa.BigInteger(), nullable=False)
    op.create_table(
        "sealed",
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("salt", sa.String(32), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("actor", sa.String(60), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("site", "seq", name=op.f("pk_sealed")),
    )


def downgrade() -> None:
    op.drop_table("sealed")
    with op.batch_alter_table("turns", schema=None) as batch_op:
        for name in ("aside_at", *reversed(EARLIER), "stretch_at", "put_backs", "bound", "arrived_at"):
            batch_op.drop_column(name)
