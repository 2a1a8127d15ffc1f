"""What we keep of a donor, to see and to answer for: details, consents with proof, requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from donors import queries as registers
from donors import services as donors
from donors.cards import DonorCard
from donors.models import ConsentWording, Donor
from donors.values import PostalAddress
from fundraise import clock
from fundraise.give import links
from fundraise.give.mine import asking, frame, words
from fundraise.give.mine.people import Person
from fundraise.language import ENGLISH
from fundraise.ledger.models import LegalEntity

SOURCE = "my_pages"
ASKED = ("copy", "correct", "erase")


@dataclass(frozen=True)
class Consent:
    """One purpose, whether we may, and the words that are agreed to."""

    purpose: str
    label: str
    may: bool
    since: str
    text: str
    version: int
    wording_id: int


@dataclass(frozen=True)
class Kept:
    """What is shown of one donor. Name and details only where they are surely this person's."""

    ref: UUID
    consents: tuple[Consent, ...]
    name: str = field(default="", repr=False)
    facts: tuple[tuple[str, str], ...] = field(default=(), repr=False)


def details(request: HttpRequest, person: Person) -> HttpResponse:
    """Everything on one page; reading a donor's record leaves its line in the read log."""
    language = str(request.LANGUAGE_CODE)
    theirs = {donor.pk for donor in person.donors}
    kept = [
        _kept(donor, language) if donor.pk in theirs else _only_mail(donor, language)
        for donor in person.listed
    ]
    return frame.page(
        request,
        "give/mine/details.html",
        logged_in=True,
        here="details",
        kept=kept,
        may_ask=bool(person.donors),
        address=person.address,
        consent_url=links.own("consent", language),
        request_url=links.own("request", language),
        asked=request.GET.get("asked", "") in ASKED,
        gifts_url=links.own("gifts", language),
    )


def _kept(donor: Donor, language: str) -> Kept:
    card = donors.read_card(donor_ref=donor.ref, by=f"donor:{donor.ref}", purpose=SOURCE)
    name = card.name.full if card.name is not None else ""
    return Kept(donor.ref, tuple(_consents(donor, language)), name, tuple(_facts(card)))


def _only_mail(donor: Donor, language: str) -> Kept:
    """A list put the address with somebody: its holder may stop the mail, and sees no name."""
    return Kept(donor.ref, tuple(one for one in _consents(donor, language) if one.may))


def _facts(card: DonorCard) -> list[tuple[str, str]]:
    labels = {"email": _("E-mail"), "phone": _("Phone"), "postal": _("Postal address")}
    facts = [(labels[point.kind], _shown(point.value)) for point in card.contact_points]
    numbers = {
        "personal_number": _("Personal identity number"),
        "organisation_number": _("Organisation number"),
    }
    facts += [(numbers[kind], masked) for kind, masked in card.identities]
    facts.append((_("In our register since"), words.day(clock.local_date(card.created_at))))
    return facts


def _shown(value: str | PostalAddress) -> str:
    if isinstance(value, PostalAddress):
        return ", ".join([*value.lines, f"{value.postcode} {value.city}".strip()])
    return value


# --- Consents -------------------------------------------------------------------------------------
def _consents(donor: Donor, language: str) -> list[Consent]:
    labels = {
        "register": _("To be kept in our register of donors"),
        "appeals": _("Mails that ask for gifts"),
        "newsletter": _("Newsletters"),
    }
    if LegalEntity.objects.filter(kind=LegalEntity.Kind.PARTY).exists():
        labels["targeting"] = _("Mails fitted to what you have given")
    found = []
    for purpose, label in labels.items():
        wording = registers.current_wording(purpose)
        if wording is not None and purpose in settings.LEGAL_BASES:
            found.append(_consent(donor, purpose, label, wording, language))
    return found


def _consent(
    donor: Donor, purpose: str, label: str, wording: ConsentWording, language: str
) -> Consent:
    given = donor.legal_bases.filter(purpose=purpose).order_by("-created_at").first()
    return Consent(
        purpose=purpose,
        label=label,
        may=registers.may(donor.pk, purpose),
        since=words.day(clock.local_date(given.created_at)) if given is not None else "",
        text=wording.text_en if language == ENGLISH else wording.text_sv,
        version=wording.version,
        wording_id=wording.pk,
    )


def consent(request: HttpRequest, person: Person) -> HttpResponse:
    """Say yes or no to a purpose. A no is a refusal, whatever we stood on; a yes has its proof."""
    language, sent = str(request.LANGUAGE_CODE), request.POST
    if request.method != "POST":
        return frame.go(links.own("details", language))
    donor = next((one for one in person.listed if str(one.ref) == sent.get("donor")), None)
    purpose = sent.get("purpose", "")
    if donor is None or purpose not in settings.LEGAL_BASES or purpose == "receipts":
        raise Http404
    by = f"donor:{donor.ref}"
    if sent.get("say") == "no":
        donors.object_to(donor_id=donor.pk, purpose=purpose, source=SOURCE, by=by)
    elif donor in person.donors:
        wording = registers.current_wording(purpose)
        if wording is not None and str(wording.pk) == sent.get("wording"):
            proof = f"my_pages:{clock.now():%Y-%m-%dT%H:%M:%S}"
            donors.give_consent(
                donor_id=donor.pk, wording=wording, source=SOURCE, proof=proof, by=by
            )
    return frame.go(f"{links.own('details', language)}#d-{donor.ref}")


# --- Requests -------------------------------------------------------------------------------------
def ask(request: HttpRequest, person: Person) -> HttpResponse:
    """Ask for a copy, a correction or to be forgotten: told to the house, answered by people."""
    language, what = str(request.LANGUAGE_CODE), request.POST.get("what", "")
    if request.method != "POST":
        return frame.go(links.own("details", language))
    if what not in ASKED or not person.donors:
        raise Http404
    for donor in person.donors:
        asking.tell(donor, what)
    return frame.go(f"{links.own('details', language)}?asked={what}#asked")
