"""Log in by a mailed link: asked for by anybody, mailed to who is known, good once.

The page only writes a row and a fact, the same for every address; whether somebody is known is
looked up afterwards by the fact's subscriber. So neither words nor time tell who gives to us.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction

from fundraise import clock, crypto
from fundraise.give.mine import login_mail, people
from fundraise.give.models import LoginLink
from fundraise.outbox import services as outbox

TOO_LATE = timedelta(hours=1)  # nobody waits for a link so long; a mail would only puzzle
KEPT_FOR = timedelta(days=1)
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Used:
    """Whose address a link has proved, and where its asker was on the way to."""

    address: str = field(repr=False)
    going_to: str


def ask(address: str, language: str, going_to: str = "") -> None:
    """Note that a link was asked for; the mail follows by the fact."""
    link = LoginLink(language=language, going_to=going_to, asked_at=clock.real_now())
    link.address_sealed = crypto.seal(address.encode(), context=_context(link.ref))
    with transaction.atomic():
        link.save(force_insert=True)
        outbox.write("LoginLinkAsked", link.pk)


def send(link_pk: int) -> None:
    """Subscriber of LoginLinkAsked: mail the link when the address is known, once."""
    link, now = LoginLink.objects.filter(pk=link_pk).first(), clock.real_now()
    if link is None or link.address_sealed is None or link.expires_at is not None:
        return
    address = _address(link)
    if now - link.asked_at > TOO_LATE or not people.is_known(address):
        LoginLink.objects.filter(pk=link.pk).update(address_sealed=None)
        return
    LoginLink.objects.filter(pk=link.pk).update(
        expires_at=now + timedelta(minutes=settings.MY_PAGES_LINK_MINUTES)
    )
    login_mail.send(link, address, key_of(link))


def key_of(link: LoginLink) -> str:
    """What the mail's link carries."""
    return _signer().sign(link.ref.hex)


def opened(key: str) -> str | None:
    """Whose address a link is for, while it is good. Reads only."""
    link = _found(key, clock.real_now())
    return _address(link) if link is not None else None


def use(key: str) -> Used | None:
    """Spend the link: the address that it proves, for whoever comes first; None for others."""
    now = clock.real_now()
    link = _found(key, now)
    if link is None:
        return None
    address = _address(link)
    spent = LoginLink.objects.filter(pk=link.pk, used_at=None, expires_at__gt=now)
    if spent.update(used_at=now, address_sealed=None) != 1:
        return None
    return Used(address, link.going_to)


def forget(now: datetime) -> int:
    """Forget old questions."""
    return LoginLink.objects.filter(asked_at__lt=now - KEPT_FOR).delete()[0]


def _found(key: str, now: datetime) -> LoginLink | None:
    if len(key) > LONGEST:
        return None
    try:
        ref = UUID(_signer().unsign(key))
    except (signing.BadSignature, ValueError):
        return None
    good = LoginLink.objects.filter(ref=ref, used_at=None, expires_at__gt=now)
    return good.exclude(address_sealed=None).first()


def _address(link: LoginLink) -> str:
    return crypto.unseal(bytes(link.address_sealed or b""), context=_context(link.ref)).decode()


def _context(ref: UUID) -> str:
    return f"login-link:{ref}"


def _signer() -> signing.Signer:
    return signing.Signer(salt="fundraise.give.login")
