"""Settings in the database: defaults, partial and concurrent changes."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from database import db
from models import AuditEvent, Role
from services.shop import settings as shop_settings
from tests.kit.counting import statements_of


def test_named_settings_are_read_by_one_query_and_nothing_else_is(app):
    with statements_of(app) as statements, app.app_context():
        assert shop_settings.get_settings("auto_assign", "due_soon_hours") == {
            "auto_assign": False,
            "due_soon_hours": 24,
        }
    assert len(statements) == 1


def test_of_many_changes_at_once_each_knows_the_one_before_it(app, make):
    admin = make.user(Role.ADMIN)

    def change(hours):
        with app.app_context():
            shop_settings.change(admin, {"due_soon_hours": hours})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(change, range(1, 17)))
    with app.app_context():
        events = db.session.execute(
            select(AuditEvent.from_value, AuditEvent.to_value).order_by(AuditEvent.audit_id)
        ).all()
        last = shop_settings.get_setting("due_soon_hours")
    befores, afters = zip(*events, strict=True)
    assert befores == (24, *afters[:-1]) and afters[-1] == last
    assert sorted(afters) == list(range(1, 17))
