"""The demo shop: consistent, plausible, never in the future, only for an empty database."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from database import db
from models import Comment, Rating, RepairRequest, RequestEvent, Role, Status, User
from models.enums import OPEN_STATUSES, EventKind
from services.common import clock, password_policy
from services.common.errors import Conflict
from services.demo.shop import fill
from services.requests import rules

AWKWARD_MOMENTS = [
    datetime(2026, 11, 22, 0, 5, tzinfo=UTC),  # a Sunday, 03:05 in Moscow
    datetime(2026, 11, 23, 6, 4, tzinfo=UTC),  # a Monday, four minutes after opening
    datetime(2026, 11, 25, 14, 59, tzinfo=UTC),  # a Wednesday, a minute before closing
    datetime(2028, 1, 1, 20, 59, tzinfo=UTC),  # the last minute of a New Year's Day
]
MOVES = (EventKind.ACCEPTED, EventKind.STATUS)


@pytest.fixture
def filled(app):
    """The demo shop's accounts, with the shop in the database."""
    with app.app_context():
        return fill()


@pytest.fixture
def session(app, filled):
    with app.app_context():
        yield db.session


def test_a_shop_with_a_year_of_requests_in_every_state(session):
    statuses = dict(
        session.execute(select(RepairRequest.requeststatus, func.count()).group_by(RepairRequest.requeststatus)).all()
    )
    assert statuses.keys() == set(Status)
    assert 55 <= sum(statuses.values()) <= 65
    oldest = session.scalar(select(func.min(RepairRequest.startdate)))
    assert timedelta(days=270) < clock.now() - oldest < timedelta(days=366)
    assert session.scalar(select(func.count(RepairRequest.techtype.distinct()))) >= 12
    assert session.scalar(select(func.count(RepairRequest.problemdescription.distinct()))) == sum(statuses.values())


def test_a_handful_of_people_of_every_role(session):
    roles = dict(session.execute(select(User.user_type, func.count()).group_by(User.user_type)).all())
    assert roles == {Role.ADMIN: 1, Role.MANAGER: 2, Role.MASTER: 4, Role.CLIENT: 12}


def test_something_is_overdue_something_is_due_soon_some_deadlines_were_kept(session):
    moment = clock.now()
    repairs = session.scalars(select(RepairRequest).where(RepairRequest.duedate.is_not(None))).all()
    still_open = [repair for repair in repairs if repair.requeststatus in OPEN_STATUSES]
    closed = [repair for repair in repairs if repair.completiondate]
    assert any(repair.duedate < moment for repair in still_open)
    assert any(moment < repair.duedate < moment + timedelta(hours=24) for repair in still_open)
    assert any(repair.completiondate <= repair.duedate for repair in closed)
    assert any(repair.completiondate > repair.duedate for repair in closed)


def test_an_appliance_comes_back_to_the_same_owner_after_its_first_repair(session):
    seen = defaultdict(list)
    for repair in session.scalars(select(RepairRequest).order_by(RepairRequest.startdate)):
        if repair.serialnumber:
            seen[repair.serialnumber].append(repair)
    returning = [visits for visits in seen.values() if len(visits) > 1]
    assert len(returning) >= 3
    for first, second in returning:
        assert (first.clientid, first.techmodel) == (second.clientid, second.techmodel)
        assert first.completiondate < second.startdate


def test_histories_tell_how_each_request_came_to_where_it_is(session):
    histories = defaultdict(list)
    for event in session.scalars(select(RequestEvent).order_by(RequestEvent.event_id)):
        histories[event.requestid].append(event)
    roles = dict(session.execute(select(User.user_id, User.user_type)).all())
    for repair in session.scalars(select(RepairRequest)):
        check_history(repair, histories[repair.requestid], roles)


def check_history(repair, events, roles):
    assert [event.kind for event in events].count(EventKind.CREATED) == 1
    assert (events[0].kind, events[0].at) == (EventKind.CREATED, repair.startdate)
    assert [event.at for event in events] == sorted({event.at for event in events})
    changes = [event for event in events if event.kind != EventKind.COMMENT]
    assert [event.version for event in changes] == list(range(1, repair.version + 1))
    status = Status.NEW
    for event in events:
        if event.kind in MOVES:
            move = (status, Status(event.to_value))
            assert event.from_value == status and roles[event.actor_id] in rules.MOVES[move].roles
            assert event.comment or not rules.MOVES[move].comment_required
            status = move[1]
    assert status == repair.requeststatus
    assert repair.completiondate == (last(events, EventKind.STATUS).at if status == Status.DONE else None)
    assigned = last(events, EventKind.ASSIGNED) or last(events, EventKind.ACCEPTED)
    assert (repair.masterid is None) == (assigned is None)
    deadline = last(events, EventKind.DEADLINE)
    assert repair.duedate == (datetime.fromisoformat(deadline.to_value) if deadline else None)


def last(events, kind):
    return next((event for event in reversed(events) if event.kind == kind), None)


