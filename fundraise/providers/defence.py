"""The door that every public start of a gift goes through first: the page and the API alike.

    verdict = defence.admit(request, address=client_address, proof=solution)
    if verdict is Verdict.OK:
        started = services.start_gift(request)

What it needs: the `GiftRequest` (its `submission` names the form or the client's session; give one
and the same for the same giving), the client's address as our own proxies saw it, and the proof
that was sent along, if any: a solved challenge or a mailed pass. What it answers:

    OK      begin the gift; allowances are taken and the proof is spent on these words
    WAIT    too many from this block, address or form: HTTP 429, try again in some minutes
    PROVE   the breaker is open and no good proof came: ask for `challenge()`, solve it, send again
    CLOSED  staff have closed card gifts: offer what `queries.ways` and `queries.numbers` give

A proof is bound to its form and good for one gift: the same words with the same proof pass again
only as long as the gift that they began is waiting or has come.
"""

from __future__ import annotations

from enum import Enum

from fundraise import clock
from fundraise.gifts.models import Gift
from fundraise.limits import passes, spent, work
from fundraise.limits import services as limits
from fundraise.limits.address import block_of, wide_block_of
from fundraise.limits.spent import Use
from fundraise.limits.work import Json, Proof
from fundraise.pledges.models import Pledge
from fundraise.providers import kept_cards, pausing, queries, watch
from fundraise.providers.base import provider_of
from fundraise.providers.models import Account
from fundraise.providers.services import GiftRequest

STANDING = (Gift.State.PENDING, Gift.State.RECEIVED)


class Verdict(Enum):
    """What the door answers."""

    OK = "ok"
    WAIT = "wait"
    PROVE = "prove"
    CLOSED = "closed"


def admit(request: GiftRequest, *, address: str, proof: str = "") -> Verdict:
    """Whether this gift may be begun now; see the module."""
    account = queries.account_for(request.campaign.entity_id, request.method)
    if account is None:
        return Verdict.OK  # start_gift knows what to say of a way that is not there
    verdict = _verdict(account, request, address, proof)
    if verdict is not Verdict.OK:
        watch.refused(account.pk, verdict.value)
    return verdict


def _verdict(account: Account, request: GiftRequest, address: str, proof: str) -> Verdict:
    if pausing.is_paused(account):
        return Verdict.CLOSED
    shown: Proof | None = None
    if provider_of(account).hosted and watch.is_on_guard(account):
        shown = _read(proof, request.submission or b"")
        if shown is None:
            return Verdict.PROVE
    if not _within(request, address):
        return Verdict.WAIT
    if shown is not None and not _is_good(shown, request):
        return Verdict.PROVE
    return Verdict.OK


def _is_good(shown: Proof, request: GiftRequest) -> bool:
    """Spend the proof. Once more is right for a double click, not for a gift that has ended."""
    use = spent.spend(shown.id, _words(request), shown.until)
    if use is not Use.AGAIN:
        return use is Use.FIRST
    gifts = Gift.objects.filter(submission=request.submission)
    return gifts.filter(state__in=STANDING).exists() or not gifts.exists()


def _read(proof: str, form: bytes) -> Proof | None:
    return passes.read(proof) or work.read(proof, form)


def _within(request: GiftRequest, address: str) -> bool:
    """Take one of every allowance; the narrowest first, so that one visitor spends nobody else's.

    There is no cookie: the signed form that the page gave out is the browser's session.
    """
    whose = {
        "give-form": (request.submission or b"").hex(),
        "give-email": request.giver.email.strip().casefold(),
        "give": block_of(address),
        "give-wide": wide_block_of(address),
    }
    now = clock.real_now()
    return all(limits.take(name, key, now) for name, key in whose.items() if key)


def _words(request: GiftRequest) -> str:
    form, email = (request.submission or b"").hex(), request.giver.email.strip().casefold()
    return f"{form}/{request.campaign.pk}/{request.amount_ore}/{request.method}/{email}"


def admit_page(pledge: Pledge, form: bytes, *, address: str, proof: str = "") -> Verdict:
    """Whether a page about a pledge's saved card may be opened now.

    The same door as for gifts: those who test cards move on to wherever a card can be typed. `form`
    names the form that was sent; a pledge has few pages a day, whoever holds its link.
    """
    card = kept_cards.last_card(pledge)
    account = kept_cards.account_of(card) if card is not None else None
    if account is None:
        return Verdict.OK  # the page knows what to say of a card that is not there
    verdict = _page_verdict(account, pledge, form, address, proof)
    if verdict is not Verdict.OK:
        watch.refused(account.pk, verdict.value)
    return verdict


def _page_verdict(
    account: Account, pledge: Pledge, form: bytes, address: str, proof: str
) -> Verdict:
    if pausing.is_paused(account):
        return Verdict.CLOSED
    shown = _read(proof, form)
    if shown is None and watch.is_on_guard(account):
        return Verdict.PROVE
    whose = {
        "card-page": pledge.ref.hex,
        "give-form": form.hex(),
        "give": block_of(address),
        "give-wide": wide_block_of(address),
    }
    now = clock.real_now()
    if not all(limits.take(name, key, now) for name, key in whose.items()):
        return Verdict.WAIT
    if shown is not None and watch.is_on_guard(account):
        use = spent.spend(shown.id, f"{form.hex()}/card/{pledge.pk}", shown.until)
        twice = use is Use.AGAIN and pledge.card_pages.filter(state="open").exists()
        return Verdict.OK if use is Use.FIRST or twice else Verdict.PROVE
    return Verdict.OK


def challenge(form: bytes, *, address: str) -> Json | None:
    """A challenge for one form (`GiftRequest.submission`); None when this block asks too often."""
    if not limits.take("prove", block_of(address), clock.real_now()):
        return None
    return work.challenge(form)


def noted(entity_id: int, method: str, why: str) -> None:
    """Something else than the door held a start back ("trap", "hasty"): staff see how often."""
    account = queries.account_for(entity_id, method)
    if account is not None:
        watch.refused(account.pk, why)


def proof_asked(entity_id: int, method: str = "stripe") -> bool:
    """Whether `admit` would want a proof for a gift to this entity."""
    account = queries.account_for(entity_id, method)
    return account is not None and provider_of(account).hosted and watch.is_on_guard(account)


def cards_closed(entity_id: int) -> bool:
    """Whether staff have closed the card gifts of an entity."""
    account = queries.account_for(entity_id, "stripe")
    return account is not None and pausing.is_paused(account)
