"""Audit log indexes by subject and actor; the audit kind password_changed

Revision: 0007
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KINDS = "'setting_changed', 'account_created', 'account_changed', 'password_reset', 'password_changed'"


def upgrade():
    op.create_index("ix_audit_events_subject", "audit_events", ["subject", "audit_id"])
    op.create_index("ix_audit_events_actor", "audit_events", ["actor_id", "audit_id"])
    op.drop_constraint(op.f("ck_audit_events_auditkind"), "audit_events", type_="check")
    op.create_check_constraint(op.f("ck_audit_events_auditkind"), "audit_events", f"kind IN ({KINDS})")
