"""HTTPS to an address that somebody typed: never into our own network, no redirects, no proxy, no endless answer."""

import ipaddress
import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool
from urllib3.exceptions import NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

from apps.reminders.channels import Refused

CONNECT, READ, WHOLE = 5, 10, 20  # seconds
MOST = 64 * 1024  # bytes of an answer; nobody needs more to say yes or no
CA: str | bool = True  # whom to believe: the usual authorities
UNICAST_6 = ipaddress.ip_network("2000::/3")
NAT64 = ipaddress.ip_network("64:ff9b::/96")

logging.getLogger("urllib3").setLevel(logging.INFO)  # below that it writes down whole addresses


def is_public(address: str) -> bool:
    """Whether this is a place on the Internet, and not one of ours under another spelling."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if ip.is_loopback:
        return bool(settings.ROBOT_LOOPBACK)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip not in UNICAST_6 or ip.teredo:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)


def resolve(host: str, port: int) -> list[str]:
    """Every address the name has now. Raises OSError where it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def addresses(host: str, port: int) -> list[str]:
    """As `resolve`. One address inside bars the name altogether: Refused."""
    found = resolve(host, port)
    if not found or not all(map(is_public, found)):
        raise Refused("private-address")
    return found


def dial(address: str, port: int, timeout: float | None) -> socket.socket:
    return create_connection((address, port), timeout)


class _Connection(HTTPSConnection):
    """Goes to the address that was looked at and to no other: between a look and a second question a name may change."""

    def _new_conn(self) -> socket.socket:
        try:
            found = addresses(self._dns_host, self.port or 443)
        except socket.gaierror as problem:
            raise NameResolutionError(self.host, self, problem) from None
        try:
            return dial(found[0], self.port or 443, CONNECT)
        except OSError as problem:
            raise NewConnectionError(self, type(problem).__name__) from None


class _Pool(HTTPSConnectionPool):
    ConnectionCls = _Connection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {"https": _Pool}


@dataclass
class Seen:
    """What came of one request: an HTTP status and the answer, or the code of a fault."""

    status: int = 0
    content: bytes = b""
    fault: str = ""


class Wire:
    """Stands where a plug-in of apprise expects `requests`, which would go anywhere and of which only yes or no is passed on."""

    codes = requests.codes
    RequestException = requests.RequestException

    def __init__(self) -> None:
        self._here = threading.local()

    @contextmanager
    def watched(self) -> Iterator[Seen]:
        """What the request made within came to."""
        self._here.seen = seen = Seen()
        try:
            yield seen
        finally:
            del self._here.seen

    def post(self, url: str, **options: Any) -> requests.Response:
        return self.request("POST", url, **options)

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        """Whatever was said about redirects, proxies, certificates and time: ours holds."""
        seen: Seen = self._here.seen
        if not url.startswith("https://"):
            raise Refused("not-https")
        kept = {name: options[name] for name in ("data", "headers", "params") if name in options}
        try:
            with requests.Session() as session:
                session.trust_env, session.verify = False, CA
                session.adapters.clear()
                session.mount("https://", _Adapter(max_retries=0))
                response = session.request(
                    method, url, allow_redirects=False, timeout=(CONNECT, READ), stream=True, **kept
                )
                response._content = _read(response)
                seen.status, seen.content = response.status_code, response.content
                return response
        except requests.RequestException as problem:
            seen.fault = _code(problem)
            raise


def _read(response: requests.Response) -> bytes:
    content, until = b"", time.monotonic() + WHOLE
    for piece in response.iter_content(4096):
        content += piece
        if len(content) > MOST or time.monotonic() > until:
            raise requests.Timeout
    return content


def _code(problem: requests.RequestException) -> str:
    if isinstance(problem, requests.Timeout):
        return "timeout"
    if isinstance(problem, requests.exceptions.SSLError):
        return "tls"
    reason = getattr(problem.args[0] if problem.args else None, "reason", None)
    return "unknown-host" if isinstance(reason, NameResolutionError) else "no-connection"


WIRE = Wire()
