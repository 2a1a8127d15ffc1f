"""Which key asks for what: receipts and appeals may have each their own key and pool.

A pool is a set of addresses that mail leaves from. Apart, the complaints about an appeal do not
delay a receipt. A subuser is a key of its own, and so is a key in the EU.
"""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings

from mailings.senders.line import Times

TIMES = Times(connect=5.0, read=60.0, total=90.0)


class Account(NamedTuple):
    key: str
    pool: str

    def headers(self) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.key}",
            "Content-Type": "application/json",
            "Accept": "application/json",
            "User-Agent": "fundraise",
        }


def for_receipts() -> Account:
    return Account(settings.SENDGRID_API_KEY, settings.SENDGRID_POOL)


def for_appeals() -> Account:
    key = settings.SENDGRID_APPEALS_KEY or settings.SENDGRID_API_KEY
    return Account(key, settings.SENDGRID_APPEALS_POOL or settings.SENDGRID_POOL)
