"""Public configuration, feedback QR code, health, the OpenAPI document and its page."""

from io import BytesIO

import segno
from apiflask import APIBlueprint
from flask import Response, current_app, jsonify

import database
from routes.http import openapi
from routes.http.answers import answers
from routes.shapes.settings import Health, PublicConfig
from services.common.errors import NotFound
from services.requests import rules
from services.shop import public_config as shop_config
from services.shop import settings as shop_settings

meta_bp = APIBlueprint("meta", __name__, url_prefix="/api")


@meta_bp.get("/config")
@answers(PublicConfig)
def public_config():
    """Return the organisation, value lists, moves between statuses and password rules."""
    return shop_config.public_config() | {"moves": rules.public_moves()}


@meta_bp.get("/feedback/qr.svg")
@answers({"type": "string"}, media_type="image/svg+xml")
def feedback_qr():
    """Return a QR code of the feedback form."""
    url = shop_settings.feedback_url()
    if not url:
        raise NotFound("Форма отзывов не настроена")
    image = BytesIO()
    segno.make(url, error="m").save(image, kind="svg", scale=4, border=4, light="#fff")
    return image.getvalue(), 200, {"Content-Type": "image/svg+xml; charset=utf-8"}


@meta_bp.get("/health")
@answers(Health)
def health():
    """Report that the process answers."""
    return {"status": "ok"}


@meta_bp.get("/health/ready")
@answers(Health)
def ready():
    """Report that the database answers."""
    database.ping()
    return {"status": "ok"}


@meta_bp.get("/openapi.json")
@answers({"type": "object"})
def openapi_document():
    """Return the OpenAPI document."""
    return jsonify(openapi.document(current_app))


@meta_bp.get("/docs")
@answers({"type": "string"}, media_type="text/html")
def docs():
    """Return a page to read and try the API; it works without internet."""
    return Response(current_app.extensions["front_end"].page("api-docs.html"), mimetype="text/html")
