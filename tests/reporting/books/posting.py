"""A small party's November: card gifts, their fees, a payout, and money from before the start."""

from __future__ import annotations

from datetime import date

from fundraise.campaigns.models import Campaign
from fundraise.ledger import services as ledger
from fundraise.ledger.models import LegalEntity
from fundraise.ledger.services import EntryDraft, JournalDraft, Posted
from tests.people import DAVID, make_campaign, make_party

NOVEMBER = date(2026, 11, 1), date(2026, 11, 30)


def post(
    entity: LegalEntity,
    source: str,
    entry: EntryDraft,
    *,
    day: date = date(2026, 11, 2),
    series: str = "G",
    text: str = "Gåva",
) -> Posted:
    return ledger.post_journals(
        [JournalDraft(entity.pk, series, day, text, source, DAVID, [entry])]
    )[0]


def november() -> tuple[LegalEntity, Campaign]:
    """Six journals of November, one of December, one of the series from before the start."""
    party = make_party()
    campaign = make_campaign(party)
    gift, fee = campaign.dimension_id, date(2026, 11, 2)
    post(party, "a", EntryDraft("stripe", "gifts", 200_00, gift))
    post(party, "a:fee", EntryDraft("fees", "stripe", 4_85, gift), text="Avgift", day=fee)
    post(party, "b", EntryDraft("stripe", "gifts", 100_50, gift))
    post(party, "c", EntryDraft("stripe", "gifts", 50_00, gift), day=date(2026, 11, 30))
    post(party, "po", EntryDraft("payout_in_transit", "stripe", 95_65), series="P", text="po_1")
    post(party, "m", EntryDraft("bank", "membership", 3_00), series="M", text="Avgift – Åsa €")
    post(party, "d", EntryDraft("stripe", "gifts", 7_00, gift), day=date(2026, 12, 1))
    post(party, "o", EntryDraft("bank", "opening", 1_000_00), series="O", text="Ingående balans")
    return party, campaign
