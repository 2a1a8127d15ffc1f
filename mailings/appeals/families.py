"""Kinds of mailboxes, by the part of the address after the @: each has its own rules and its own
patience, so a request holds one kind only and each may have a pace of its own. Plain Python.
"""

from __future__ import annotations

GMAIL, MICROSOFT, YAHOO, APPLE, OTHER = "gmail", "microsoft", "yahoo", "apple", "other"
FAMILIES = (GMAIL, MICROSOFT, YAHOO, APPLE, OTHER)

_DOMAINS = {
    "gmail.com": GMAIL, "googlemail.com": GMAIL,
    "icloud.com": APPLE, "me.com": APPLE, "mac.com": APPLE,
    "aol.com": YAHOO, "ymail.com": YAHOO, "rocketmail.com": YAHOO,
}  # fmt: skip
_NAMES = {
    "hotmail": MICROSOFT, "outlook": MICROSOFT, "live": MICROSOFT, "msn": MICROSOFT,
    "passport": MICROSOFT, "yahoo": YAHOO,
}  # fmt: skip


def family(address: str) -> str:
    """The kind of an address's mailbox: hotmail.se and outlook.com are one kind."""
    domain = address.rpartition("@")[2].lower()
    known = _DOMAINS.get(domain)
    if known is None:
        # All domains of these names, whatever the country: yahoo.se, yahoo.co.uk, live.dk.
        known = _NAMES.get(domain.partition(".")[0], OTHER)
        _remember(domain, known)
    return known


def _remember(domain: str, known: str) -> None:
    if len(_DOMAINS) < 10_000:
        _DOMAINS[domain] = known
