"""What gives a machine away in one request: known gateways, prefetching, HEAD. Plain Python.

The codes are stored; the words and addresses they were read from are not. Sources: the gateways'
own manuals, and the lists that senders share; a gateway that says nothing of itself is found by its
timing (judging.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

HEAD, PREFETCH, ROBOT = "head", "prefetch", "robot"
GATEWAYS = ("safelinks", "mimecast", "proofpoint", "barracuda", "gateway")
PICTURES = ("apple", "gmail", "yahoo")  # fetch pictures ahead for their users
MACHINES = (HEAD, PREFETCH, ROBOT, *GATEWAYS, *PICTURES)

_AGENTS = [
    (code, re.compile(pattern, re.IGNORECASE))
    for code, pattern in (
        ("safelinks", r"safelinks|microsoft ?defender|bingpreview"),
        ("mimecast", r"mimecast"),
        ("proofpoint", r"proofpoint|urldefense"),
        ("barracuda", r"barracuda"),
        (
            "gateway",
            r"trendmicro|symantec|messagelabs|fireeye|trellix|sophos|fortinet|cisco|ironport"
            r"|forcepoint|cloudmark|hornetsecurity|vipre|checkpoint|avanan|zscaler|virustotal"
            r"|urlscan|tessian",
        ),
        ("gmail", r"googleimageproxy"),
        ("yahoo", r"yahoomailproxy"),
        (
            ROBOT,
            r"(?<!cu)bot\b|crawler|spider|preview|scanner|monitor|fetch|headless|phantom|selenium"
            r"|puppeteer|playwright|curl|wget|python|java/|okhttp|go-http|libwww|httpclient|axios",
        ),
    )
]
# Networks that gateways ask from, where their owner says so.
_NETWORKS: list[tuple[str, list[IPv4Network | IPv6Network]]] = [
    ("safelinks", [ip_network(net) for net in ("40.94.0.0/16", "52.103.0.0/17", "104.47.0.0/17")]),
    ("mimecast", [ip_network(net) for net in ("91.220.42.0/24", "195.130.217.0/24")]),
    ("proofpoint", [ip_network(net) for net in ("67.231.144.0/20", "148.163.128.0/19")]),
    ("barracuda", [ip_network(net) for net in ("64.235.144.0/20", "209.222.80.0/21")]),
    ("apple", [ip_network("17.0.0.0/8")]),
]  # fmt: skip


def of_request(method: str, headers: Mapping[str, str], ip: str) -> str:
    """The sign of one request to a link of ours, empty when it looks like anybody's browser."""
    if method.upper() == "HEAD":
        return HEAD
    purpose = f"{headers.get('Purpose', '')} {headers.get('Sec-Purpose', '')}".lower()
    if "prefetch" in purpose or "prerender" in purpose or headers.get("X-Moz") == "prefetch":
        return PREFETCH
    return of_agent(headers.get("User-Agent", "")) or of_address(ip)


@lru_cache(maxsize=4096)
def of_agent(agent: str) -> str:
    """What a program says of itself; one that says nothing is no browser."""
    if not agent.strip():
        return ROBOT
    return next((code for code, pattern in _AGENTS if pattern.search(agent)), "")


@lru_cache(maxsize=4096)
def of_address(ip: str) -> str:
    """Whose network asks, of those known."""
    try:
        asking = ip_address(ip)
    except ValueError:
        return ""
    return next(
        (code for code, nets in _NETWORKS if any(asking in net for net in nets)),
        "",
    )
