"""EMAIL_URL: which server takes the mail. Standard library only; settings import it."""

from typing import Any
from urllib.parse import unquote, urlsplit

PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def mail_settings(url: str) -> dict[str, Any]:
    """Django's settings from `smtp://`, `smtp+tls://` (STARTTLS) or `smtps://` with user, password, host and port.

    ValueError says what is wrong without repeating the address: it may hold a password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("EMAIL_URL: the port is no number between 1 and 65535.") from None
    if parts.scheme not in PORTS:
        raise ValueError("EMAIL_URL begins with smtp://, smtp+tls:// or smtps://.")
    if not parts.hostname:
        raise ValueError("EMAIL_URL names no server, for example smtp+tls://user:password@mail.example.org:587.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }
