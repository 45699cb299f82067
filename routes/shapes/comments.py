"""Comments on a repair request."""

from datetime import datetime

from routes.shapes.base import Body, Page, Paging, as_answer
from routes.shapes.fields import Id, LongText, QueryId
from routes.shapes.people import Person


class NewComment(Body):
    requestid: Id
    message: LongText
    is_internal: bool = False


class CommentAnswer(as_answer(NewComment)):
    commentid: int
    masterid: int
    comment_date: datetime
    author: Person


class CommentList(Paging):
    requestid: QueryId


class CommentPage(Page):
    items: list[CommentAnswer]
