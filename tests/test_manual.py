"""The owner's manual, chapter by chapter: each command and claim as a test."""

import json
import logging
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from sqlalchemy.engine import make_url
from werkzeug.security import check_password_hash, generate_password_hash

from app import create_app
from config import DEFAULTS, ROOT
from database import db, init_db
from middleware.auth_middleware import require_auth
from models import Role, User
from services.common import password_policy
from tests.kit import pg_programs
from tests.kit.factories import PASSWORD
from tools.local_server import SECRET_KEY, free_port, run_server, stop_server

MANUAL_FILES = [
    *("app.py", "config.py", "database.py", "requirements.txt", "technic_bd.sql", ".env.example"),
    *("routes/auth.py", "routes/users.py", "routes/requests.py", "routes/comments.py", "routes/statistics.py"),
    *("models/user.py", "models/request.py", "models/comment.py", "middleware/auth_middleware.py"),
    *("services/statistics_service.py", "tests/test_windows.py"),
    *("frontend/index.html", "frontend/dashboard.html", "frontend/statistics.html", "frontend/css/style.css"),
    *("frontend/js/config.js", "frontend/js/auth.js", "frontend/js/requests.js", "frontend/js/users.js"),
]

MANUAL_COLUMNS = {
    "users": "user_id fullname email user_type password_hash",
    "repair_requests": "requestid clientid masterid project techtype techmodel problemdescription requeststatus "
    "startdate completiondate",
    "comments": "commentid requestid masterid message comment_date",
}


def python(script, **environment):
    """Run a script with `python`, as the administrator would; return its output."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ | {"FLASK_ENV": "production", "SECRET_KEY": SECRET_KEY, "LOG_FILE": ""} | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def curl(url):
    """Status and JSON of a GET, as curl would show them."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


# 3.1, 3.2


def test_the_packages_that_the_manual_installs_are_locked():
    locked = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    wanted = ("flask", "flask-sqlalchemy", "psycopg2-binary", "pyjwt", "werkzeug", "python-dotenv", "gunicorn")
    assert [name for name in (*wanted, "pytest") if not re.search(rf"(?m)^{name}==", locked)] == []
    assert "://" not in locked, "a lock names no registry"


def test_the_manuals_settings_are_in_the_example():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    for key in ("FLASK_ENV", "SECRET_KEY", "DATABASE_URL", "FEEDBACK_FORM_URL", "DEBUG"):
        assert re.search(rf"(?m)^{key}=", example)
    assert set(re.findall(r"(?m)^([A-Z_]+)=", example)) == set(DEFAULTS)


# 3.3


def test_the_database_is_made_as_the_manual_says(make_database):
    url = make_database()
    pg_programs.psql(url, (ROOT / "technic_bd.sql").read_text(encoding="utf-8"))
    before = pg_programs.dump_schema(url)
    script = "from app import create_app\napp = create_app()\nfrom database import init_db\ninit_db(app)\n"
    python(script, DATABASE_URL=url)
    assert pg_programs.dump_schema(url) == before, "after technic_bd.sql there is nothing to change"


def test_an_empty_database_is_completed_by_init_db_to_the_same(make_database):
    by_script, by_program = make_database(), make_database()
    pg_programs.psql(by_script, (ROOT / "technic_bd.sql").read_text(encoding="utf-8"))
    python("from app import create_app; app = create_app(); from database import init_db; init_db(app)",
           DATABASE_URL=by_program)  # fmt: skip
    assert pg_programs.dump_schema(by_program) == pg_programs.dump_schema(by_script)


# 3.4


@pytest.mark.parametrize(
    "command",
    [
        ["app.py"],
        ["-m", "gunicorn", "--bind", "127.0.0.1:{port}", "app:create_app()"],
        ["-m", "waitress", "--listen", "127.0.0.1:{port}", "--call", "app:create_app"],
    ],
    ids=["python app.py", "gunicorn", "waitress"],
)
def test_each_command_serves_page_and_api(app, settings, command):
    port = free_port()
    environment = os.environ | {key: str(value) for key, value in settings.items() if key != "TESTING"}
    environment |= {"PORT": str(port), "HOST": "127.0.0.1"}
    arguments = [part.format(port=port) for part in command]
    server = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environment, start_new_session=True)
    try:
        assert until_answer(f"http://127.0.0.1:{port}/api/requests/", 401)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as page:
            assert "Техник" in page.read().decode("utf-8")
    finally:
        server.terminate()
        server.wait(timeout=30)


