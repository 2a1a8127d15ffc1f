"""A gift that somebody tried to pay and that was not paid: one mail that says so, with a way on.

Only to whoever pressed "pay" on the provider's page. Who looked and left is not written to, and
neither is anybody while card testers are about: they write strangers' addresses.
"""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from donors import services as donors
from fundraise import clock
from fundraise.gifts import queries as gifts
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift
from fundraise.money import format_kronor
from fundraise.pledges import states
from fundraise.pledges.models import Pledge
from fundraise.providers import watch, words
from fundraise.providers.models import Attempt
from mailings import transactional
from mailings.models import TransactionalMessage
from mailings.monthly.letter import GiverLetter
from mailings.monthly.words import call_us, foot_of

log = structlog.get_logger(__name__)

KIND = "unpaid"
ONCE_IN = timedelta(days=1)  # to one address
MOST_IN_AN_HOUR = 50  # by the whole house: an attack that no breaker sees mails few strangers


def tell(gift_id: int) -> None:
    """Subscriber of GiftUnpaid: one mail a gift, and one a day to an address."""
    gift = Gift.objects.select_related("entity", "campaign").get(pk=gift_id)
    giver = gifts.giver_of(gift_id)
    if giver is None or not giver.email or not _was_tried(gift):
        return
    if _went_on(gift) or _is_told(gift) or _has_died(giver) or _too_many():
        log.info("unpaid_not_told", gift=gift.pk)
        return
    with translation.override(gift.language):
        letter = _letter(gift)
    transactional.prepare(
        KIND,
        str(gift.ref),
        to=giver.email,
        language=gift.language,
        subject=letter.subject,
        html=letter.as_html(),
        text=letter.as_text(),
        reply_to=gift.entity.email,
    )


def _was_tried(gift: Gift) -> bool:
    """Whether somebody pressed "pay", and no card tester: an intent is made by that press."""
    mine = Attempt.objects.filter(gift=gift)
    tried = mine.filter(Q(declines__gt=0) | Q(intent_id__isnull=False))
    attempt = tried.select_related("account").first()
    if attempt is None or mine.filter(suspect=True).exists():
        return False
    return not watch.is_on_guard(attempt.account)


def _of_giver(gift: Gift) -> Q:
    return Q(entity_id=gift.entity_id, giver_key=gift.giver_key)


def _went_on(gift: Gift) -> bool:
    """Whether the giver has begun another gift since, or a monthly one."""
    since = Q(created_at__gte=gift.created_at)
    standing = Gift.objects.filter(_of_giver(gift), since, state__in=["pending", "received"])
    signed = Pledge.objects.filter(_of_giver(gift), since, state__in=states.LIVE_PLEDGE)
    return standing.exists() or signed.exclude(attempts__gift=gift).exists()


def _is_told(gift: Gift) -> bool:
    theirs = Gift.objects.filter(_of_giver(gift), created_at__gte=gift.created_at - ONCE_IN)
    refs = [str(ref) for ref in theirs.values_list("ref", flat=True)]
    return TransactionalMessage.objects.filter(kind=KIND, subject_ref__in=refs).exists()


def _has_died(giver: Giver) -> bool:
    return any(donor.died_on is not None for donor in donors.find_by_email(giver.email))


def _too_many() -> bool:
    lately = TransactionalMessage.objects.filter(
        kind=KIND, prepared_at__gt=clock.real_now() - timedelta(hours=1)
    )
    return lately.count() >= MOST_IN_AN_HOUR


def _letter(gift: Gift) -> GiverLetter:
    entity = gift.entity
    return GiverLetter(
        language=gift.language,
        subject=_("Your gift was not paid"),
        heading=_("Your gift did not come through"),
        said=(
            _("Your gift of %(sum)s to %(payee)s was not paid. No money has been taken.")
            % {"sum": format_kronor(gift.amount_ore), "payee": entity.name},
            _("Another card or another way often helps. Only your bank can say why it said no."),
        ),
        button=_("Try again, or choose another way"),
        link=f"{settings.BASE_URL}{words.gift_path(gift.ref, gift.language)}",
        after=(
            _("If you would rather not, you need not do anything. You owe nothing."),
            call_us(entity),
        ),
        foot=foot_of(
            entity,
            _(
                "You get this mail because somebody tried to pay a gift with your address. It comes"
                " once. Was it not you? Then do nothing."
            ),
        ),
    )
