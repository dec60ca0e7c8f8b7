"""A real PostgreSQL server for the tests: one cluster in a temporary folder, many databases.

PostgreSQL refuses to run as root. A test run that is root gives the data folder to an unprivileged user, copies the
package's binaries to where that user can read them, and runs the server as that user; no permission of a folder that
was there before is widened.

A guard process reads a pipe whose other end is the test run. When the pipe closes, because ``stop`` closed it or
because the test run died, even by SIGKILL, the guard ends the server if it still runs and removes the folder.
"""

import os
import pwd
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from tests.servers.installation import Installation, PostgresMissingError, find_installation

UNPRIVILEGED_USERS = ("nobody", "daemon", "postgres")
ENVIRONMENT = {"LC_ALL": "C", "PATH": os.defpath}
"""What PostgreSQL's programs see: none of the ``PG…`` variables of the person who runs the tests."""
READY_WITHIN = 30.0
"""Seconds until the server must be ready; it takes about one, the rest is for a busy machine."""
POLL = 0.01
PORT_ATTEMPTS = 5

# PostgreSQL removes its pid file last, so a pid that stands there is its own (negative: of a child of initdb).
GUARD = """
cat >/dev/null
file=$1/data/postmaster.pid
pid=$(head -n 1 "$file" 2>/dev/null) && pid=${pid#-}
case $pid in '' | *[!0-9]*) ;; *) kill -QUIT "$pid" ;; esac
tries=0
while [ -e "$file" ] && [ "$tries" -lt 200 ]; do sleep 0.05; tries=$((tries + 1)); done
rm -rf -- "$1" || { sleep 1; rm -rf -- "$1"; }
"""


class PostgresFailedError(Exception):
    """PostgreSQL is here but does not do what it was told; the message is what it said."""


