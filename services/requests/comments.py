"""Comments on requests."""

from datetime import datetime

from sqlalchemy import or_, select

from database import db
from models.comment import Comment
from models.enums import Role
from models.user import User
from services.common import idempotency, paging
from services.common.clock import now
from services.requests import rules
from services.requests.history import record_event
from services.requests.visibility import find_visible, hides_people, sees_internal

SORTS = {"comment_date": paging.Sort(Comment.comment_date, datetime)}


def list_comments(user, requestid, limit=50, cursor=None):
    """One page of a request's comments, oldest first. Raises NotFound."""
    repair = find_visible(user, requestid)
    query = (
        select(Comment.__table__, User.fullname, User.user_type)
        .join(User, User.user_id == Comment.masterid)
        .where(Comment.requestid == requestid)
        .where(or_(Comment.is_internal.is_(False), sees_internal(user)))
    )
    page = paging.page(query, paging.Order(SORTS, "comment_date", Comment.commentid, cursor), limit)
    hidden = hides_people(user, repair)
    return {"items": [_as_json(row, hidden) for row in page.rows], "next_cursor": page.next_cursor}


def create(user, requestid, message, is_internal=False, idempotency_key=None):
    """Add a comment to a visible request. Raises NotFound, Forbidden, Invalid."""
    body = {"requestid": requestid, "message": message, "is_internal": is_internal}
    return idempotency.run_once(user, "create_comment", idempotency_key, body, lambda: _create(user, **body))


def _create(user, requestid, message, is_internal):
    repair = find_visible(user, requestid)
    rules.enforce(rules.comment_internal(user, repair) if is_internal else rules.comment(user, repair))
    comment = Comment(
        requestid=requestid,
        masterid=user.user_id,
        message=message,
        is_internal=is_internal,
        comment_date=now(),
    )
    db.session.add(comment)
    db.session.flush()
    value = {"commentid": comment.commentid, "is_internal": is_internal}
    record_event(repair, user, "comment", to_value=value, comment=message, is_internal=is_internal)
    db.session.flush()
    return _shown(comment, user.fullname, user.user_type)


def _as_json(row, people_hidden):
    hide_name = people_hidden and row.user_type == Role.CLIENT
    return _shown(row, None if hide_name else row.fullname, row.user_type)


def _shown(comment, fullname, user_type):
    return {
        "commentid": comment.commentid,
        "requestid": comment.requestid,
        "masterid": comment.masterid,
        "message": comment.message,
        "is_internal": comment.is_internal,
        "comment_date": comment.comment_date,
        "author": {"user_id": comment.masterid, "fullname": fullname, "user_type": user_type},
    }
