"""Reads: who may be used for what, who is meant, whom staff see.

What decrypts a donor writes the read log; what only answers ids does not.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from donors import keys, lookup, matching, normalise, sealing
from donors.cards import DonorCard, DonorPage, DonorRow, page_of_donors, read_card
from donors.errors import InvalidValue
from donors.models import ConsentWording, ContactPoint, Donor, Identity, LegalBasis
from donors.models.basis import ACTIVE, REFUSED
from fundraise import clock, crypto

__all__ = [
    "DonorCard",
    "DonorPage",
    "DonorRow",
    "allowed",
    "current_wording",
    "email_point",
    "enough_for",
    "find_by_email",
    "find_donors",
    "has_refused",
    "keys_beside",
    "match_giver",
    "may",
    "opened_email",
    "page_of_donors",
    "read_card",
]

Basis = LegalBasis.Basis


# --- What we may ----------------------------------------------------------------------------------
def enough_for(purpose: str) -> list[str]:
    """Which legal bases carry a purpose; a purpose that no setting names needs a consent."""
    return settings.LEGAL_BASES.get(purpose, [Basis.CONSENT])


def stands_sql(of: str = "") -> str:
    """SQL of whether a row of donors_legalbasis, `of` an alias with its dot, stands as it is."""
    ends = ("withdrawn_at", "objection_at", "ended_at")
    return " AND ".join(f"{of}{one} IS NULL" for one in ends)


def allowed(purpose: str) -> QuerySet[Donor]:
    """The donors whose data may be used for a purpose, as one query.

    A consent that is enough, or another basis that is enough and that the donor has not refused; a
    consent given after a refusal lifts it. Nobody who has died or wants no contact is among them.
    """
    enough = enough_for(purpose)
    rows = LegalBasis.objects.filter(donor=OuterRef("pk"), purpose=purpose)
    active = rows.filter(ACTIVE)
    consented = Q(Exists(active.filter(basis=Basis.CONSENT)))
    relations = [basis for basis in enough if basis != Basis.CONSENT]
    related = Q(Exists(active.filter(basis__in=relations)))
    unrefused = ~Q(Exists(rows.filter(REFUSED))) | consented
    carried = related & unrefused
    if Basis.CONSENT in enough:
        carried |= consented
    return Donor.objects.filter(
        carried, status=Donor.Status.ACTIVE, died_on=None, no_contact_at=None
    )


def may(donor_id: int, purpose: str) -> bool:
    """Whether this donor's data may be used for a purpose now."""
    return allowed(purpose).filter(pk=donor_id).exists()


def has_refused(donor_id: int, purpose: str) -> bool:
    """Whether the donor has ever said no to a purpose (a later yes is for `may` to say)."""
    return LegalBasis.objects.filter(REFUSED, donor=donor_id, purpose=purpose).exists()


def says_no(donor_id: int, purpose: str) -> bool:
    """Whether no is the last word about a purpose: refused, and not consented to since."""
    consents = LegalBasis.objects.filter(
        ACTIVE, donor=donor_id, purpose=purpose, basis=Basis.CONSENT
    )
    return has_refused(donor_id, purpose) and not consents.exists()


def current_wording(purpose: str, on: date | None = None) -> ConsentWording | None:
    """The words of consent in force on a date (today), or None when none are published."""
    wordings = ConsentWording.objects.filter(purpose=purpose, from_date__lte=on or clock.today())
    return wordings.order_by("-version").first()


# --- Who is meant ---------------------------------------------------------------------------------
def find_by_email(email: str) -> list[Donor]:
    """Every donor with the address, oldest first; none when it is no address."""
    try:
        hashes = lookup.email_hashes(email)
    except InvalidValue:
        return []
    return list(_with_contact("email", hashes))


def match_giver(*, email: str, name: str) -> matching.Match:
    """Which known donor a giver is (matching.choose). Reads only."""
    names = set(lookup.name_hashes(name))
    candidates = [
        matching.Candidate(donor.pk, same_name=bytes(donor.name_hash or b"") in names)
        for donor in find_by_email(email)
    ]
    return matching.choose(candidates)


def find_donors(text: str) -> QuerySet[Donor]:
    """The donors that what staff typed names exactly: a full name, an address, a number."""
    kinds = (ContactPoint.Kind.EMAIL, ContactPoint.Kind.PHONE)
    found = Q(name_hash__in=lookup.name_hashes(text[:500]))
    for kind, clean in zip(kinds, (normalise.clean_email, normalise.clean_phone), strict=True):
        if (value := _cleaned(clean, text)) is not None:
            found |= Q(pk__in=_with_contact(kind, lookup.contact_hashes(kind, value)).values("pk"))
    for identity, clean in (
        (Identity.Kind.PERSONAL, normalise.clean_personal_number),
        (Identity.Kind.ORGANISATION, normalise.clean_organisation_number),
    ):
        if (value := _cleaned(clean, text)) is not None:
            rows = Identity.objects.filter(
                kind=identity, value_hash__in=lookup.identity_hashes(identity, value)
            )
            found |= Q(pk__in=rows.values("donor"))
    return Donor.objects.filter(found).order_by("pk")


def _cleaned(clean: Callable[[str], str], text: str) -> str | None:
    try:
        return clean(text)
    except InvalidValue:
        return None


def _with_contact(kind: str, hashes: list[bytes]) -> QuerySet[Donor]:
    points = ContactPoint.objects.filter(kind=kind, value_hash__in=hashes)
    return Donor.objects.filter(pk__in=points.values("donor")).order_by("pk")


def keys_beside(donor_id: int, email_key: bytes) -> list[bytes]:
    """The keyed hash that a donor's contact point has now for the address with a key.

    Usually the key itself; after a rotation of the look-up keys another one. Empty when the donor
    has the address no more.
    """
    point = email_point(donor_id, email_key)
    return [bytes(point.value_hash)] if point is not None else []


def email_point(donor_id: int, email_key: bytes) -> ContactPoint | None:
    """The donor's contact point for the address that a key, also an older one, stands for.

    It opens addresses where keys have changed, and shows nothing of them.
    """
    points = ContactPoint.objects.filter(donor=donor_id, kind=ContactPoint.Kind.EMAIL)
    rows = points.select_related("donor")
    same = rows.filter(value_hash=email_key).first()
    if same is not None or email_key.startswith(crypto.lookup_prefix()):
        return same
    return next((row for row in rows if email_key in lookup.email_hashes(opened_email(row))), None)


def opened_email(point: ContactPoint) -> str:
    """The address of a contact point, to write to it; no person sees it."""
    data_key = keys.data_key_of(point.donor)
    return str(
        sealing.open_contact(data_key, point.donor.ref, point.kind, bytes(point.value_sealed))
    )