class PostgresServer:
    """One cluster on 127.0.0.1, superuser ``postgres``, no password, reachable from this machine only."""

    def __init__(self, *, fsync: bool = True) -> None:
        self.installation = find_installation()
        self.fsync = fsync
        self.folder: Path | None = None
        self.port = 0
        self._user = _unprivileged_user()
        self._guard: subprocess.Popen[bytes] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and wait until it takes connections; after ``crash`` with its data and on its port."""
        if self._process:
            return
        try:
            if self.folder is None:
                self.folder = self._make_folder()
                self._make_cluster(self.folder)
            self._start_process(self.folder)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server and remove everything that it wrote."""
        self.crash()
        if self._guard:
            self._guard.communicate()
        self._guard, self.folder, self.port = None, None, 0

    def crash(self) -> None:
        """End the server at once, as a power cut would; its data stay for the next ``start``."""
        if self._process:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()
        self._process = None

    def create_database(self, name: str, template: str | None = None) -> None:
        """Make a database, a copy of ``template`` where one is given; nobody may be connected to the template."""
        self._administer("createdb", *(["--template", template] if template else []), "--", name)

    def drop_database(self, name: str) -> None:
        """Remove a database, if it is there, and end the connections to it."""
        self._administer("dropdb", "--if-exists", "--force", "--", name)

    def url(self, name: str) -> str:
        """The database as an SQLAlchemy URL."""
        return f"postgresql+asyncpg://postgres@127.0.0.1:{self.port}/{quote(name, safe='')}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def _make_folder(self) -> Path:
        """A folder of this process's user, with ``data`` inside for the user that runs the server."""
        folder = Path(tempfile.mkdtemp(prefix="shian-postgres-"))
        self._guard = subprocess.Popen(
            ["/bin/sh", "-c", GUARD, "guard", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,  # out of reach of the Ctrl-C that interrupts the test run
        )
        data = folder / "data"
        data.mkdir(mode=0o700)
        if self._user:
            folder.chmod(0o711)
            os.chown(data, self._user.pw_uid, self._user.pw_gid)
        return folder

    def _make_cluster(self, folder: Path) -> None:
        binaries = self._runnable(folder).binaries
        options = ["--username=postgres", "--encoding=UTF8", "--no-locale", "--auth=reject", "--no-sync"]
        process = self._spawn(folder, "initdb", [binaries / "initdb", *options, "-D", folder / "data"])
        try:
            failed = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        if failed:
            raise PostgresFailedError(_log_of(folder, "initdb"))
        (folder / "data" / "pg_hba.conf").write_text("host all all 127.0.0.1/32 trust\n")

    def _start_process(self, folder: Path) -> None:
        """Start on the port of before, else on a free one; where a stranger was quicker, on the next."""
        attempts = 1 if self.port else PORT_ATTEMPTS
        for attempt in range(1, attempts + 1):
            port = self.port or _free_port()
            options = [part for setting in self._settings(port) for part in ("-c", setting)]
            binary = self._runnable(folder).binaries / "postgres"
            self._process = self._spawn(folder, "postgres", [binary, "-D", folder / "data", *options])
            if _becomes_ready(self._process, folder / "data" / "postmaster.pid"):
                self.port = port
                return
            self._process = None
            said = _log_of(folder, "postgres")
            if attempt == attempts or "Address already in use" not in said:
                raise PostgresFailedError(said)

    def _settings(self, port: int) -> list[str]:
        durable = "on" if self.fsync else "off"
        return [
            f"port={port}",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=200",
            "timezone=UTC",
            "log_timezone=UTC",
            f"fsync={durable}",
            f"full_page_writes={durable}",
        ]

    def _runnable(self, folder: Path) -> Installation:
        """The installation that the server's user can run: as root a copy, made once, else the one that was found."""
        if self._user is None or self.installation.package is None:
            return self.installation
        copy = Installation(folder / self.installation.package.name / "pginstall" / "bin")
        return copy if copy.binaries.is_dir() else self.installation.copied_to(folder)

    def _spawn(self, folder: Path, log: str, command: list[str | Path]) -> subprocess.Popen[bytes]:
        """Start one of PostgreSQL's programs as the user that may, out of reach of the terminal's Ctrl-C."""
        with (folder / f"{log}.log").open("wb") as output:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=ENVIRONMENT,
                start_new_session=True,
                user=self._user.pw_uid if self._user else None,
                group=self._user.pw_gid if self._user else None,
                extra_groups=[] if self._user else None,
            )

    def _administer(self, program: str, *arguments: str) -> None:
        server = ["--host=127.0.0.1", f"--port={self.port}", "--username=postgres", "--no-password"]
        command: list[str | Path] = [self.installation.binaries / program, *server, *arguments]
        done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise PostgresFailedError(done.stderr.strip())


def _unprivileged_user() -> pwd.struct_passwd | None:
    """Whom to run the server as; none where this process is not root and runs it as itself."""
    if os.geteuid() != 0:
        return None
    users = {entry.pw_name: entry for entry in pwd.getpwall() if entry.pw_uid != 0}
    for name in UNPRIVILEGED_USERS:
        if name in users:
            return users[name]
    message = f"PostgreSQL refuses to run as root, and this machine has no user {' or '.join(UNPRIVILEGED_USERS)}."
    raise PostgresMissingError(message)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _becomes_ready(process: subprocess.Popen[bytes], pid_file: Path) -> bool:
    """Wait, as pg_ctl does, until PostgreSQL writes ``ready`` into its pid file; false when it ended instead."""
    give_up = time.monotonic() + READY_WITHIN
    while process.poll() is None:
        lines = pid_file.read_text().splitlines() if pid_file.exists() else []
        # A pid file that a crash left behind names another process.
        if lines and lines[0] == str(process.pid) and lines[-1].strip() == "ready":
            return True
        if time.monotonic() > give_up:
            process.kill()
            process.wait()
        time.sleep(POLL)
    return False


def _log_of(folder: Path, program: str) -> str:
    return (folder / f"{program}.log").read_text(errors="replace").strip()
