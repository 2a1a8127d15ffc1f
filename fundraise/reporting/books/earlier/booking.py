"""Gifts from before the start: in donors' and the party-finance sums, and in no 4I file.

Each is a gift of its donor with a journal in the series that was exported before, against the
account for opening balances, where its money lies already. Named with a campaign it counts in that
campaign's thermometer; without one it belongs to a campaign that nobody sees, so that every
thermometer still equals the ledger. No receipt and no thanks are sent: those were given then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Exists, OuterRef

from fundraise import clock
from fundraise.campaigns import services as campaigns
from fundraise.campaigns.models import Campaign
from fundraise.gifts import given
from fundraise.gifts.booking import Movement
from fundraise.gifts.given import Given
from fundraise.gifts.models import Gift, Refund
from fundraise.gifts.undoing import ORIGIN as UNDONE
from fundraise.ledger import entities
from fundraise.ledger.models import Account, LegalEntity
from fundraise.ledger.services import BEFORE_START
from fundraise.reporting.books.exporting import lock

ORIGIN = "import"
TITLE = "Före start"


@dataclass(frozen=True, slots=True)
class EarlierGift:
    """One gift: `proof` names it where it was booked then (no name), and is taken once."""

    proof: str
    day: date
    ore: int
    channel: str
    donor_id: int | None = None
    giver_key: bytes | None = None


@transaction.atomic
def record_earlier(
    entity: LegalEntity, gifts: Sequence[EarlierGift], *, by: str, campaign: Campaign | None = None
) -> list[Gift]:
    """Write the gifts that are not there yet; the same list again writes nothing.

    With `campaign` they count in its thermometer. Raises ValueError for a campaign of another
    entity; nothing is written then.
    """
    if campaign is not None and campaign.entity_id != entity.pk:
        raise ValueError("the campaign is another legal entity's")
    entity = lock(entity)
    refs = _new(entity, gifts)
    if not refs:
        return []
    to = campaign or _unseen(entity, by)
    made = given.record_given([_given(to, ref, one, by) for ref, one in refs.items()])
    after = {"count": len(made), "amount_ore": sum(gift.amount_ore for gift in made)}
    entities.log_change(by, "books.earlier.entered", entity, after)
    return made


def _new(entity: LegalEntity, gifts: Sequence[EarlierGift]) -> dict[str, EarlierGift]:
    """Those whose proof no gift has; one that was taken back may come again, under a next name."""
    waiting = {f"before:{one.proof}": one for one in gifts}
    free: dict[str, EarlierGift] = {}
    number = 1
    while waiting:
        number += 1
        rows = Gift.objects.filter(entity=entity, provider_ref__in=waiting)
        undone = Refund.objects.filter(gift=OuterRef("pk"), origin=UNDONE)
        taken = dict(rows.values_list("provider_ref", Exists(undone)))
        free |= {ref: one for ref, one in waiting.items() if ref not in taken}
        waiting = {
            f"before:{waiting[ref].proof}#{number}": waiting[ref]
            for ref, is_undone in taken.items()
            if is_undone
        }
    return free


def left(entity: LegalEntity, gifts: Sequence[EarlierGift]) -> Iterable[EarlierGift]:
    """Those of them that are not written yet."""
    return _new(entity, gifts).values()


def _given(campaign: Campaign, ref: str, one: EarlierGift, by: str) -> Given:
    at = datetime.combine(one.day, time(12), tzinfo=clock.STOCKHOLM)
    movement = Movement(
        source=ref, at=at, by=by, clearing=Account.Role.OPENING, series=BEFORE_START
    )
    return Given(
        campaign=campaign,
        donor_id=one.donor_id,
        giver_key=one.giver_key,
        amount_ore=one.ore,
        channel=one.channel,
        language="sv",
        reference="",
        provider_ref=ref,
        received_at=at,
        movement=movement,
        origin=ORIGIN,
    )


def _unseen(entity: LegalEntity, by: str) -> Campaign:
    """The campaign of what no thermometer shows; a draft, so that no page shows it."""
    slug = f"fore-start-{entity.pk}"
    found = Campaign.objects.filter(entity=entity, slug=slug).first()
    return found or campaigns.create_campaign(
        entity=entity,
        slug=slug,
        title_sv=TITLE,
        title_en="Before the start",
        purpose_sv="Gåvor från före starten.",
        purpose_en="Gifts from before the start.",
        starts_on=date(2000, 1, 1),
        status=Campaign.Status.DRAFT,
        by=by,
    )
