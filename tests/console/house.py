"""A house with something of everything in it, for pages to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from donors import services as donors
from donors.models import Donor
from donors.values import PersonName
from fundraise import clock
from fundraise.campaigns import services as campaigns
from fundraise.campaigns.models import Campaign
from fundraise.gifts import disputes, refunds
from fundraise.gifts.models import Dispute, Gift, Refund
from fundraise.jobs import services as jobs
from fundraise.ledger.services import EntryDraft, JournalDraft, post_journals
from fundraise.providers import balance, intake, settle
from fundraise.providers.base import Incoming
from fundraise.providers.facts import LineSeen, PayoutFact
from fundraise.providers.models import Account, Payout, ProviderEvent
from tests.console.banking import Banking, furnish_banking
from tests.console.conftest import BJORN, card_gift, cash_gift, swish_gift
from tests.console.giving import Giving, furnish_giving
from tests.people import CECILIA


@dataclass(frozen=True)
class House:
    campaign: Campaign
    card: Gift
    cash: Gift
    waiting: Gift
    awaiting: Refund
    queued: Refund
    dispute: Dispute
    payout: Payout
    event: ProviderEvent
    donor: Donor
    giving: Giving
    banking: Banking


def furnish(campaign: Campaign, stripe: Account, mark: str = "") -> House:
    """Gifts, refunds, a dispute, a payout, a failed message, an alarm, a run and a donor.

    `mark` begins the providers' names, so that two houses can stand beside each other.
    """
    card = card_gift(campaign, stripe, 2_500_00, f"{mark}ch_1")
    cash = cash_gift(campaign, 400_00, f"{mark}slip 1")
    disputed = card_gift(campaign, stripe, 700_00, f"{mark}ch_2")
    awaiting = refunds.request_refund(card.pk, amount_ore=1_500_00, reason="fel belopp", by=CECILIA)
    queued = refunds.request_refund(cash.pk, amount_ore=100_00, reason="ångrat sig", by=CECILIA)
    draft_campaign(campaign, mark)
    run_jobs()
    return House(
        campaign=campaign,
        card=card,
        cash=cash,
        waiting=swish_gift(campaign),
        awaiting=awaiting,
        queued=queued,
        dispute=make_dispute(disputed, stripe, mark),
        payout=make_payout(stripe, mark),
        event=make_failed_event(stripe, mark),
        donor=make_donor(),
        giving=furnish_giving(campaign, mark),
        banking=furnish_banking(campaign, mark),
    )


def draft_campaign(beside: Campaign, mark: str = "") -> None:
    """A campaign that nobody sees yet."""
    campaigns.create_campaign(
        entity=beside.entity,
        slug=f"{mark}host",
        title_sv="Höstens möten",
        title_en="The autumn's meetings",
        purpose_sv="Lokal och fika.",
        purpose_en="Rooms and coffee.",
        starts_on=date(2026, 11, 1),
        by=CECILIA,
    )


def run_jobs() -> None:
    """One job that ran and one that is late."""
    jobs.raise_alarm("job-late", "nightly-pull", "nightly-pull has no done run since yesterday")
    with jobs.record_run("outbox-sweep") as counts:
        counts["ran"] = 3


def make_dispute(gift: Gift, account: Account, mark: str = "") -> Dispute:
    """The bank takes the whole gift back; to be answered."""
    now = clock.now()
    line = disputes.DisputeLine(
        settle.movement(account, f"line:{mark}txn_d", now), -gift.amount_ore, 0
    )
    disputes.record_dispute(
        gift.pk,
        disputes.DisputeSeen(
            provider_ref=f"{mark}dp_1",
            amount_ore=gift.amount_ore,
            state="open",
            reason="fraudulent",
            opened_at=now,
            due_at=now + timedelta(days=7),
            lines=(line,),
        ),
    )
    return Dispute.objects.get(provider_ref=f"{mark}dp_1")


def make_payout(account: Account, mark: str = "") -> Payout:
    """Two charges less their fees, paid out: 490 + 290 kr."""
    at = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
    lines = tuple(_line(mark, n, ore, at) for n, ore in ((1, 500_00), (2, 300_00)))
    fact = PayoutFact(
        f"{mark}po_1", 780_00, "paid", date(2026, 11, 4), at, lines_ready=True, lines=lines
    )
    post_journals([_charged(account, line) for line in lines])
    balance.record_payout(account, fact)
    return Payout.objects.get(provider_ref=f"{mark}po_1")


def _line(mark: str, n: int, ore: int, at: datetime) -> LineSeen:
    ref, source = f"{mark}txn_{n}", f"{mark}ch_unknown_{n}"
    return LineSeen(ref, "charge", ore, 10_00, source, at, payout_ref=f"{mark}po_1")


def _charged(account: Account, line: LineSeen) -> JournalDraft:
    """The money of a charge that is no gift of ours, as its event booked it."""
    return JournalDraft(
        entity_id=account.entity_id,
        series="P",
        event_date=clock.local_date(line.at),
        text=f"Okänd betalning {line.source_ref}",
        source=balance.charge_source(account, line.source_ref),
        by="system:stripe",
        entries=[EntryDraft("stripe", "suspense", line.amount_ore)],
    )


def make_failed_event(account: Account, mark: str = "") -> ProviderEvent:
    """A message that was given up."""
    incoming = Incoming(event_id=f"{mark}evt_1", kind="charge.updated", object_id="ch_1")
    stored = intake.store(account, incoming, b"{}", via="webhook")
    ProviderEvent.objects.filter(pk=stored.id).update(
        state="failed", tries=14, error="TimeoutError"
    )
    jobs.raise_alarm(intake.FAILED, str(stored.id), "charge.updated was given up after 14 tries")
    return ProviderEvent.objects.get(pk=stored.id)


def make_donor() -> Donor:
    """Björn as a donor of his own."""
    given, family = BJORN.name.split()
    return donors.register_donor(
        name=PersonName(given, family),
        language="sv",
        source="import",
        by="system:import",
        email=BJORN.email,
        phone=BJORN.phone,
    )
