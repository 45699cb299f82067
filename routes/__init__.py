"""Blueprints of the API, one per resource."""

import routes.http.inputs  # noqa: F401  registers the strict reader of bodies before any route names a schema
from routes.audit import audit_bp
from routes.auth import auth_bp
from routes.comments import comments_bp
from routes.events import events_bp
from routes.meta import meta_bp
from routes.requests import requests_bp
from routes.settings import settings_bp
from routes.statistics import statistics_bp
from routes.users import users_bp

BLUEPRINTS = (
    auth_bp,
    users_bp,
    requests_bp,
    comments_bp,
    events_bp,
    statistics_bp,
    settings_bp,
    audit_bp,
    meta_bp,
)
