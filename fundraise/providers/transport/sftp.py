"""Files by SFTP. The server is known by its pinned key alone, we by a key file. Plain Python.

Each act has a connection and a time-out of its own. A connection that is lost after the file was to
get its name is followed by one more look; what even that can't settle is `UNKNOWN`.
"""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import asyncssh
from asyncssh import SFTPClient, SFTPNoSuchFile, SFTPNoSuchPath

from fundraise import clock
from fundraise.providers.transport.base import (
    LARGEST,
    TAKEN,
    Delivery,
    NameTaken,
    Seen,
    TransportError,
    checked_name,
    is_incoming,
    other_name,
    temporary,
)

T = TypeVar("T")
MISSING = (SFTPNoSuchFile, SFTPNoSuchPath)
WRONG_KEY = (asyncssh.HostKeyNotVerifiable, asyncssh.KeyExchangeFailed)
LOST = (asyncssh.Error, OSError, asyncio.TimeoutError)
asyncssh.set_log_level("WARNING")


@dataclass(frozen=True, slots=True)
class Server:
    """Who is called, and by what both sides know each other."""

    host: str
    user: str
    host_keys: tuple[str, ...]  # lines as `ssh-ed25519 AAAA…`; no other key is taken, ever
    key_file: Path
    port: int = 22
    connect_seconds: float = 20
    act_seconds: float = 120


class SftpTransport:
    """One folder out, one folder in, on a server of the bank or of its service bureau."""

    def __init__(
        self, server: Server, out: str, into: str, *, settle: int = 60, keep: bool = False
    ) -> None:
        self.server = server
        self.out, self.into = out.rstrip("/"), into.rstrip("/")
        self.settle, self.keep = settle, keep

    def deliver(self, name: str, content: bytes) -> Delivery:
        target = f"{self.out}/{checked_name(name)}"
        half = f"{self.out}/{temporary(name, content)}"
        asked = False  # to give the file its name: from here on an error is no proof of a no

        async def act(sftp: SFTPClient) -> Delivery:
            nonlocal asked
            known = await _same(sftp, target, content)
            if known is not None:
                return _already(known)
            await _write(sftp, half, content)
            asked = True
            await sftp.rename(half, target)
            return Delivery.DELIVERED

        try:
            return self._do(act)
        except TransportError:
            if not asked:
                raise
        return self._after_lost_answer(name, content)

    def _after_lost_answer(self, name: str, content: bytes) -> Delivery:
        """What a second look says of a file that was to get its name. Raises TransportError when
        it surely did not."""
        try:
            seen = self.look(name, content)
        except TransportError:
            return Delivery.UNKNOWN
        if seen is Seen.HALF:
            raise TransportError("the server did not give the file its name")
        if seen is Seen.OTHER:
            raise NameTaken
        return Delivery.DELIVERED if seen is Seen.THERE else Delivery.UNKNOWN

    def exists(self, name: str) -> bytes | None:
        return self._do(lambda sftp: _read(sftp, f"{self.out}/{checked_name(name)}"))

    def matches(self, name: str, content: bytes) -> bool | None:
        return self._do(lambda sftp: _same(sftp, f"{self.out}/{checked_name(name)}", content))

    def look(self, name: str, content: bytes) -> Seen:
        async def act(sftp: SFTPClient) -> Seen:
            known = await _same(sftp, f"{self.out}/{checked_name(name)}", content)
            if known is not None:
                return Seen.THERE if known else Seen.OTHER
            half = await sftp.exists(f"{self.out}/{temporary(name, content)}")
            return Seen.HALF if half else Seen.GONE

        return self._do(act)

    def incoming(self) -> list[str]:
        oldest = clock.real_now().timestamp() - self.settle

        async def act(sftp: SFTPClient) -> list[str]:
            found = [one async for one in sftp.scandir(self.into)]
            return sorted(
                name
                for name, attrs in ((str(one.filename), one.attrs) for one in found)
                if is_incoming(name)
                and stat.S_ISREG(attrs.permissions or 0)
                and (attrs.mtime or 0) <= oldest
            )

        return self._do(act)

    def fetch(self, name: str) -> bytes:
        content = self._do(lambda sftp: _read(sftp, f"{self.into}/{checked_name(name)}"))
        if content is None:
            raise TransportError("the file is not there any more")
        return content

    def taken(self, name: str, content: bytes) -> None:
        checked_name(name)

        async def act(sftp: SFTPClient) -> None:
            source, folder = f"{self.into}/{name}", f"{self.into}/{TAKEN}"
            if not await _same(sftp, source, content):
                return  # moved before, or a new file of the same name that is not fetched yet
            if not await sftp.isdir(folder):
                await sftp.mkdir(folder)
            target = f"{folder}/{name}"
            if await sftp.exists(target):
                target = f"{folder}/{other_name(name, content)}"
            if await sftp.exists(target):
                await sftp.remove(source)  # kept there before, byte by byte the same
            else:
                await sftp.rename(source, target)

        if not self.keep:
            self._do(act)

    def _do(self, act: Callable[[SFTPClient], Awaitable[T]]) -> T:
        """One act on a connection of its own. Raises TransportError."""

        async def whole() -> T:
            async with _connected(self.server) as sftp:
                return await asyncio.wait_for(act(sftp), self.server.act_seconds)

        try:
            # In a thread of its own: whoever calls may have a loop of theirs running.
            with ThreadPoolExecutor(1) as alone:
                return alone.submit(lambda: asyncio.run(whole())).result()
        except WRONG_KEY:
            raise TransportError("the server's key is not the pinned one", permanent=True) from None
        except asyncssh.PermissionDenied:
            raise TransportError("the server does not take our key", permanent=True) from None
        except asyncssh.KeyImportError:
            raise TransportError("a key can't be read", permanent=True) from None
        except LOST as error:
            raise TransportError(f"the server could not be used: {type(error).__name__}") from error


