"""The web server, the same on a laptop and on a server. Bind by `--bind`."""

from typing import Any

from apps.core.logs import LINE, PlainFormatter

wsgi_app = "config.wsgi:application"
workers = 2
threads = 2  # four share one interpreter so badly that throughput halves
preload_app = True  # one copy of the code in memory
graceful_timeout = 15
timeout = 60
control_socket_disable = True  # it would lie in the home directory


def on_starting(server: Any) -> None:
    """Its lines in our words: by itself it writes down whole addresses, what was searched for, and what an exception says."""
    for handler in server.log.error_log.handlers:
        handler.setFormatter(PlainFormatter(LINE))
