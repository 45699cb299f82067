"""Generate a shop's history by bulk SQL: the same rows as the program would have written.

Foreign keys and secondary indexes are dropped before the inserts and recreated afterwards. The triggers of the log
and of the counters are disabled, and their rows are written by set statements. The trigger for the search words
stays enabled, so the search columns are the program's own.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg2

from bench import texts
from bench.scale import MASTERS, OPEN_REQUESTS, REQUESTS_A_CLIENT, WORKERS
from models.password import hash_password

MANAGER_ID = 1
FIRST_MASTER_ID = 2
FIRST_CLIENT_ID = FIRST_MASTER_ID + MASTERS
PASSWORD = "Verno-Parol-7"
CHUNK = 25_000

SMALL_DAYS, LARGE_DAYS = 365, 365 * 8
"""Days of history; requests are spread evenly over them."""

TABLES_WITHOUT_TRIGGERS = ("repair_requests", "request_events")
SEARCH_TRIGGER = ("repair_requests", "repair_requests_search")

# A pseudorandom number from 0 to n - 1 that depends on i and the seed only, so every run builds equal rows.
_PICK = """
CREATE OR REPLACE FUNCTION bench_pick(i bigint, seed int, n int) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT ((hashint8extended(i, seed) & 1073741823) % n)::int $$
"""

_USERS = """
INSERT INTO users (user_id, fullname, email, phone, user_type, password_hash, created_at)
SELECT i,
       (%(last)s)[1 + bench_pick(i, 1, %(lasts)s)] || ' ' || (%(first)s)[1 + bench_pick(i, 2, %(firsts)s)]
           || ' ' || (%(middle)s)[1 + bench_pick(i, 3, %(middles)s)],
       'bench' || i || '@example.org',
       '+7 (900) ' || lpad(bench_pick(i, 4, 10000000)::text, 7, '0'),
       CASE WHEN i = %(manager)s THEN 'Менеджер' WHEN i < %(first_client)s THEN 'Мастер' ELSE 'Клиент' END,
       %(hash)s, now() - %(days)s * interval '1 day'
FROM generate_series(1, %(people)s) AS i
"""

_REQUESTS = """
WITH numbers AS (
    SELECT i, now() - (%(n)s - i + 1) / %(n)s::float8 * %(days)s * interval '1 day' AS startdate,
           %(n)s - i < %(recent)s AND bench_pick(i, 10, %(recent)s) < %(open)s AS is_open,
           bench_pick(i, 11, 100) AS lot
    FROM generate_series(%(lo)s, %(hi)s) AS i
), states AS (
    SELECT *, CASE WHEN is_open AND lot < 50 THEN 'Новая заявка' WHEN is_open AND lot < 85 THEN 'В работе'
                   WHEN is_open THEN 'Ожидает запчасти' WHEN lot < 8 THEN 'Отменена' ELSE 'Завершена' END AS status
    FROM numbers
)
INSERT INTO repair_requests (requestid, clientid, masterid, techtype, techmodel, serialnumber, problemdescription,
                             phone, address, priority, requeststatus, startdate, duedate, completiondate, version)
