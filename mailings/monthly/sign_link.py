"""The mail whose link confirms a sign-up: a page with a button, where nothing happens by itself."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fundraise.pledges import signed
from fundraise.pledges.models import Mandate, Pledge
from mailings.monthly import posting
from mailings.monthly import words as said
from mailings.monthly.letter import GiverLetter
from mailings.monthly.subjects import SIGN


def ask(mandate_id: int) -> bool:
    """Mail the link, once for each mandate. False when there is nobody to send it to."""
    related = ("pledge__campaign", "pledge__entity", "entity")
    mandate = Mandate.objects.select_related(*related).get(pk=mandate_id)
    pledge = mandate.pledge
    if pledge is None:
        return False
    return posting.post(SIGN, str(mandate.ref), pledge, lambda: _letter(mandate, pledge))


def _letter(mandate: Mandate, pledge: Pledge) -> GiverLetter:
    payee = {"payee": mandate.entity.name}
    return GiverLetter(
        language=pledge.language,
        subject=_("Confirm your monthly gift"),
        heading=_("One press is left"),
        said=(
            _("One press is left: confirm your monthly gift to %(payee)s.") % payee,
            _("The link opens a page with a button. Nothing is drawn before you have pressed it."),
        ),
        facts=((_("Your gift"), said.sum_and_rhythm(pledge)),),
        button=_("Confirm the monthly gift"),
        link=signed.url("sign", mandate.ref, pledge.language),
        after=(_("If you did not sign up, somebody wrote your address. Stop it here:"),),
        links=(said.not_me(mandate, pledge.language),),
        foot=said.foot(pledge, _("You get this mail because your address was given with a gift.")),
    )
