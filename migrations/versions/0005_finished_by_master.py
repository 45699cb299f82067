"""Index of finished requests by master and type, for the recommendation of masters

Revision: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index(
        "ix_requests_done",
        "repair_requests",
        ["masterid", "techtype", "completiondate"],
        postgresql_include=["startdate", "requestid"],
        postgresql_where=sa.text("requeststatus = 'Завершена'"),
    )
