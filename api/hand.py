"""Gifts that staff saw, entered through the API. A proof is taken once by the books."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from django.db import IntegrityError, transaction

from api.problems import Problem
from donors.errors import DonorError
from donors.normalise import clean_email, clean_organisation_number, clean_personal_number
from fundraise import clock
from fundraise.audit import services as audit
from fundraise.campaigns.models import Campaign
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift
from fundraise.providers import by_hand

HAND_CHANNELS = frozenset(str(channel) for channel in by_hand.CLEARING)


def enter(given: dict[str, Any], campaign: Campaign, *, by: str) -> Gift:
    """Book a gift. Raises Problem: invalid, refused (proof_used)."""
    manual = by_hand.ManualGift(
        campaign=campaign,
        amount_ore=given["amount_ore"],
        channel=given["channel"],
        received_at=_noon(given["received_on"], "/received_on"),
        proof=given["proof"],
        by=by,
        giver=_giver(given.get("giver")),
    )
    try:
        with transaction.atomic():
            return by_hand.record_manual_gift(manual)
    except IntegrityError:
        raise _used() from None


def confirm(gift: Gift, *, seen_on: date, proof: str, by: str) -> None:
    """The bank's report shows a waiting gift. Raises Problem: refused."""
    if gift.channel not in HAND_CHANNELS:
        raise Problem("refused", "Only cash, bank and Swish number gifts.", code="not_by_hand")
    at = _noon(seen_on, "/seen_on")
    try:
        with transaction.atomic():
            done = by_hand.confirm_by_hand(gift, at, proof, by)
            if done:
                audit.log_change(
                    by=by,
                    action="gift.confirmed_by_hand",
                    subject_type="gift",
                    subject_ref=gift.ref,
                )
    except IntegrityError:
        raise _used() from None
    if not done:
        raise Problem("refused", "The gift does not wait any more.", code="closed")


def _used() -> Problem:
    return Problem("refused", "This proof is booked already on another gift.", code="proof_used")


def _noon(on: date, pointer: str) -> datetime:
    """The middle of a day in Stockholm, or now when the day is today."""
    if on > clock.today():
        raise Problem("invalid", errors=[(pointer, "in_future")])
    if on.year < 2000:
        raise Problem("invalid", errors=[(pointer, "min_value")])
    return min(datetime.combine(on, time(12), tzinfo=clock.STOCKHOLM), clock.now())


def _giver(said: dict[str, Any] | None) -> Giver:
    if said is None:
        return Giver()
    organisation = said["organisation"]
    clean = clean_organisation_number if organisation else clean_personal_number
    words = {name: said[name].strip() for name in ("name", "address", "postcode", "city")}
    return Giver(
        email=_cleaned(clean_email, said["email"], "email"),
        identity_number=_cleaned(clean, said["identity_number"], "identity_number"),
        organisation=organisation,
        **words,
    )


def _cleaned(clean: Callable[[str], str], typed: str, field: str) -> str:
    try:
        return clean(typed) if typed.strip() else ""
    except DonorError:
        raise Problem("invalid", errors=[(f"/giver/{field}", "invalid")]) from None
