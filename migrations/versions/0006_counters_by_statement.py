"""Count new requests once per statement instead of once per row, for long imports

Revision: 0006
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TRACK_NEW = """
CREATE FUNCTION request_counts_track_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO request_count_deltas (scope, requeststatus, delta)
        SELECT scope, requeststatus, count(*) FROM new_requests, unnest(ARRAY[0, masterid]) AS scope
        WHERE scope IS NOT NULL GROUP BY scope, requeststatus;
    RETURN NULL;
END $$
"""

TRACK_NEW_TRIGGER = """
CREATE TRIGGER request_counts_track_new AFTER INSERT ON repair_requests
    REFERENCING NEW TABLE AS new_requests FOR EACH STATEMENT EXECUTE FUNCTION request_counts_track_new()
"""

TRACK_MOVED = """
CREATE FUNCTION request_counts_track_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO request_count_deltas (scope, requeststatus, delta)
        SELECT scope, OLD.requeststatus, -1 FROM unnest(ARRAY[0, OLD.masterid]) AS scope WHERE scope IS NOT NULL
        UNION ALL
        SELECT scope, NEW.requeststatus, 1 FROM unnest(ARRAY[0, NEW.masterid]) AS scope WHERE scope IS NOT NULL;
    RETURN NULL;
END $$
"""

TRACK_MOVED_TRIGGER = """
CREATE TRIGGER request_counts_track_moved AFTER UPDATE OF requeststatus, masterid ON repair_requests
    FOR EACH ROW WHEN (OLD.requeststatus <> NEW.requeststatus OR OLD.masterid IS DISTINCT FROM NEW.masterid)
    EXECUTE FUNCTION request_counts_track_moved()
"""


def upgrade():
    op.execute("DROP TRIGGER request_counts_track ON repair_requests")
    op.execute("DROP FUNCTION request_counts_track()")
    for statement in (TRACK_NEW, TRACK_NEW_TRIGGER, TRACK_MOVED, TRACK_MOVED_TRIGGER):
        op.execute(statement.strip())
