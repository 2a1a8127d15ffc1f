"""Appeals of a house's in every state, for the pages that send them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from fundraise import clock
from fundraise.staff import approvals
from mailings.appeals.models import Appeal, Batch, Content, Link, Message, Variant, Wave
from tests.console import writing
from tests.console.house import House
from tests.mailings.appeals.house import HTML, TAGS, TEXT

OTHER = "staff:0"


def made(house: House, title: str, **fields: Any) -> Appeal:
    found = Appeal.objects.filter(campaign=house.campaign, title=title).first()
    if found is not None:
        return found
    made = Appeal.objects.create(
        campaign=house.campaign, title=title, created_at=clock.now(), created_by=OTHER, **fields
    )
    variant = Variant.objects.create(appeal=made, letter="A")
    content = Content.objects.create(
        variant=variant,
        language="sv",
        changed_at=clock.now(),
        changed_by=OTHER,
        subject="Valet avgörs nu",
        compiled_subject="Valet avgörs nu",
        compiled_html=HTML,
        compiled_text=TEXT,
        compiled_at=clock.now(),
        tags=TAGS,
        problems=[],
        from_email="hej@party.example",
        from_name="Framtidspartiet",
    )
    Link.objects.create(content=content, number=1, target="https://party.example/valet/")
    return made


def draft(house: House) -> Appeal:
    """Written, and nothing more."""
    return writing.appeal_of(house)


def scheduled(house: House) -> Appeal:
    """In three days, with a question to a second person."""
    row = made(house, "Om tre dagar")
    if row.state == "draft":
        at = clock.now() + timedelta(days=3)
        Appeal.objects.filter(pk=row.pk).update(
            state="scheduled", send_at=at, scheduled_at=clock.now(), local_time="2026-12-01T18:03",
            cool_off_until=clock.now() + timedelta(minutes=10), asked_by=OTHER, needs_second=True,
        )  # fmt: skip
        approvals.ask("appeal", row.ref, house.campaign.entity, by=OTHER)
        row.refresh_from_db()
    return row


def _sent(house: House, title: str, state: str) -> Appeal:
    row = made(house, title)
    if row.state != "draft":
        return row
    now = clock.now() - timedelta(hours=1)
    Appeal.objects.filter(pk=row.pk).update(
        state="scheduled", send_at=now, scheduled_at=now, local_time="2026-11-26T18:03",
        cool_off_until=now, asked_by=OTHER,
    )  # fmt: skip
    Appeal.objects.filter(pk=row.pk).update(state="preparing", frozen_at=now, frozen=6)
    _mails(Appeal.objects.get(pk=row.pk), house)
    Appeal.objects.filter(pk=row.pk).update(state="sending", prepared_at=now, started_at=now)
    if state == "paused":
        Appeal.objects.filter(pk=row.pk).update(state="paused", paused_for="bounces")
    row.refresh_from_db()
    return row


def _mails(row: Appeal, house: House) -> None:
    """One sent, one in doubt, two waiting in the second wave, two left out by name."""
    content = Content.objects.get(variant__appeal=row)
    first = Wave.objects.create(
        appeal=row, number=1, people=2, state="released", released_at=clock.real_now(),
        released_by="system:gate", seen={"sent": 1, "bounced": 0, "complained": 0},
    )  # fmt: skip
    second = Wave.objects.create(appeal=row, number=2, people=2)
    now = clock.real_now()
    sent = {"posted_at": now, "sender": "file", "attempts": 1, "sent": 1, "people": 1}
    batches = [
        Batch(wave=first, state="accepted", first_seq=1, settled_at=now, settled_by="answer",
              **sent),
        Batch(wave=first, state="in_doubt", first_seq=2, last_error="connection reset",
              fence=UUID(int=row.pk), **sent),
        Batch(wave=second, state="held", first_seq=3, people=2),
    ]  # fmt: skip
    for batch in batches:
        batch.appeal, batch.content, batch.family = row, content, "other"
        batch.save()
    accepted, doubted, held = (batch.pk for batch in batches)
    seats = [(accepted, ""), (doubted, ""), (held, ""), (held, ""), (None, "no_address"),
             (None, "capped")]  # fmt: skip
    for seq, (batch_id, outcome) in enumerate(seats, 1):
        donor = house.donor.pk if seq == 2 else 10_000_000 + row.pk * 100 + seq
        key = f"{row.pk}-{seq}".encode() if batch_id else None
        Message.objects.create(
            appeal=row, seq=seq, donor_id=donor, email_key=key, batch_id=batch_id,
            content_id=content.pk, outcome=outcome,
        )  # fmt: skip


def sending(house: House) -> Appeal:
    """Half sent, with a batch in doubt and a wave that waits."""
    return _sent(house, "Skickas nu", "sending")


def paused(house: House) -> Appeal:
    """Stopped by its gate."""
    return _sent(house, "Pausat", "paused")


def doubt(house: House) -> Batch:
    """The batch in doubt of the appeal that is being sent."""
    return Batch.objects.get(appeal=sending(house), state="in_doubt")


# --- What the matrix asks for ---------------------------------------------------------------------
def at_draft(house: House) -> dict[str, Any]:
    return {"ref": draft(house).ref}


def at_scheduled(house: House) -> dict[str, Any]:
    return {"ref": scheduled(house).ref}


def at_sending(house: House) -> dict[str, Any]:
    return {"ref": sending(house).ref}


def at_paused(house: House) -> dict[str, Any]:
    return {"ref": paused(house).ref}


def at_wave(house: House) -> dict[str, Any]:
    return {"ref": sending(house).ref, "number": 2}


def at_doubt(house: House) -> dict[str, Any]:
    return {"key": doubt(house).pk}


def at_link(house: House) -> dict[str, Any]:
    row = sending(house)
    return {"ref": row.ref, "key": Link.objects.get(content__variant__appeal=row).pk}


def named(house: House) -> dict[str, Any]:
    return {"title": f"Ny {house.campaign.pk}", "campaign": house.campaign.pk}


def renamed(house: House) -> dict[str, Any]:
    return {"title": "Nytt namn", "edition": draft(house).edition}


def people(house: House) -> dict[str, Any]:
    """The form of who gets it, as it opens."""
    return {
        "edition": draft(house).edition, "who": "everybody", "skip_recent": "on",
        "recent_days": "14", "without_monthly": "on", "drop_givers": "on", "holdout_percent": "0",
        "in_waves": "on", "first_wave": "2000", "priority": "5",
    }  # fmt: skip


def when(house: House) -> dict[str, Any]:
    """A time of day two days ahead."""
    at = (clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT12:03")
    edition = draft(house).edition
    return {"edition": edition, "now": "", "local_time": at, "zone": "Europe/Stockholm"}


def settled(_house: House) -> dict[str, Any]:
    return {"left": "yes", "reason": "sett i aktivitetsloggen"}


def mended(_house: House) -> dict[str, Any]:
    return {"target": "https://party.example/nytt/", "reason": "sidan flyttade"}
