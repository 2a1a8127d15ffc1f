"""Addresses of ours that mail may be written to, and what stands in them.

`u+<token>@<domain>` unsubscribes: mail programs that know only the mailto of List-Unsubscribe write
there by themselves.
"""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings

LEAVE = "u"


def leave_mailto(token: str) -> str:
    """The mailto of List-Unsubscribe; empty where no domain takes mail in (MAIL_INBOUND_DOMAIN).

    `token` may be a tag that the sender fills in.
    """
    domain: str = settings.MAIL_INBOUND_DOMAIN
    return f"mailto:{LEAVE}+{token}@{domain}?subject={quote('unsubscribe')}" if domain else ""


def leave_token(address: str) -> str | None:
    """What stands in an unsubscribe address of ours; None when it is another address."""
    local, _at, domain = address.rpartition("@")
    ours: str = settings.MAIL_INBOUND_DOMAIN
    head, plus, token = local.partition("+")
    if not ours or domain.casefold() != ours.casefold() or head.casefold() != LEAVE or not plus:
        return None
    return token
