"""The whole system on one machine."""

import os
import signal
import subprocess
import sys
from argparse import ArgumentParser
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand

from apps.core.stack.catalogs import compile_catalogs
from apps.core.stack.home import hold_home
from apps.core.stack.postgres import Cluster, PostgresError
from apps.core.stack.words import gettext as _

MANAGE = settings.BASE_DIR / "manage.py"


class Command(BaseCommand):
    help = "Start PostgreSQL, web, worker and beat; prepare everything that is missing. Ctrl-C stops all."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument("--without-demo", action="store_true", help="no demo data on the first start")

    def handle(self, *args: Any, **options: Any) -> None:
        compile_catalogs(settings.BASE_DIR / "locale")  # first of all: what follows speaks to people
        home: Path = settings.HOME
        lock = hold_home(home)
        cluster = None if os.environ.get("DATABASE_URL") else Cluster(home / "postgres")
        signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))
        try:
            if cluster:
                cluster.start()
            self.prepare(home, with_demo=not options["without_demo"])
        except BaseException as error:
            if cluster:
                cluster.stop()
            if isinstance(error, PostgresError):
                raise CommandError(_(error.template) % error.values) from error
            raise
        # The supervisor takes over this process, without Django: it only waits from now on. It inherits the lock.
        os.set_inheritable(lock, True)
        command = [
            sys.executable,
            "-m",
            "apps.core.stack.supervisor",
            "--home",
            str(home),
            "--port",
            str(options["port"]),
        ]
        os.chdir(settings.BASE_DIR)
        os.execv(sys.executable, command + (["--embedded"] if cluster else []))

    def prepare(self, home: Path, *, with_demo: bool) -> None:
        # A process of its own: migrations run as the owner role, this one as the application.
        owner = os.environ | {"ZHIBU_AS_OWNER": "1"}
        if subprocess.run([sys.executable, MANAGE, "prepare"], env=owner, check=False).returncode:
            raise CommandError(_("The database could not be prepared; the reason stands above."))
        first_start = home / "first-start"  # says what the first start did: "demo" or "empty"
        if not first_start.exists():
            seeds = with_demo and settings.DEMO_ALLOWED
            if seeds:
                call_command("seed_demo", "--if-empty")
            first_start.write_text("demo\n" if seeds else "empty\n")
        if first_start.read_text().strip() == "demo":
            self.stdout.write(_("Demo sign-ins (name, password):"))
            for username, password, label in import_module(
                "apps.demo.accounts"
            ).SIGN_INS:  # a higher app: known by name only
                self.stdout.write(f"  {username:<14} {password:<14} {label}")
