"""First schema

Revision: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


CREATE_EVENT_SEQUENCE = "CREATE SEQUENCE request_events_event_id_seq AS bigint"

CREATE_APPEND_FUNCTION = """
CREATE FUNCTION request_events_append() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Held until the commit: event ids become visible in their own order.
    PERFORM pg_advisory_xact_lock(7243001);
    NEW.event_id := nextval('request_events_event_id_seq');
    PERFORM pg_notify('request_events', NEW.event_id::text);
    RETURN NEW;
END $$
"""

CREATE_APPEND_TRIGGER = """
CREATE TRIGGER request_events_append BEFORE INSERT ON request_events
    FOR EACH ROW EXECUTE FUNCTION request_events_append()
"""

CREATE_KEEP_FUNCTION = """
CREATE FUNCTION request_events_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'request_events is append-only' USING ERRCODE = 'restrict_violation';
END $$
"""

CREATE_KEEP_TRIGGER = """
CREATE TRIGGER request_events_keep BEFORE UPDATE OR DELETE ON request_events
    FOR EACH ROW EXECUTE FUNCTION request_events_keep()
"""

APPEND_ONLY_SQL = (
    CREATE_EVENT_SEQUENCE,
    CREATE_APPEND_FUNCTION,
    CREATE_APPEND_TRIGGER,
    CREATE_KEEP_FUNCTION,
    CREATE_KEEP_TRIGGER,
)


def upgrade():
    op.create_table(
        "imported_rows",
        sa.Column("book", sa.String(length=254), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("original", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("new_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('user', 'request', 'comment')", name=op.f("ck_imported_rows_kind_known")),
        sa.PrimaryKeyConstraint("book", "kind", "original", name=op.f("pk_imported_rows")),
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_settings")),
    )
    op.create_table(
        "throttle_counters",
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("window_ends", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttle_counters")),
    )
    op.create_index(op.f("ix_throttle_counters_window_ends"), "throttle_counters", ["window_ends"], unique=False)
    op.create_table(
        "users",
        sa.Column("user_id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("fullname", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column(
            "user_type",
            sa.Enum(
                "Клиент",
                "Мастер",
                "Менеджер",
                "Администратор",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "name_search",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector('simple'::regconfig, translate(lower(fullname::text), 'ё', 'е'))", persisted=True),
            nullable=True,
        ),
        sa.CheckConstraint("btrim(fullname) <> ''", name=op.f("ck_users_fullname_not_blank")),
        sa.CheckConstraint("position('@' in email) > 1", name=op.f("ck_users_email_has_at")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_users")),
    )
    op.create_index("ix_users_name_search", "users", ["name_search"], unique=False, postgresql_using="gin")
    op.create_index("ix_users_role_name", "users", ["user_type", "fullname", "user_id"], unique=False)
    op.create_index("uq_users_email", "users", [sa.literal_column("lower(email::text)")], unique=True)
    op.create_table(
        "idempotency_keys",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("body_digest", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name=op.f("fk_idempotency_keys_user_id")),
        sa.PrimaryKeyConstraint("user_id", "action", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_table(
        "repair_requests",
        sa.Column("requestid", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("clientid", sa.BigInteger(), nullable=False),
        sa.Column("masterid", sa.BigInteger(), nullable=True),
        sa.Column("project", sa.String(length=200), nullable=True),
        sa.Column("techtype", sa.String(length=100), nullable=False),
        sa.Column("techmodel", sa.String(length=200), nullable=False),
        sa.Column("serialnumber", sa.String(length=100), nullable=True),
        sa.Column("problemdescription", sa.String(length=10000), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column(
            "priority",
            sa.Enum(
                "Низкий", "Обычный", "Срочный", name="priority", native_enum=False, create_constraint=True, length=40
            ),
            server_default="Обычный",
            nullable=False,
        ),
        sa.Column(
            "requeststatus",
            sa.Enum(
                "Новая заявка",
                "В работе",
                "Ожидает запчасти",
                "Завершена",
                "Отменена",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="Новая заявка",
            nullable=False,
        ),
        sa.Column("startdate", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("duedate", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completiondate", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "priority_rank",
            sa.SmallInteger(),
            sa.Computed("CASE priority WHEN 'Срочный' THEN 2 WHEN 'Обычный' THEN 1 ELSE 0 END", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "\nto_tsvector('russian'::regconfig, translate(lower(problemdescription), 'ё', 'е'))\n|| to_tsvector('simple'::regconfig,\n    regexp_replace(lower(techmodel::text || ' ' || coalesce(serialnumber, '')::text), '[^0-9a-zа-яё]+', ' ', 'g')\n    || ' ' || regexp_replace(lower(techmodel::text), '[^0-9a-zа-яё]+', '', 'g')\n    || ' ' || regexp_replace(lower(coalesce(serialnumber, '')::text), '[^0-9a-zа-яё]+', '', 'g'))\n",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(requeststatus = 'Завершена') = (completiondate IS NOT NULL)",
            name=op.f("ck_repair_requests_completiondate_when_done"),
        ),
        sa.CheckConstraint(
            "btrim(problemdescription) <> ''", name=op.f("ck_repair_requests_problemdescription_not_blank")
        ),
        sa.CheckConstraint("btrim(techmodel) <> ''", name=op.f("ck_repair_requests_techmodel_not_blank")),
        sa.CheckConstraint("btrim(techtype) <> ''", name=op.f("ck_repair_requests_techtype_not_blank")),
        sa.CheckConstraint(
            "completiondate >= '2000-01-01 00:00:00+00'::timestamptz AND completiondate < '2100-01-01 00:00:00+00'::timestamptz",
            name=op.f("ck_repair_requests_completiondate_in_range"),
        ),
        sa.CheckConstraint(
            "duedate >= '2000-01-01 00:00:00+00'::timestamptz AND duedate < '2100-01-01 00:00:00+00'::timestamptz",
            name=op.f("ck_repair_requests_duedate_in_range"),
        ),
        sa.CheckConstraint(
            "masterid IS NOT NULL OR requeststatus IN ('Новая заявка', 'Отменена')",
            name=op.f("ck_repair_requests_work_has_a_master"),
        ),
        sa.CheckConstraint(
            "startdate >= '2000-01-01 00:00:00+00'::timestamptz AND startdate < '2100-01-01 00:00:00+00'::timestamptz",
            name=op.f("ck_repair_requests_startdate_in_range"),
        ),
        sa.CheckConstraint(
            "completiondate >= startdate", name=op.f("ck_repair_requests_completiondate_after_startdate")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_repair_requests_version_positive")),
        sa.ForeignKeyConstraint(["clientid"], ["users.user_id"], name=op.f("fk_repair_requests_clientid")),
        sa.ForeignKeyConstraint(["masterid"], ["users.user_id"], name=op.f("fk_repair_requests_masterid")),
        sa.PrimaryKeyConstraint("requestid", name=op.f("pk_repair_requests")),
    )
    op.create_index("ix_requests_client", "repair_requests", ["clientid", "startdate", "requestid"], unique=False)
    op.create_index(
        "ix_requests_completiondate",
        "repair_requests",
        [sa.literal_column("coalesce(completiondate, '2000-01-01 00:00:00+00'::timestamptz)"), "requestid"],
        unique=False,
    )
    op.create_index(
        "ix_requests_duedate",
        "repair_requests",
        [sa.literal_column("coalesce(duedate, '2100-01-01 00:00:00+00'::timestamptz)"), "requestid"],
        unique=False,
    )
    op.create_index("ix_requests_master", "repair_requests", ["masterid", "startdate", "requestid"], unique=False)
    op.create_index(
        "ix_requests_open_due",
        "repair_requests",
        ["duedate"],
        unique=False,
        postgresql_where=sa.text("requeststatus IN ('Новая заявка', 'В работе', 'Ожидает запчасти')"),
    )
    op.create_index(
        "ix_requests_priority",
        "repair_requests",
        ["priority_rank", "requestid"],
        unique=False,
    )
    op.create_index("ix_requests_search", "repair_requests", ["search"], unique=False, postgresql_using="gin")
    op.create_index(
        "ix_requests_serialnumber",
        "repair_requests",
        ["serialnumber"],
        unique=False,
        postgresql_where=sa.text("serialnumber IS NOT NULL"),
    )
    op.create_index("ix_requests_startdate", "repair_requests", ["startdate", "requestid"], unique=False)
    op.create_index("ix_requests_status", "repair_requests", ["requeststatus", "startdate", "requestid"], unique=False)
    op.create_index("ix_requests_techtype", "repair_requests", ["techtype", "startdate", "requestid"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("jti", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name=op.f("fk_sessions_user_id")),
        sa.PrimaryKeyConstraint("jti", name=op.f("pk_sessions")),
    )
    op.create_index("ix_sessions_user", "sessions", ["user_id", "expires_at"], unique=False)
    op.create_table(
        "comments",
        sa.Column("commentid", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("requestid", sa.BigInteger(), nullable=False),
        sa.Column("masterid", sa.BigInteger(), nullable=False),
        sa.Column("message", sa.String(length=10000), nullable=False),
        sa.Column("is_internal", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("comment_date", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("btrim(message) <> ''", name=op.f("ck_comments_message_not_blank")),
        sa.ForeignKeyConstraint(["masterid"], ["users.user_id"], name=op.f("fk_comments_masterid")),
        sa.ForeignKeyConstraint(["requestid"], ["repair_requests.requestid"], name=op.f("fk_comments_requestid")),
        sa.PrimaryKeyConstraint("commentid", name=op.f("pk_comments")),
    )
    op.create_index("ix_comments_request", "comments", ["requestid", "comment_date", "commentid"], unique=False)
    op.create_table(
        "ratings",
        sa.Column("requestid", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("comment", sa.String(length=2000), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_ratings_score_in_range")),
        sa.ForeignKeyConstraint(["requestid"], ["repair_requests.requestid"], name=op.f("fk_ratings_requestid")),
        sa.PrimaryKeyConstraint("requestid", name=op.f("pk_ratings")),
    )
    op.create_table(
        "request_events",
        sa.Column("event_id", sa.BigInteger(), server_default=sa.FetchedValue(), autoincrement=False, nullable=False),
        sa.Column("requestid", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "created",
                "edited",
                "assigned",
                "accepted",
                "status",
                "deadline",
                "comment",
                "rating",
                name="eventkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("from_value", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("to_value", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("comment", sa.String(length=10000), nullable=True),
        sa.Column("is_internal", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.user_id"], name=op.f("fk_request_events_actor_id")),
        sa.ForeignKeyConstraint(["requestid"], ["repair_requests.requestid"], name=op.f("fk_request_events_requestid")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_request_events")),
    )
    op.create_index("ix_request_events_request", "request_events", ["requestid", "event_id"], unique=False)
    for statement in APPEND_ONLY_SQL:
        op.execute(statement)
