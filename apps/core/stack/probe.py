"""Asks /healthz for some parts of the system and ends with 1 where one is silent: `python -m apps.core.stack.probe URL PART…`.

Standard library only: it starts every few seconds. An orchestrator restarts each part for its own silence alone, so a dead
worker must not make the web server look ill.
"""

import json
import os
import sys
from collections.abc import Sequence
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

PATIENCE = 4  # seconds


def is_well(address: str, parts: Sequence[str]) -> bool:
    """Whether none of `parts` is silent. Without the database nothing is known of the others."""
    host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0] or "localhost"
    # As the proxy would ask: by a name that is served, over HTTPS.
    request = Request(address, headers={"Host": host, "X-Forwarded-Proto": "https"})  # noqa: S310 -- written in our files
    try:
        with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            said = answer.read()
    except HTTPError as error:
        said = error.read()
    except (URLError, OSError):
        return False
    try:
        silent = set(json.loads(said)["stale"])
    except (ValueError, TypeError, KeyError):
        return False
    return not silent & {"database", *parts}


if __name__ == "__main__":
    sys.exit(0 if is_well(sys.argv[1], sys.argv[2:]) else 1)
