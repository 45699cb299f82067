"""Temporary demo shop for tools: embedded database, demo data, the real server."""

import json
import tempfile
import urllib.request
from contextlib import contextmanager
from types import SimpleNamespace

from app import create_app
from database import init_db
from postgres.embedded_server import EmbeddedServer
from services.demo.shop import fill
from tools.local_server import SECRET_KEY, run_server, stop_server


@contextmanager
def demo_shop(say=print):
    """Yield `.url` and `.accounts` (role → e-mail and password) of a shop that is deleted at the end."""
    with tempfile.TemporaryDirectory(prefix="technic-demo-") as folder:
        say("Готовлю пример мастерской…")
        with EmbeddedServer(f"{folder}/postgres", durable=False) as database:
            settings = {"FLASK_ENV": "production", "SECRET_KEY": SECRET_KEY, "DATABASE_URL": database.url()}
            settings |= {"LOG_FILE": "", "FEEDBACK_FORM_URL": "https://forms.example.org/otzyv"}
            accounts = _fill(settings)
            server = run_server(settings)
            try:
                yield SimpleNamespace(url=server.url, accounts=accounts)
            finally:
                stop_server(server)


def sign_in(shop, role):
    """Sign in by the API; return the session as the pages keep it in localStorage."""
    account = shop.accounts[role]
    body = json.dumps({"email": account.email, "password": account.password}).encode()
    request = urllib.request.Request(shop.url + "/api/auth/login", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def _fill(settings):
    app = create_app(settings)
    init_db(app)
    with app.app_context():
        accounts = {account.user_type: account for account in fill()}
    return accounts
