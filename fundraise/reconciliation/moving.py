"""Two donors are one (settings.DONOR_MOVES): numbers that were issued and payers that were learned
lead to the other, and so does what stands or is suggested of the bank's items."""

from __future__ import annotations

from fundraise import clock
from fundraise.reconciliation.models import Match, PayerAlias, Reference


def move(gone: int, kept: int, by: str) -> dict[str, int]:
    """What the bank's lines are known by."""
    states = [Match.State.STANDS, Match.State.SUGGESTED]
    Match.objects.filter(donor=gone, state__in=states).update(donor=kept)
    return {"references": _references(gone, kept), "payer_aliases": _aliases(gone, kept)}


def _references(gone: int, kept: int) -> int:
    """A number leads to its donor also when it has ended: both donors' printed slips stay good."""
    moved = 0
    for one in Reference.objects.filter(donor=gone).order_by("pk"):
        same = Reference.objects.filter(
            entity=one.entity_id, donor=kept, pledge=one.pledge_id, campaign=one.campaign_id,
            ended_at=None,
        ).exclude(origin=Reference.Origin.LETTER)  # fmt: skip
        if one.ended_at is None and one.origin != Reference.Origin.LETTER and same.exists():
            one.ended_at = clock.now()
        one.donor_id = kept
        one.save(update_fields=["donor", "ended_at"])
        moved += 1
    return moved


def _aliases(gone: int, kept: int) -> int:
    moved = 0
    for one in PayerAlias.objects.filter(donor=gone).order_by("pk"):
        same = PayerAlias.objects.filter(donor=kept, key=one.key, ended_at=None).first()
        if one.ended_at is None and same is not None:
            same.times += one.times
            same.save(update_fields=["times"])
            one.ended_at = clock.now()
        one.donor_id = kept
        one.save(update_fields=["donor", "ended_at"])
        moved += 1
    return moved
