"""The verbs that change a campaign, and the one that moves its thermometer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.campaigns.models import Campaign, Thermometer
from fundraise.ledger.models import Dimension, LegalEntity


@dataclass(frozen=True, slots=True)
class Move:
    """What a journal changes in a campaign's sums: öre, and gifts that begin or cease to stand."""

    campaign_id: int
    day: date
    channel: str
    amount_ore: int
    gifts: int = 0
    giver_key: bytes | None = None


def move_thermometer(moves: Sequence[Move]) -> None:
    """Move the roll-up rows in the journal's transaction, right after `post_journals`.

    The rows of a campaign are locked in campaign order, after the ledger's locks and before
    nothing else, so that two bookings can't wait for each other in a ring.
    """
    for move in sorted(moves, key=lambda m: (m.campaign_id, m.day, m.channel)):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT campaigns_move(%s, %s, %s, %s, %s, %s, %s)",
                [
                    move.campaign_id,
                    move.day,
                    move.channel,
                    move.amount_ore,
                    move.gifts,
                    move.giver_key,
                    clock.now(),
                ],
            )


def create_campaign(*, entity: LegalEntity, slug: str, by: str, **fields: Any) -> Campaign:
    """Make a campaign with its dimension in the books and its empty thermometer.

    Raises django.core.exceptions.ValidationError when a field breaks a rule.
    """
    with transaction.atomic():
        dimension = Dimension.objects.create(
            entity=entity,
            kind=Dimension.Kind.CAMPAIGN,
            code=slug[:20],
            name=str(fields.get("title_sv", slug))[:80],
        )
        campaign = Campaign(entity=entity, dimension=dimension, slug=slug, **fields)
        campaign.full_clean()
        campaign.save()
        Thermometer.objects.create(campaign=campaign)
        audit.log_change(
            by=by,
            action="campaign.created",
            subject_type="campaign",
            subject_ref=str(campaign.ref),
            after={"slug": slug, "status": campaign.status},
        )
    return campaign
