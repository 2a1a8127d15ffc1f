"""An appeal whose mails have left, written as the engine leaves it, for what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from django.db.models import Max

from donors import lookup
from fundraise.campaigns.models import Campaign
from mailings import tokens
from mailings.appeals.models import Appeal, Batch, Content, Link, Message, Variant
from tests.people import CECILIA, NOON

TARGET = "https://party.example/"


@dataclass(frozen=True, slots=True)
class Mailed:
    """The appeal, its one batch and its messages, in the order of the addresses."""

    appeal: Appeal
    batch: Batch
    content: Content
    messages: list[Message]

    def token(self, seq: int) -> str:
        return tokens.make(tokens.Token(tokens.Purpose.GIVE, self.appeal.pk, seq))


def mail_to(
    campaign: Campaign,
    people: Sequence[tuple[int, str]],
    *,
    state: str = "accepted",
    title: str = "Sista veckan",
    holdout: int = 0,
    versions: str = "A",
) -> Mailed:
    """An appeal to (donor, address) pairs; each person's message is tracked."""
    appeal = Appeal.objects.create(
        campaign=campaign, title=title, created_at=NOON, created_by=CECILIA, holdout_percent=holdout
    )
    content, *_others = (
        Content.objects.create(
            variant=Variant.objects.create(appeal=appeal, letter=letter),
            language="sv",
            subject="Hej",
            changed_at=NOON,
            changed_by=CECILIA,
        )
        for letter in versions
    )
    for number in (1, 2, 3):
        Link.objects.create(content=content, number=number, target=f"{TARGET}{number}")
    batch = Batch.objects.create(
        appeal=appeal,
        content=content,
        family="other",
        first_seq=1,
        people=len(people),
        sent=len(people),
        state=state,
        fence=uuid4(),
        posted_at=NOON,
        lease_until=NOON,
    )
    Message.objects.bulk_create(
        Message(
            appeal=appeal,
            seq=seq,
            donor_id=donor,
            email_key=lookup.contact_hash("email", address),
            batch_id=batch.pk,
            content_id=content.pk,
            tracked=True,
        )
        for seq, (donor, address) in enumerate(people, start=1)
    )
    Appeal.objects.filter(pk=appeal.pk).update(
        local_time="2026-11-02T12:00",
        send_at=NOON,
        scheduled_at=NOON,
        frozen_at=NOON,
        prepared_at=NOON,
        started_at=NOON,
        frozen=len(people),
        state="sending",
    )
    appeal.refresh_from_db()
    return Mailed(appeal, batch, content, list(Message.objects.filter(appeal=appeal)))


def some_people(number: int) -> list[tuple[int, str]]:
    """Donor ids that no register knows, each with an address; new ones at every call."""
    last = Message.objects.aggregate(last=Max("donor_id"))["last"] or 1_000_000
    return [(last + n, f"person{last + n}@example.org") for n in range(1, number + 1)]
