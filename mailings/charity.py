"""One mail to a giver whose gifts may lower the tax: tell us the number, if you want that."""

from __future__ import annotations

import structlog
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from fundraise.money import format_kronor
from fundraise.reporting.charity import sums
from fundraise.reporting.charity.models import NumberAsk
from mailings import transactional
from mailings.monthly import people, words
from mailings.monthly.letter import GiverLetter

log = structlog.get_logger(__name__)

KIND = "tax_number"


def ask_for_number(ask_id: int) -> None:
    """Subscriber of TaxNumberNeeded: one mail a giver, entity and year, if there is an address."""
    ask = NumberAsk.objects.select_related("entity", "donor").get(pk=ask_id)
    if ask.answered_at is not None:
        return
    to = people.email_of(ask.donor)
    if not to:
        log.info("number_ask_without_address", ask=ask.pk)  # staff see who has told none
        return
    with translation.override(ask.donor.language):
        letter = _letter(ask)
    transactional.prepare(
        KIND,
        str(ask.ref),
        to=to,
        language=ask.donor.language,
        subject=letter.subject,
        html=letter.as_html(),
        text=letter.as_text(),
        reply_to=ask.entity.email,
    )


def _letter(ask: NumberAsk) -> GiverLetter:
    entity, language = ask.entity, ask.donor.language
    limit = sums.limits(ask.year).year_ore
    named = {"payee": entity.name, "year": ask.year, "limit": format_kronor(limit)}
    return GiverLetter(
        language=language,
        subject=_("A question about your gifts and the tax"),
        heading=_("Do you want us to tell Skatteverket of your gifts?"),
        said=(
            _(
                "Whoever gives at least %(limit)s in a year may have the tax lowered. Your gifts to"
                " %(payee)s in %(year)s are that many."
            )
            % named,
            _(
                "For that we need your personal identity number. Write it on My pages, never in a"
                " mail."
            ),
            _("If you do nothing, no control statement is sent. Your gift is worth as much to us."),
        ),
        button=_("Tell the number on My pages"),
        link=settings.BASE_URL + reverse(f"give:tax_number_{language}"),
        after=(words.call_us(entity),),
        foot=words.foot_of(
            entity, _("You get this mail because you have given. It comes once a year.")
        ),
    )
