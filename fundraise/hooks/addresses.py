"""Which addresses may be called: the open internet over HTTPS, never our own network.

Whoever may choose an address could else make us ask the database's port, a cloud's metadata or a
neighbour's router. A name is looked up when it is saved and again when it is called, and the call
goes to the very address that was looked at, so that a name can't answer differently in between.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from django.conf import settings

LONGEST = 300


class AddressRefused(ValueError):
    """`code`: not_https, not_an_address, unknown_host, own_network."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Target:
    """Where a call goes: the name for the certificate, and the address for the socket."""

    host: str
    port: int
    path: str
    secure: bool
    address: str


def read(url: str) -> Target:
    """Look an address up. Raises AddressRefused."""
    host, port, path, secure = _parts(url)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise AddressRefused("unknown_host") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(_is_open(address) for address in addresses):
        raise AddressRefused("own_network")
    return Target(host, port, path, secure, addresses[0])


def _parts(url: str) -> tuple[str, int, str, bool]:
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError:
        raise AddressRefused("not_an_address") from None
    secure = split.scheme == "https"
    if not secure and not (settings.MODE == "demo" and split.scheme == "http"):
        raise AddressRefused("not_https")
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= LONGEST
    if not plain or not split.hostname or split.username or split.password or split.fragment:
        raise AddressRefused("not_an_address")
    path = (split.path or "/") + (f"?{split.query}" if split.query else "")
    return split.hostname, port or (443 if secure else 80), path, secure


def _is_open(text: str) -> bool:
    """Whether an address belongs to the open internet; a demo may call itself."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address.sixtofour or address
    if settings.MODE == "demo" and address.is_loopback:
        return True
    return address.is_global and not address.is_multicast
