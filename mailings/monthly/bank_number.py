"""The number to type in the Internet bank, for who gives the mandate there; and its reminder."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from fundraise.pledges import queries
from fundraise.pledges.models import Mandate, Pledge
from mailings.monthly import posting
from mailings.monthly import words as said
from mailings.monthly.letter import GiverLetter
from mailings.monthly.subjects import BANK_NUMBER


def started(pledge_id: int) -> None:
    """Subscriber of PledgeStarted: mail the number where the bank is to be told it."""
    pledge = Pledge.objects.select_related("campaign", "entity").get(pk=pledge_id)
    mandate = queries.waiting_mandate(pledge.pk)
    if mandate is None or not waits(mandate) or pledge.state != Pledge.State.UNCONFIRMED:
        return
    posting.post(BANK_NUMBER, str(mandate.ref), pledge, lambda: letter(mandate, pledge))


def waits(mandate: Mandate) -> bool:
    """Whether it is to be given in the Internet bank, and was not yet."""
    by_bank = mandate.origin == Mandate.Origin.INTERNET_BANK
    return by_bank and mandate.state == Mandate.State.DRAFT


def letter(mandate: Mandate, pledge: Pledge, *, again: bool = False) -> GiverLetter:
    """What to do, the payer number, the sum and the day; `again` is the one reminder."""
    path = reverse(f"give:pledge_{pledge.language}", args=[pledge.ref])
    reminds = _("We remind you this once. If you have changed your mind, do nothing.")
    told = _(
        "When your bank has told us, we e-mail you the first day. Nothing is drawn before that."
    )
    return GiverLetter(
        language=pledge.language,
        subject=_("Your payer number for the Internet bank"),
        heading=_("Now allow it in your Internet bank"),
        said=(
            _("Open your Internet bank and look for Autogiro, then a new mandate."),
            _("Choose the payee %(payee)s and type the payer number below.")
            % {"payee": pledge.entity.name},
            told,
            *([reminds] if again else []),
        ),
        facts=(
            (_("Payer number"), str(mandate.payer_number)),
            *said.payee(pledge),
            (_("Your gift"), said.sum_and_rhythm(pledge)),
            (_("Day"), said.which_day(pledge)),
        ),
        button=_("See your monthly gift"),
        link=f"{settings.BASE_URL}{path}",
        links=(said.not_me(mandate, pledge.language),),
        foot=said.foot(pledge, _("You get this mail because your address was given with a gift.")),
    )
