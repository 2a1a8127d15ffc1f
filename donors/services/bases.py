"""Why we may: consents, memberships, regular contact, and every way to say no."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Max, QuerySet

from donors import announce
from donors.errors import DonorError
from donors.locks import lock_living_donor
from donors.models import ConsentWording, Donor, LegalBasis
from donors.models.basis import ACTIVE
from donors.values import NewBasis
from donors.wordings import FIRST, FIRST_DATE
from fundraise import clock
from fundraise.audit import services as audit

Basis = LegalBasis.Basis
MEMBER_PURPOSES = (LegalBasis.Purpose.REGISTER, LegalBasis.Purpose.APPEALS)


# --- The words ------------------------------------------------------------------------------------
@transaction.atomic
def publish_wording(
    *, purpose: str, text_sv: str, text_en: str, from_date: date, by: str
) -> ConsentWording:
    """New words of consent for a purpose, as its next version. Older consents keep theirs."""
    latest = ConsentWording.objects.filter(purpose=purpose).aggregate(Max("version"))
    wording = ConsentWording.objects.create(
        purpose=purpose,
        version=(latest["version__max"] or 0) + 1,
        text_sv=text_sv,
        text_en=text_en,
        from_date=from_date,
    )
    audit.log_change(
        by=by,
        action="consent_wording.published",
        subject_type="consent_wording",
        subject_ref=str(wording.pk),
        after={"purpose": purpose, "version": wording.version, "from_date": from_date},
    )
    return wording


def ensure_first_wordings() -> None:
    """The words the migration brings, put back where a purpose has none (an emptied database)."""
    for words in FIRST:
        ConsentWording.objects.get_or_create(
            purpose=words.purpose,
            version=1,
            defaults={"text_sv": words.sv, "text_en": words.en, "from_date": FIRST_DATE},
        )


# --- Yes ------------------------------------------------------------------------------------------
@transaction.atomic
def give_consent(
    *,
    donor_id: int,
    wording: ConsentWording,
    source: str,
    proof: str,
    by: str,
    given_at: datetime | None = None,
) -> LegalBasis:
    """A consent to the wording's purpose; the active one when it was to the same words.

    `proof` says what shows it (a form token's hash, a paper's number), never an address. A consent
    to newer words ends the older one, which stays in the history. Nobody agreed to words before
    they were there.
    """
    if not proof:
        raise DonorError("consent_without_proof")
    if wording.from_date > clock.local_date(given_at or clock.now()):
        raise DonorError("wording_not_in_force")
    donor = lock_living_donor(donor_id)
    active = _active(donor, wording.purpose, [Basis.CONSENT])
    same = active.filter(wording=wording).first()
    if same is not None:
        return same
    active.update(ended_at=clock.now(), end_reason="renewed")
    consent = LegalBasis.objects.create(
        donor=donor,
        purpose=wording.purpose,
        basis=Basis.CONSENT,
        wording=wording,
        given_at=given_at or clock.now(),
        source=source,
        proof=proof,
        created_at=clock.now(),
    )
    after = {"purpose": wording.purpose, "wording_version": wording.version, "source": source}
    announce.changed(donor, "donor.consent.given", by=by, after=after)
    return consent


@transaction.atomic
def record_membership(
    *,
    donor_id: int,
    informed_on: date,
    source: str,
    by: str,
    purposes: Sequence[str] = MEMBER_PURPOSES,
) -> list[LegalBasis]:
    """The donor is a member and was told what we do with the data. Twice is harmless.

    Whether that is enough for a purpose is for settings.LEGAL_BASES to say. A member who has said
    no before stays refused.
    """
    return _record_relation(donor_id, Basis.MEMBERSHIP, purposes, informed_on, source, by)


@transaction.atomic
def record_regular_contact(
    *, donor_id: int, informed_on: date, source: str, by: str, purposes: Sequence[str]
) -> list[LegalBasis]:
    """The donor is in regular contact with us and was told. Twice is harmless."""
    return _record_relation(donor_id, Basis.REGULAR_CONTACT, purposes, informed_on, source, by)


def _record_relation(
    donor_id: int, basis: Basis, purposes: Sequence[str], informed_on: date, source: str, by: str
) -> list[LegalBasis]:
    donor = lock_living_donor(donor_id)
    known = {row.purpose: row for row in donor.legal_bases.filter(ACTIVE, basis=basis)}
    fresh = {
        purpose: LegalBasis.objects.create(
            donor=donor,
            purpose=purpose,
            basis=basis,
            informed_on=informed_on,
            source=source,
            created_at=clock.now(),
        )
        for purpose in purposes
        if purpose not in known
    }
    if fresh:
        after = {"purposes": list(fresh), "informed_on": informed_on, "source": source}
        announce.changed(donor, f"donor.{basis}.recorded", by=by, after=after)
    return [(known | fresh)[purpose] for purpose in purposes]


def unsaved_basis(donor_id: int, new: NewBasis) -> LegalBasis:
    """The row of a basis in a list of many, without lock or log; a consent is given at noon."""
    consent = new.basis == Basis.CONSENT
    noon = datetime.combine(new.on, time(12), tzinfo=clock.STOCKHOLM)
    return LegalBasis(
        donor_id=donor_id,
        purpose=new.purpose,
        basis=new.basis,
        source=new.source,
        created_at=clock.now(),
        wording_id=new.wording_id if consent else None,
        given_at=min(noon, clock.now()) if consent else None,
        proof=new.proof if consent else "",
        informed_on=None if consent else new.on,
    )


# --- No -------------------------------------------------------------------------------------------
@transaction.atomic
def withdraw_consent(*, donor_id: int, purpose: str, by: str) -> bool:
    """The donor takes a consent back. False when there was none to take back.

    It is a refusal of the purpose: a membership does not go on carrying what was refused.
    """
    donor = lock_living_donor(donor_id)
    ended = _active(donor, purpose, [Basis.CONSENT]).update(withdrawn_at=clock.now())
    if ended:
        announce.changed(donor, "donor.consent.withdrawn", by=by, before={"purpose": purpose})
    return ended == 1


@transaction.atomic
def object_to(*, donor_id: int, purpose: str, source: str, by: str) -> None:
    """The donor says no to a purpose (GDPR Art. 21), whatever it stood on. Twice is harmless.

    An objection of somebody we had no basis for is kept as well, so that a later import of members
    does not undo it.
    """
    donor, now = lock_living_donor(donor_id), clock.now()
    withdrawn = _active(donor, purpose, [Basis.CONSENT]).update(withdrawn_at=now)
    relations = _active(donor, purpose, [Basis.MEMBERSHIP, Basis.REGULAR_CONTACT])
    objected = relations.update(objection_at=now)
    if not objected and not _objected(donor, purpose):
        LegalBasis.objects.create(
            donor=donor,
            purpose=purpose,
            basis=Basis.REGULAR_CONTACT,
            informed_on=clock.today(),
            objection_at=now,
            source=source,
            created_at=now,
        )
        objected = 1
    if withdrawn or objected:
        after = {"purpose": purpose, "source": source}
        announce.changed(donor, "donor.objected", by=by, after=after)


@transaction.atomic
def end_membership(*, donor_id: int, by: str) -> int:
    """The donor is a member no more. Returns how many bases ended; it is no refusal."""
    donor = lock_living_donor(donor_id)
    ending = donor.legal_bases.filter(ACTIVE, basis=Basis.MEMBERSHIP)
    purposes = list(ending.values_list("purpose", flat=True))
    ending.update(ended_at=clock.now(), end_reason="membership_ended")
    if purposes:
        announce.changed(donor, "donor.membership.ended", by=by, before={"purposes": purposes})
    return len(purposes)


def _active(donor: Donor, purpose: str, bases: Sequence[Basis]) -> QuerySet[LegalBasis]:
    return donor.legal_bases.filter(ACTIVE, purpose=purpose, basis__in=bases)


def _objected(donor: Donor, purpose: str) -> bool:
    return donor.legal_bases.filter(purpose=purpose, objection_at__isnull=False).exists()