def _already(same: bool) -> Delivery:
    if not same:
        raise NameTaken
    return Delivery.ALREADY


def _algorithms(pinned: list[asyncssh.SSHKey]) -> str:
    """The pinned keys' kinds first, then all others: a server that has none of them shows another
    key, which is refused for what it is, rather than a handshake that breaks off on either side.

    All others are named by a star: with known keys asyncssh takes "^" to mean those keys' kinds.
    """
    kinds = dict.fromkeys(alg.decode() for key in pinned for alg in key.sig_algorithms)
    return ",".join([*kinds, "*"])


@asynccontextmanager
async def _connected(server: Server) -> AsyncIterator[SFTPClient]:
    """A connection to the server with the pinned key, or none: nothing of the machine's own
    configuration, agent or list of known servers is asked."""
    pinned = [asyncssh.import_public_key(line) for line in server.host_keys]
    async with (
        asyncssh.connect(
            server.host,
            server.port,
            username=server.user,
            client_keys=[str(server.key_file)],
            known_hosts=(pinned, [], []),
            server_host_key_algs=_algorithms(pinned),
            config=None,
            agent_path=None,
            password=None,
            preferred_auth="publickey",
            connect_timeout=server.connect_seconds,
            login_timeout=server.connect_seconds,
            keepalive_interval=15,
        ) as connection,
        connection.start_sftp_client() as sftp,
    ):
        yield sftp


async def _write(sftp: SFTPClient, path: str, content: bytes) -> None:
    """Written whole: the server's own count of its bytes says so."""
    async with sftp.open(path, "wb") as half:
        await half.write(content)
        with suppress(asyncssh.SFTPOpUnsupported):
            await half.fsync()
    if (await sftp.stat(path)).size != len(content):
        raise TransportError("the server did not keep the whole file")


async def _read(sftp: SFTPClient, path: str) -> bytes | None:
    try:
        before = await sftp.lstat(path)
        if not stat.S_ISREG(before.permissions or 0) or (before.size or 0) > LARGEST:
            raise TransportError("no plain file, or too large a one", permanent=True)
        async with sftp.open(path, "rb") as opened:
            content: bytes | str = await opened.read()
        after = await sftp.lstat(path)
    except MISSING:
        return None
    if (before.size, before.mtime) != (after.size, after.mtime) or len(content) != after.size:
        raise TransportError("the file is being written to")
    return content if isinstance(content, bytes) else content.encode()


async def _same(sftp: SFTPClient, path: str, content: bytes) -> bool | None:
    found = await _read(sftp, path)
    return None if found is None else found == content