SELECT i,
       %(first_client)s + bench_pick(i, 12, %(clients)s),
       CASE WHEN (is_open AND lot < 40) OR status = 'Отменена' THEN NULL
            ELSE %(first_master)s + bench_pick(i, 13, %(masters)s) END,
       (%(techtype)s)[1 + bench_pick(i, 14, %(techtypes)s)],
       (%(brand)s)[1 + bench_pick(i, 15, %(brands)s)] || ' ' || chr(65 + bench_pick(i, 16, 26))
           || chr(65 + bench_pick(i, 17, 26)) || ' ' || 100 + bench_pick(i, 18, 900),
       CASE WHEN bench_pick(i, 19, 10) < 7 THEN upper(substr(md5(i::text), 1, 10)) END,
       (%(symptom)s)[1 + bench_pick(i, 20, %(symptoms)s)]
           || '. ' || (%(circumstance)s)[1 + bench_pick(i, 21, %(circumstances)s)]
           || ' ' || (%(remark)s)[1 + bench_pick(i, 22, %(remarks)s)]
           || CASE WHEN i %% greatest(%(n)s / 20, 1) = 0 THEN ' ' || %(rare)s ELSE '' END
           || CASE WHEN bench_pick(i, 23, 100) = 0 THEN ' ' || %(one_percent)s ELSE '' END
           || CASE WHEN bench_pick(i, 24, 100) < 7 THEN ' ' || %(seven_percent)s ELSE '' END,
       '+7 (900) ' || lpad(bench_pick(i, 25, 10000000)::text, 7, '0'),
       'ул. Ленина, д. ' || 1 + bench_pick(i, 26, 200) || ', кв. ' || 1 + bench_pick(i, 27, 300),
       (ARRAY['Низкий', 'Обычный', 'Обычный', 'Обычный', 'Срочный'])[1 + bench_pick(i, 28, 5)],
       status, startdate,
       CASE WHEN bench_pick(i, 29, 10) < 7 THEN startdate + (3 + bench_pick(i, 30, 12)) * interval '1 day' END,
       CASE WHEN status = 'Завершена' THEN startdate
            + least((1 + bench_pick(i, 31, 480)) * interval '1 hour', (now() - startdate) * 0.9) END,
       CASE status WHEN 'Новая заявка' THEN 1 WHEN 'Завершена' THEN 3 WHEN 'Ожидает запчасти' THEN 3 ELSE 2 END
FROM states
"""

_COMMENTS = """
INSERT INTO comments (requestid, masterid, message, comment_date)
SELECT r.requestid, CASE WHEN k %% 2 = 1 THEN coalesce(r.masterid, %(manager)s) ELSE r.clientid END,
       (%(comment)s)[1 + bench_pick(r.requestid * 5 + k, 40, %(comments)s)],
       r.startdate + (now() - r.startdate) * 0.02 * k
FROM repair_requests r, generate_series(1, r.requestid %% 5) AS k
WHERE r.requestid BETWEEN %(lo)s AND %(hi)s
ORDER BY r.requestid, k
"""

_RATINGS = """
INSERT INTO ratings (requestid, score, rated_at)
SELECT requestid, (ARRAY[5, 5, 5, 5, 4, 4, 4, 3, 2, 1])[1 + bench_pick(requestid, 41, 10)],
       least(completiondate + interval '1 day', now())
FROM repair_requests WHERE requeststatus = 'Завершена' AND bench_pick(requestid, 42, 10) < 4
"""

_EVENTS = """
INSERT INTO request_events (event_id, requestid, at, actor_id, kind, from_value, to_value, version)
SELECT row_number() OVER (ORDER BY at, version, requestid), requestid, at, actor_id, kind, from_value, to_value, version
FROM (
    SELECT requestid, startdate AS at, clientid AS actor_id, 'created' AS kind,
           NULL::jsonb AS from_value, '"Новая заявка"'::jsonb AS to_value, 1 AS version
    FROM repair_requests
    UNION ALL
    SELECT requestid, startdate + (coalesce(completiondate, now()) - startdate) * 0.1, masterid, 'accepted',
           '"Новая заявка"', '"В работе"', 2
    FROM repair_requests WHERE requeststatus IN ('В работе', 'Ожидает запчасти', 'Завершена')
    UNION ALL
    SELECT requestid, coalesce(completiondate, startdate + (now() - startdate) * 0.2), coalesce(masterid, %(manager)s),
           'status', CASE requeststatus WHEN 'Отменена' THEN '"Новая заявка"'::jsonb ELSE '"В работе"' END,
           to_jsonb(requeststatus), CASE requeststatus WHEN 'Отменена' THEN 2 ELSE 3 END
    FROM repair_requests WHERE requeststatus IN ('Ожидает запчасти', 'Завершена', 'Отменена')
) AS happened
"""

_COUNTS = """
INSERT INTO request_counts (scope, requeststatus, n)
SELECT 0, requeststatus, count(*) FROM repair_requests GROUP BY requeststatus
UNION ALL
SELECT masterid, requeststatus, count(*) FROM repair_requests WHERE masterid IS NOT NULL
GROUP BY masterid, requeststatus
"""

_SEQUENCES = """
SELECT setval(pg_get_serial_sequence('users', 'user_id'), (SELECT max(user_id) FROM users)),
       setval(pg_get_serial_sequence('repair_requests', 'requestid'), (SELECT max(requestid) FROM repair_requests)),
       setval('request_events_event_id_seq', (SELECT max(event_id) FROM request_events))