def until_answer(url, status, seconds=30):
    """Wait until the URL answers with the status; return False after the time limit."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if curl(url)[0] == status:
                return True
        except (OSError, ValueError):
            pass
        time.sleep(0.1)
    return False


# 4, 5.1


@pytest.mark.parametrize("name", MANUAL_FILES)
def test_the_project_is_laid_out_as_the_manual_shows(name):
    assert (ROOT / name).is_file()


@pytest.mark.parametrize("table", MANUAL_COLUMNS)
def test_the_tables_have_the_manuals_columns(app, table):
    with app.app_context():
        columns = {column["name"] for column in db.inspect(db.engine).get_columns(table)}
    assert set(MANUAL_COLUMNS[table].split()) <= columns


# 5.2, 5.3


def test_a_backup_restores_everything(app, settings, make, make_database):
    repair = make.request(techmodel="Ладомир ТА112 белый")
    make.comment(repair, make.user(Role.MASTER))
    make.event(repair, None, "created")
    source, target = settings["DATABASE_URL"], make_database()
    database = make_url(source).database
    copy = pg_programs.run(source, "pg_dump", "--no-owner", database)
    pg_programs.psql(target, copy)
    everything = (
        "SELECT count(*) FROM users; SELECT techmodel FROM repair_requests; SELECT message FROM comments;"
        "SELECT kind FROM request_events; SELECT version_num FROM alembic_version;"
    )
    assert pg_programs.psql(target, everything) == pg_programs.psql(source, everything)
    assert pg_programs.psql(target, "SELECT search @@ to_tsquery('simple', 'ладомир') FROM repair_requests;") == "t\n"


def test_size_and_connections_can_be_asked(app, settings):
    url = settings["DATABASE_URL"]
    name = make_url(url).database
    with app.app_context():
        db.session.execute(db.text("SELECT 1"))
        assert re.search("[0-9]", pg_programs.psql(url, f"SELECT pg_size_pretty(pg_database_size('{name}'));"))
        activity = pg_programs.psql(url, f"SELECT application_name FROM pg_stat_activity WHERE datname = '{name}';")
    assert "technic" in activity.split("\n")


# 6.1, 6.2, 6.3


def test_the_roles_are_the_manuals():
    assert [role.value for role in Role] == ["Клиент", "Мастер", "Менеджер", "Администратор"]


def test_the_shell_has_the_names_that_the_manual_uses(app):
    with app.app_context():
        names = app.make_shell_context()
    assert {"app", "db", "User", "RepairRequest", "Comment"} <= set(names)


def test_a_user_made_in_the_shell_must_change_a_weak_password_at_the_first_login(app, client):
    with app.app_context():
        new_user = User(
            fullname="Иван Петров", email="ivan@example.com", user_type="Мастер", password="hashed_password"
        )
        db.session.add(new_user)
        db.session.commit()
    answer = client.post("/api/auth/login", json={"email": "ivan@example.com", "password": "hashed_password"}).json
    assert answer["password_expired"] is True
    bearer = {"Authorization": f"Bearer {answer['token']}"}
    refused = client.get("/api/requests/", headers=bearer)
    assert (refused.status_code, refused.json["code"]) == (403, "password_expired")
    change = {"old_password": "hashed_password", "new_password": PASSWORD}
    fresh = client.post("/api/auth/change-password", json=change, headers=bearer).json["token"]
    assert client.get("/api/requests/", headers={"Authorization": f"Bearer {fresh}"}).status_code == 200


def test_a_user_made_in_the_shell_with_a_good_password_just_signs_in(app, client):
    with app.app_context():
        db.session.add(User(fullname="Иван Петров", email="i@example.com", user_type="Мастер", password=PASSWORD))
        db.session.commit()
    answer = client.post("/api/auth/login", json={"email": "i@example.com", "password": PASSWORD})
    assert "password_expired" not in answer.json


def test_the_manuals_guard_lets_masters_and_managers_pass(settings, make):
    """On a new application, because Flask accepts no routes after the first request."""
    app = create_app(settings)

    @app.get("/api/protected")
    @require_auth
    def protected_route(current_user):
        if current_user.get("user_type") not in ["Мастер", "Менеджер"]:
            return {"error": "Недостаточно прав"}, 403
        return {"fullname": current_user.get("fullname")}

    def answer(role):
        token = make.token(make.user(role))
        return app.test_client().get("/api/protected", headers={"Authorization": f"Bearer {token}"}).status_code

    statuses = {role.value: answer(role) for role in Role}
    assert statuses == {"Клиент": 403, "Мастер": 200, "Менеджер": 200, "Администратор": 403}
    assert app.test_client().get("/api/protected").status_code == 401


# 7.1, 7.2, 7.3


def test_the_log_has_the_manuals_line_format(settings, tmp_path):
    log = tmp_path / "logs" / "app.log"
    app = create_app(settings | {"LOG_FILE": str(log)})
    try:
        number = app.test_client().get("/api/requests/").headers["X-Request-ID"]
        lines = [line for line in log.read_text(encoding="utf-8").splitlines() if number in line]
    finally:
        _close_log(log)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - INFO - GET /api/requests/ 401 .*", lines[0])


def _close_log(path):
    for handler in list(logging.getLogger().handlers):
        if getattr(handler, "baseFilename", None) == str(path):
            logging.getLogger().removeHandler(handler)
            handler.close()


@pytest.mark.parametrize("path", ["/api/requests/", "/api/statistics/", "/api/comments", "/api/comments/"])
def test_the_checks_of_the_manual_answer_401_without_a_token(live_server, path):
    assert curl(live_server.url + path)[0] == 401


def test_without_its_database_the_program_answers_503_within_three_seconds_and_recovers(own_postgres, settings):
    with own_postgres as database:
        own = settings | {"DATABASE_URL": database.url()}
        init_db(create_app(own))
        server = run_server(own, WEB_CONCURRENCY="1")
        try:
            urls = [server.url + path for path in ("/api/requests/", "/api/statistics/")]
            assert [curl(url)[0] for url in urls] == [401, 401]
            database.stop()
            for url in urls:
                started = time.monotonic()
                assert curl(url) == (503, {"error": _UNAVAILABLE, "code": "unavailable"})
                assert time.monotonic() - started < 3
            database.start()
            assert all(until_answer(url, 401, seconds=5) for url in urls)
        finally:
            stop_server(server)


_UNAVAILABLE = "База данных временно недоступна. Попробуйте ещё раз"


def test_an_expired_token_is_told_and_a_new_one_comes_from_login(app, client, make):
    user = make.user()
    past = datetime.now(UTC) - timedelta(hours=25)
    claims = {"sub": str(user.user_id), "jti": "x" * 32, "iat": past, "exp": past + timedelta(hours=24)}
    old = jwt.encode(claims, SECRET_KEY, algorithm="HS256")
    answer = client.get("/api/requests/", headers={"Authorization": f"Bearer {old}"})
    assert (answer.status_code, answer.json["code"]) == (401, "token_expired")
    fresh = client.post("/api/auth/login", json={"email": user.email, "password": PASSWORD}).json["token"]
    assert client.get("/api/requests/", headers={"Authorization": f"Bearer {fresh}"}).status_code == 200


# 8.1


def test_an_update_of_a_database_with_data_keeps_it(make_database):
    url = make_database()
    settings = {"DATABASE_URL": url}
    python("from app import create_app; from flask_migrate import upgrade\n"
           "with create_app().app_context(): upgrade(revision='0001')", **settings)  # fmt: skip
    pg_programs.psql(url, _OLD_ROWS)
    python("from app import create_app; from database import init_db; init_db(create_app())", **settings)
    assert pg_programs.psql(url, "SELECT search @@ 'иванова'::tsquery FROM repair_requests;") == "t\n"
    assert pg_programs.psql(url, "SELECT n FROM request_counts WHERE scope = 0;") == "1\n"


_OLD_ROWS = """
INSERT INTO users (fullname, email, user_type, password_hash) VALUES ('Иванова Анна', 'a@example.org', 'Клиент', '-');
INSERT INTO repair_requests (clientid, techtype, techmodel, problemdescription) VALUES (1, 'Фен', 'ТА112', 'Не греет');
"""


# 9


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("Verno-Parol-7", True),
        ("Kor-7pw", False),
        ("verno-parol-7", False),
        ("VERNO-PAROL-7", False),
        ("Verno-Parol-x", False),
        ("VernoParol777", False),
    ],
)
def test_the_password_policy_is_the_manuals(password, good):
    assert (password_policy.problem_with(password) is None) == good


def test_passwords_change_every_ninety_days(app, client, make):
    old = datetime.now(UTC) - timedelta(days=91)
    user = make.user(password_changed_at=old)
    answer = client.post("/api/auth/login", json={"email": user.email, "password": PASSWORD}).json
    assert answer["password_expired"] is True
    young = make.user(password_changed_at=old + timedelta(days=2))
    answer = client.post("/api/auth/login", json={"email": young.email, "password": PASSWORD}).json
    assert "password_expired" not in answer


def test_hashes_are_werkzeugs(app, make, client):
    hashed = generate_password_hash("password123")
    assert check_password_hash(hashed, "password123")
    user = make.user(password=generate_password_hash(PASSWORD))
    assert client.post("/api/auth/login", json={"email": user.email, "password": PASSWORD}).status_code == 200
    with app.app_context():
        assert check_password_hash(db.session.get(User, user.user_id).password_hash, PASSWORD)


def test_a_token_lives_24_hours_and_travels_in_the_header_only(client, make):
    user = make.user()
    answer = client.post("/api/auth/login", json={"email": user.email, "password": PASSWORD}).json
    claims = jwt.decode(answer["token"], SECRET_KEY, algorithms=["HS256"])
    assert claims["exp"] - claims["iat"] == 24 * 3600
    assert client.get(f"/api/requests/?token={answer['token']}").status_code == 401
