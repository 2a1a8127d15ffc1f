"""Gifts that wait for their money, numbered so that SQL text can name each of them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import connection

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts.booking import Movement
from fundraise.gifts.services import Receipt
from fundraise.ops.demo import party
from fundraise.ops.seed.services import Plan, seed

# Twelve digits, as many as the end of a UUID has: id, ref, charge and event all hold the number.
FIRST = 100_000_000_000
AMOUNT_ORE, FEE_ORE = 200_00, 5_75

_BLOCK = """
  INSERT INTO gifts_gift (id, ref, entity_id, campaign_id, state, channel, amount_ore, currency,
                          language, giver_key, origin, reference, provider_ref, created_at,
                          refunded_ore, disputed_ore, fee_ore)
  SELECT n, ('aaaaaaaa-0000-4000-8000-' || n)::uuid, %s, %s, 'pending', '', %s, 'SEK', 'sv',
         decode(repeat('ab', 28) || n, 'hex'), 'import', '', '', %s, 0, 0, 0
    FROM generate_series(%s::bigint, %s::bigint) n"""


@dataclass(slots=True)
class Pending:
    """Blocks of pending gifts; each measurement takes blocks of its own."""

    campaign: Campaign
    at: datetime = field(default_factory=lambda: clock.now().astimezone(UTC))
    next: int = FIRST

    def block(self, size: int) -> int:
        """Write a block of gifts; returns the first number."""
        first = self.next
        self.next += size
        entity, campaign = self.campaign.entity_id, self.campaign.pk
        with connection.cursor() as cursor:
            cursor.execute(_BLOCK, [entity, campaign, AMOUNT_ORE, self.at, first, self.next - 1])
        return first

    def receipt(self, number: int) -> Receipt:
        """The money of a gift as Stripe shows it, with its fee."""
        charge, event = f"ch_b{number}", f"evt_b{number}"
        return Receipt(
            channel="card",
            amount_ore=AMOUNT_ORE,
            provider_ref=charge,
            received_at=self.at,
            movement=Movement(
                source=f"stripe:charge:{charge}",
                at=self.at,
                by="system:stripe",
                document=f"event:{event}",
            ),
            event_id=event,
            fee_ore=FEE_ORE,
            fee_source=f"stripe:line:txn_b{number}",
        )


def ref_of(number: int) -> uuid.UUID:
    """The gift's ref; its last part is the number."""
    return uuid.UUID(f"aaaaaaaa-0000-4000-8000-{number}")


def made_ready(past: int) -> Pending:
    """A party with a campaign that people have given to: tables as large as they are in use."""
    entity = party.ensure_party()
    party.ensure_accounts(entity)
    campaign = party.ensure_campaign(entity, clock.today())
    seed(Plan(donors=past // 20, gifts=past, seed=1, add=True))
    return Pending(campaign)
