"""One mail to a giver whose year nears the anonymous limit: who are you?"""

from __future__ import annotations

import structlog
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from donors.models import Donor
from fundraise.gifts import queries as gifts
from fundraise.money import format_kronor
from fundraise.reporting.party import ruling
from fundraise.reporting.party.models import IdentityAsk
from mailings import transactional
from mailings.monthly import people, words
from mailings.monthly.letter import GiverLetter

log = structlog.get_logger(__name__)

KIND = "identity"


def ask_who_gives(ask_id: int) -> None:
    """Subscriber of IdentityNeeded: one mail a giver, entity and year, if there is an address."""
    ask = IdentityAsk.objects.select_related("entity", "donor", "gift").get(pk=ask_id)
    if ask.answered_at is not None:
        return
    to = _address(ask)
    if not to:
        log.info("identity_ask_without_address", ask=ask.pk)  # it stands in the queue for staff
        return
    language = ask.donor.language if ask.donor is not None else ask.gift.language
    with translation.override(language):
        letter = _letter(ask, language)
    transactional.prepare(
        KIND,
        str(ask.ref),
        to=to,
        language=language,
        subject=letter.subject,
        html=letter.as_html(),
        text=letter.as_text(),
        reply_to=ask.entity.email,
    )


def _address(ask: IdentityAsk) -> str:
    if ask.donor is not None:
        alive = ask.donor.status == Donor.Status.ACTIVE
        return people.email_of(ask.donor) if alive else ""
    typed = gifts.giver_of(ask.gift_id)
    return typed.email if typed is not None else ""


def _letter(ask: IdentityAsk, language: str) -> GiverLetter:
    entity = ask.entity
    limit = ruling.limits_of(entity.pk, ask.year).anonymous_ore
    named = {"payee": entity.name, "year": ask.year, "limit": format_kronor(limit)}
    return GiverLetter(
        language=language,
        subject=_("Tell us who gives"),
        heading=_("Thank you! Now we need to know who gives"),
        said=(
            _(
                "Your gifts to %(payee)s in %(year)s are near %(limit)s. Above that the law on"
                " party finance lets us keep nothing of somebody we do not know."
            )
            % named,
            _("Your name and your address are enough. It takes a minute on My pages."),
            _("If you do nothing, what exceeds the limit is sent back to you."),
        ),
        button=_("Tell who gives"),
        link=settings.BASE_URL + reverse(f"give:identity_{language}"),
        after=(words.call_us(entity),),
        foot=words.foot_of(
            entity, _("You get this mail because you have given. It comes once a year.")
        ),
    )
