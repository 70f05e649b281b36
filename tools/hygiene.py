"""Nothing of one machine in the repository: no address of a package index in the lock files or anywhere else."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")
IN_A_LOCK = re.compile(r"://|--(?:extra-)?index|--find-links|--trusted-host|^-[if]\b")
# An index by its shape, so that no index need be named here: options and variables that set one, and its usual paths.
ANYWHERE = re.compile(
    r"(?:index[-_]url|find[-_]links|trusted[-_]host)\s*=?\s*\S*\w+\.\w+"
    r"|https?://[^\s/\"']+(?:/[^\s/\"']+)*/(?:simple|pypi|npm)(?:[/\s\"']|$)"
    r"|registry\s*=\s*https?://"
    r"|https?://[^\s/\"']*\b(?:pypi|npm(?:js)?|registry|artifactory|nexus|devpi)\b[^\s/\"']*",
    re.IGNORECASE,
)


def faults_in(name: str, text: str) -> list[str]:
    pattern = IN_A_LOCK if name in LOCKS else ANYWHERE
    return [f"{name}:{number}" for number, line in enumerate(text.splitlines(), 1) if pattern.search(line)]


def committed_files() -> list[str]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listing.stdout.split("\0") if name]


def main() -> int:
    found = []
    for name in committed_files():
        path = ROOT / name
        if path.is_file() and not path.is_symlink() and (text := read(path)) is not None:
            found += faults_in(name, text)
    for place in found:
        print(f"{place}: names a package index")
    return 1 if found else 0


def read(path: Path) -> str | None:
    """None for what is not text."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return None


if __name__ == "__main__":
    sys.exit(main())
