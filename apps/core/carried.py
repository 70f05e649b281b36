"""What a preview carries to its confirmation: sealed in the page itself, so that nothing of a file has to be kept, or forgotten,
anywhere."""

import base64
import json
import zlib
from datetime import datetime, timedelta
from typing import Any

from apps.core import keyring

GOOD_FOR = timedelta(hours=24)
LARGEST = 4 * 1024 * 1024  # characters, for the hidden field


class OutOfDate(Exception):
    """Not from here, for somebody or something else, or older than a day."""


def pack(content: Any, *, bound_to: str, now: datetime) -> str:
    text = json.dumps({"content": content, "at": now.isoformat()}, ensure_ascii=False)
    small = base64.b64encode(zlib.compress(text.encode())).decode()
    return base64.b64encode(keyring.seal(small, bound_to=bound_to)).decode()


def unpack(packed: str, *, bound_to: str, now: datetime) -> Any:
    """OutOfDate unless it was packed here, for the same `bound_to`, within a day."""
    try:
        small = keyring.unseal(base64.b64decode(packed, validate=True), bound_to=bound_to)
    except (keyring.Sealed, ValueError):  # not base64, not ours
        raise OutOfDate from None
    kept = json.loads(zlib.decompress(base64.b64decode(small)))
    if now > datetime.fromisoformat(kept["at"]) + GOOD_FOR:
        raise OutOfDate
    return kept["content"]
