"""A payer whom a person has confirmed is known the next time; one confirmed wrongly is not."""

from __future__ import annotations

from django.db.models import F

from donors.models import Donor
from fundraise import clock
from fundraise.reconciliation.models import Match, PayerAlias


def learn(match: Match, *, by: str) -> None:
    """Keep the payer's account or phone, as a keyed hash, with the donor it turned out to be."""
    key = match.item.payer_key
    if key is None or match.donor_id is None:
        return
    alias, is_new = PayerAlias.objects.get_or_create(
        key=bytes(key),
        donor_id=match.donor_id,
        ended_at=None,
        defaults={
            "account": match.item.account,
            "learned_at": clock.now(),
            "learned_by": by[:60],
        },
    )
    if not is_new:
        PayerAlias.objects.filter(pk=alias.pk).update(times=F("times") + 1)


def unlearn(match: Match) -> None:
    """The match was wrong: what it alone taught is forgotten."""
    key = match.item.payer_key
    if key is None or match.donor_id is None:
        return
    rows = PayerAlias.objects.filter(key=bytes(key), donor_id=match.donor_id, ended_at=None)
    rows.filter(times__gt=1).update(times=F("times") - 1)
    rows.filter(times=1, learned_at__gte=match.made_at).update(ended_at=clock.now())


def forget() -> int:
    """Payers of donors who were forgotten are not known any more. Returns how many."""
    return PayerAlias.objects.filter(donor__status=Donor.Status.ERASED).delete()[0]