"""

_SECONDARY_INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
WHERE c.relnamespace = 'public'::regnamespace AND NOT i.indisprimary
  AND c.relname IN ('users', 'repair_requests', 'comments', 'ratings', 'request_events')
"""
_FOREIGN_KEYS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND connamespace = 'public'::regnamespace
"""


def fill(url, n, days, say):
    """Fill the empty, migrated database at `url` with n requests over `days`; `say` prints the progress."""
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(_PICK)
        indexes, keys = _drop_indexes(cursor)
        _insert(url, cursor, n, days, say)
        _restore_indexes(cursor, indexes, keys, say)
        cursor.execute("DROP FUNCTION bench_pick(bigint, int, int)")
        say("vacuum analyze")
        cursor.execute("VACUUM ANALYZE")


def _insert(url, cursor, n, days, say):
    values = _values(n, days)
    cursor.execute(_USERS, values)
    _in_chunks(url, _REQUESTS, values, n, "requests", say)
    _in_chunks(url, _COMMENTS, values, n, "comments of requests", say)
    for name, statement in (("ratings", _RATINGS), ("events", _EVENTS), ("counters", _COUNTS), ("ids", _SEQUENCES)):
        say(name)
        cursor.execute(statement, values)


def _values(n, days):
    """Parameters of all statements: sizes, and each word list with its length."""
    clients = max(n // REQUESTS_A_CLIENT, 2)
    lists = {
        "last": texts.LAST, "first": texts.FIRST, "middle": texts.MIDDLE, "techtype": texts.TECHTYPES,
        "brand": texts.BRANDS, "symptom": texts.SYMPTOMS, "circumstance": texts.CIRCUMSTANCES,
        "remark": texts.REMARKS, "comment": texts.COMMENTS,
    }  # fmt: skip
    lengths = {f"{name}s": len(values) for name, values in lists.items()}
    sizes = {
        "n": n, "days": days, "clients": clients, "masters": MASTERS, "people": FIRST_CLIENT_ID - 1 + clients,
        "manager": MANAGER_ID, "first_master": FIRST_MASTER_ID, "first_client": FIRST_CLIENT_ID,
        "recent": min(n, 3 * OPEN_REQUESTS), "open": min(OPEN_REQUESTS, n // 2), "hash": hash_password(PASSWORD),
        "rare": texts.RARE_TEXT, "one_percent": texts.ONE_PERCENT_TEXT, "seven_percent": texts.SEVEN_PERCENT_TEXT,
    }  # fmt: skip
    return lists | lengths | sizes


def _in_chunks(url, statement, values, n, name, say):
    """Run the statement for each CHUNK of request ids over WORKERS connections."""
    bounds = [(low, min(low + CHUNK - 1, n)) for low in range(1, n + 1, CHUNK)]
    begun = time.monotonic()
    with ThreadPoolExecutor(WORKERS) as pool:
        work = pool.map(lambda bound: _run_chunk(url, statement, values | {"lo": bound[0], "hi": bound[1]}), bounds)
        for done, _ in enumerate(work, 1):
            say(f"{name}: {min(done * CHUNK, n):,} of {n:,}, {time.monotonic() - begun:.0f} s")


def _run_chunk(url, statement, values):
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        cursor.execute(statement, values)
        connection.commit()


def _drop_indexes(cursor):
    """Drop foreign keys and secondary indexes, disable all triggers but SEARCH_TRIGGER; return (indexes, keys)."""
    keys, indexes = _rows(cursor, _FOREIGN_KEYS), _rows(cursor, _SECONDARY_INDEXES)
    for table, name, _ in keys:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    for table in TABLES_WITHOUT_TRIGGERS:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    cursor.execute("ALTER TABLE {} ENABLE TRIGGER {}".format(*SEARCH_TRIGGER))
    return indexes, keys


def _restore_indexes(cursor, indexes, keys, say):
    cursor.execute("SET maintenance_work_mem = '256MB'")
    for name, definition in indexes:
        say(f"index {name}")
        cursor.execute(definition)
    for table, name, definition in keys:
        say(f"foreign key {name}")
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    for table in TABLES_WITHOUT_TRIGGERS:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _rows(cursor, query):
    cursor.execute(query)
    return cursor.fetchall()
