"""Tags: words that staff sort donors by. Not for what may not be kept: no opinions, no illness."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction

from donors import announce, normalise
from donors.errors import InvalidValue
from donors.locks import lock_living_donor
from donors.models import Donor, DonorTag, Tag
from fundraise import clock

LONGEST = 60


def clean_label(raw: str) -> str:
    """The word with single spaces. Raises InvalidValue."""
    label = normalise.clean_text(raw, longest=LONGEST, code="tag")
    if not label:
        raise InvalidValue("tag_missing")
    return label


@transaction.atomic
def tag_donor(*, donor_id: int, label: str, source: str, by: str) -> bool:
    """Put a tag on a donor. False when the donor bears it already. Raises InvalidValue."""
    clean = clean_label(label)
    donor = lock_living_donor(donor_id)
    if donor.donor_tags.filter(tag__key=normalise.name_key(clean)).exists():
        return False
    put_tags([(donor, [clean])], source=source, by=by)
    announce.changed(donor, "donor.tagged", by=by, after={"tags": 1, "source": source})
    return True


@transaction.atomic
def untag_donor(*, donor_id: int, label: str, by: str, reason: str = "") -> bool:
    """Take a tag off a donor. False when the donor does not bear it."""
    donor = lock_living_donor(donor_id)
    taken, _rows = donor.donor_tags.filter(tag__key=normalise.name_key(clean_label(label))).delete()
    if taken:
        announce.changed(donor, "donor.untagged", by=by, before={"tags": 1}, reason=reason)
    return bool(taken)


def put_tags(wanted: Iterable[tuple[Donor, Sequence[str]]], *, source: str, by: str) -> None:
    """The rows themselves, without lock or log: for services that have both."""
    pairs = [(donor, label) for donor, labels in wanted for label in labels]
    if not pairs:
        return
    tags = ensure_tags({label for _donor, label in pairs})
    now = clock.now()
    DonorTag.objects.bulk_create(
        [
            DonorTag(donor=donor, tag_id=tags[normalise.name_key(label)], by=by, at=now,
                     source=source)
            for donor, label in pairs
        ],
        batch_size=1000,
    )  # fmt: skip


def ensure_tags(labels: Iterable[str]) -> dict[str, int]:
    """The ids of tags by key; those that are new are made."""
    by_key = {normalise.name_key(label): label for label in sorted(labels)}
    known = Tag.objects.filter(key__in=by_key)
    found = dict(known.values_list("key", "pk"))
    fresh = [
        Tag(label=label, key=key, created_at=clock.now())
        for key, label in by_key.items()
        if key not in found
    ]
    if fresh:
        Tag.objects.bulk_create(fresh, ignore_conflicts=True)
        found = dict(known.values_list("key", "pk"))
    return found
