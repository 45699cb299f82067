"""Search by the client's name, counters kept by triggers, former audience of an event

Revision: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OPEN = sa.text("requeststatus IN ('Новая заявка', 'В работе', 'Ожидает запчасти')")
TAKEABLE = sa.text("masterid IS NULL AND requeststatus = 'Новая заявка'")

FOLD_COUNTS = """
CREATE FUNCTION request_counts_fold() RETURNS void LANGUAGE sql AS $$
    -- Called under the log's lock, so by one transaction at a time.
    WITH folded AS (DELETE FROM request_count_deltas RETURNING scope, requeststatus, delta)
    INSERT INTO request_counts AS counts (scope, requeststatus, n)
        SELECT scope, requeststatus, sum(delta) FROM folded GROUP BY scope, requeststatus
    ON CONFLICT (scope, requeststatus) DO UPDATE SET n = counts.n + excluded.n
$$
"""

SEARCH_WORDS = """
CREATE FUNCTION repair_requests_search() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    model text := lower(NEW.techmodel || ' ' || coalesce(NEW.serialnumber, ''));
BEGIN
    -- A: the problem in word forms; B: the number; C: the client's name, which not everyone may search;
    -- D: words of model and serial number, and each of the two written together.
    NEW.search :=
        setweight(to_tsvector('russian', translate(lower(NEW.problemdescription), 'ё', 'е')), 'A')
        || setweight(to_tsvector('simple', NEW.requestid::text), 'B')
        || setweight(to_tsvector('simple', (
            SELECT translate(lower(fullname), 'ё', 'е') FROM users WHERE user_id = NEW.clientid)), 'C')
        || to_tsvector('simple', translate(
            regexp_replace(model, '[^0-9a-zа-яё]+', ' ', 'g')
            || ' ' || regexp_replace(lower(NEW.techmodel), '[^0-9a-zа-яё]+', '', 'g')
            || ' ' || regexp_replace(lower(coalesce(NEW.serialnumber, '')), '[^0-9a-zа-яё]+', '', 'g'), 'ё', 'е'));
    RETURN NEW;
END $$
"""

SEARCH_WORDS_TRIGGER = """
CREATE TRIGGER repair_requests_search
    BEFORE INSERT OR UPDATE OF clientid, techmodel, serialnumber, problemdescription ON repair_requests
    FOR EACH ROW EXECUTE FUNCTION repair_requests_search()
"""

RENAME_CLIENT = """
CREATE FUNCTION users_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE repair_requests SET clientid = clientid WHERE clientid = NEW.user_id;
    RETURN NULL;
END $$
"""

RENAME_CLIENT_TRIGGER = """
CREATE TRIGGER users_renamed AFTER UPDATE OF fullname ON users
    FOR EACH ROW WHEN (OLD.fullname <> NEW.fullname) EXECUTE FUNCTION users_renamed()
"""

TRACK_COUNTS = """
CREATE FUNCTION request_counts_track() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.requeststatus = NEW.requeststatus AND OLD.masterid IS NOT DISTINCT FROM NEW.masterid THEN
            RETURN NULL;
        END IF;
        INSERT INTO request_count_deltas (scope, requeststatus, delta)
            SELECT scope, OLD.requeststatus, -1 FROM unnest(ARRAY[0, OLD.masterid]) AS scope WHERE scope IS NOT NULL;
    END IF;
    INSERT INTO request_count_deltas (scope, requeststatus, delta)
        SELECT scope, NEW.requeststatus, 1 FROM unnest(ARRAY[0, NEW.masterid]) AS scope WHERE scope IS NOT NULL;
    RETURN NULL;
END $$
"""

TRACK_COUNTS_TRIGGER = """
CREATE TRIGGER request_counts_track AFTER INSERT OR UPDATE OF requeststatus, masterid ON repair_requests
    FOR EACH ROW EXECUTE FUNCTION request_counts_track()
"""

REPLACE_APPEND_EVENT = """
CREATE OR REPLACE FUNCTION request_events_append() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Held until the commit: event ids become visible in their own order.
    PERFORM pg_advisory_xact_lock(7243001);
    NEW.event_id := nextval('request_events_event_id_seq');
    PERFORM pg_notify('request_events', NEW.event_id::text);
    IF NEW.event_id % 64 = 0 THEN
        PERFORM request_counts_fold();
    END IF;
    RETURN NEW;
END $$
"""

COUNT_WHAT_IS_THERE = """
INSERT INTO request_counts (scope, requeststatus, n)
    SELECT scope, requeststatus, count(*) FROM repair_requests, unnest(ARRAY[0, masterid]) AS scope
    WHERE scope IS NOT NULL GROUP BY scope, requeststatus
"""


def upgrade():
    op.create_table(
        "request_counts",
        sa.Column("scope", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("requeststatus", sa.String(length=40), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "requeststatus", name="pk_request_counts"),
    )
    op.create_table(
        "request_count_deltas",
        sa.Column("delta_id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("scope", sa.BigInteger(), nullable=False),
        sa.Column("requeststatus", sa.String(length=40), nullable=False),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("delta_id", name="pk_request_count_deltas"),
    )
    op.drop_index("ix_requests_open_due", table_name="repair_requests")
    op.create_index(
        "ix_requests_open", "repair_requests", ["masterid", "duedate", "requeststatus"], postgresql_where=OPEN
    )
    op.create_index("ix_requests_takeable", "repair_requests", ["startdate", "requestid"], postgresql_where=TAKEABLE)
    op.add_column("request_events", sa.Column("former_masterid", sa.BigInteger(), nullable=True))
    op.add_column(
        "request_events", sa.Column("was_takeable", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.drop_column("repair_requests", "search")  # This also drops its index.
    op.add_column("repair_requests", sa.Column("search", postgresql.TSVECTOR(), nullable=True))
    for statement in (SEARCH_WORDS, SEARCH_WORDS_TRIGGER, RENAME_CLIENT, RENAME_CLIENT_TRIGGER):
        op.execute(statement.strip())
    op.execute("UPDATE repair_requests SET clientid = clientid")
    op.create_index("ix_requests_search", "repair_requests", ["search"], postgresql_using="gin")
    op.execute(COUNT_WHAT_IS_THERE)
    for statement in (FOLD_COUNTS, TRACK_COUNTS, TRACK_COUNTS_TRIGGER, REPLACE_APPEND_EVENT):
        op.execute(statement.strip())
