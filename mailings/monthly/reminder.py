"""One reminder to somebody who signed up for every month and did not sign."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from fundraise.money import format_kronor
from fundraise.pledges import queries, signed, words
from fundraise.pledges.models import Mandate, Pledge
from mailings import transactional
from mailings.letters import Letter
from mailings.monthly.subjects import REMINDER


def remind(mandate_id: int) -> None:
    """Subscriber of SignatureMissing: mail the link that signs; nothing once it is signed."""
    mandate = Mandate.objects.select_related("pledge", "entity").get(pk=mandate_id)
    pledge = mandate.pledge
    if pledge is None or mandate.state != Mandate.State.DRAFT:
        return
    giver = queries.giver_of(pledge.pk)
    if giver is None or not giver.email:
        return
    with translation.override(pledge.language):
        letter = _letter(mandate, pledge)
    transactional.prepare(
        REMINDER,
        str(mandate.ref),
        to=giver.email,
        language=pledge.language,
        subject=letter.subject,
        html=letter.as_html(),
        text=letter.as_text(),
        reply_to=mandate.entity.email,
    )


def _letter(mandate: Mandate, pledge: Pledge) -> Letter:
    values = {
        "payee": mandate.entity.name,
        "sum": format_kronor(pledge.amount_ore),
        "every": words.every(pledge.interval_months),
    }
    return Letter(
        language=pledge.language,
        subject=_("Your monthly gift is not signed yet"),
        said=(
            _("You began to sign up for %(sum)s %(every)s to %(payee)s.") % values,
            _("Only your signature is missing. Nothing is drawn without it."),
            _("We remind you this once. If you have changed your mind, do nothing."),
        ),
        button=_("Go on and sign"),
        link=signed.url("sign", mandate.ref, pledge.language),
        footer=_("Was it not you? Stop it here: %(link)s")
        % {"link": signed.url("disown", mandate.ref, pledge.language)},
    )
