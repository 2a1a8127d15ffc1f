"""The only doors that call a provider: start a gift, check it, send a refund, take a message.

The row and its key are committed before the call; an answer that is lost leaves them waiting, and
the same key with the same words is sent again (by the donor's next click or by a sweeper).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts import services as gifts
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift
from fundraise.pledges.models import Pledge
from fundraise.pledges.services import instead
from fundraise.providers import attempts, pausing, queries, watch, words
from fundraise.providers.base import (
    ProviderError,
    ProviderUnavailable,
    StartRequest,
    provider_of,
)
from fundraise.providers.models import Account, Attempt

log = structlog.get_logger(__name__)

SESSION_LIFE = timedelta(minutes=60)
BEGIN_WITHIN = timedelta(minutes=25)  # Stripe wants a page to live for 30 minutes at least
ASK_AGAIN_AFTER = timedelta(seconds=2)
MOST_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class GiftRequest:
    """What a donor asks for on the page or by the API. `submission` is the hash of the form."""

    campaign: Campaign
    amount_ore: int
    method: str
    language: str
    giver: Giver = field(repr=False)
    reference: str = ""
    submission: bytes | None = None
    origin: str = "page"
    instead: UUID | None = None  # the month of a monthly gift that it is given in the place of
    pledge: Pledge | None = None  # the first gift of this one: its card is saved


@dataclass(frozen=True, slots=True)
class Started:
    """Where the donor goes: the provider's page; an empty `redirect_url`: the gift's own."""

    gift_ref: UUID
    redirect_url: str
    state: str


def start_gift(request: GiftRequest) -> Started:
    """Begin a gift, or go on with the one that the same form began.

    The same form with the same sum and address gives the same open attempt; with another one the
    open attempt is closed first. A form whose gift was received leads to that gift.
    Raises ProviderUnavailable when nothing could be begun, and nothing was charged.
    """
    account = _account_for(request.campaign.entity_id, request.method)
    gift = _gift_of_form(request) if request.submission else None
    if gift is not None and gift.state == Gift.State.PENDING and not _same(gift, request):
        gift = _give_up(gift)
    if gift is None:
        gift = _begin(request)
    elif gift.state == Gift.State.PENDING:
        gifts.replace_details(gift, request.giver)
    if gift.state != Gift.State.PENDING:
        return Started(gift.ref, "", gift.state)
    return _open_attempt(gift, account, request)


def start_pledge_card(pledge: Pledge, giver: Giver) -> Started:
    """Begin the first gift of a monthly gift by card; its page saves the card for the next ones.

    The pledge waits until that gift is received. The same pledge again goes on with the gift that
    it began. Raises ProviderUnavailable when nothing could be begun, and nothing was charged.
    """
    return start_gift(
        GiftRequest(
            campaign=pledge.campaign,
            amount_ore=pledge.amount_ore,
            method="stripe",
            language=pledge.language,
            giver=giver,
            reference=pledge.reference,
            submission=_form_of(pledge),
            pledge=pledge,
        )
    )


def _form_of(pledge: Pledge) -> bytes | None:
    """The form of a pledge's first gift. Who goes back after one gift and chooses every month has
    the same form: that gift stands for itself, and the monthly one begins with a gift of its own.
    """
    if pledge.submission is None:
        return None
    form = bytes(pledge.submission)
    given = Gift.objects.filter(submission=form, state=Gift.State.RECEIVED)
    if given.exclude(attempts__pledge=pledge).exists():
        return hashlib.sha256(b"first-of" + pledge.ref.bytes).digest()
    return form


def _account_for(entity_id: int, method: str) -> Account:
    account = queries.account_for(entity_id, method)
    if account is None:
        raise ProviderUnavailable(method)
    if pausing.is_paused(account):
        raise ProviderUnavailable("paused")
    return account


def _gift_of_form(request: GiftRequest) -> Gift | None:
    return Gift.objects.filter(
        submission=request.submission, state__in=[Gift.State.PENDING, Gift.State.RECEIVED]
    ).first()


def _same(gift: Gift, request: GiftRequest) -> bool:
    method = "swish_number" if gift.channel == "swish_number" else "stripe"
    key = bytes(gift.giver_key) if gift.giver_key else None
    asked = (request.amount_ore, request.method, request.giver.key(), request.language)
    same = (gift.amount_ore, method, key, gift.language) == asked
    return same and _pledge_of(gift) == (request.pledge.pk if request.pledge else None)


def _pledge_of(gift: Gift) -> int | None:
    """The pledge whose first gift this is: a gift once and one each month are not the same."""
    last = Attempt.objects.filter(gift=gift).order_by("-number")
    return last.values_list("pledge_id", flat=True).first()


def _give_up(gift: Gift) -> Gift | None:
    """Close what is open of a gift that was changed; None when a new gift may begin."""
    for attempt in Attempt.objects.filter(gift=gift, state__in=attempts.OPEN):
        attempts.end(attempt)
    gift.refresh_from_db()
    if gift.state == Gift.State.RECEIVED:
        return gift
    if Attempt.objects.filter(gift=gift, state__in=attempts.OPEN).exists():
        raise ProviderUnavailable("still_open")  # its page may yet be paid: no second one beside it
    gifts.end_gift(gift.pk, new=Gift.State.VOID, by="donor", reason="changed")
    return None


def _begin(request: GiftRequest) -> Gift:
    new = gifts.NewGift(
        campaign=request.campaign,
        amount_ore=request.amount_ore,
        giver=request.giver,
        language=request.language,
        channel="swish_number" if request.method == "swish_number" else "",
        origin=request.origin,
        reference=request.reference,
        submission=request.submission,
    )
    try:
        with transaction.atomic():
            gift = gifts.begin_gift(new)
            if request.instead is not None:
                instead.tie(request.instead, gift.ref)
            return gift
    except IntegrityError:  # the double click: its twin was a moment earlier
        twin = _gift_of_form(request)
        if twin is None:
            raise
        return twin


def _open_attempt(gift: Gift, account: Account, request: GiftRequest) -> Started:
    provider = provider_of(account)
    if not provider.hosted:
        return Started(gift.ref, "", gift.state)
    attempts.check_seal()
    attempt = _attempt_of(gift, account, request)
    if attempt is None:
        gift.refresh_from_db(fields=["state"])
        return Started(gift.ref, "", gift.state)
    if attempt.state == Attempt.State.CREATED:
        watch.begun(account)
        attempts.begin(attempt, provider)
    return Started(gift.ref, attempt.url, gift.state)


def _attempt_of(gift: Gift, account: Account, request: GiftRequest) -> Attempt | None:
    """The attempt that is open, or a new one with its key and words stored; None when spent."""
    with transaction.atomic():
        Gift.objects.select_for_update(no_key=True).get(pk=gift.pk)
        attempt = Attempt.objects.filter(gift=gift, state__in=attempts.OPEN).first()
        if attempt is not None and _too_old_to_begin(attempt):
            attempts.leave(attempt)
            attempt = None
        number = Attempt.objects.filter(gift=gift).count() + 1
        if attempt is not None or number > MOST_ATTEMPTS:
            return attempt
        asked = _words_of(gift, number, request)
        return Attempt.objects.create(
            gift=gift,
            account=account,
            pledge=request.pledge,
            number=number,
            idempotency_key=asked.key,
            request=words.seal(asked),
            created_at=clock.now(),
        )


def _too_old_to_begin(attempt: Attempt) -> bool:
    """A start that was never answered, and whose page would now live for less than Stripe wants."""
    return attempt.state == Attempt.State.CREATED and (
        attempt.created_at < clock.now() - BEGIN_WITHIN
    )


def _words_of(gift: Gift, number: int, request: GiftRequest) -> StartRequest:
    page = f"{settings.BASE_URL}{words.gift_path(gift.ref, request.language)}"
    return StartRequest(
        key=f"gift-{gift.ref}-{number}",
        gift_ref=gift.ref,
        attempt=number,
        amount_ore=gift.amount_ore,
        language=request.language,
        email=request.giver.email,
        title=request.campaign.title(request.language),
        statement_suffix="",
        return_url=page,
        cancel_url=f"{page}?avbruten=1",
        expires_at=clock.now() + SESSION_LIFE,
        pledge_ref=request.pledge.ref if request.pledge else None,
    )


def check_gift(gift_ref: UUID) -> None:
    """Ask the provider how a waiting gift stands, at most every other second."""
    attempt = (
        Attempt.objects.filter(gift__ref=gift_ref, gift__state=Gift.State.PENDING)
        .filter(state=Attempt.State.OPEN)
        .select_related("account")
        .first()
    )
    if attempt is None or not _may_ask(attempt):
        return
    try:
        attempts.ask(attempt)
    except ProviderError as error:
        log.warning("check_unanswered", attempt=attempt.pk, code=error.code)


def _may_ask(attempt: Attempt) -> bool:
    now = clock.now()
    return (
        Attempt.objects.filter(pk=attempt.pk)
        .exclude(asked_at__gt=now - ASK_AGAIN_AFTER)
        .update(asked_at=now)
        == 1
    )
