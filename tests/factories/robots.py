"""A web server with a certificate, on this machine, that stands where the platforms and somebody's webhook are."""

import datetime
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOOK = "hook.example.test"
NAMES = ("qyapi.weixin.qq.com", "oapi.dingtalk.com", "open.feishu.cn", HOOK)
URLS = {
    "wecom": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0000-fictitious-key",
    "dingtalk": "https://oapi.dingtalk.com/robot/send?access_token=0000fictitious0000",
    "feishu": "https://open.feishu.cn/open-apis/bot/v2/hook/0000-fictitious-hook",
    "webhook": f"https://{HOOK}/branch?room=7&secret=fictitious",
}


@dataclass
class Platform:
    """`status`, `answer` and `headers` are what it says; `asked` is what came: path, headers, JSON."""

    port: int = 0
    status: int = 200
    answer: bytes = b'{"errcode": 0, "code": 0}'
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0
    asked: list[tuple[str, dict[str, str], dict]] = field(default_factory=list)


def certificate(folder: Path) -> Path:
    """Key and self-signed certificate for NAMES, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName(one) for one in NAMES])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1)).add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "server.pem"
    file.write_bytes(private + made.public_bytes(pem))
    return file


@contextmanager
def serving(file: Path) -> Iterator[Platform]:
    platform = Platform()
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            platform.asked.append((self.path, dict(self.headers), json.loads(body)))
            over.wait(platform.pause)
            self.send_response(platform.status)
            for name, value in platform.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(platform.answer)))
            self.end_headers()
            self.wfile.write(platform.answer)

        def log_message(self, *_args: object) -> None:
            """Not into the tests' output."""

        def handle(self) -> None:
            with suppress(OSError):  # the other side would not wait
                super().handle()

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_args: object) -> None:
            """A refused certificate, a client that left."""

    server = Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    platform.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield platform
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()
