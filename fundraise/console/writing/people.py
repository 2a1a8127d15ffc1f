"""As whom a mail is looked at: made-up people for everybody, real ones for who may see donors."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Func, IntegerField, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donors import queries as donors
from donors.cards import DonorCard
from donors.models import Donor
from donors.values import OrganisationName, PersonName, PostalAddress
from fundraise.campaigns.models import Campaign
from fundraise.console import access
from fundraise.console.people import visible_donors
from fundraise.giving.models import DonorGiving
from fundraise.ledger.models import LegalEntity
from fundraise.pledges.models import Pledge
from mailings.composing import houses, made_up
from mailings.composing.terms import Terms
from mailings.composing.values import Monthly, Record

TARGETING = "targeting"
PURPOSE = "staff.mail_preview"
MADE_UP: dict[str, tuple[str | Promise, Record]] = {
    "anna": (gettext_lazy("Anna, who last gave 350 kr"), made_up.ANNA),
    "nameless": (
        gettext_lazy("Somebody whose name is not known"),
        made_up.PEOPLE["nameless"],
    ),
    "long": (gettext_lazy("Somebody with a very long name"), made_up.PEOPLE["long"]),
    "never": (gettext_lazy("Somebody who never gave"), made_up.PEOPLE["never"]),
    "monthly": (gettext_lazy("Somebody who gives 100 kr every month"), made_up.PEOPLE["monthly"]),
    "plain": (
        gettext_lazy("Anna, when sums may not be chosen by what she gave"),
        made_up.PEOPLE["plain"],
    ),
}


@dataclass(frozen=True, slots=True)
class Real:
    """A donor to look as."""

    ref: UUID
    why: str
    name: str


def record(
    request: HttpRequest, who: str, campaign: Campaign | None, language: str
) -> Record | None:
    """The person as whom the mail is shown; None when it is nobody who may be shown here."""
    terms = houses.terms_of(campaign) if campaign else Terms()
    if who in MADE_UP:
        return MADE_UP[who][1]._replace(terms=terms, language=language)
    try:
        donor = visible_donors(request).filter(ref=UUID(who)).first()
    except ValueError:
        return None
    if donor is None or donor.status != Donor.Status.ACTIVE:
        return None
    card = donors.read_card(donor_ref=donor.ref, by=access.by(request), purpose=PURPOSE)
    entity = campaign.entity if campaign else None
    return _of(donor, card, entity)._replace(terms=terms, language=language)


def _of(donor: Donor, card: DonorCard, entity: LegalEntity | None) -> Record:
    is_party = entity is None or entity.kind == LegalEntity.Kind.PARTY
    giving = DonorGiving.objects.filter(pk=donor.pk).first() or DonorGiving()
    monthly = _monthly(donor, entity)
    given = card.name.given if isinstance(card.name, PersonName) else ""
    places = [point.value for point in card.contact_points]
    return Record(
        m=made_up.ANNA.m,
        u=made_up.ANNA.u,
        first_name=given,
        full_name=card.name.full if card.name else "",
        town=next((one.city for one in places if isinstance(one, PostalAddress)), ""),
        targeted=not is_party or donors.may(donor.pk, TARGETING),
        last_ore=giving.once_ore or giving.last_ore,
        largest_ore=giving.largest_ore,
        gifts=giving.gifts,
        monthly_ore=monthly.amount_ore // monthly.interval if monthly else 0,
        last_on=giving.last_on,
        monthly=monthly,
    )


def _monthly(donor: Donor, entity: LegalEntity | None) -> Monthly | None:
    """The largest of a donor's monthly gifts to whom the mail is from, as a mail to her has it."""
    rows = Pledge.objects.filter(donor=donor, state="active").select_related("campaign")
    rows = rows.filter(entity=entity) if entity else rows
    rows = rows.order_by(-(F("amount_ore") / F("interval_months")), "pk")
    return houses.monthly_of(rows.first())


def awkward(request: HttpRequest) -> list[Real]:
    """Donors whose mail is worth looking at, each with why. Each stands in the read log."""
    seen = visible_donors(request).filter(status=Donor.Status.ACTIVE, died_on=None)
    length = Func(F("name_sealed"), function="length", output_field=IntegerField())
    wanted: list[tuple[str, QuerySet[Donor]]] = [
        (_("Newest with a gift"), seen.filter(giving__gifts__gt=0).order_by("-pk")),
        (_("Longest name"), seen.order_by(length.desc(), "pk")),
        (_("No gift"), seen.exclude(giving__gifts__gt=0).order_by("-pk")),
        (_("Largest gift"), seen.order_by(F("giving__largest_ore").desc(nulls_last=True), "pk")),
        (_("Gives every month"), seen.filter(pledges__state="active").order_by("-pk")),
        (_("An organisation"), seen.filter(kind=Donor.Kind.ORGANISATION).order_by("-pk")),
        (_("Reads English"), seen.filter(language="en").order_by("-pk")),
    ]
    found: dict[int, tuple[str, Donor]] = {}
    for why, rows in wanted:
        donor = rows.exclude(pk__in=found).first()
        if donor is not None:
            found[donor.pk] = (why, donor)
    return [_real(request, donor, why) for why, donor in found.values()]


def by_words(request: HttpRequest, typed: str) -> list[Real]:
    """Donors by a whole name, an e-mail address or a number."""
    visible = visible_donors(request).filter(status=Donor.Status.ACTIVE)
    mine = donors.find_donors(typed) & visible
    return [_real(request, donor, _("Found")) for donor in mine[:5]]


def _real(request: HttpRequest, donor: Donor, why: str) -> Real:
    card = donors.read_card(donor_ref=donor.ref, by=access.by(request), purpose=PURPOSE)
    name = card.name.full if isinstance(card.name, PersonName | OrganisationName) else ""
    return Real(donor.ref, why, name)
