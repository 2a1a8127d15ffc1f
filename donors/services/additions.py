"""Many known donors get what they lacked, in few statements: for imports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction

from donors import keys
from donors.errors import DonorError
from donors.models import ContactPoint, Donor, LegalBasis
from donors.services.bases import unsaved_basis
from donors.services.contacts import unsaved_contact_point
from donors.services.tags import put_tags
from donors.values import Addition
from fundraise.audit import services as audit
from fundraise.outbox import services as outbox

AT_ONCE = 1000
ACTIONS = {
    "consent": "donor.consent.given",
    "membership": "donor.membership.recorded",
    "regular_contact": "donor.regular_contact.recorded",
}
Said = tuple[str, tuple[tuple[str, object], ...]]


@transaction.atomic
def add_to_donors(*, additions: Sequence[Addition], source: str, by: str) -> None:
    """Contact points, bases and tags that these donors do not have, each donor named once.

    Whether they have them is the caller's to know, who holds the donors' locks. Raises DonorError
    when one is not active, InvalidValue on an address that is none; then nothing is changed.
    """
    wanted = {one.donor_id: one for one in additions}
    rows = Donor.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    donors = {donor.pk: donor for donor in rows}
    if len(donors) != len(additions) or any(d.status != "active" for d in donors.values()):
        raise DonorError("donor_not_active")
    ContactPoint.objects.bulk_create(_points(wanted, donors, source), batch_size=AT_ONCE)
    LegalBasis.objects.bulk_create(
        [unsaved_basis(one.donor_id, basis) for one in additions for basis in one.bases],
        batch_size=AT_ONCE,
    )
    put_tags([(donors[one.donor_id], one.tags) for one in additions], source=source, by=by)
    _tell(additions, donors, source, by)


def _points(
    wanted: dict[int, Addition], donors: dict[int, Donor], source: str
) -> Iterable[ContactPoint]:
    opened = keys.data_keys_of(donors[key] for key, one in wanted.items() if one.contacts)
    there = ContactPoint.objects.filter(donor_id__in=opened)
    held = set(there.values_list("donor_id", "kind"))
    for donor_id, one in wanted.items():
        for kind, value in one.contacts:
            if donor_id not in opened:
                raise DonorError("donor_key_missing")
            donor, key = donors[donor_id], opened[donor_id]
            point = unsaved_contact_point(donor, key, kind, value, source=source)
            point.is_primary = (donor_id, kind) not in held
            held.add((donor_id, kind))
            yield point


def _tell(additions: Sequence[Addition], donors: dict[int, Donor], source: str, by: str) -> None:
    """The same audit lines as one by one, those that say the same together; a fact for each."""
    said: dict[Said, list[object]] = defaultdict(list)
    for one in additions:
        for line in _lines(one, source):
            said[line].append(donors[one.donor_id].ref)
    outbox.write_many("DonorChanged", [one.donor_id for one in additions])
    for (action, after), refs in said.items():
        audit.log_changes(
            by=by,
            action=action,
            subject_type="donor",
            subject_refs=[str(ref) for ref in refs],
            after=dict(after),
        )


def _lines(one: Addition, source: str) -> Iterable[Said]:
    for kind, _value in one.contacts:
        yield "donor.contact_point.added", (("kind", kind), ("source", source))
    for basis in one.bases:
        after = (("purpose", basis.purpose), ("source", basis.source), ("on", basis.on))
        yield ACTIONS[basis.basis], after
    if one.tags:
        yield "donor.tagged", (("tags", len(one.tags)), ("source", source))
