"""Indexes of one appliance's requests, by serial number or by client and model, and of the models of a type

Revision: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade():
    op.drop_index("ix_requests_serialnumber", table_name="repair_requests")
    op.create_index("ix_requests_serial", "repair_requests", [sa.text("lower(btrim(serialnumber))"), "requestid"])
    op.create_index(
        "ix_requests_client_model", "repair_requests", ["clientid", sa.text("lower(btrim(techmodel))"), "requestid"]
    )
    op.drop_index("ix_requests_techtype", table_name="repair_requests")
    op.create_index(
        "ix_requests_techtype",
        "repair_requests",
        ["techtype", "startdate", "requestid"],
        postgresql_include=["techmodel", "clientid"],
    )
