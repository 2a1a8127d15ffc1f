"""Two records are one donor: everything of the one goes to the other, in one transaction.

Gifts and monthly gifts follow (settings.DONOR_MOVES, each package's own), both addresses stay, and
the stricter word holds: a no to a purpose, a death, a wish for no contact. What names the record
that is gone (mails, filed reports, statements that were issued) stays as it was, and is read with
the donor's history. Two that have different numbers or are of different kinds are two.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from donors import announce, keys, lookup, merged, sealing
from donors.errors import DonorError
from donors.locks import lock_two
from donors.models import ContactPoint, Donor, DonorMerge, DonorTag, Identity, LegalBasis
from donors.models.basis import ACTIVE
from donors.queries import says_no
from donors.services import apart, bases, contacts, ends
from donors.values import PostalAddress
from fundraise import clock

State = ContactPoint.State
SOURCE, ENDED = "merge", "merged"


@dataclass(frozen=True)
class _Pair:
    """Both, locked, with their keys."""

    kept: Donor
    gone: Donor
    kept_key: bytes
    gone_key: bytes
    by: str


@transaction.atomic
def merge_donors(
    *, kept_ref: UUID, gone_ref: UUID, by: str, reason: str, though_apart: bool = False
) -> DonorMerge | None:
    """Make one of two. None when it was done before (a button pressed twice).

    `though_apart`: whoever says so knows that they were said to be two (apart.py).
    Raises DonorError: same_donor, merged_elsewhere, donor_erased, donor_restricted, kinds_differ,
    identities_differ, said_apart, reason_missing; Unreadable when a key is missing. Nothing is
    changed then.
    """
    if not reason.strip():
        raise DonorError("reason_missing")
    kept, gone = lock_two(kept_ref, gone_ref)
    done = DonorMerge.objects.filter(gone=gone).first()
    if done is not None:
        if done.kept_id == kept.pk:
            return None
        raise DonorError("merged_elsewhere")
    _may_be_one(kept, gone)
    if not though_apart and merged.said_apart(kept.pk, gone.pk) is not None:
        raise DonorError("said_apart")
    pair = _Pair(kept, gone, keys.data_key_of(kept), keys.data_key_of(gone), by)
    merge = _note(pair, reason.strip()[:200])  # first: what follows asks whose the record is
    moved: dict[str, int] = {}
    for path in settings.DONOR_MOVES:
        moved |= import_string(path)(gone.pk, kept.pk, by)
    moved |= {
        "contact_points": _contact_points(pair),
        "tags": _tags(pair),
        "identities": _identities(pair),
        "legal_bases": _legal_bases(pair),
        "told_apart": apart.follow(gone.pk, kept.pk),
    }
    _ends(pair)
    merge.moved = {what: number for what, number in moved.items() if number}
    merge.save(update_fields=["moved"])
    _erase(pair, merge)
    return merge


def _may_be_one(kept: Donor, gone: Donor) -> None:
    statuses = {kept.status, gone.status}
    if Donor.Status.ERASED in statuses:
        raise DonorError("donor_erased")
    if Donor.Status.RESTRICTED in statuses:
        raise DonorError("donor_restricted")
    if kept.kind != gone.kind:
        raise DonorError("kinds_differ")
    theirs = {one.kind: one for one in gone.identities.all()}
    for mine in kept.identities.all():
        other = theirs.get(mine.kind)
        if other is not None and _number(kept, mine) != _number(gone, other):
            raise DonorError("identities_differ")


def _number(donor: Donor, identity: Identity) -> str:
    sealed = bytes(identity.value_sealed)
    return sealing.open_identity(keys.data_key_of(donor), donor.ref, identity.kind, sealed)


# --- What goes along ------------------------------------------------------------------------------
def _contact_points(pair: _Pair) -> int:
    """Both addresses stay, the kept donor's own first; of one that both have, the stricter word."""
    added = 0
    for point in pair.gone.contact_points.order_by("-is_primary", "pk"):
        value = sealing.open_contact(
            pair.gone_key, pair.gone.ref, point.kind, bytes(point.value_sealed)
        )
        hashes = lookup.contact_hashes(point.kind, value)
        known = pair.kept.contact_points.filter(kind=point.kind, value_hash__in=hashes).first()
        if known is None:
            _add(pair, point, value)
            added += 1
        elif _stricter(point.state, known.state) != known.state:
            known.state, known.confirmed_at = point.state, point.confirmed_at
            known.save(update_fields=["state", "confirmed_at"])
    return added


def _add(pair: _Pair, point: ContactPoint, value: str | PostalAddress) -> None:
    made = contacts.unsaved_contact_point(
        pair.kept, pair.kept_key, point.kind, value, source=point.source
    )
    made.is_primary = not pair.kept.contact_points.filter(kind=point.kind).exists()
    made.state, made.confirmed_at = point.state, point.confirmed_at
    made.created_at = point.created_at
    made.save(force_insert=True)


def _stricter(one: str, other: str) -> str:
    """An address that bounces bounces; one that somebody answered from is confirmed."""
    for state in (State.BOUNCING, State.CONFIRMED):
        if state in {one, other}:
            return state
    return State.UNCONFIRMED


