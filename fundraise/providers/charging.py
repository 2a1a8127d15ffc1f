"""The door that draws on saved cards: once per draw, whatever happens to the answer or the worker.

The draw is marked as sent, under its pledge's lock and with its key stored, before the provider is
called. An answer that is lost leaves it in doubt: the provider's draws of the payer are looked
through for our ref, and only when none is there the same key is sent again, for 23 hours. After
that a draw that still can't be found was never made, and its period may be drawn anew.
"""

from __future__ import annotations

from datetime import date, timedelta

import structlog
from django.conf import settings
from django.db import transaction

from fundraise import clock
from fundraise.jobs import services as jobs
from fundraise.pledges import locks
from fundraise.pledges.models import Collection, Mandate, Pledge
from fundraise.pledges.services import drawing, outcomes
from fundraise.providers import attempts, card_pages, kept_cards, pausing, settle
from fundraise.providers.base import ChargeRequest, ProviderError, UnknownOutcome, provider_of
from fundraise.providers.models import Account

log = structlog.get_logger(__name__)

CARD = "card"
KEY_REMEMBERED = timedelta(hours=23)
ANSWER_LOST_AFTER = timedelta(minutes=5)
DRAWN_LATE_AT_MOST = timedelta(days=3)
RINGS_AFTER = timedelta(hours=2)
HELD_MARGIN = timedelta(minutes=5)
REFUSED, DOUBT = "card-draw-refused", "card-draw-doubt"
HOURS = range(7, 22)  # nobody is woken by a message from the bank
UNKNOWN = [Collection.State.SENT, Collection.State.DOUBT]


# --- Queue ----------------------------------------------------------------------------------------
def due(today: date) -> list[int]:
    """Queue what is to be drawn by today, and name all that waits, the oldest first."""
    cards = Mandate.objects.filter(method=CARD, state=Mandate.State.ACTIVE)
    entities = list(cards.order_by("entity_id").values_list("entity_id", flat=True).distinct())
    waiting: list[int] = []
    for entity_id in entities:
        drawing.drop_late(entity_id, CARD, before=today - DRAWN_LATE_AT_MOST)
        drawing.queue_today(entity_id, CARD, today=today)
        rows = drawing.sendable(entity_id, CARD, until=today)
        waiting += rows.order_by("due_on", "pk").values_list("pk", flat=True)
    return waiting


# --- Draw -----------------------------------------------------------------------------------------
def charge(collection_id: int) -> bool:
    """Draw once. False when it is not to be drawn now, or somebody else is at it.

    Raises ProviderUnavailable when this database may charge nobody.
    """
    draw = _draw(collection_id)
    account = kept_cards.account_of(draw.mandate)
    if draw.state != Collection.State.QUEUED or account is None or pausing.is_paused(account):
        return False
    attempts.check_seal()
    pledge_id = draw.instalment.pledge_id
    if not card_pages.close_all(pledge_id) or not _claim(collection_id, pledge_id):
        return False
    _ask(draw, account)
    return True


def _draw(collection_id: int) -> Collection:
    draws = Collection.objects.select_related("instalment__pledge", "mandate")
    return draws.get(pk=collection_id)


@transaction.atomic
def _claim(collection_id: int, pledge_id: int) -> bool:
    """The last look: everything still holds, no page is open, and from here on it is sent."""
    free = Pledge.objects.select_for_update(no_key=True, skip_locked=True)
    if not free.filter(pk=pledge_id, state=Pledge.State.ACTIVE).exists():
        return False
    draw = locks.collection_for_change(collection_id)
    if draw.state != Collection.State.QUEUED or draw.due_on > clock.today():
        return False
    if draw.mandate.state != Mandate.State.ACTIVE or card_pages.has_open(pledge_id):
        return False
    _hold(collection_id)
    return collection_id in drawing.mark_sent([collection_id], clock.now())


def _hold(collection_id: int) -> None:
    """From now on a worker is about to call the provider with this draw."""
    Collection.objects.filter(pk=collection_id).update(asked_at=clock.real_now())


def _let_go(collection_id: int) -> None:
    """The worker has heard, or knows that it will not: no call of its own is under way."""
    Collection.objects.filter(pk=collection_id).update(asked_at=None)


def _is_held(draw: Collection) -> bool:
    """Whether a worker may still be on its way to the provider; its task is ended after a time."""
    longest = timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT) + HELD_MARGIN
    return draw.asked_at is not None and clock.real_now() - draw.asked_at < longest


