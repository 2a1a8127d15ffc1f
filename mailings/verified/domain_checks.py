"""What a sender's domain says about itself: SPF, DKIM and DMARC, looked up by name.

Mailbox providers want all three of whoever sends much. With SendGrid's own set-up DKIM stands at
s1 and s2 under the domain, and SPF under a subdomain that mails bounce to, so that a domain without
SPF of its own is in order; DMARC must say at least p=none. Without network, or where
MAIL_DNS_CHECKS is off, nothing is claimed: "not checked".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import dns.exception
import dns.resolver
from django.conf import settings

SECONDS = 3.0


class Said(StrEnum):
    FOUND = "found"
    MISSING = "missing"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class Domain:
    """What was found of one domain."""

    name: str
    spf: Said
    dkim: Said
    dmarc: Said
    policy: str = ""  # DMARC's p

    @property
    def is_in_order(self) -> bool | None:
        """Whether mailbox providers will take much mail from it; None: not checked."""
        if Said.NOT_CHECKED in (self.dkim, self.dmarc):
            return None
        return self.dkim == self.dmarc == Said.FOUND


def check(domain: str) -> Domain:
    """Look a domain up; never raises."""
    if not settings.MAIL_DNS_CHECKS:
        return Domain(domain, *[Said.NOT_CHECKED] * 3)
    dmarc, policy = _dmarc(domain)
    return Domain(domain, _spf(domain), _dkim(domain), dmarc, policy)


def _spf(domain: str) -> Said:
    return _said(_texts(domain), lambda text: text.lower().startswith("v=spf1"))


def _dkim(domain: str) -> Said:
    found = [
        _said(_texts(f"{selector}._domainkey.{domain}"), lambda text: "p=" in text)
        for selector in settings.MAIL_DKIM_SELECTORS
    ]
    if Said.FOUND in found:
        return Said.FOUND
    return Said.NOT_CHECKED if Said.NOT_CHECKED in found or not found else Said.MISSING


def _dmarc(domain: str) -> tuple[Said, str]:
    """Its own, else that of the domain above it, as receivers look."""
    parts = domain.split(".")
    names = [domain, *([".".join(parts[-2:])] if len(parts) > 2 else [])]
    for name in names:
        texts = _texts(f"_dmarc.{name}")
        if texts is None:
            return Said.NOT_CHECKED, ""
        for text in texts:
            if text.lower().startswith("v=dmarc1"):
                return Said.FOUND, _policy(text)
    return Said.MISSING, ""


def _policy(text: str) -> str:
    tags = dict(part.strip().split("=", 1) for part in text.split(";") if "=" in part)
    return tags.get("p", "").strip().lower()[:20]


def _said(texts: list[str] | None, is_it: Callable[[str], bool]) -> Said:
    if texts is None:
        return Said.NOT_CHECKED
    return Said.FOUND if any(map(is_it, texts)) else Said.MISSING


def _texts(name: str) -> list[str] | None:
    """The TXT records of a name (CNAMEs followed); None when nobody could be asked."""
    try:
        answer = _resolver().resolve(name, "TXT")
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError, UnicodeError):
        return None
    return ["".join(part.decode("utf-8", "replace") for part in row.strings) for row in answer]


def _resolver() -> dns.resolver.Resolver:
    resolver = dns.resolver.Resolver()
    resolver.lifetime = SECONDS
    return resolver
