"""`logs/app.log`: the manual's format, one line per request, with the id of the answer."""

import logging
import re
import subprocess
import sys

import pytest

from app import create_app
from config import ROOT
from middleware import request_log
from models import Role

LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - (DEBUG|INFO|WARNING|ERROR|CRITICAL) - .+")


@pytest.fixture
def log_file(settings, tmp_path):
    """(client, log file) of an application with its own log file."""
    file = tmp_path / "журнал" / "app.log"
    before = logging.getLogger().handlers[:]
    app = create_app(settings | {"LOG_FILE": str(file)})
    yield app.test_client(), file
    for handler in set(logging.getLogger().handlers) - set(before):
        logging.getLogger().removeHandler(handler)
        handler.close()


def test_lines_are_those_of_the_manual(log_file):
    client, file = log_file
    client.get("/api/health")
    client.get("/api/requests/")
    lines = file.read_text(encoding="utf-8").splitlines()
    assert len(lines) >= 2
    assert all(LINE.fullmatch(line) for line in lines), lines


def test_answer_s_id_is_in_the_log(log_file):
    client, file = log_file
    request_id = client.get("/api/requests/").headers["X-Request-ID"]
    (line,) = (line for line in file.read_text(encoding="utf-8").splitlines() if request_id in line)
    assert "GET /api/requests/ 401" in line


def test_line_tells_who_called_from_where(log_file, make):
    client, file = log_file
    user = make.user(Role.MASTER)
    client.get("/api/auth/me", headers={"Authorization": f"Bearer {make.token(user)}"})
    assert f"user={user.user_id} from=127.0.0.1" in file.read_text(encoding="utf-8")


def test_given_id_is_kept_where_it_is_harmless(client):
    for given in ("abcdef12", "A.b-c_9" * 9):
        assert client.get("/api/health", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given
    for given in ("short", "x" * 65, "a b c d e f", "abcdefgh\tx", "идентификатор", "<script>alert", "a" * 8 + "%0a"):
        answer = client.get("/api/health", headers={"X-Request-ID": given.encode().decode("latin-1")})
        assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-ID"])


def test_every_answer_has_an_id_of_its_own(client):
    paths = ["/api/health", "/api/nope", "/api/requests/", "/nope"]
    ids = [client.get(path).headers["X-Request-ID"] for path in paths * 3]
    assert len(set(ids)) == len(ids)


def test_nobody_writes_lines_into_the_log(log_file):
    client, file = log_file
    client.get("/api/%0d%0a2026-01-01 00:00:00,000 - INFO - forged")
    client.get("/api/x%E2%80%A8forged", headers={"X-Request-ID": "forged\t- INFO"})
    for line in file.read_text(encoding="utf-8").splitlines():
        assert LINE.fullmatch(line), line


def test_log_tells_no_secrets(log_file, make):
    client, file = log_file
    user = make.user()
    token = make.token(user)
    client.post("/api/auth/login", json={"email": user.email, "password": "Taynyj-Parol-1"})
    client.get(f"/api/auth/me?token={token}", headers={"Authorization": f"Bearer {token}"})
    text = file.read_text(encoding="utf-8")
    assert "Taynyj" not in text and token not in text and user.email not in text


def test_log_that_is_moved_away_is_begun_anew(log_file):
    client, file = log_file
    client.get("/api/health")
    file.rename(file.with_suffix(".1"))
    client.get("/api/health")
    assert "GET /api/health 200" in file.read_text(encoding="utf-8")


def test_log_that_cannot_be_written_does_not_stop_the_program(settings, tmp_path):
    (tmp_path / "file").write_text("")
    before = logging.getLogger().handlers[:]
    client = create_app(settings | {"LOG_FILE": str(tmp_path / "file" / "app.log")}).test_client()
    assert client.get("/api/health").status_code == 200
    for handler in set(logging.getLogger().handlers) - set(before):
        logging.getLogger().removeHandler(handler)


def test_one_file_is_opened_once_for_several_applications(settings, tmp_path):
    before = logging.getLogger().handlers[:]
    for _ in range(3):
        create_app(settings | {"LOG_FILE": str(tmp_path / "app.log")})
    new = [handler for handler in logging.getLogger().handlers if handler not in before]
    assert len(new) == 1
    logging.getLogger().removeHandler(new[0])
    new[0].close()


def test_format_is_that_of_the_manual_s_snippet(tmp_path):
    """The code of the manual's chapter 7.1 writes lines in the same format."""
    snippet = (
        "import logging\n"
        "logging.basicConfig(filename='app.log', level=logging.INFO,"
        " format='%(asctime)s - %(levelname)s - %(message)s')\n"
        "logging.info('GET /')\n"
    )
    subprocess.run([sys.executable, "-c", snippet], cwd=tmp_path, check=True)
    assert LINE.fullmatch((tmp_path / "app.log").read_text().strip())
    assert request_log.FORMAT == "%(asctime)s - %(levelname)s - %(message)s"
    assert ROOT.exists()
