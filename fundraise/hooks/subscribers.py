"""What the outbox tells: each fact becomes a delivery for every endpoint that wants it."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from donors.models import Donor
from fundraise.gifts.models import Dispute, Gift, Refund
from fundraise.hooks import services
from fundraise.hooks.models import Delivery, Endpoint
from fundraise.hooks.services import Fact
from fundraise.refs import new_ref


def gift_started(gift_id: int) -> None:
    _gift("gift.started", gift_id)


def gift_received(gift_id: int) -> None:
    _gift("gift.received", gift_id)


def refund_settled(refund_id: int) -> None:
    refund = Refund.objects.select_related("gift").get(pk=refund_id)
    fact = Fact("refund.settled", "refund", refund.ref, f"refund.settled:{refund.ref}")
    services.announce(fact, _of(refund.gift.entity_id))


def dispute_opened(dispute_id: int) -> None:
    _dispute("dispute.opened", dispute_id)


def dispute_closed(dispute_id: int) -> None:
    _dispute("dispute.closed", dispute_id)


def donor_changed(donor_id: int) -> None:
    """A donor may change often: a message that has not left yet tells of the newest change too."""
    donor = Donor.objects.get(pk=donor_id)
    theirs = Gift.objects.filter(donor=donor).values("entity")
    wanted = Endpoint.objects.filter(Q(entity__in=theirs) | Q(entity__parent=None), is_active=True)
    waits = Delivery.objects.filter(
        kind="donor.changed", subject_ref=donor.ref, state=Delivery.State.WAITING, tries=0
    )
    fact = Fact("donor.changed", "donor", donor.ref, f"donor.changed:{donor.ref}:{new_ref()}")
    services.announce(fact, wanted.exclude(pk__in=waits.values("endpoint")))


def _gift(kind: str, gift_id: int) -> None:
    gift = Gift.objects.get(pk=gift_id)
    services.announce(Fact(kind, "gift", gift.ref, f"{kind}:{gift.ref}"), _of(gift.entity_id))


def _dispute(kind: str, dispute_id: int) -> None:
    dispute = Dispute.objects.select_related("gift").get(pk=dispute_id)
    fact = Fact(kind, "dispute", dispute.ref, f"{kind}:{dispute.ref}")
    services.announce(fact, _of(dispute.gift.entity_id))


def _of(entity_id: int) -> QuerySet[Endpoint]:
    return Endpoint.objects.filter(entity_id=entity_id, is_active=True)
