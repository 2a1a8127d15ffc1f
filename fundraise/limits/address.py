"""Who asks: the client's address behind our own proxies, and the block it belongs to.

A header may say anything; only what our own proxies added counts. With N trusted proxies the N-th
address from the right of X-Forwarded-For is the one the outermost of them saw.
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

UNKNOWN = "unknown"


def client_address(remote: str, forwarded: str, proxies: int) -> str:
    """The client's address; the peer's own when no proxy is trusted or the header is too short."""
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    if proxies < 1 or len(hops) < proxies:
        return remote
    return hops[-proxies]


def block_of(address: str) -> str:
    """The /24 of an IPv4 address, the /64 of an IPv6 one: what one household or attacker has."""
    return _network(address, 24, 64)


def wide_block_of(address: str) -> str:
    """The /16 or /48: what one hosting firm has, and also a mobile operator with all its people."""
    return _network(address, 16, 48)


def _network(address: str, four: int, six: int) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return UNKNOWN
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    prefix = four if parsed.version == 4 else six
    return str(ip_network(f"{parsed}/{prefix}", strict=False))
