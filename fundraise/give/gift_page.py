"""Which of its faces a gift's own page shows, and what stands on it.

Whoever holds the link sees sum and state, no person: Swish may come back in another browser, and a
family may share one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.gifts.models import Channel, Gift
from fundraise.gifts.queries import GiftPage
from fundraise.give import first_month, links, presets, swish, then_monthly
from fundraise.give.terms import Terms
from fundraise.pledges import queries as pledges
from fundraise.refs import short_reference

State = Gift.State
LONG_WAIT = timedelta(minutes=10)
# How many times the page asks by itself. Where the giver has stopped, once is enough: the answer
# can only be another one when the gift was paid in another window.
POLLS = {"waiting": 15, "open": 15, "unknown": 15, "cancelled": 1, "declined": 1}


@dataclass(frozen=True)
class SwishWay:
    """What the page shows of a plain Swish number."""

    link: str
    qr: SafeString
    number: str
    message: str


def kind_of(gift: GiftPage, *, cancelled: bool, now: datetime) -> str:
    """The face of the page: also the name of its template."""
    if gift.state == State.RECEIVED:
        return "refunded" if gift.refunded_ore >= gift.amount_ore else "received"
    if gift.state != State.PENDING:
        return gift.state
    if gift.channel == Channel.SWISH_NUMBER:
        return "swish"
    if gift.can_continue_url:
        return "declined" if gift.declines else ("cancelled" if cancelled else "open")
    return "unknown" if now - gift.created_at > LONG_WAIT else "waiting"


def fingerprint(gift: GiftPage) -> str:
    """Differs when the page would look different; says nothing of the giver."""
    go_on = "open" if gift.can_continue_url else "shut"
    return f"{gift.state}-{go_on}-{gift.declines}-{gift.refunded_ore}"


def context(gift: GiftPage, terms: Terms, kind: str) -> dict[str, Any]:
    """What the template reads."""
    monthly = first_month.of_gift(gift.ref, terms.language)
    once = kind == "received" and monthly is None
    return {
        "gift": gift,
        "terms": terms,
        "kind": kind,
        "title": title(kind),
        "body": f"give/gift_{kind}.html",
        "left_ore": gift.amount_ore - gift.refunded_ore,
        "way_words": way_words(gift.channel),
        "polls": POLLS.get(kind, 0),
        "asks": kind in {"waiting", "open", "unknown"},
        "fingerprint": fingerprint(gift),
        "check_url": links.check(gift.ref, terms.language),
        "change_url": change_url(gift, terms),
        "share_url": links.absolute(links.donate(terms.slug, terms.language)),
        "monthly": monthly,
        "then_monthly": then_monthly.offer(gift, terms, clock.now()) if once else None,
        "swish": SimpleLazyObject(lambda: swish_way(gift, terms)),
    }


def title(kind: str) -> str:
    """What stands on the browser's tab: the state, no sum."""
    if kind == "received":
        return _("Thank you")
    return _("Waiting") if kind in {"waiting", "unknown", "open", "swish"} else _("Your gift")


def way_words(channel: str) -> str:
    """How the gift was given."""
    return {
        Channel.CARD: _("Card"),
        Channel.SWISH: _("Swish"),
        Channel.SWISH_NUMBER: _("Swish"),
        Channel.BANK: _("Bank giro"),
        Channel.CASH: _("Cash"),
    }.get(Channel(channel), "") if channel else ""  # fmt: skip


def change_url(gift: GiftPage, terms: Terms) -> str:
    """The form again with the gift's sum; a gift that waits is gone on with, not doubled."""
    query = presets.chosen(gift.amount_ore, first_month.every_of(gift.ref), terms.language)
    over = gift.state not in {State.PENDING, State.RECEIVED}
    if gift.state == State.PENDING or (over and pledges.given_instead_of(gift.ref)):
        query["gift"] = str(gift.ref)
    return f"{links.donate(terms.slug, terms.language)}?{urlencode(query)}"


def swish_way(gift: GiftPage, terms: Terms) -> SwishWay | None:
    """Link, code and number; None when the entity has no Swish number any more."""
    number = next((way.number for way in terms.ways if way.method == "swish_number"), "")
    if not number:
        return None
    message = short_reference(gift.ref)
    return SwishWay(
        link=swish.app_link(number, gift.amount_ore, message),
        qr=swish.qr_svg(number, gift.amount_ore, message),
        number=swish.grouped(number),
        message=message,
    )
