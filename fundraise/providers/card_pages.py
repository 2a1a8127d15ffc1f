"""The door to the pages where a donor saves another card, or pays a draw that the bank asks about.

As with a gift's page, the row with its key and words is committed before the call; the same key
with the same words is sent again when the answer was lost. `defence.admit_page` comes first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import QuerySet

from fundraise import clock
from fundraise.pledges import locks
from fundraise.pledges.models import Collection, Mandate, Pledge
from fundraise.providers import attempts, card_links, kept_cards, pausing, settle, watch
from fundraise.providers.base import (
    PageRequest,
    ProviderError,
    ProviderUnavailable,
    UnknownOutcome,
    provider_of,
)
from fundraise.providers.models import Account, Attempt, CardPage
from fundraise.refs import new_ref

log = structlog.get_logger(__name__)

OPEN = [CardPage.State.CREATED, CardPage.State.OPEN]
PAGE_LIFE = timedelta(minutes=60)
BEGIN_WITHIN = timedelta(minutes=25)  # Stripe wants a page to live for 30 minutes at least
ASK_AGAIN_AFTER = timedelta(seconds=2)
WORTH_SHOWING = timedelta(minutes=5)
BACK = "klart"  # what the way back carries when the donor went through the page
PAYABLE = {"failed", "cancelled"}


class NotNow(Exception):
    """There is nothing to do on such a page: `code` is ended, paid, waiting or no_card."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Opened:
    """Where the donor goes."""

    page_ref: UUID
    url: str


def replace_card(pledge_id: int, *, language: str, also: Iterable[int] = ()) -> Opened:
    """Open the page where another card is saved; `also` names pledges that are to follow.

    Raises NotNow, and ProviderUnavailable when no page could be opened.
    """
    pledge = Pledge.objects.get(pk=pledge_id)
    followers = [other.pk for other in kept_cards.on_the_same_card(pledge) if other.pk in set(also)]
    return _open(pledge, None, language, followers)


def confirm(collection_id: int, *, language: str) -> Opened:
    """Open the page where a draw that failed is paid by its donor, and the card saved anew.

    Raises NotNow, and ProviderUnavailable when no page could be opened.
    """
    draw = Collection.objects.select_related("instalment__pledge").get(pk=collection_id)
    return _open(draw.instalment.pledge, draw, language, [])


def why_not(pledge: Pledge, draw: Collection | None) -> str:
    """Why no page is to be opened: a code of NotNow, or nothing."""
    if pledge.state == Pledge.State.ENDED:
        return "ended"
    if kept_cards.last_card(pledge) is None or pledge.state == Pledge.State.UNCONFIRMED:
        return "no_card"
    if draw is None:
        return ""
    if draw.state not in PAYABLE or draw.instalment.state not in {"missed", "planned"}:
        return "waiting" if draw.instalment.state == "collecting" else "paid"
    return ""


def _open(pledge: Pledge, draw: Collection | None, language: str, also: list[int]) -> Opened:
    attempts.check_seal()
    page = _page(pledge.pk, draw, language)
    page.also.set(also)
    if page.state == CardPage.State.CREATED:
        watch.begun(page.account)
        _begin(page)
    if not page.url:
        raise ProviderUnavailable("no_page")
    return Opened(page.ref, page.url)


def _page(pledge_id: int, draw: Collection | None, language: str) -> CardPage:
    """The page that is open, or a new one with its key and words stored."""
    with transaction.atomic():
        pledge = locks.pledge_for_change(pledge_id)
        if draw is not None:
            draw = locks.collection_for_change(draw.pk)
        code = why_not(pledge, draw)
        if code:
            raise NotNow(code)
        card = kept_cards.last_card(pledge)
        account = kept_cards.account_of(card) if card else None
        if card is None or account is None or pausing.is_paused(account):
            raise ProviderUnavailable("card")
        standing = CardPage.objects.filter(pledge=pledge, collection=draw, state__in=OPEN)
        page = standing.select_related("account").first()
        if page is not None and not _is_stale(page, language):
            return page
        if page is not None:
            _leave(page)
        return _new_page(pledge, draw, card, account, language)


def _is_stale(page: CardPage, language: str) -> bool:
    """One that soon closes by itself, or whose lost start would now live too short a time."""
    now = clock.now()
    if page.state == CardPage.State.CREATED:
        return page.created_at < now - BEGIN_WITHIN
    return page.expires_at < now + WORTH_SHOWING


