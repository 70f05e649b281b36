"""The files for one server, as far as they can be held to account without a container engine."""

import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from apps.core.stack import probe
from apps.core.stack.postgres import Cluster, environment, find_binaries
from apps.core.stack.supervisor import programs

ROOT: Path = settings.BASE_DIR
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(COMPOSE_TEXT)
SERVICES = COMPOSE["services"]
OURS = ["prepare", "web", "worker", "beat", "manage"]
LASTING = ["postgres", "redis", "web", "worker", "beat", "caddy"]
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
STEPS = [line.split(None, 1) for line in DOCKERFILE if line and line[0] not in "# "]
CADDYFILE = (ROOT / "deploy" / "Caddyfile").read_text()
EXAMPLE = dict(re.findall(r"^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.M))
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
SECRETS = ["SECRET_KEY", "POSTGRES_PASSWORD", "OWNER_PASSWORD", "APP_PASSWORD"]
PROBE = ["CMD", "python", "-m", "apps.core.stack.probe", "http://web:8000/healthz"]


def filled(text: object) -> str:
    """As compose puts a filled-in .env.example in."""
    given = EXAMPLE | {name: f"{name.lower().replace('_', '')}{'x1' * 30}" for name in SECRETS}
    return VARIABLE.sub(lambda found: given.get(found[1]) or (found[3] if found[2] == "-" else ""), str(text))


# --- docker-compose.yml ---------------------------------------------------------------------------------------------------


def test_the_services_are_those_of_the_design() -> None:
    assert set(SERVICES) == {*LASTING, "prepare", "manage"}
    assert {SERVICES[name]["image"] for name in OURS} == {"zhibu:local"}
    assert {name: SERVICES[name]["image"] for name in ("postgres", "redis", "caddy")} == {
        "postgres": "postgres:18",
        "redis": "redis:8",
        "caddy": "caddy:2",
    }
    assert [name for name, one in SERVICES.items() if "build" in one] == ["prepare"]
    assert SERVICES["manage"]["profiles"] == ["by-hand"]  # `up` leaves it alone


@pytest.mark.parametrize("name", SERVICES)
def test_every_log_is_rotated_and_no_process_gains_rights(name: str) -> None:
    service = SERVICES[name]
    assert service["logging"] == {"driver": "json-file", "options": {"max-size": "10m", "max-file": "5"}}
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    if name in OURS:
        assert (service["read_only"], service["cap_drop"], service["tmpfs"]) == (True, ["ALL"], ["/tmp"])


@pytest.mark.parametrize("name", LASTING)
def test_what_lasts_restarts_and_says_how_it_is(name: str) -> None:
    assert SERVICES[name]["restart"] == "unless-stopped"
    check = SERVICES[name]["healthcheck"]
    assert check["test"][0] == "CMD"
    assert {"interval", "timeout", "retries"} <= check.keys()


@pytest.mark.parametrize(("name", "parts"), [("web", ["database"]), ("worker", ["worker"]), ("beat", ["beat"])])
def test_each_part_answers_for_itself_alone(name: str, parts: list[str]) -> None:
    assert SERVICES[name]["healthcheck"]["test"] == [*PROBE, *parts]


def test_only_the_proxy_is_reached_from_outside_and_data_stay_inside() -> None:
    assert {name for name, one in SERVICES.items() if "ports" in one} == {"caddy"}
    assert SERVICES["caddy"]["ports"] == ["80:80", "443:443"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert {name for name, one in SERVICES.items() if one["networks"] == ["inside"]} == {"postgres", "redis"}
    assert SERVICES["caddy"]["networks"] == ["outside"]


def test_everything_named_is_declared_and_there() -> None:
    used = set()
    for service in SERVICES.values():
        assert set(service["networks"]) <= set(COMPOSE["networks"])
        assert set(service.get("depends_on", {})) <= set(SERVICES)
        for volume in service.get("volumes", []):
            source = filled(volume).partition(":")[0]
            if not source.startswith("."):
                used.add(source)
            elif source not in ("./backups", "./keys-copy", "./certificates"):  # the operator's own
                assert (ROOT / source).exists(), volume
    assert used == set(COMPOSE["volumes"])


def test_every_variable_stands_in_the_example_and_no_other() -> None:
    used = {found[1] for found in VARIABLE.finditer(COMPOSE_TEXT)}
    assert used == set(EXAMPLE)
    required = {found[1] for found in VARIABLE.finditer(COMPOSE_TEXT) if found[2] == "?"}
    assert required == {"ZHIBU_DOMAIN", *SECRETS}
    assert [name for name in SECRETS if EXAMPLE[name]] == []  # nobody serves with the example's


def test_migrations_run_once_before_anything_serves_and_as_the_owner() -> None:
    waits = {"condition": "service_completed_successfully"}
    assert all(SERVICES[name]["depends_on"]["prepare"] == waits for name in ("web", "worker", "beat"))
    assert SERVICES["prepare"]["command"] == ["python", "manage.py", "prepare"]
    assert SERVICES["prepare"]["restart"] == "no"
    for variable in ("ZHIBU_AS_OWNER", "DATABASE_OWNER_URL"):
        assert [name for name in OURS if variable in SERVICES[name]["environment"]] == ["prepare", "manage"]


@pytest.mark.parametrize("name", OURS)
def test_every_variable_is_one_that_the_program_reads(name: str) -> None:
    source = "\n".join(path.read_text() for folder in ("config", "apps") for path in (ROOT / folder).rglob("*.py"))
    read = set(re.findall(r"""environ(?:\.get)?[\[(]\s*["'](\w+)["']""", source))
    assert set(SERVICES[name]["environment"]) <= read


def test_the_commands_are_those_of_one_machine() -> None:
    at_home = {one.name: one.command for one in programs(Path("/home"), SimpleNamespace(fileno=lambda: 3))}
    for name, own in (("worker", {"-c", "1", "2"}), ("beat", {"/home/beat-schedule", "/srv/zhibu/beat-schedule"})):
        here = set(map(str, at_home[name][2:])) - own  # without python -m
        assert set(SERVICES[name]["command"]) - own == here
    assert "python:config.gunicorn" in at_home["web"]
    assert STEPS[-1] == ["CMD", '["gunicorn", "-c", "python:config.gunicorn", "--bind", "0.0.0.0:8000"]']
    assert {"prepare", "backup", "restore", "administrator", "reminders"} <= get_commands().keys()


def served_with(tmp_path: Path, name: str) -> dict[str, str]:
    given = {key: filled(value) for key, value in SERVICES[name]["environment"].items()}
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG")}
    return kept | given | {"DJANGO_SETTINGS_MODULE": "config.settings.prod", "ZHIBU_HOME": str(tmp_path)}


def test_a_server_starts_with_this_environment_and_has_nothing_to_warn_of(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT, env=served_with(tmp_path, "web"), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "role", "secret"), [("web", "zhibu_app", "apppassword"), ("prepare", "zhibu_owner", "ownerpassword")]
)
def test_each_role_comes_with_its_own_password(tmp_path: Path, name: str, role: str, secret: str) -> None:
    program = (
        "from django.conf import settings as s; d = s.DATABASES['default']; "
        "print(d['USER'], d['PASSWORD'], d['HOST'], s.ALLOWED_HOSTS, s.SITE_URL, s.CELERY_BROKER_URL, s.DEFAULT_FROM_EMAIL)"
    )
    said = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=served_with(tmp_path, name),
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split() == [
        role,
        secret + "x1" * 30,
        "postgres",
        "['zhibu.example.org']",
        "https://zhibu.example.org/",
        "redis://redis:6379/0",
        "zhibu@example.org",
    ]


def test_nothing_secret_can_be_committed_or_packed() -> None:
    for name in ("docker-compose.yml", "Dockerfile", "deploy/Caddyfile", "deploy/postgres.sh"):
        for line in (ROOT / name).read_text().splitlines():
            bare = VARIABLE.sub("", re.sub(r"\$\{|\$?:'\w+'", "", line) if name.endswith(".sh") else line)
            found = re.search(r"(?i)(?:password|secret_key)\w*\s*[:=]+\s*[\"']?([\w-]+)", bare)
            assert not found or found[1] == "only-for-this-step", line
    ignored = (ROOT / ".gitignore").read_text().split()
    assert {"/.env", "/certificates/", "/backups/", "/keys-copy/"} <= set(ignored)


# --- The image ------------------------------------------------------------------------------------------------------------


def test_the_image_is_official_locked_and_not_root() -> None:
    assert [rest.split()[0] for word, rest in STEPS if word == "FROM"] == ["python:3.13-slim"] * 2
    words = [word for word, _ in STEPS]
    assert [rest for word, rest in STEPS if word == "USER"] == ["10001:10001"]
    assert words.index("USER") > max(place for place, word in enumerate(words) if word in ("RUN", "COPY"))
    (install,) = (rest for word, rest in STEPS if word == "RUN" and "pip install" in rest)
    assert "--require-hashes -r /tmp/requirements.lock" in install
    assert not re.search(r"https?://(?!127\.0\.0\.1)", "\n".join(DOCKERFILE))


def test_the_image_gets_the_program_and_nothing_else() -> None:
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    assert rules[0] == "*"
    let_in = {line[1:] for line in rules if line.startswith("!")}
    assert let_in == {"apps", "config", "locale", "manage.py", "requirements.lock", "static", "templates"}
    assert all((ROOT / name).exists() for name in let_in)
    assert {"**/__pycache__", "**/*.mo"} <= set(rules)  # made again in the image


def test_the_steps_of_the_build_leave_nothing_to_prepare(tmp_path: Path) -> None:
    """What the last RUN does, in a copy of what gets into the image; then the manifest of static files is read."""
    (build,) = (rest for word, rest in STEPS if word == "RUN" and "collectstatic" in rest)
    for name in ("apps", "config", "locale", "manage.py", "static", "templates"):
        leave = shutil.ignore_patterns("__pycache__", "*.mo", "parts")
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(
            ROOT / name, tmp_path / name, **({"ignore": leave} if (ROOT / name).is_dir() else {})
        )
    environment = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    environment |= {"DJANGO_SETTINGS_MODULE": "config.settings.prod", "HOME": str(tmp_path)}
    script = build.replace("/tmp/build", str(tmp_path / "build")).replace("&& python -m compileall -q apps config", "")
    done = subprocess.run(
        ["sh", "-ec", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "locale/zh_Hans/LC_MESSAGES/django.mo").exists()
    assert (tmp_path / "staticfiles/staticfiles.json").exists()
    assert not (tmp_path / "build").exists()


# --- The proxy ------------------------------------------------------------------------------------------------------------


def test_the_proxy_serves_no_file_and_keeps_no_access_log() -> None:
    lines = [line.strip() for line in CADDYFILE.splitlines() if line.strip() and line.strip()[0] != "#"]
    assert not [line for line in lines if line.split()[0] in ("file_server", "root", "php_fastcgi", "handle_path")]
    site = lines[lines.index("{$ZHIBU_DOMAIN} {") :]
    assert "reverse_proxy web:8000" in site
    assert not [line for line in site if line.startswith("log")]
    assert set(re.findall(r"^\(tls-(\w+)\)", CADDYFILE, re.M)) == {"public", "internal", "files"}
    assert set(re.findall(r"\{\$(\w+)", CADDYFILE)) == set(SERVICES["caddy"]["environment"])


@pytest.mark.skipif(not shutil.which("caddy"), reason="caddy is not installed")
@pytest.mark.parametrize("tls", ["public", "internal", "files"])
def test_caddy_understands_its_file(tls: str) -> None:
    done = subprocess.run(
        ["caddy", "adapt", "--adapter", "caddyfile", "--config", ROOT / "deploy" / "Caddyfile"],
        env=os.environ | {"ZHIBU_DOMAIN": "zhibu.example.org", "ZHIBU_TLS": tls},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert '"dial":"web:8000"' in done.stdout


# --- The database server --------------------------------------------------------------------------------------------------


def test_a_new_database_server_gets_both_roles_and_the_database(tmp_path: Path) -> None:
    """The script of the postgres image, run against a real server."""
    cluster = Cluster(tmp_path / "home", throwaway=True)
    cluster.start()
    try:
        cluster.run_sql("DROP DATABASE zhibu")
        passwords = {"OWNER_PASSWORD": "it's “one” \\ $x `y`", "APP_PASSWORD": "it's “two”"}
        given = environment() | passwords | {
            "ZHIBU_SQL": str(ROOT / "apps/core/stack/sql"),
            "PGHOST": str(cluster.sockets),
            "PATH": f"{find_binaries()[0]}:{os.environ['PATH']}",
        }  # fmt: skip
        script = [ROOT / "deploy" / "postgres.sh"]
        done = subprocess.run(script, env=given, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        made = "SELECT pg_get_userbyid(datdba), datcollate FROM pg_database WHERE datname = 'zhibu'"
        assert cluster.run_sql(made).strip() == "zhibu_owner|C.UTF-8"
        extensions = "SELECT string_agg(extname, ' ' ORDER BY extname) FROM pg_extension"
        assert cluster.run_sql(extensions, "zhibu").strip() == "btree_gist pg_trgm plpgsql"
        roles = (
            "SELECT rolname, rolsuper, rolpassword LIKE 'SCRAM-SHA-256%' FROM pg_authid "
            "WHERE rolname LIKE 'zhibu%' ORDER BY 1"
        )
        assert cluster.run_sql(roles).split() == ["zhibu_app|f|t", "zhibu_owner|f|t"]
        cluster.run_sql("SET ROLE zhibu_owner; CREATE TABLE kept (id bigserial, word text)", "zhibu")
        cluster.run_sql("SET ROLE zhibu_app; INSERT INTO kept (word) VALUES ('a')", "zhibu")
        cluster.run_sql("DROP DATABASE zhibu")
        refused = subprocess.run(script, env=given | {"APP_PASSWORD": ""}, capture_output=True, text=True, check=False)
        assert refused.returncode
        assert cluster.run_sql("SELECT count(*) FROM pg_database WHERE datname = 'zhibu'").strip() == "0"
    finally:
        cluster.stop()


# --- The probe ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def answering() -> Iterator[SimpleNamespace]:
    """A web server that answers what it is told to, and remembers how it was asked."""
    said = SimpleNamespace(status=200, body="", headers={})

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said.headers = dict(self.headers)
            self.send_response(said.status)
            self.end_headers()
            self.wfile.write(said.body.encode())

        def log_message(self, *_arguments: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    said.address = f"http://127.0.0.1:{server.server_port}/healthz"
    yield said
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("status", "body", "parts", "well"),
    [
        (200, '{"status": "ok", "stale": []}', ["worker"], True),
        (503, '{"status": "stale", "stale": ["worker"]}', ["database"], True),
        (503, '{"status": "stale", "stale": ["worker"]}', ["round", "deliver"], True),
        (503, '{"status": "stale", "stale": ["worker"]}', ["worker"], False),
        (503, '{"status": "stale", "stale": ["deliver"]}', ["round", "deliver"], False),
        (503, '{"status": "stale", "stale": ["database"]}', ["worker"], False),
        (502, "<html>", ["database"], False),
        (200, "[]", ["database"], False),
    ],
)
def test_the_probe_asks_for_its_parts(answering, status: int, body: str, parts: list[str], well: bool) -> None:
    answering.status, answering.body = status, body
    assert probe.is_well(answering.address, parts) is well


def test_the_probe_asks_as_the_proxy_would(answering, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "zhibu.example.org,other.example.org")
    probe.is_well(answering.address, ["database"])
    assert answering.headers["Host"] == "zhibu.example.org"
    assert answering.headers["X-Forwarded-Proto"] == "https"


def test_nobody_there_is_not_well() -> None:
    assert not probe.is_well("http://127.0.0.1:9/healthz", ["database"])


# --- Behind the proxy -----------------------------------------------------------------------------------------------------


def test_guesses_are_counted_by_the_address_the_proxy_saw(tmp_path: Path) -> None:
    """Else everybody is the proxy, and twenty wrong passwords of one stop all from signing in."""
    program = (
        "import django; django.setup()\n"
        "from allauth.core.internal.httpkit import get_client_ip\n"
        "from django.test import RequestFactory\n"
        "ask = RequestFactory().get('/', headers={'x-forwarded-for': '203.0.113.9, 198.51.100.7'}, REMOTE_ADDR='10.0.0.2')\n"
        "print(get_client_ip(ask))"
    )
    said = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=served_with(tmp_path, "web"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "198.51.100.7"
