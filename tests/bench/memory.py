"""What the whole system holds in memory, process by process: `python -m tests.bench.memory`.

Starts `manage.py up` in a home of its own, asks a few pages, waits a minute. Proportional set size: memory that several
processes share counts once. Fails above the limit; needs Linux.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIMIT_MB = 600
SETTLE_SECONDS = 60


def children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        found.setdefault(parent, []).append(int(folder.name))
    return found


def family(pid: int, tree: dict[int, list[int]]) -> list[int]:
    return [pid, *(one for child in sorted(tree.get(pid, [])) for one in family(child, tree))]


def proportional_kb(pid: int) -> int:
    return int(re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)[1])


def name_of(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").split()
    if "-m" in words:
        module = words[words.index("-m") + 1]
        role = next((word for word in words if word in ("worker", "beat")), "")
        return f"{module.rpartition('.')[2]} {role}".strip()
    return "postgres" if words[0].endswith("postgres") else " ".join(words)[:40]


def measure(home: Path) -> float:
    tree = children()
    supervisor = int((home / "up.lock").read_text())
    postmaster = int((home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
    total = 0.0
    for pid in [*family(supervisor, tree), *family(postmaster, tree)]:
        megabytes = proportional_kb(pid) / 1024
        total += megabytes
        print(f"{megabytes:7.1f} MB  {name_of(pid)}")
    print(f"{total:7.1f} MB  in all, at most {LIMIT_MB}")
    return total


def visit(address: str) -> None:
    for path in ("", "accounts/login/", "no-such-page") * 5:
        try:
            urllib.request.urlopen(address + path, timeout=20).read()
        except urllib.error.HTTPError as error:
            if error.code >= 500:
                raise


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="zhibu-memory-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        # English, to find the address in what it says.
        settings = {"ZHIBU_HOME": folder, "LC_ALL": "en_US.UTF-8", "DJANGO_SETTINGS_MODULE": "config.settings.dev"}
        console = home / "console"
        with open(console, "wb") as output:
            stack = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--port", "18400"],
                cwd=ROOT,
                env=os.environ | settings,
                stdout=output,
                stderr=output,
            )
        try:
            began = time.monotonic()
            while not (found := re.search(r"ready: (http://\S+)", console.read_text())):
                if stack.poll() is not None or time.monotonic() - began > 120:
                    print(console.read_text())
                    return 1
                time.sleep(0.1)
            print(f"ready after {time.monotonic() - began:.1f} s, first start")
            visit(found[1])
            time.sleep(SETTLE_SECONDS)
            return 1 if measure(home) > LIMIT_MB else 0
        finally:
            stack.send_signal(signal.SIGINT)
            stack.wait(60)


if __name__ == "__main__":
    sys.exit(main())
