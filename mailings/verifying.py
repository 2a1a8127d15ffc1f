"""The doors of verified senders: name an address, mail it a code, take the code, end it.

Beside mailings/verified and not in it, since a mail of one event is prepared here.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from donors.errors import InvalidValue
from donors.normalise import clean_email
from fundraise import clock
from fundraise.audit import services as audit
from fundraise.language import SWEDISH
from fundraise.ledger.models import LegalEntity
from mailings import transactional
from mailings.alarms import ALPHABET
from mailings.letters import Letter
from mailings.verified.models import VerifiedSender

LETTERS = 8
MOST_TRIES = 5
MOST_CODES = 10
GOOD_FOR = timedelta(days=1)
NEXT_AFTER = timedelta(minutes=2)
KIND = "sender_code"


class SenderError(Exception):
    """Why nothing was changed; `code` says which reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def add(*, entity: LegalEntity, address: str, name: str, link: str, by: str) -> VerifiedSender:
    """An address to be verified; its code is mailed at once.

    Raises SenderError (address, name, known).
    """
    try:
        cleaned = clean_email(address)
    except InvalidValue:
        raise SenderError("address") from None
    if not name.strip() or any(sign in name for sign in '<>"\r\n'):
        raise SenderError("name")
    sender = VerifiedSender(
        entity=entity,
        address=cleaned,
        name=name.strip()[:70],
        domain=cleaned.rpartition("@")[2].lower(),
        by=by,
        created_at=clock.now(),
    )
    try:
        with transaction.atomic():
            sender.save(force_insert=True)
    except IntegrityError:
        raise SenderError("known") from None
    _log(sender, "sender.added", by)
    _mail_code(sender, link)
    return sender


@transaction.atomic
def send_code(ref: UUID, *, link: str, by: str) -> None:
    """A new code; the one before is good no more. Raises SenderError (unknown, soon, many)."""
    sender = _waiting(ref)
    now = clock.real_now()
    if sender.code_sent_at is not None and sender.code_sent_at > now - NEXT_AFTER:
        raise SenderError("soon")
    if sender.codes_sent >= MOST_CODES:
        raise SenderError("many")
    _mail_code(sender, link)


def verify(ref: UUID, *, typed: str, by: str) -> None:
    """The code that came. Raises SenderError (unknown, over, wrong); a wrong one is counted."""
    with transaction.atomic():
        sender = _waiting(ref)
        fresh = (sender.code_sent_at or clock.real_now() - 2 * GOOD_FOR) + GOOD_FOR
        if sender.code_hash is None or sender.tries >= MOST_TRIES or clock.real_now() > fresh:
            raise SenderError("over")
        right = hmac.compare_digest(bytes(sender.code_hash), _hash(sender, typed))
        if right:
            sender.verified_at, sender.how, sender.code_hash = clock.now(), "code", None
            _log(sender, "sender.verified", by)
        sender.tries += 1
        sender.save(update_fields=["verified_at", "how", "code_hash", "tries"])
    if not right:
        raise SenderError("wrong")


@transaction.atomic
def end(ref: UUID, *, by: str) -> bool:
    """Not used any more. False when it had ended. Appeals that were scheduled stand."""
    sender = VerifiedSender.objects.select_for_update(of=("self",)).get(ref=ref)
    if sender.ended_at is not None:
        return False
    sender.ended_at, sender.code_hash = clock.now(), None
    sender.save(update_fields=["ended_at", "code_hash"])
    _log(sender, "sender.ended", by)
    return True


def _waiting(ref: UUID) -> VerifiedSender:
    rows = VerifiedSender.objects.select_for_update(of=("self",)).select_related("entity")
    sender = rows.filter(ref=ref, verified_at=None, ended_at=None).first()
    if sender is None:
        raise SenderError("unknown")
    return sender


def _mail_code(sender: VerifiedSender, link: str) -> None:
    code = "".join(secrets.choice(ALPHABET) for _letter in range(LETTERS))
    sender.code_hash, sender.tries = _hash(sender, code), 0
    sender.code_sent_at, sender.codes_sent = clock.real_now(), sender.codes_sent + 1
    sender.save(update_fields=["code_hash", "tries", "code_sent_at", "codes_sent"])
    with translation.override(SWEDISH):
        letter = _letter(sender, code, link)
    transactional.prepare(
        KIND,
        f"{sender.ref}:{sender.codes_sent}",
        to=sender.address,
        language=letter.language,
        subject=letter.subject,
        html=letter.as_html(),
        text=letter.as_text(),
    )


def _letter(sender: VerifiedSender, code: str, link: str) -> Letter:
    return Letter(
        language=SWEDISH,
        subject=_("A code for the address that appeals shall come from"),
        said=(
            _("%(entity)s wants to send appeals from this address. This is the code:")
            % {"entity": sender.entity.name},
            code,
            _("It is good for a day. If you don't know of this, do nothing: nothing is sent."),
        ),
        button=_("Type the code"),
        link=link,
        footer=_("You get this because somebody at %(entity)s named this address.")
        % {"entity": sender.entity.name},
    )


def _hash(sender: VerifiedSender, code: str) -> bytes:
    plain = "".join(code.split()).lower()
    return hashlib.sha256(f"{sender.ref}:{plain}".encode()).digest()


def _log(sender: VerifiedSender, action: str, by: str) -> None:
    audit.log_change(
        by=by,
        action=action,
        subject_type="sender",
        subject_ref=sender.ref,
        after={"mail_domain": sender.domain},
    )
