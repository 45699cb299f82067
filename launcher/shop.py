"""Preparation of the shop: settings file, database, schema, demo data."""

import contextlib
import os
import re
import secrets

from launcher.process import ROOT, Stop


def write_env_file():
    """Write .env from its example with a new secret key, unless the file exists."""
    target = ROOT / ".env"
    if target.exists():
        return
    key = "SECRET_KEY=" + secrets.token_urlsafe(48)
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^SECRET_KEY=.*$", key, example)
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    print("Создан файл настроек .env со случайным SECRET_KEY.")


def settings_with(options):
    """Return all settings; the command line overrides the environment and `.env`."""
    from config import ConfigError, load_settings

    given = {name.upper(): options[name] for name in ("host", "port") if options[name] is not None}
    try:
        return load_settings(given)
    except ConfigError as error:
        raise Stop(str(error)) from None


@contextlib.contextmanager
def database(url):
    """Keep the database running while we serve; yield True for the embedded server."""
    if url:
        yield False
        return
    from config import INSTANCE_DIR
    from postgres.embedded_server import EmbeddedServer, EmbeddedServerError

    try:
        with EmbeddedServer(INSTANCE_DIR / "postgres") as server:
            # Child processes read the URL from the environment.
            os.environ["DATABASE_URL"] = server.url()
            yield True
    except EmbeddedServerError as error:
        raise Stop(str(error)) from None


def prepare_shop(demo):
    """Migrate the schema and fill an empty database with demo data."""
    from sqlalchemy.exc import OperationalError

    from app import create_app
    from database import init_db

    try:
        app = create_app()
        init_db(app)
        if demo:
            with app.app_context():
                _fill_empty_shop()
    except OperationalError as error:
        raise Stop(f"Нет связи с базой данных, проверьте DATABASE_URL в .env: {error.orig}") from None


def _fill_empty_shop():
    from database import db
    from models.user import User
    from services.demo.shop import fill

    if db.session.query(User.user_id).first():
        return
    print("Заполняю пустую базу примером мастерской…")
    accounts = fill()
    print("Учётные записи примера; пароли показаны один раз, запишите их:")
    width = max(len(account.email) for account in accounts)
    for account in accounts:
        print(f"  {account.user_type:<14} {account.email:<{width}}  {account.password}")
