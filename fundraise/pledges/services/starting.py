"""A pledge begins: written, signed, confirmed, or disowned by whoever got its mail.

Sums are öre; days are Europe/Stockholm, instants aware UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts import giver as givers
from fundraise.gifts.giver import Giver
from fundraise.outbox import services as outbox
from fundraise.pledges import locks, numbers, schedule, sealing
from fundraise.pledges.errors import PledgeError
from fundraise.pledges.models import (
    Mandate,
    Notice,
    Pledge,
    PledgeDetails,
    Signature,
)
from fundraise.pledges.sealing import AccountDetails
from fundraise.pledges.services import ending, moving
from fundraise.pledges.times import times_on

AUTOGIRO, CARD = "autogiro", "card"
TICKED = {"tick", "mail_link"}  # no bank asks who owns a bankgiro number: we have to know
ANNOUNCED_ONCE = {1, 3}  # months: half-yearly and yearly draws are announced each time


@dataclass(frozen=True, slots=True)
class NewPledge:
    """What is known when a pledge begins. Without `starts_on` it is the first day in time."""

    campaign: Campaign
    amount_ore: int
    day: int
    giver: Giver
    method: str = AUTOGIRO
    interval_months: int = 1
    language: str = "sv"
    origin: str = "page"
    reference: str = ""
    submission: bytes | None = None
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to draw on. `hint` names the bank and the last digits, never more."""

    details: AccountDetails = field(repr=False)
    hint: str = ""
    variant: str = "person"
    wording_id: int | None = None
    origin: str = "page"


def first_day(day: int, today: date) -> date:
    """The first draw that may be promised today."""
    return schedule.first_day(day, today, notice_bank_days=times_on(today).notice)


def start_pledge(new: NewPledge, account: NewAccount | None = None) -> Pledge:
    """Write an unconfirmed pledge, with its draft mandate when it is by autogiro. No draw yet.

    Raises PledgeError (no_payer_range, no_payer_number, number_in_use, quarantine), and
    django.db.IntegrityError when the same form has a pledge already.
    """
    today = clock.today()
    with transaction.atomic():
        starts_on = new.starts_on or _first(new, today)
        pledge = Pledge.objects.create(
            entity_id=new.campaign.entity_id,
            campaign=new.campaign,
            state=Pledge.State.UNCONFIRMED,
            method=new.method,
            amount_ore=new.amount_ore,
            interval_months=new.interval_months,
            day=new.day,
            starts_on=starts_on,
            first_period=_first_period(new, starts_on, today),
            ends_on=new.ends_on,
            language=new.language,
            giver_key=new.giver.key(),
            origin=new.origin,
            reference=new.reference,
            submission=new.submission,
            created_at=clock.now(),
        )
        sealed = givers.seal(new.giver, pledge.ref)
        PledgeDetails.objects.create(pledge=pledge, sealed=sealed)
        if account is not None:
            draft_mandate(pledge, account)
        outbox.write("PledgeStarted", pledge.pk)
    return pledge


def _first(new: NewPledge, today: date) -> date:
    return first_day(new.day, today) if new.method == AUTOGIRO else today


def _first_period(new: NewPledge, starts_on: date, today: date) -> date:
    if new.method == AUTOGIRO:
        return schedule.period_of_due(new.day, starts_on)
    notice = times_on(today).notice
    return schedule.period_paid_at_once(new.day, starts_on, new.interval_months, notice)


def draft_mandate(pledge: Pledge, account: NewAccount) -> Mandate:
    """A mandate that waits for its signature, with a payer number of its own."""
    mandate = Mandate(
        entity_id=pledge.entity_id,
        pledge=pledge,
        method=AUTOGIRO,
        state=Mandate.State.DRAFT,
        origin=account.origin,
        variant=account.variant,
        account_hint=account.hint,
        wording_id=account.wording_id,
        payer_number=_payer_number(pledge.entity_id, account),
        created_at=clock.now(),
    )
    for name, value in sealing.sealed_fields(mandate.ref, account.details).items():
        setattr(mandate, name, value)
    mandate.save()
    return mandate


def _payer_number(entity_id: int, account: NewAccount) -> str:
    """A new number; a mandate on a bankgiro number has that number (technical manual, 5.3)."""
    if account.variant != "bankgiro":
        return numbers.new_payer_number(entity_id)
    number = account.details.account16.lstrip("0")
    numbers.check_bankgiro(entity_id, number)
    return number


@dataclass(frozen=True, slots=True)
class Signed:
    """How a mandate was signed: one of Signature.Way, what proves it, when, and a scan."""

    way: str
    evidence: Mapping[str, object] = field(default_factory=dict, repr=False)
    at: datetime | None = None
    scan: bytes = field(default=b"", repr=False)
    scan_type: str = ""


def sign(mandate_id: int, signed: Signed, *, by: str) -> bool:
    """The payer has agreed: the mandate may be sent, the first day is promised and announced.

    The first day moves on when it can't be announced in time any more. Returns False when the
    mandate was signed before; raises PledgeError: "not_draft" when it is over, "on_paper" when a
    tick is too little for it.
    """
    with transaction.atomic():
        mandate = locks.mandate_for_change(mandate_id)
        if mandate.state in {"refused", "ended"}:
            raise PledgeError("not_draft")
        if mandate.state != Mandate.State.DRAFT:
            return False
        if mandate.variant == "bankgiro" and signed.way in TICKED:
            raise PledgeError("on_paper")
        keep_signature(mandate, signed, by)
        moving.mandate(mandate, "created", by=by)
        if mandate.pledge is not None:
            promise(mandate.pledge, by=by)
    return True


def promise(pledge: Pledge, *, by: str) -> None:
    """A locked pledge has a signed mandate now: it waits for the bank, its first day is told."""
    if pledge.state == Pledge.State.UNCONFIRMED:
        moving.pledge(pledge, "pending", by=by)
        _promise(pledge)
        outbox.write("PledgeSigned", pledge.pk)
        return
    if pledge.state == Pledge.State.HALTED:
        moving.pledge(pledge, "pending", by=by)
    outbox.write("PledgeChanged", pledge.pk)  # a new account, signed


def keep_signature(mandate: Mandate, signed: Signed, by: str) -> None:
    """How it was signed, with its proof, sealed."""
    Signature.objects.create(
        mandate=mandate,
        way=signed.way,
        signed_at=signed.at or clock.now(),
        evidence_sealed=sealing.seal_evidence(mandate.ref, signed.evidence),
        scan_sealed=sealing.seal_scan(mandate.ref, signed.scan) if signed.scan else None,
        scan_type=signed.scan_type,
        by=by,
    )


def _promise(pledge: Pledge) -> None:
    """The confirmation is the notice: its first day is kept, or the next one that is in time."""
    starts_on = max(pledge.starts_on, first_day(pledge.day, clock.today()))
    if starts_on != pledge.starts_on:
        pledge.starts_on = starts_on
        pledge.first_period = schedule.period_of_due(pledge.day, starts_on)
        pledge.save(update_fields=["starts_on", "first_period"])
    Notice.objects.get_or_create(
        pledge=pledge,
        kind=Notice.Kind.SIGN_UP,
        first_on=starts_on,
        amount_ore=pledge.amount_ore,
        defaults={
            "covers_following": pledge.interval_months in ANNOUNCED_ONCE,
            "made_at": clock.now(),
        },
    )


def disown(pledge_id: int, *, by: str = "donor", channel: str = "mail_link") -> bool:
    """ "It was not me": pledge, mandate and all unsent draws end at once. False when they had."""
    return ending.end(pledge_id, reason="not_me", by=by, channel=channel)
