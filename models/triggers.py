"""Triggers and functions for the event log, search and counters.

`cli/schema_script.py` writes these statements in this order after the tables; migrations have their own copies.
"""

EVENT_SEQUENCE = "CREATE SEQUENCE request_events_event_id_seq AS bigint"

APPEND_EVENT = """
CREATE FUNCTION request_events_append() RETURNS trigger LANGUAGE plpgsql AS $$
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

APPEND_EVENT_TRIGGER = """
CREATE TRIGGER request_events_append BEFORE INSERT ON request_events
    FOR EACH ROW EXECUTE FUNCTION request_events_append()
"""

KEEP_EVENTS = """
CREATE FUNCTION request_events_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'request_events is append-only' USING ERRCODE = 'restrict_violation';
END $$
"""

KEEP_EVENTS_TRIGGER = """
CREATE TRIGGER request_events_keep BEFORE UPDATE OR DELETE ON request_events
    FOR EACH ROW EXECUTE FUNCTION request_events_keep()
"""

SEARCH_WORDS = """
CREATE FUNCTION repair_requests_search() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    problem text := translate(lower(NEW.problemdescription), 'ё', 'е');
    model text := translate(lower(NEW.techmodel), 'ё', 'е');
    serial text := translate(lower(coalesce(NEW.serialnumber, '')), 'ё', 'е');
BEGIN
    -- A: the problem in word forms; B: the number; C: the client's name, which not everyone may search;
    -- D: words of model and serial number, each word without its hyphens, and each of the two written together.
    -- Only letters and digits are words, as in a query: PostgreSQL reads «E-05» as the number -5.
    NEW.search :=
        setweight(to_tsvector('russian', regexp_replace(problem, '[^0-9a-zа-я]+', ' ', 'g')), 'A')
        || setweight(to_tsvector('simple', NEW.requestid::text), 'B')
        || setweight(to_tsvector('simple', (
            SELECT translate(lower(fullname), 'ё', 'е') FROM users WHERE user_id = NEW.clientid)), 'C')
        || to_tsvector('simple', concat_ws(' ',
            regexp_replace(model || ' ' || serial, '[^0-9a-zа-я]+', ' ', 'g'),
            regexp_replace(model || ' ' || serial, '[^0-9a-zа-я ]+', '', 'g'),
            regexp_replace(model, '[^0-9a-zа-я]+', '', 'g'),
            regexp_replace(serial, '[^0-9a-zа-я]+', '', 'g')));
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

FOLD_COUNTS = """
CREATE FUNCTION request_counts_fold() RETURNS void LANGUAGE sql AS $$
    -- Called under the log's lock, so by one transaction at a time.
    WITH folded AS (DELETE FROM request_count_deltas RETURNING scope, requeststatus, delta)
    INSERT INTO request_counts AS counts (scope, requeststatus, n)
        SELECT scope, requeststatus, sum(delta) FROM folded GROUP BY scope, requeststatus
    ON CONFLICT (scope, requeststatus) DO UPDATE SET n = counts.n + excluded.n
$$
"""

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

KEEP_AUDIT = """
CREATE FUNCTION audit_events_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_events is append-only' USING ERRCODE = 'restrict_violation';
END $$
"""

KEEP_AUDIT_TRIGGER = """
CREATE TRIGGER audit_events_keep BEFORE UPDATE OR DELETE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION audit_events_keep()
"""

TRIGGER_STATEMENTS = tuple(
    statement.strip()
    for statement in (
        EVENT_SEQUENCE,
        FOLD_COUNTS,
        APPEND_EVENT,
        APPEND_EVENT_TRIGGER,
        KEEP_EVENTS,
        KEEP_EVENTS_TRIGGER,
        SEARCH_WORDS,
        SEARCH_WORDS_TRIGGER,
        RENAME_CLIENT,
        RENAME_CLIENT_TRIGGER,
        TRACK_NEW,
        TRACK_NEW_TRIGGER,
        TRACK_MOVED,
        TRACK_MOVED_TRIGGER,
        KEEP_AUDIT,
        KEEP_AUDIT_TRIGGER,
    )
)
