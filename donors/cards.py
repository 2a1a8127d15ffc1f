"""Opening donors for people to read. Everything here writes the read log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from donors import keys, normalise, sealing
from donors.models import ContactPoint, Donor, Identity, LegalBasis
from donors.values import Name, PostalAddress
from fundraise.audit import services as audit


@dataclass(frozen=True)
class ContactCard:
    id: int
    kind: str
    value: str | PostalAddress = field(repr=False)
    state: str
    is_primary: bool


@dataclass(frozen=True)
class DonorCard:
    """One donor, opened. Identity numbers are masked; a forgotten donor has no name."""

    id: int
    ref: UUID
    kind: str
    language: str
    status: str
    source: str
    created_at: datetime
    name: Name | None = field(repr=False)
    contact_points: tuple[ContactCard, ...] = field(repr=False)
    identities: tuple[tuple[str, str], ...] = field(repr=False)
    legal_bases: tuple[LegalBasis, ...] = field(repr=False)
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class DonorRow:
    """A donor in a list. `name` is empty when it can't be read any more."""

    id: int
    ref: UUID
    kind: str
    status: str
    created_at: datetime
    name: str = field(repr=False)
    email: str = field(repr=False)


@dataclass(frozen=True)
class DonorPage:
    rows: tuple[DonorRow, ...]
    next_after: int | None


@transaction.atomic
def read_card(*, donor_ref: UUID, by: str, purpose: str) -> DonorCard:
    """Everything of one donor. Raises Donor.DoesNotExist; Unreadable when the key is missing."""
    donor = Donor.objects.get(ref=donor_ref)
    audit.log_read(by=by, subject_type="donor", subject_ref=donor.ref, purpose=purpose)
    erased = donor.status == Donor.Status.ERASED
    data_key = b"" if erased else keys.data_key_of(donor)
    return DonorCard(
        id=donor.pk,
        ref=donor.ref,
        kind=donor.kind,
        language=donor.language,
        status=donor.status,
        source=donor.source,
        created_at=donor.created_at,
        name=_open_name(data_key, donor),
        contact_points=tuple(_contact_cards(donor, data_key)),
        identities=tuple(_masked_identities(donor, data_key)),
        legal_bases=tuple(donor.legal_bases.select_related("wording").order_by("pk")),
        tags=tuple(donor.donor_tags.order_by("tag__label").values_list("tag__label", flat=True)),
    )


def _open_name(data_key: bytes, donor: Donor) -> Name | None:
    if donor.name_sealed is None:
        return None
    return sealing.open_name(data_key, donor.ref, bytes(donor.name_sealed))


def _contact_cards(donor: Donor, data_key: bytes) -> Iterable[ContactCard]:
    for point in donor.contact_points.order_by("kind", "-is_primary", "pk"):
        value = sealing.open_contact(data_key, donor.ref, point.kind, bytes(point.value_sealed))
        yield ContactCard(point.pk, point.kind, value, point.state, point.is_primary)


def _masked_identities(donor: Donor, data_key: bytes) -> Iterable[tuple[str, str]]:
    for identity in donor.identities.order_by("kind"):
        number = sealing.open_identity(
            data_key, donor.ref, identity.kind, bytes(identity.value_sealed)
        )
        yield identity.kind, normalise.masked(number)


@transaction.atomic
def read_identity(*, donor_ref: UUID, kind: str, by: str, purpose: str) -> str:
    """A whole identity number, for a mandate, a control statement or a report.

    Raises Identity.DoesNotExist.
    """
    identity = Identity.objects.select_related("donor").get(donor__ref=donor_ref, kind=kind)
    donor = identity.donor
    audit.log_read(by=by, subject_type="donor", subject_ref=donor.ref, purpose=f"{purpose}:{kind}")
    sealed = bytes(identity.value_sealed)
    return sealing.open_identity(keys.data_key_of(donor), donor.ref, kind, sealed)


@dataclass(frozen=True)
class DonorLine:
    """A donor in a file: what is needed to write to them. Identity numbers never are."""

    pk: int
    ref: UUID
    kind: str
    language: str
    status: str
    created_at: datetime
    name: str = field(repr=False)
    email: str = field(repr=False)
    phone: str = field(repr=False)
    address: PostalAddress | None = field(repr=False)


@transaction.atomic
def open_lines(donors: Sequence[Donor], *, by: str, purpose: str) -> list[DonorLine]:
    """Several donors opened for a file; each of them is a line of the read log."""
    refs = [donor.ref for donor in donors]
    audit.log_reads(by=by, subject_type="donor", subject_refs=refs, purpose=purpose)
    data_keys, points = keys.data_keys_of(donors), dict[int, list[ContactPoint]]()
    for point in ContactPoint.objects.filter(donor__in=donors).order_by("-is_primary", "pk"):
        points.setdefault(point.donor_id, []).append(point)
    return [_line(donor, data_keys.get(donor.pk), points.get(donor.pk, [])) for donor in donors]


def _line(donor: Donor, data_key: bytes | None, points: Sequence[ContactPoint]) -> DonorLine:
    first: dict[str, str | PostalAddress] = {}
    for point in points if data_key is not None else []:
        if point.kind not in first and data_key is not None:
            sealed = bytes(point.value_sealed)
            first[point.kind] = sealing.open_contact(data_key, donor.ref, point.kind, sealed)
    name = _open_name(data_key, donor) if data_key is not None else None
    address = first.get(ContactPoint.Kind.POSTAL)
    return DonorLine(
        pk=donor.pk,
        ref=donor.ref,
        kind=donor.kind,
        language=donor.language,
        status=donor.status,
        created_at=donor.created_at,
        name=name.full if name is not None else "",
        email=str(first.get(ContactPoint.Kind.EMAIL, "")),
        phone=str(first.get(ContactPoint.Kind.PHONE, "")),
        address=address if isinstance(address, PostalAddress) else None,
    )


@transaction.atomic
def page_of_donors(
    *, donors: QuerySet[Donor], by: str, purpose: str, after: int = 0, size: int = 50
) -> DonorPage:
    """A page of a queryset in order of id, the names and addresses of this page only opened."""
    found = list(donors.order_by("pk").filter(pk__gt=after)[: size + 1])
    page = found[:size]
    audit.log_reads(
        by=by, subject_type="donor", subject_refs=[donor.ref for donor in page], purpose=purpose
    )
    next_after = page[-1].pk if len(found) > size else None
    return DonorPage(tuple(_rows(page)), next_after)


def _rows(donors: Sequence[Donor]) -> Iterable[DonorRow]:
    data_keys, emails = keys.data_keys_of(donors), _primary_emails(donors)
    for donor in donors:
        name, email = "", ""
        data_key = data_keys.get(donor.pk)
        if data_key is not None:
            opened = _open_name(data_key, donor)
            name = opened.full if opened is not None else ""
            sealed = emails.get(donor.pk)
            email = _open_email(data_key, donor, sealed) if sealed is not None else ""
        yield DonorRow(donor.pk, donor.ref, donor.kind, donor.status, donor.created_at, name, email)


def _primary_emails(donors: Sequence[Donor]) -> dict[int, bytes]:
    points = ContactPoint.objects.filter(donor__in=donors, kind="email", is_primary=True)
    return {
        donor_id: bytes(sealed)
        for donor_id, sealed in points.values_list("donor_id", "value_sealed")
    }


def _open_email(data_key: bytes, donor: Donor, sealed: bytes) -> str:
    return str(sealing.open_contact(data_key, donor.ref, "email", sealed))
