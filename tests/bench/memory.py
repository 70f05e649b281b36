"""What the whole system holds in memory, process by process: `python -m tests.bench.memory`.

Starts `manage.py up` in a home of its own, asks a few pages, waits a minute; then a secretary, a member, staff and the
administrator of the demonstration go through their pages, Word and Excel papers and a roster import included. Proportional set
size: memory that several processes share counts once. Fails above a limit; needs Linux.
"""

import html
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIMIT_MB, LIMIT_AFTER_TOUR_MB = 600, 900
SETTLE_SECONDS = 60
PASSWORD = "beichen-2026"  # of the demonstration


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


def measure(home: Path, limit: int) -> float:
    tree = children()
    supervisor = int((home / "up.lock").read_text())
    postmaster = int((home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
    total = 0.0
    for pid in [*family(supervisor, tree), *family(postmaster, tree)]:
        megabytes = proportional_kb(pid) / 1024
        total += megabytes
        print(f"{megabytes:7.1f} MB  {name_of(pid)}")
    print(f"{total:7.1f} MB  in all, at most {limit}")
    return total


def visit(address: str) -> None:
    for path in ("", "accounts/login/", "no-such-page") * 5:
        try:
            urllib.request.urlopen(address + path, timeout=20).read()
        except urllib.error.HTTPError as error:
            if error.code >= 500:
                raise


class Visitor:
    """A browser as far as this needs one: cookies, links of the page, one form."""

    def __init__(self, address: str, username: str) -> None:
        self.address, self.seen = address, set()
        self.open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor()).open
        page = self.get("accounts/login/")
        self.post("accounts/login/", page, login=username, password=PASSWORD)

    def get(self, path: str) -> str:
        with self.open(self.address + path.lstrip("/"), timeout=60) as answer:
            return answer.read().decode(errors="replace")

    def post(self, path: str, page: str, **data: str) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        body = urllib.parse.urlencode(data | {"csrfmiddlewaretoken": token}).encode()
        request = urllib.request.Request(self.address + path.lstrip("/"), body, {"Referer": self.address})
        with self.open(request, timeout=60) as answer:
            return answer.read().decode(errors="replace")

    def walk(self, most: int) -> None:
        """From home along every link of the program, breadth first."""
        waiting = ["/"]
        while waiting and len(self.seen) < most:
            path = waiting.pop(0)
            if path in self.seen:
                continue
            self.seen.add(path)
            try:
                page = self.get(path)
            except urllib.error.HTTPError as error:
                if error.code >= 500:
                    raise
                continue
            waiting += [html.unescape(link) for link in re.findall(r'href="(/(?!static)[^"#]*)', page)]


def tour(address: str) -> None:
    for username, most in (("lifang", 120), ("wangjianguo", 30), ("hewei", 80), ("admin", 40)):
        visitor = Visitor(address, username)
        visitor.walk(most)
        if username == "lifang":
            place = next(path for path in sorted(visitor.seen) if path.endswith("/members/import/"))
            rows = "".join(f"张试{number:03d}\t男\t1980.05\n" for number in range(300))
            visitor.post(place, visitor.get(place), pasted=f"姓名\t性别\t出生年月\n{rows}")
        print(f"{username}: {len(visitor.seen)} addresses")


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
            at_rest = measure(home, LIMIT_MB)
            tour(found[1])
            after = measure(home, LIMIT_AFTER_TOUR_MB)
            return 1 if at_rest > LIMIT_MB or after > LIMIT_AFTER_TOUR_MB else 0
        finally:
            stack.send_signal(signal.SIGINT)
            stack.wait(60)


if __name__ == "__main__":
    sys.exit(main())
