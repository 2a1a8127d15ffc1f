"""A real SFTP server on 127.0.0.1 whose answers can be lost, and folders for both transports."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh
import pytest

from fundraise.providers.transport.base import Transport
from fundraise.providers.transport.directory import DirectoryTransport
from fundraise.providers.transport.sftp import Server, SftpTransport

Fault = Callable[[], None]


@dataclass
class Bank:
    """The other end: its folders, and what it does at a rename."""

    folder: Path
    port: int
    server: Server
    before_rename: Fault = field(default=lambda: None)
    after_rename: Fault = field(default=lambda: None)

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def into(self) -> Path:
        return self.folder / "in"


class Lost(Exception):
    """The connection is cut where this is raised."""


def _answering(bank: Bank) -> type[asyncssh.SFTPServer]:
    class Answering(asyncssh.SFTPServer):
        def __init__(self, channel: asyncssh.SSHServerChannel[bytes]) -> None:
            super().__init__(channel, chroot=os.fsencode(bank.folder))

        def rename(self, oldpath: bytes, newpath: bytes) -> None:
            try:
                bank.before_rename()
                super().rename(oldpath, newpath)
                bank.after_rename()
            except Lost:
                self.connection.abort()

    return Answering


@pytest.fixture(scope="module")
def _keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, asyncssh.SSHKey, Path]:
    """A folder, the server's key and the file of ours."""
    folder = tmp_path_factory.mktemp("keys")
    ours = asyncssh.generate_private_key("ssh-ed25519")
    ours.write_private_key(str(folder / "ours"))
    ours.write_public_key(str(folder / "authorized"))
    (folder / "ours").chmod(0o600)
    return folder, asyncssh.generate_private_key("ssh-ed25519"), folder / "ours"


@pytest.fixture
def bank(tmp_path: Path, _keys: tuple[Path, asyncssh.SSHKey, Path]) -> Iterator[Bank]:
    folder, host_key, ours = _keys
    for name in ("out", "in"):
        (tmp_path / name).mkdir()
    line = host_key.export_public_key().decode().strip()
    made = Bank(tmp_path, 0, Server("127.0.0.1", "party", (line,), ours))
    loop = asyncio.new_event_loop()

    async def begin() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_host_keys=[host_key],
            authorized_client_keys=str(folder / "authorized"),
            sftp_factory=_answering(made),
        )

    # A browser's test in this process may have a loop of its own running in the main thread.
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    acceptor = asyncio.run_coroutine_threadsafe(begin(), loop).result()
    made.port = acceptor.get_port()
    made.server = Server("127.0.0.1", "party", (line,), ours, made.port, 5, 5)
    yield made
    loop.call_soon_threadsafe(acceptor.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture(params=["directory", "sftp"])
def way(request: pytest.FixtureRequest, bank: Bank) -> Transport:
    """Either transport between the same folders; files count as whole at once."""
    if request.param == "directory":
        return DirectoryTransport(bank.out, bank.into, settle=0)
    return SftpTransport(bank.server, "/out", "/in", settle=0)
