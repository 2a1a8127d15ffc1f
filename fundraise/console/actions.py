"""What staff do to gifts and refunds: the doors below, with refusals as sentences.

A form that is sent twice does its work once: a proof is taken once by the books, a refund form
says how many refunds its page showed, and a decision looks at the refund's state.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from donors.errors import DonorError
from donors.normalise import clean_email, clean_organisation_number, clean_personal_number
from fundraise import clock
from fundraise.audit import services as audit
from fundraise.console.fields import PERSONAL
from fundraise.gifts import locks, refunds
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift, Refund
from fundraise.gifts.refunds import RefundError
from fundraise.jobs import services as jobs
from fundraise.jobs.models import Alarm
from fundraise.providers import by_hand, intake
from fundraise.providers.models import ProviderEvent

HAND_CHANNELS = frozenset(str(channel) for channel in by_hand.CLEARING)
BACK_BY_HAND = frozenset(str(channel) for channel in by_hand.BACK_BY_HAND)

REFUSALS: dict[str, str | Promise] = {
    "not_received": _("Only a gift that has come in can be paid back."),
    "too_much": _("That is more than what is left of the gift."),
    "same_person": _("Another person than the one who asked must decide."),
    "not_waiting": _("It is decided already. Nothing was changed."),
    "personal": PERSONAL,
    "paid": _("A line of the bank has shown some of it since, so it was paid. Say no to it."),
    "sent_before": _("This form was sent already. The gift is shown as it stands now."),
    "proof_used": _("This proof is booked already on another gift. Nothing was changed."),
    "not_by_hand": _("Only cash, bank and Swish number gifts are confirmed by hand."),
    "closed": _("It does not wait any more. Nothing was changed."),
    "identity_number": _("The number is not right. Is it an organisation's, tick that it is."),
    "email": _("Write the e-mail address in full, such as anna@example.se."),
}


class Refused(Exception):
    """The action was not done; `code` is a key of REFUSALS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def sentence(self) -> str:
        return str(REFUSALS[self.code])


def noon(on: date) -> datetime:
    """The middle of a day in Stockholm, or now when the day is not so far gone."""
    at = datetime.combine(on, time(12), tzinfo=clock.STOCKHOLM)
    return min(at, clock.now())


def enter_gift(values: dict[str, Any], *, by: str) -> Gift:
    """Book a gift that staff saw. Raises Refused: proof_used, email, identity_number."""
    given = by_hand.ManualGift(
        campaign=values["campaign"],
        amount_ore=values["amount_ore"],
        channel=values["channel"],
        received_at=noon(values["received_on"]),
        proof=values["proof"],
        by=by,
        giver=_giver(values),
    )
    try:
        return by_hand.record_manual_gift(given)
    except IntegrityError:
        twin = _booked_with(given)
        if twin is None:
            raise Refused("proof_used") from None
        return twin


def _giver(values: dict[str, Any]) -> Giver:
    try:
        email = clean_email(values["email"]) if values["email"] else ""
    except DonorError:
        raise Refused("email") from None
    words = {name: values[name].strip() for name in ("name", "address", "postcode", "city")}
    organisation = bool(values["organisation"])
    number = _identity(values["identity_number"], organisation)
    return Giver(email=email, identity_number=number, organisation=organisation, **words)


def _identity(typed: str, organisation: bool) -> str:
    """The number in full; empty when none was written. Raises Refused: identity_number."""
    clean = clean_organisation_number if organisation else clean_personal_number
    try:
        return clean(typed) if typed.strip() else ""
    except DonorError:
        raise Refused("identity_number") from None


def _booked_with(given: by_hand.ManualGift) -> Gift | None:
    """The gift that the same form made a moment ago; None when the proof is another gift's."""
    return Gift.objects.filter(
        entity_id=given.campaign.entity_id,
        provider_ref=f"manual:{given.proof}",
        campaign=given.campaign,
        amount_ore=given.amount_ore,
        channel=given.channel,
    ).first()


def confirm_gift(gift: Gift, *, seen_on: date, proof: str, by: str) -> bool:
    """The bank's report shows a waiting gift. False when it was received before.

    Raises Refused: not_by_hand, closed, proof_used.
    """
    if gift.channel not in HAND_CHANNELS:
        raise Refused("not_by_hand")
    if gift.state == Gift.State.RECEIVED:
        return False
    try:
        with transaction.atomic():
            done = by_hand.confirm_by_hand(gift, noon(seen_on), proof, by)
            if done:
                _log(by, "gift.confirmed_by_hand", "gift", gift.ref)
    except IntegrityError:
        raise Refused("proof_used") from None
    return done


def ask_refund(gift: Gift, *, amount_ore: int, reason: str, seen: int, by: str) -> Refund:
    """Ask for a refund once per page shown. Raises Refused."""
    with transaction.atomic():
        locks.gift_for_change(gift.pk)
        if Refund.objects.filter(gift=gift).count() != seen:
            raise Refused("sent_before")
        try:
            return refunds.request_refund(gift.pk, amount_ore=amount_ore, reason=reason, by=by)
        except RefundError as error:
            raise Refused(error.code) from None


def approve(ref: UUID, *, by: str, reason: str = "") -> None:
    """The second person says yes. Raises Refused: same_person, not_waiting, personal, too_much."""
    try:
        refunds.approve_refund(ref, by=by, reason=reason)
    except RefundError as error:
        raise Refused(error.code) from None


def refuse(ref: UUID, *, reason: str, by: str) -> None:
    """The second person says no. Raises Refused: same_person, not_waiting, personal."""
    try:
        refunds.refuse_refund(ref, by=by, reason=reason)
    except RefundError as error:
        raise Refused(error.code) from None


def confirm_refund(refund: Refund, *, seen_on: date, proof: str, by: str) -> bool:
    """The bank line shows a refund that staff sent. False when it was booked before.

    Raises Refused: not_by_hand, closed, proof_used.
    """
    if refund.gift.channel not in BACK_BY_HAND:
        raise Refused("not_by_hand")
    if refund.state == Refund.State.SETTLED:
        return False
    if refund.state not in {Refund.State.QUEUED, Refund.State.SENT}:
        raise Refused("closed")
    if Refund.objects.filter(provider_ref=f"manual:{proof}").exclude(pk=refund.pk).exists():
        raise Refused("proof_used")
    try:
        with transaction.atomic():
            done = by_hand.confirm_refund_by_hand(refund, noon(seen_on), proof, by)
            if done:
                _log(by, "gift.refund.confirmed_by_hand", "refund", refund.ref)
    except IntegrityError:
        raise Refused("proof_used") from None
    return done


def replay(event: ProviderEvent, *, by: str) -> bool:
    """Work on a provider's message again; True when its facts stand. Its alarm is closed then."""
    _log(by, "provider_event.replayed", "provider_event", event.pk)
    done = intake.replay(event.pk)
    if done:
        jobs.resolve_alarms(intake.FAILED, subject=str(event.pk))
    return done


def close_alarm(alarm: Alarm, *, by: str) -> bool:
    """Somebody has seen to it. False when it was closed before."""
    with transaction.atomic():
        closed = jobs.resolve_alarms(alarm.code, subject=alarm.subject)
        if closed:
            _log(by, "alarm.closed", "alarm", alarm.pk)
    return bool(closed)


def _log(by: str, action: str, kind: str, ref: object) -> None:
    audit.log_change(by=by, action=action, subject_type=kind, subject_ref=str(ref))
