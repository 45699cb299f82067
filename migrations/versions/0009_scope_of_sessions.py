"""Scope of sessions: everything, or only the change of the password

Revision: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("sessions", sa.Column("scope", sa.String(length=40), server_default="full", nullable=False))
    op.create_check_constraint(op.f("ck_sessions_scope"), "sessions", "scope IN ('full', 'password_change')")