def _new_page(
    pledge: Pledge, draw: Collection | None, card: Mandate, account: Account, language: str
) -> CardPage:
    ref, now = new_ref(), clock.now()
    back = (
        card_links.confirm_link(draw, language)
        if draw is not None
        else card_links.new_card_link(pledge, language)
    )
    asked = PageRequest(
        key=f"card-{ref}",
        page_ref=ref,
        pledge_ref=pledge.ref,
        collection_ref=draw.ref if draw else None,
        customer_ref=card.customer_ref,
        amount_ore=draw.amount_ore if draw else 0,
        language=language,
        title=pledge.campaign.title(language),
        return_url=f"{back}&{BACK}=1",
        cancel_url=back,
        expires_at=now + PAGE_LIFE,
    )
    return CardPage.objects.create(
        ref=ref,
        pledge=pledge,
        collection=draw,
        account=account,
        idempotency_key=asked.key,
        request=_plain(asked),
        created_at=now,
        expires_at=asked.expires_at,
    )


def _plain(asked: PageRequest) -> dict[str, object]:
    return {
        name: value if isinstance(value, str | int) or value is None else str(value)
        for name, value in asdict(asked).items()
    }


def _asked(page: CardPage) -> PageRequest:
    words = dict(page.request)
    for name in ("page_ref", "pledge_ref", "collection_ref"):
        words[name] = UUID(words[name]) if words[name] else None
    words["expires_at"] = datetime.fromisoformat(words["expires_at"])
    return PageRequest(**words)


def _begin(page: CardPage) -> None:
    provider = provider_of(page.account)
    try:
        started = provider.save_method(page.account, _asked(page))
    except ProviderError as error:
        log.warning("card_page_refused", page=page.pk, code=error.code)
        if error.permanent or error.code.startswith("http_5"):
            _leave(page)
        raise ProviderUnavailable(error.code) from None
    page.session_id, page.url, page.state = started.session_ref, started.url, CardPage.State.OPEN
    CardPage.objects.filter(pk=page.pk, state=CardPage.State.CREATED).update(
        state=page.state,
        session_id=page.session_id,
        url=page.url,
        expires_at=started.expires_at,
    )


def _leave(page: CardPage) -> None:
    """End a page without asking: nobody was shown it, or it closes by itself at once."""
    CardPage.objects.filter(pk=page.pk, state__in=OPEN).update(state=CardPage.State.CLOSED)


def forget_requests(now: datetime) -> int:
    """What was asked for is of no use once the provider has forgotten its key."""
    old = CardPage.objects.filter(created_at__lt=now - attempts.REQUEST_OF_NO_USE_AFTER)
    return old.exclude(state__in=OPEN).exclude(request={}).update(request={})


def check(page: CardPage) -> None:
    """Ask how a page stands, for the donor who came back from it; silence changes nothing."""
    now = clock.now()
    recent = CardPage.objects.filter(pk=page.pk, state=CardPage.State.OPEN)
    if recent.exclude(asked_at__gt=now - ASK_AGAIN_AFTER).update(asked_at=now):
        try:
            ask(page)
        except ProviderError as error:
            log.warning("card_page_unanswered", page=page.pk, code=error.code)


# --- Asking and closing ---------------------------------------------------------------------------
def ask(page: CardPage) -> None:
    """Fetch how an open page stands, and settle it. Raises ProviderError."""
    if page.session_id is not None:
        facts = provider_of(page.account).ask(page.account, page.session_id)
        settle.apply(page.account, facts)


def end(page: CardPage) -> None:
    """Close a page whether its start was answered or not. Raises ProviderUnavailable."""
    if page.state == CardPage.State.CREATED:
        if page.created_at < clock.now() - BEGIN_WITHIN:
            _leave(page)
            return
        _begin(page)
    if page.session_id is None:
        return
    try:
        facts = provider_of(page.account).close(page.account, page.session_id)
    except ProviderError as error:
        raise ProviderUnavailable(error.code) from None
    settle.apply(page.account, facts)


def close_all(pledge_id: int) -> bool:
    """Close every page on which money could still be given to a pledge; True when none is left.

    A page and a draw are two charges that no key of either knows of: never both at once.
    """
    try:
        for page in _paying(pledge_id):
            end(page)
        opened = Attempt.objects.filter(pledge_id=pledge_id, state__in=attempts.OPEN)
        for attempt in opened.select_related("account"):
            attempts.end(attempt)
    except (ProviderUnavailable, UnknownOutcome):
        return False
    return not has_open(pledge_id)


def _paying(pledge_id: int) -> QuerySet[CardPage]:
    """Open pages that take money; one that only saves a card may stay."""
    pages = CardPage.objects.filter(pledge_id=pledge_id, state__in=OPEN)
    return pages.exclude(collection=None).select_related("account")


def has_open(pledge_id: int) -> bool:
    """Whether a page of a pledge may still be paid."""
    return (
        _paying(pledge_id).exists()
        or Attempt.objects.filter(pledge_id=pledge_id, state__in=attempts.OPEN).exists()
    )
