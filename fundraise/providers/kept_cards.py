"""What a provider's facts mean for the cards that it keeps for pledges, and their warnings.

Called by settle.py and by beat. A dispute stops the pledge whose gift it is about.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from donors.models import Donor
from fundraise import clock, seal
from fundraise.gifts.models import Gift
from fundraise.jobs.one_by_one import each
from fundraise.outbox import services as outbox
from fundraise.pledges import queries as pledges
from fundraise.pledges import states
from fundraise.pledges.models import Collection, Mandate, Pledge
from fundraise.pledges.services import cards, ending
from fundraise.pledges.services.changing import Wish
from fundraise.pledges.services.saved_cards import SavedCard
from fundraise.providers import queries
from fundraise.providers.base import provider_of
from fundraise.providers.facts import CardChanged, CardSaved
from fundraise.providers.models import Account, CardPage, KeptCard

WARN_BEFORE = timedelta(days=31)


def saved(account: Account, fact: CardSaved) -> None:
    """A card is kept: the first one of a pledge, or one that replaces another."""
    if fact.gift_ref is not None:
        _first(account, fact, fact.gift_ref)
    elif fact.page_ref is not None:
        _replaced(account, fact, fact.page_ref)


def _first(account: Account, fact: CardSaved, gift_ref: UUID) -> None:
    """Only the gift whose money was seen makes a pledge active, and only the gift asked for it."""
    gift = Gift.objects.filter(
        ref=gift_ref,
        entity_id=account.entity_id,
        state=Gift.State.RECEIVED,
        attempts__pledge__ref=fact.pledge_ref,
    ).first()
    pledge = Pledge.objects.filter(ref=fact.pledge_ref, entity_id=account.entity_id).first()
    if gift is None or pledge is None:
        return
    by = f"system:{account.provider}"
    with transaction.atomic():
        mandate = cards.keep_first(pledge.pk, _card(fact), gift_id=gift.pk, by=by)
        if mandate is not None:
            KeptCard.objects.create(mandate=mandate, account=account)


def _replaced(account: Account, fact: CardSaved, page_ref: UUID) -> None:
    page = CardPage.objects.filter(ref=page_ref, account=account).first()
    if page is None:
        return
    followers = page.also.values_list("pk", flat=True)
    asked = Wish("donor", "card_page", page.created_at)
    for pledge_id in [page.pledge_id, *followers.order_by("pk")]:
        with transaction.atomic():
            mandate = cards.replace(pledge_id, _card(fact), asked)
            if mandate is not None:
                KeptCard.objects.create(mandate=mandate, account=account)


def _card(fact: CardSaved) -> SavedCard:
    return SavedCard(
        customer_ref=fact.customer_ref,
        method_ref=fact.method_ref,
        hint=fact.hint,
        expires_on=fact.expires_on,
        fingerprint=fact.fingerprint,
    )


def changed(account: Account, fact: CardChanged, event_id: str) -> None:
    """The network has replaced a card, or the provider keeps it no more."""
    if fact.gone:
        cards.lose(fact.method_ref, event_id=event_id)
        return
    card = SavedCard("", fact.method_ref, fact.hint, fact.expires_on, fact.fingerprint)
    cards.renew(card, by=f"system:{account.provider}")


def account_of(mandate: Mandate) -> Account | None:
    """The account that a mandate's card is kept at."""
    kept = KeptCard.objects.filter(mandate=mandate).select_related("account").first()
    return kept.account if kept else queries.account_for(mandate.entity_id, "stripe")


# --- Whose card -----------------------------------------------------------------------------------
def on_the_same_card(pledge: Pledge) -> list[Pledge]:
    """The donor's other pledges on the card that this one is drawn on."""
    mandate = last_card(pledge)
    if mandate is None or mandate.account_hash is None:
        return []
    others = Pledge.objects.filter(
        mandates__method="card",
        mandates__state=Mandate.State.ACTIVE,
        mandates__account_hash=bytes(mandate.account_hash),
        entity_id=pledge.entity_id,
        state__in=[Pledge.State.ACTIVE, Pledge.State.PAUSED, Pledge.State.HALTED],
    ).exclude(pk=pledge.pk)
    return [other for other in others.distinct().order_by("pk") if _same_donor(pledge, other)]