def _ask(draw: Collection, account: Account) -> None:
    """Call the provider with the stored key, and settle what it says."""
    try:
        facts = provider_of(account).charge(account, _request(draw))
    except UnknownOutcome as error:
        log.warning("draw_unanswered", draw=draw.pk, code=error.code)
        outcomes.in_doubt(draw.pk, error.code[:40])
        _let_go(draw.pk)
        return
    except ProviderError as error:
        log.error("draw_refused", draw=draw.pk, code=error.code)
        outcomes.in_doubt(draw.pk, error.code[:40])
        _let_go(draw.pk)
        jobs.raise_alarm(REFUSED, account.slug, f"draws on saved cards are refused: {error.code}")
        return
    _let_go(draw.pk)
    jobs.resolve_alarms(REFUSED, subject=account.slug)
    settle.apply(account, facts)


def _request(draw: Collection) -> ChargeRequest:
    return ChargeRequest(
        key=draw.idempotency_key or f"collection-{draw.ref}",
        collection_ref=draw.ref,
        pledge_ref=draw.instalment.pledge.ref,
        amount_ore=draw.amount_ore,
        customer_ref=draw.mandate.customer_ref,
        method_ref=draw.mandate.method_ref,
    )


# --- Doubt ----------------------------------------------------------------------------------------
def unknown() -> list[int]:
    """Draws that were sent and that nothing has been heard of, the longest waiting first."""
    rows = Collection.objects.filter(
        state__in=UNKNOWN,
        mandate__method=CARD,
        sent_at__lt=clock.now() - ANSWER_LOST_AFTER,
    )
    return list(rows.order_by("sent_at").values_list("pk", flat=True)[:200])


def ring() -> int:
    """An alarm while draws have been unknown for long, ended when none is; how many there are."""
    before = clock.now() - RINGS_AFTER
    long = Collection.objects.filter(state__in=UNKNOWN, mandate__method=CARD, sent_at__lt=before)
    number = long.count()
    if number:
        jobs.raise_alarm(DOUBT, "house", f"{number} draws on cards: paid or not, nobody knows yet")
    else:
        jobs.resolve_alarms(DOUBT)
    return number


def find_out(collection_id: int) -> bool:
    """Ask what became of a draw; True when it is known now.

    Raises ProviderError when nobody answers, and ProviderUnavailable.
    """
    draw = _draw(collection_id)
    account = kept_cards.account_of(draw.mandate)
    if draw.state not in UNKNOWN or account is None or draw.sent_at is None:
        return False
    attempts.check_seal()
    key_is_good = clock.now() - draw.sent_at < KEY_REMEMBERED
    facts = provider_of(account).find_charge(account, _request(draw), end=not key_is_good)
    if facts:
        settle.apply(account, facts)
    elif _claim_again(collection_id, key_is_good, paused=pausing.is_paused(account)):
        _ask(draw, account)
    draw.refresh_from_db(fields=["state"])
    if not facts and draw.state == Collection.State.CANCELLED:
        _draw_anew(draw)
    return draw.state not in UNKNOWN


@transaction.atomic
def _claim_again(collection_id: int, key_is_good: bool, *, paused: bool) -> bool:
    """The last look after the provider knew of no such draw: whether to send it once more.

    Pledge, card and draw are read anew under the pledge's lock: the donor may have stopped while
    we asked. Nothing is concluded while another worker may still be on its way with it.
    """
    draw = locks.collection_for_change(collection_id)
    if draw.state not in UNKNOWN or _is_held(draw):
        return False
    why = _unwanted(draw)
    if why or not key_is_good:
        outcomes.cancelled(draw.pk, "never_made", cancel_for=why or "plan")
        return False
    if paused or not _still_holds(draw):
        return False
    _hold(collection_id)
    return True


def _still_holds(draw: Collection) -> bool:
    """Whether the card and the pledge are still those that the draw was made for."""
    pledge, mandate = draw.instalment.pledge, draw.mandate
    return pledge.state == Pledge.State.ACTIVE and mandate.state == Mandate.State.ACTIVE


def _unwanted(draw: Collection) -> str:
    """Why a draw that never arrived is not sent again: its donor has stopped or paused since."""
    pledge = draw.instalment.pledge
    return {Pledge.State.ENDED: "stop", Pledge.State.PAUSED: "pause"}.get(
        Pledge.State(pledge.state), ""
    )


def _draw_anew(draw: Collection) -> None:
    """It was never made: a period that is still wanted is queued at once, with a key of its own,
    while its notice still holds."""
    drawing.queue_today(draw.mandate.entity_id, CARD, today=clock.today())
