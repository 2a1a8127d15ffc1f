"""The card of a pledge: replaced by the donor, replaced by its network, or gone.

The first one comes with the first gift (saved_cards.py). Days are Europe/Stockholm.
"""

from __future__ import annotations

from django.db import transaction

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.pledges import locks, sealing, states
from fundraise.pledges.models import Mandate, Notice, Pledge, PledgeChange
from fundraise.pledges.services import changing, ending, mandates, planning, saved_cards, starting
from fundraise.pledges.services.changing import Wish
from fundraise.pledges.services.mandates import Said
from fundraise.pledges.services.saved_cards import SavedCard


def keep_first(pledge_id: int, card: SavedCard, *, gift_id: int, by: str) -> Mandate | None:
    """The first gift has saved its card; None when the pledge has a card already, or has ended."""
    with transaction.atomic():
        pledge = locks.pledge_for_change(pledge_id)
        if pledge.state != Pledge.State.UNCONFIRMED:
            return None
        return saved_cards.add_card(pledge_id, card, gift_id=gift_id, by=by)


def replace(pledge_id: int, card: SavedCard, asked: Wish) -> Mandate | None:
    """Draw on another card from now on; a pledge that was halted goes on, announced.

    None when this card was put there before, or the pledge has ended. A pledge by autogiro stays
    one: its mandate is another matter.
    """
    with transaction.atomic():
        pledge = locks.pledge_for_change(pledge_id)
        was_halted = pledge.state == Pledge.State.HALTED
        if pledge.method != starting.CARD or pledge.state == Pledge.State.UNCONFIRMED:
            return None
        mandate = saved_cards.add_card(pledge_id, card, gift_id=None, by=asked.by)
        if mandate is None:
            return None
        pledge = locks.pledge_for_change(pledge_id)
        ending.recall(pledge, "plan", by=asked.by)  # what was queued on the old one
        if was_halted:
            planning.announce_next(pledge, Notice.Kind.RESUME)
        changing.keep(pledge, PledgeChange.Kind.ACCOUNT, asked, {}, {"mandate": str(mandate.ref)})
    return mandate


def renew(card: SavedCard, *, by: str) -> int:
    """A card as it is now, by its provider's name: reissued, with other digits and months.

    A pledge that was halted because of it goes on. Returns how many mandates were changed.
    """
    drawn = Mandate.objects.filter(method_ref=card.method_ref, method=starting.CARD)
    ids = drawn.exclude(state__in=states.OVER_MANDATE).values_list("pk", flat=True)
    return sum(_renew(pk, card, by) for pk in list(ids))


@transaction.atomic
def _renew(mandate_id: int, card: SavedCard, by: str) -> bool:
    mandate = locks.mandate_for_change(mandate_id)
    known = sealing.card_hash(card.fingerprint) if card.fingerprint else None
    new = (card.hint, card.expires_on, known)
    old = (mandate.account_hint, mandate.card_expires_on, _bytes(mandate.account_hash))
    if new == old or mandate.state in states.OVER_MANDATE:
        return False
    mandate.account_hint, mandate.card_expires_on, mandate.account_hash = new
    mandate.save(update_fields=["account_hint", "card_expires_on", "account_hash"])
    audit.log_change(
        by=by, action="mandate.card_renewed", subject_type="mandate", subject_ref=mandate.ref
    )
    pledge = mandate.pledge
    if pledge is not None and pledge.state == Pledge.State.HALTED and mandate.state == "active":
        changing.go_on(pledge.pk, changing.wish(by=by, channel="bank"))
    return True


def _bytes(value: bytes | memoryview[int] | None) -> bytes | None:
    return None if value is None else bytes(value)


def lose(method_ref: str, *, event_id: str = "") -> int:
    """The provider keeps this card no more: its pledges wait for a new one. How many."""
    drawn = Mandate.objects.filter(method_ref=method_ref, method=starting.CARD)
    ids = drawn.exclude(state__in=states.OVER_MANDATE).values_list("pk", flat=True)
    return sum(mandates.ended(pk, Said("card_gone", clock.today(), event_id)) for pk in list(ids))