def _tags(pair: _Pair) -> int:
    mine = set(pair.kept.donor_tags.values_list("tag_id", flat=True))
    new = pair.gone.donor_tags.exclude(tag__in=mine)
    return new.update(donor=pair.kept)


def _identities(pair: _Pair) -> int:
    mine = set(pair.kept.identities.values_list("kind", flat=True))
    moved = 0
    for identity in pair.gone.identities.exclude(kind__in=mine):
        number = sealing.open_identity(
            pair.gone_key, pair.gone.ref, identity.kind, bytes(identity.value_sealed)
        )
        identity.donor = pair.kept
        identity.value_sealed = sealing.seal_identity(
            pair.kept_key, pair.kept.ref, identity.kind, number
        )
        identity.save(update_fields=["donor", "value_sealed"])
        moved += 1
    return moved


def _legal_bases(pair: _Pair) -> int:
    """What carries a purpose is copied, since a basis is never rewritten; a no of either holds."""
    rows = LegalBasis.objects.filter(donor__in=[pair.kept, pair.gone])
    copied = 0
    for purpose in sorted(set(rows.values_list("purpose", flat=True))):
        if any(says_no(donor.pk, purpose) for donor in (pair.kept, pair.gone)):
            if not says_no(pair.kept.pk, purpose):
                bases.object_to(donor_id=pair.kept.pk, purpose=purpose, source=SOURCE, by=pair.by)
        else:
            copied += _copied(pair, purpose)
    now = clock.now()
    pair.gone.legal_bases.filter(ACTIVE).update(ended_at=now, end_reason=ENDED)
    return copied


def _copied(pair: _Pair, purpose: str) -> int:
    mine = set(
        pair.kept.legal_bases.filter(ACTIVE, purpose=purpose).values_list("basis", flat=True)
    )
    more = list(pair.gone.legal_bases.filter(ACTIVE, purpose=purpose).exclude(basis__in=mine))
    for basis in more:
        basis.pk, basis.donor = None, pair.kept  # a row of its own, with the same proof
        basis._state.adding = True
        basis.save(force_insert=True)
    return len(more)


def _ends(pair: _Pair) -> None:
    """A death and a wish for no contact hold of whoever of the two had said so."""
    if pair.gone.died_on is not None and pair.kept.died_on is None:
        ends.record_death(donor_id=pair.kept.pk, died_on=pair.gone.died_on, by=pair.by)
    if pair.gone.no_contact_at is not None:
        ends.refuse_contact(donor_id=pair.kept.pk, by=pair.by)


# --- What is left ---------------------------------------------------------------------------------
def _note(pair: _Pair, reason: str) -> DonorMerge:
    """What was merged, with the name that is gone; what had been merged before follows."""
    for earlier in DonorMerge.objects.filter(kept=pair.gone):
        earlier.name_sealed = _sealed_anew(pair, earlier.name_sealed)
        earlier.kept = pair.kept
        earlier.save(update_fields=["kept", "name_sealed"])
    mine = sealing.open_name(pair.kept_key, pair.kept.ref, bytes(pair.kept.name_sealed or b""))
    theirs = sealing.open_name(pair.gone_key, pair.gone.ref, bytes(pair.gone.name_sealed or b""))
    sealed = sealing.seal_name(pair.kept_key, pair.kept.ref, theirs) if theirs != mine else None
    return DonorMerge.objects.create(
        gone=pair.gone,
        kept=pair.kept,
        at=clock.now(),
        by=pair.by[:100],
        why=reason,
        name_sealed=sealed,
    )


def _sealed_anew(pair: _Pair, sealed: bytes | memoryview | None) -> bytes | None:
    if sealed is None:
        return None
    name = sealing.open_name(pair.gone_key, pair.gone.ref, bytes(sealed))
    return sealing.seal_name(pair.kept_key, pair.kept.ref, name)


def _erase(pair: _Pair, merge: DonorMerge) -> None:
    """The record that is gone holds nobody any more. Its key stays until the donor is forgotten:
    a backup from before must be read, and whoever has no key there is taken for forgotten."""
    gone, now = pair.gone, clock.now()
    ContactPoint.objects.filter(donor=gone).delete()
    DonorTag.objects.filter(donor=gone).delete()
    Identity.objects.filter(donor=gone).delete()
    gone.name_sealed = gone.name_hash = None
    gone.status, gone.erased_at, gone.died_on = Donor.Status.ERASED, now, None
    gone.save(update_fields=["name_sealed", "name_hash", "status", "erased_at", "died_on"])
    announce.changed(
        pair.kept,
        "donor.merged",
        by=pair.by,
        after={"merged_from": gone.ref, **merge.moved},
        reason=merge.why,
    )
    announce.changed(
        gone,
        "donor.merged_away",
        by=pair.by,
        after={"merged_into": pair.kept.ref},
        reason=merge.why,
    )


def names_of(kept: Donor) -> dict[int, str]:
    """Under which other names merged records stood; by the number of the record."""
    data_key = keys.data_key_of(kept)
    rows = DonorMerge.objects.filter(kept=kept).exclude(name_sealed=None)
    return {
        row.gone_id: sealing.open_name(data_key, kept.ref, bytes(row.name_sealed or b"")).full
        for row in rows
    }
