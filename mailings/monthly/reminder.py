"""One reminder to somebody who signed up for every month and did not sign."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from fundraise.money import format_kronor
from fundraise.pledges import signed, words
from fundraise.pledges.models import Mandate, Pledge
from mailings.monthly import bank_number, posting
from mailings.monthly import words as said
from mailings.monthly.letter import GiverLetter
from mailings.monthly.subjects import REMINDER


def remind(mandate_id: int) -> None:
    """Subscriber of SignatureMissing: mail what signs it; nothing once it is signed."""
    related = ("pledge__campaign", "pledge__entity", "entity")
    mandate = Mandate.objects.select_related(*related).get(pk=mandate_id)
    pledge = mandate.pledge
    if pledge is None or mandate.state != Mandate.State.DRAFT:
        return
    if bank_number.waits(mandate):
        posting.post(
            REMINDER,
            str(mandate.ref),
            pledge,
            lambda: bank_number.letter(mandate, pledge, again=True),
        )
        return
    posting.post(REMINDER, str(mandate.ref), pledge, lambda: _letter(mandate, pledge))


def _letter(mandate: Mandate, pledge: Pledge) -> GiverLetter:
    values = {
        "payee": mandate.entity.name,
        "sum": format_kronor(pledge.amount_ore),
        "every": words.every(pledge.interval_months),
    }
    return GiverLetter(
        language=pledge.language,
        subject=_("Your monthly gift is not signed yet"),
        heading=_("One press is left"),
        said=(
            _("You began to sign up for %(sum)s %(every)s to %(payee)s.") % values,
            _("Only your signature is missing. Nothing is drawn without it."),
            _("We remind you this once. If you have changed your mind, do nothing."),
        ),
        button=_("Go on and sign"),
        link=_where(mandate, pledge),
        links=(said.not_me(mandate, pledge.language),),
        foot=said.foot(pledge, _("You get this mail because your address was given with a gift.")),
    )


def _where(mandate: Mandate, pledge: Pledge) -> str:
    """The mailed link signs, but where BankID does: the gift's own page."""
    if settings.MANDATE_SIGNING == "bankid":
        path = reverse(f"give:pledge_{pledge.language}", args=[pledge.ref])
        return f"{settings.BASE_URL}{path}"
    return signed.url("sign", mandate.ref, pledge.language)
