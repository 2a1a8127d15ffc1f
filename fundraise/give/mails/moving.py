"""Another e-mail address: it takes an answer from the old mailbox and one from the new.

The holder of a mail may be somebody it was forwarded to, and whoever has a donor's confirmed
address sees the donor's gifts on My pages. So the new address alone proves nothing, and the old one
alone could be written wrong: each gets a link, each link a button, and the second makes the change.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from donors import queries as donor_queries
from donors import services as donors
from donors.errors import DonorError
from donors.models import ContactPoint, Donor
from fundraise import clock, crypto
from fundraise.give.models import AddressMove
from mailings import transactional
from mailings.letters import Letter

GOOD_FOR = timedelta(days=7)
LONGEST = 200
OLD, NEW = "old", "new"
KIND = "address_move"


def ask(donor: Donor, email_key: bytes, address: str, *, payee: str, language: str) -> bool:
    """Mail both addresses a link. False when the donor has the old one no more, or has the new."""
    point = donor_queries.email_point(donor.pk, email_key)
    if point is None or donor.pk in {one.pk for one in donors.find_by_email(address)}:
        return False
    now = clock.real_now()
    move = AddressMove(donor=donor, point_id=point.pk, asked_at=now, until=now + GOOD_FOR)
    move.new_sealed = crypto.seal(address.encode(), context=_context(move))
    with transaction.atomic():
        move.save(force_insert=True)
        for side, to in ((OLD, donor_queries.opened_email(point)), (NEW, address)):
            _mail(move, side, to, payee, language)
    return True


def found(key: str) -> tuple[AddressMove, str] | None:
    """The move that a link is for, and which of the two mailboxes it was mailed to. Reads only."""
    if len(key) > LONGEST:
        return None
    try:
        ref, side = _signer().unsign(key).split(".")
    except (signing.BadSignature, ValueError):
        return None
    move = AddressMove.objects.filter(ref=ref, until__gt=clock.real_now()).first()
    return (move, side) if move is not None and side in {OLD, NEW} else None


@transaction.atomic
def answer(move_pk: int, side: str) -> AddressMove:
    """One mailbox has answered; the second answer makes the change. Twice is harmless."""
    move = AddressMove.objects.select_for_update(of=("self",)).get(pk=move_pk)
    now = clock.real_now()
    if side == OLD and move.old_at is None:
        move.old_at = now
    if side == NEW and move.new_at is None:
        move.new_at = now
    if move.old_at and move.new_at and move.done_at is None and move.new_sealed is not None:
        _change(move)
        move.done_at, move.new_sealed = now, None
    move.save(update_fields=["old_at", "new_at", "done_at", "new_sealed"])
    return move


def _change(move: AddressMove) -> None:
    """The new address is the donor's first one, confirmed; the old one is taken away."""
    by = f"donor:{move.donor.ref}"
    address = crypto.unseal(bytes(move.new_sealed or b""), context=_context(move)).decode()
    point = donors.add_contact_point(
        donor_id=move.donor_id,
        kind=ContactPoint.Kind.EMAIL,
        value=address,
        source="mail_choices",
        by=by,
    )
    donors.confirm_contact_point(contact_point_id=point.pk, by=by)
    donors.make_primary(contact_point_id=point.pk, by=by)
    if move.point_id != point.pk:
        try:
            donors.remove_contact_point(contact_point_id=move.point_id, by=by)
        except DonorError:
            return  # it was taken away meanwhile


def forget(now: datetime) -> int:
    """Delete what nobody answered in time, and what is done."""
    return AddressMove.objects.filter(until__lt=now).delete()[0]


def _mail(move: AddressMove, side: str, to: str, payee: str, language: str) -> None:
    with translation.override(language):
        letter = _letter(move, side, payee, language)
    transactional.prepare(
        KIND,
        f"{move.ref}:{side}",
        to=to,
        language=language,
        subject=letter.subject,
        html=letter.as_html(),
        text=letter.as_text(),
    )


def _letter(move: AddressMove, side: str, payee: str, language: str) -> Letter:
    key = _signer().sign(f"{move.ref.hex}.{side}")
    path = reverse(f"give:move_address_{language}")
    old = _("Somebody, we hope you, wants mails from %(payee)s to go to another address.")
    new = _("Somebody, we hope you, wants mails from %(payee)s to come to this address.")
    return Letter(
        language=language,
        subject=_("Is this your new address?") if side == NEW else _("Do you change address?"),
        said=(
            (new if side == NEW else old) % {"payee": payee},
            _("It is changed when both have answered: the old address and the new one."),
        ),
        button=_("Yes, it is me"),
        link=f"{settings.BASE_URL}{path}?{urlencode({'key': key})}",
        footer=_("If it was not you, do nothing: without your answer nothing is changed."),
    )


def _context(move: AddressMove) -> str:
    return f"address-move:{move.ref}"


def _signer() -> signing.Signer:
    return signing.Signer(salt="fundraise.give.address-move")
