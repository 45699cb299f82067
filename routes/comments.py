"""Comments on requests."""

from apiflask import APIBlueprint

from middleware.auth_middleware import require_auth
from routes.http.answers import answers
from routes.http.inputs import IDEMPOTENCY_KEY, idempotency_key, reads_header
from routes.shapes.comments import CommentAnswer, CommentList, CommentPage, NewComment
from services.requests import comments

comments_bp = APIBlueprint("comments", __name__, url_prefix="/api/comments")


@comments_bp.get("/")
@require_auth
@answers(CommentPage)
@comments_bp.input(CommentList, location="query", arg_name="query")
def list_comments(current_user, query):
    """List the comments of a request, oldest first."""
    return comments.list_comments(current_user, query.requestid, query.limit, query.cursor)


@comments_bp.post("/")
@require_auth
@answers(CommentAnswer, 201)
@reads_header(IDEMPOTENCY_KEY)
@comments_bp.input(NewComment, arg_name="body")
def create_comment(current_user, body):
    """Add a comment."""
    return comments.create(current_user, **dict(body), idempotency_key=idempotency_key()), 201
