"""A receiving server that does nothing but count bytes: every request is taken at once.

python -m fundraise.ops.bench.sink PORT
"""

from __future__ import annotations

import os
import re
import socket
import sys
import threading

from fundraise import priority

LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
TAKEN = b"HTTP/1.1 202 Accepted\r\nX-Message-Id: sink\r\nContent-Length: 0\r\n\r\n"
PIECE = 1 << 20
NICE = 10  # it stands for a machine elsewhere, which takes no processor from donors


def serve(port: int) -> None:
    """Until the process ends."""
    with socket.create_server(("127.0.0.1", port)) as listening:
        while True:
            line, _from = listening.accept()
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=_take, args=(line,), daemon=True).start()


def _take(line: socket.socket) -> None:
    buffer = bytearray(PIECE)
    with line:
        while head := _head(line):
            before, _, body = head.partition(b"\r\n\r\n")
            found = LENGTH.search(before)
            left = int(found[1]) - len(body) if found else 0
            while left > 0:
                left -= line.recv_into(buffer, min(PIECE, left)) or left
            line.sendall(TAKEN)


def _head(line: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        some = line.recv(65_536)
        if not some:
            return b""
        data += some
    return data


if __name__ == "__main__":
    os.setsid()
    priority.lower(os.getpid(), NICE)
    serve(int(sys.argv[1]))
