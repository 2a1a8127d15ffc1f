"""An SMTP server in a thread, as far as smtplib speaks to it, that can be told to misbehave."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Handler(socketserver.StreamRequestHandler):
    server: SmtpStandIn

    def handle(self) -> None:
        self.server.connections += 1
        self.say("220 stand-in")
        while line := self.rfile.readline():
            command = line[:4].upper().strip()
            if command == b"QUIT":
                self.say("221 bye")
                return
            if command == b"DATA":
                if not self.take_mail():
                    return
            else:
                self.say(self.server.answers.get(command.decode(), "250 ok"))

    def take_mail(self) -> bool:
        self.say("354 go on")
        content = bytearray()
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            content += line[1:] if line.startswith(b"..") else line
        if self.server.lose_answer:
            self.server.mails.append(bytes(content))
            return False
        answer = self.server.answers.get("DATA", "250 taken")
        if answer.startswith("250"):
            self.server.mails.append(bytes(content))
        self.say(answer)
        return not self.server.leaves_after_mail

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class SmtpStandIn(socketserver.ThreadingTCPServer):
    """`mails` is what it took; `answers` what it says to a command instead of 250."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.mails: list[bytes] = []
        self.answers: dict[str, str] = {}
        self.lose_answer = False
        self.leaves_after_mail = False
        self.connections = 0

    @property
    def port(self) -> int:
        return int(self.server_address[1])


@contextmanager
def running() -> Iterator[SmtpStandIn]:
    with SmtpStandIn() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()
