"""A small mail server on this machine: it takes, refuses, is slow, or is not there."""

import contextlib
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message


@dataclass
class MailServer:
    """`answers`: by address, what RCPT is told. `pauses`: by command, the seconds before an answer. `after_data`: of the text."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    pauses: dict[str, float] = field(default_factory=dict)
    after_data: str = "250 taken"
    taken: list[tuple[list[str], Message]] = field(default_factory=list)
    talks: int = 0

    def addresses(self) -> list[str]:
        return sorted(address for addresses, _message in self.taken for address in addresses)


class _Talk(socketserver.StreamRequestHandler):
    """RFC 5321, as much of it as a client needs."""

    def handle(self) -> None:
        """A client that is killed in mid-talk has sent nothing."""
        with contextlib.suppress(ConnectionError):
            self._talk()

    def _talk(self) -> None:
        server: MailServer = self.server.one  # type: ignore[attr-defined]
        server.talks += 1
        to: list[str] = []
        self._say("220 mail.example.test")
        while line := self.rfile.readline().decode().strip():
            command = line.split()[0].upper()
            time.sleep(server.pauses.get(command, 0))
            if command == "RCPT":
                address = line.partition("<")[2].partition(">")[0]
                answer = server.answers.get(address, "250 ok")
                to += [address] if answer.startswith("250") else []
                self._say(answer)
            elif command == "DATA":
                self._say("354 go on")
                text = b""
                while (piece := self.rfile.readline()) != b".\r\n":
                    if not piece:
                        return
                    text += piece
                self._say(server.after_data)
                if server.after_data.startswith("250"):
                    server.taken.append((to, message_from_bytes(text)))
            elif command == "QUIT":
                self._say("221 bye")
                return
            else:
                to = [] if command in ("MAIL", "RSET") else to
                self._say("250 ok")

    def _say(self, text: str) -> None:
        try:
            self.wfile.write(f"{text}\r\n".encode())
        except OSError:  # the client has given up waiting
            return


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def mail_server() -> Iterator[MailServer]:
    one = MailServer()
    with _Server(("127.0.0.1", 0), _Talk) as server:
        server.one = one  # type: ignore[attr-defined]
        one.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield one
        finally:
            server.shutdown()


def free_port() -> int:
    """Where nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
