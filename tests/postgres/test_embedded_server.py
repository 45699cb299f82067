"""The embedded PostgreSQL: real starts, kills and parallel users, each in a new folder."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import psutil
import psycopg2
import pytest

from postgres import embedded_server
from postgres.embedded_server import EmbeddedServer, EmbeddedServerError, ensure_database_url
from tests.kit.clusters import copy_cluster

ROOT = Path(embedded_server.__file__).parent.parent

# Another process that uses the server until it gets a line on stdin or is killed.
USER_OF_THE_SERVER = """
import sys
from postgres.embedded_server import EmbeddedServer
with EmbeddedServer(sys.argv[1], durable=False) as server:
    print(server.url(), flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folder():
    """A new folder with a short path: socket paths are limited, and pytest's paths are long."""
    with tempfile.TemporaryDirectory(prefix="pg-") as path:
        yield Path(path) / "postgres"


@pytest.fixture
def made(folder, template_cluster):
    """Copy a cluster to `folder`: copying is several times faster than initdb."""
    copy_cluster(template_cluster, folder)


def query(url, sql):
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else None


def postmaster(folder):
    """Return the running server of `folder` as a process, or None."""
    pid_file = folder / "cluster" / "postmaster.pid"
    if not pid_file.exists():
        return None
    pid = int(pid_file.read_text().split()[0])
    return psutil.Process(pid) if is_alive(pid) else None


def is_alive(pid):
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def another_process(folder):
    process = subprocess.Popen(
        [sys.executable, "-c", USER_OF_THE_SERVER, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    return process


def url_of(process):
    """Return the URL once the process has its server; earlier lines are messages for the user."""
    for line in process.stdout:
        if line.startswith("postgresql://"):
            return line.strip()
    raise AssertionError("the process ended without a server")


def leave(process):
    process.communicate(timeout=60)
    assert process.returncode == 0


def test_new_folder_becomes_a_database_that_knows_russian(folder):
    with EmbeddedServer(folder, durable=False) as server:
        query(server.url(), "CREATE EXTENSION pg_trgm")
        assert query(server.url(), "SELECT 'ХОЛОДИЛЬНИК' ILIKE '%холод%', lower('ЁЛКА')") == [(True, "ёлка")]
        assert query(server.url(), "SELECT similarity('Холодильник', 'холодильники') > 0.5") == [(True,)]
        vectors = query(server.url(), "SELECT to_tsvector('Холодильники') @@ to_tsquery('холодильник')")
        assert vectors == [(True,)]


@pytest.mark.usefixtures("made")
def test_data_survive_a_restart_and_nothing_keeps_running(folder):
    with EmbeddedServer(folder) as server:
        query(server.url(), "CREATE TABLE kept AS SELECT 'да' AS word")
    assert postmaster(folder) is None
    with EmbeddedServer(folder) as server:
        assert query(server.url(), "SELECT word FROM kept") == [("да",)]
        assert query(server.url(), "SHOW fsync") == [("on",)]


@pytest.mark.usefixtures("made")
def test_application_is_not_a_superuser_but_may_make_databases(folder):
    with EmbeddedServer(folder, durable=False) as server:
        rights = query(server.url(), "SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user")
        assert rights == [(False, True)]


@pytest.mark.skipif(os.name == "nt", reason="Windows has TCP only")
@pytest.mark.usefixtures("made")
def test_server_listens_on_its_private_socket_only(folder):
    with EmbeddedServer(folder, durable=False):
        listening = [c for c in postmaster(folder).net_connections("inet") if c.status == psutil.CONN_LISTEN]
        assert listening == []
        assert stat.S_IMODE((folder / "cluster").stat().st_mode) == 0o700


def test_tcp_needs_the_password_of_a_private_file(folder):
    with EmbeddedServer(folder, durable=False, tcp=True) as server:
        assert query(server.url(), "SELECT 1") == [(1,)]
        password = folder / "password"
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            query(server.url().replace(password.read_text(), "wrong"), "SELECT 1")
        if os.name != "nt":
            assert stat.S_IMODE(password.stat().st_mode) == 0o600


@pytest.mark.skipif(os.name == "nt", reason="Windows has TCP only")
def test_socket_of_a_deep_folder_lies_in_a_short_private_one(folder):
    deep = folder / ("ремонт-" * 10)
    with EmbeddedServer(deep, durable=False) as server:
        assert query(server.url(), "SELECT 1") == [(1,)]
        socket_folder = server._address[0]
        assert stat.S_IMODE(socket_folder.stat().st_mode) == 0o700
        assert socket_folder.parent == Path("/tmp")
    assert not socket_folder.exists()


@pytest.mark.usefixtures("made")
def test_last_user_stops_the_server(folder):
    first, second = another_process(folder), another_process(folder)
    assert url_of(first) == url_of(second)
    leave(first)
    assert postmaster(folder) is not None
    leave(second)
    assert postmaster(folder) is None


@pytest.mark.usefixtures("made")
def test_orphan_of_a_killed_program_is_adopted_and_stopped(folder):
    killed = another_process(folder)
    url = url_of(killed)
    query(url, "CREATE TABLE kept AS SELECT 1 AS number")
    killed.kill()
    killed.communicate()
    orphan = postmaster(folder)
    with EmbeddedServer(folder, durable=False) as server:
        assert postmaster(folder) == orphan
        assert query(server.url(), "SELECT number FROM kept") == [(1,)]
    assert not is_alive(orphan.pid)


@pytest.mark.usefixtures("made")
def test_killed_server_recovers(folder):
    program = another_process(folder)
    query(url_of(program), "SET synchronous_commit = on; CREATE TABLE kept AS SELECT 1 AS number")
    postmaster(folder).kill()
    program.kill()
    program.communicate()
    with EmbeddedServer(folder, durable=False) as server:
        assert query(server.url(), "SELECT number FROM kept") == [(1,)]


@pytest.mark.usefixtures("made")
def test_process_number_that_another_program_has_now_is_no_server(folder):
    with EmbeddedServer(folder, durable=False):
        lines = (folder / "cluster" / "postmaster.pid").read_text().splitlines()
        lock = Path(lines[4] or folder / "cluster") / ".s.PGSQL.5432.lock"
    stale = "\n".join([str(os.getpid()), *lines[1:]]) + "\n"
    (folder / "cluster" / "postmaster.pid").write_text(stale)
    lock.write_text(stale)
    with EmbeddedServer(folder, durable=False) as server:
        assert query(server.url(), "SELECT 1") == [(1,)]


def test_interrupted_creation_is_begun_anew(folder):
    half = folder / "cluster.unfinished"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with EmbeddedServer(folder, durable=False) as server:
        assert query(server.url(), "SELECT 1") == [(1,)]
    assert not half.exists()


@pytest.mark.usefixtures("made")
def test_data_of_another_version_are_not_touched(folder):
    (folder / "cluster" / "PG_VERSION").write_text("14\n")
    before = sorted((path.name, path.stat().st_mtime_ns) for path in (folder / "cluster").rglob("*"))
    with pytest.raises(EmbeddedServerError, match=r"созданы PostgreSQL 14, а установлен PostgreSQL 18"):
        EmbeddedServer(folder, durable=False).start()
    assert before == sorted((path.name, path.stat().st_mtime_ns) for path in (folder / "cluster").rglob("*"))


@pytest.mark.usefixtures("made")
def test_failed_start_tells_the_words_of_postgresql(folder):
    with (folder / "cluster" / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")
    with pytest.raises(EmbeddedServerError, match=r"(?s)не запускается.*no_such_setting"):
        EmbeddedServer(folder, durable=False).start()


def test_full_disk_and_missing_rights_are_told_in_russian(folder):
    in_russian = embedded_server._errors_in_russian
    with pytest.raises(EmbeddedServerError, match="На диске нет места"), in_russian(folder):
        raise OSError(28, "No space left on device")
    with pytest.raises(EmbeddedServerError, match=r"Нет прав на «/data»"), in_russian(folder):
        raise PermissionError(13, "Permission denied", "/data")


@pytest.mark.skipif(os.name == "nt", reason="Windows has process groups of another kind")
@pytest.mark.usefixtures("made")
def test_ctrl_c_in_the_terminal_does_not_reach_the_database(folder):
    with EmbeddedServer(folder, durable=False):
        assert os.getsid(postmaster(folder).pid) != os.getsid(0)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root has to change its user")
@pytest.mark.usefixtures("made")
def test_root_opens_a_closed_parent_for_passage_only_and_says_so(folder):
    said = []
    folder.parent.chmod(0o700)
    with EmbeddedServer(folder, durable=False, say=said.append):
        assert postmaster(folder).username() == embedded_server.SYSTEM_USER
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o701
    assert [line for line in said if str(folder.parent) in line and "право прохода" in line]
    with EmbeddedServer(folder, durable=False, say=said.append):
        assert len([line for line in said if str(folder.parent) in line]) == 1


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can copy for another user")
@pytest.mark.usefixtures("made")
def test_data_that_root_copied_work(folder):
    with EmbeddedServer(folder, durable=False) as server:
        query(server.url(), "CREATE TABLE kept AS SELECT 1 AS number")
    copy = folder.with_name("copy")
    subprocess.run(["cp", "-r", folder, copy], check=True)
    assert (copy / "cluster").stat().st_uid == 0
    with EmbeddedServer(copy, durable=False) as server:
        assert query(server.url(), "SELECT number FROM kept") == [(1,)]


def test_database_of_the_settings_is_taken_as_it_is(folder):
    assert ensure_database_url("postgresql://shop/db", folder) == "postgresql://shop/db"
    assert not folder.exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no fork")
@pytest.mark.usefixtures("made")
def test_fork_of_the_program_does_not_stop_the_server_but_its_exit_does(folder):
    script = """
import os, sys
from postgres.embedded_server import ensure_database_url
url = ensure_database_url("", sys.argv[1])
assert url == ensure_database_url("", sys.argv[1])
child = os.fork()
if not child:
    sys.exit(0)
os.waitpid(child, 0)
assert os.path.exists(sys.argv[1] + "/cluster/postmaster.pid")
os.kill(os.getpid(), int(sys.argv[2]))
"""
    command = [sys.executable, "-c", script, str(folder), str(int(signal.SIGINT))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert "KeyboardInterrupt" in done.stderr
    assert postmaster(folder) is None