def test_comments_and_ratings_stand_in_the_history_too(session):
    by_key = {(event.requestid, event.kind): event for event in session.scalars(select(RequestEvent))}
    by_comment = {
        event.to_value["commentid"]: event
        for event in session.scalars(select(RequestEvent).where(RequestEvent.kind == EventKind.COMMENT))
    }
    comments = session.scalars(select(Comment)).all()
    assert {comment.is_internal for comment in comments} == {True, False}
    assert len(by_comment) == len(comments)
    for comment in comments:
        event = by_comment[comment.commentid]
        assert (event.requestid, event.at, event.comment) == (comment.requestid, comment.comment_date, comment.message)
        assert (event.actor_id, event.is_internal) == (comment.masterid, comment.is_internal)
    ratings = session.scalars(select(Rating)).all()
    assert len(ratings) > 20 and len({rating.score for rating in ratings}) >= 4
    for rating in ratings:
        event = by_key[rating.requestid, EventKind.RATING]
        assert (event.to_value, event.comment, event.at) == (rating.score, rating.comment, rating.rated_at)


@pytest.mark.parametrize("moment", AWKWARD_MOMENTS, ids=str)
def test_nothing_lies_in_the_future_and_the_shop_keeps_its_hours(app, monkeypatch, moment):
    for module in ("services.demo.shop", "services.accounts.passwords"):
        monkeypatch.setattr(f"{module}.now", lambda: moment)
    with app.app_context():
        fill()
        for column in (
            RepairRequest.startdate,
            RepairRequest.completiondate,
            Comment.comment_date,
            Rating.rated_at,
            RequestEvent.at,
            User.created_at,
            User.password_changed_at,
        ):
            assert db.session.scalar(select(func.max(column))) <= moment
        actors = select(RequestEvent.at, User.user_type).join(User, User.user_id == RequestEvent.actor_id)
        for at, role in db.session.execute(actors):
            local = at.astimezone(ZoneInfo("Europe/Moscow"))
            assert (8 <= local.hour < 22) if role == Role.CLIENT else (9 <= local.hour < 18 and local.weekday() < 5)
        is_open = RepairRequest.requeststatus.in_(OPEN_STATUSES)
        due = db.session.scalars(select(RepairRequest.duedate).where(is_open, RepairRequest.duedate.is_not(None))).all()
        assert any(moment < date < moment + timedelta(hours=24) for date in due)
        assert sum(date < moment for date in due) >= 2


def test_one_account_a_role_signs_in_by_the_api(filled, client):
    assert [account.user_type for account in filled] == [Role.ADMIN, Role.MANAGER, Role.MASTER, Role.CLIENT]
    for account in filled:
        assert password_policy.problem_with(account.password, email=account.email, fullname=account.fullname) is None
        answer = client.post("/api/auth/login", json={"email": account.email, "password": account.password})
        assert answer.status_code == 200, answer.json
        assert "password_expired" not in answer.json
        assert answer.json["user"]["user_type"] == account.user_type
        assert answer.json["user"]["fullname"] == account.fullname


def test_the_accounts_handed_out_have_something_to_see(filled, client):
    pages = {account.user_type: visible_requests(client, account) for account in filled}
    mine = Counter(repair["requeststatus"] for repair in pages[Role.CLIENT])
    assert mine.keys() == {status.value for status in Status}
    unrated = [
        repair for repair in pages[Role.CLIENT] if repair["requeststatus"] == "Завершена" and not repair["rating"]
    ]
    assert len(unrated) == 1
    own = [repair for repair in pages[Role.MASTER] if repair["masterid"]]
    assert {repair["requeststatus"] for repair in own} == {status.value for status in Status}
    assert sum(repair["masterid"] is None for repair in pages[Role.MASTER]) >= 4


def visible_requests(client, account):
    answer = client.post("/api/auth/login", json={"email": account.email, "password": account.password})
    headers = {"Authorization": f"Bearer {answer.json['token']}"}
    return client.get("/api/requests/?limit=100", headers=headers).json["items"]


def test_the_content_is_the_same_each_time_the_passwords_are_not(app, filled):
    with app.app_context():
        query = select(RepairRequest.techmodel, RepairRequest.clientid, RepairRequest.masterid, RepairRequest.priority)
        first = sorted(db.session.execute(query).all(), key=str)
        db.session.rollback()
        db.session.execute(db.text(f"TRUNCATE {', '.join(db.metadata.tables)} RESTART IDENTITY"))
        db.session.commit()
        again = fill()
        assert sorted(db.session.execute(query).all(), key=str) == first
    assert {account.password for account in again}.isdisjoint(account.password for account in filled)


def test_a_second_fill_is_refused_and_changes_nothing(app, filled):
    with app.app_context():
        before = db.session.scalar(select(func.count(RequestEvent.event_id)))
        with pytest.raises(Conflict, match="уже есть пользователи"):
            fill()
        db.session.rollback()
        assert db.session.scalar(select(func.count(RequestEvent.event_id))) == before


def test_a_shop_with_one_person_is_not_empty(app, make):
    make.user(Role.ADMIN)
    with app.app_context(), pytest.raises(Conflict):
        fill()