def _same_donor(one: Pledge, other: Pledge) -> bool:
    if one.donor_id is not None and one.donor_id == other.donor_id:
        return True
    return one.giver_key is not None and one.giver_key == other.giver_key


def last_card(pledge: Pledge) -> Mandate | None:
    """The card that a pledge is drawn on, or was last."""
    mandates = Mandate.objects.filter(pledge=pledge, method="card")
    drawn = pledges.drawing_mandate(pledge.pk)
    return drawn if drawn and drawn.method == "card" else mandates.order_by("-pk").first()


# --- Disputes -------------------------------------------------------------------------------------
def stop_disputed(gift_id: int, *, by: str) -> bool:
    """A dispute is the clearest stop: nothing more is drawn. True when its pledge ends now."""
    draw = Collection.objects.filter(gift_id=gift_id).select_related("instalment").first()
    if draw is None:
        return False
    return ending.end(draw.instalment.pledge_id, reason="dispute", by=by, channel="bank")


# --- Cards that run out ---------------------------------------------------------------------------
def warn(today: date) -> int:
    """Tell of cards that run out within a month, once for each expiry; how many."""
    soon = KeptCard.objects.filter(
        mandate__state=Mandate.State.ACTIVE,
        mandate__pledge__state__in=[Pledge.State.ACTIVE, Pledge.State.PAUSED],
        mandate__card_expires_on__range=(today, today + WARN_BEFORE),
    ).exclude(warned_of=F("mandate__card_expires_on"))
    ids = soon.order_by("pk").values_list("pk", flat=True)
    return each(list(ids), _warn).whole()


@transaction.atomic
def _warn(mandate_id: int) -> bool:
    mandate = Mandate.objects.get(pk=mandate_id)
    kept = KeptCard.objects.filter(pk=mandate_id).filter(
        Q(warned_of=None) | ~Q(warned_of=mandate.card_expires_on)
    )
    if not kept.update(warned_of=mandate.card_expires_on):
        return False
    outbox.write("CardExpiring", mandate_id)
    return True


def end_unpaid(before: timedelta = timedelta(days=7)) -> int:
    """End monthly gifts by card whose first gift never came; how many."""
    waiting = Pledge.objects.filter(
        method="card",
        state=Pledge.State.UNCONFIRMED,
        created_at__lt=clock.now() - before,
    ).exclude(attempts__state__in=["created", "open"])
    ids = waiting.order_by("pk").values_list("pk", flat=True).distinct()
    return each(
        list(ids[:500]),
        lambda pk: ending.end(pk, reason="not_paid", by="system:providers", channel="sweep"),
    ).whole()


# --- Forgetting -----------------------------------------------------------------------------------
def payers_to_forget() -> list[KeptCard]:
    """Cards of forgotten donors that the provider still keeps, once no draw on them is open."""
    kept = KeptCard.objects.filter(
        forgotten_at=None,
        mandate__pledge__donor__status=Donor.Status.ERASED,
        mandate__state__in=states.OVER_MANDATE,
    ).exclude(mandate__collections__state__in=states.OPEN_COLLECTION)
    return list(kept.exclude(mandate__customer_ref="").select_related("mandate", "account"))


def forget_payer(kept: KeptCard) -> None:
    """Have the provider forget the payer, too. Raises ProviderError, SealBroken (a copied database
    deletes nobody); it is tried again the next night."""
    seal.check()
    provider_of(kept.account).forget_payer(kept.account, kept.mandate.customer_ref)
    KeptCard.objects.filter(pk=kept.pk).update(forgotten_at=clock.now())
