"""Comments on a repair request."""

from datetime import datetime

from routes.shapes.base import Answer, Body, Page, Paging
from routes.shapes.fields import Id, LongText, QueryId
from routes.shapes.people import Person


class NewComment(Body):
    requestid: Id
    message: LongText
    is_internal: bool = False


class CommentList(Paging):
    requestid: QueryId


class CommentAnswer(Answer):
    commentid: int
    requestid: int
    masterid: int
    message: str
    is_internal: bool
    comment_date: datetime
    author: Person


class CommentPage(Page):
    items: list[CommentAnswer]
