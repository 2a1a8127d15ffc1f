"""Waves: the first is small, and the next leaves only when the gate has seen how it went."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Greatest

from fundraise import clock
from fundraise.audit import services as audit
from mailings.appeals import gates, wall_clock
from mailings.appeals.errors import AppealError
from mailings.appeals.locks import lock_appeal_by_id
from mailings.appeals.models import Appeal, Batch, Chunk, Wave
from mailings.appeals.services import pausing
from mailings.senders.base import chosen_for_appeals

SYSTEM = "system:gate"


@transaction.atomic
def release_next(appeal_id: int) -> bool:
    """Let the next wave go when its time has come and the gate says so; False when none went."""
    appeal = lock_appeal_by_id(appeal_id)
    if appeal.state != Appeal.State.SENDING:
        return False
    waves = list(Wave.objects.filter(appeal=appeal).order_by("number"))
    held = [wave for wave in waves if wave.state == Wave.State.HELD]
    if not held:
        return False
    sent = [wave for wave in waves if wave.state == Wave.State.RELEASED]
    if sent and (_rest_waits(appeal_id) or not _has_settled(sent[-1])):
        return False
    if sent and not _may_go_on(appeal):
        return False
    _let_go(held[0], SYSTEM)
    return True


def _may_go_on(appeal: Appeal) -> bool:
    """What the gate says. Where a carrier that tells what became of mails is silent, a person lets
    the wave go; one that never tells anything can't be waited for."""
    judged = gates.judge(appeal.pk)
    if judged.verdict == gates.STOP:
        return False  # known since the beat looked: it pauses the appeal in a moment
    if judged.is_deaf and chosen_for_appeals().reports:
        gates.tell_deaf(appeal)
        return False
    return True


def _rest_waits(appeal_id: int) -> bool:
    """Whether the rest is not prepared yet, because a trial has not shown which version it gets."""
    return Chunk.objects.filter(appeal=appeal_id, prepared_at=None).exists()


def _has_settled(wave: Wave) -> bool:
    """All of it has left, and the answers have had their time."""
    unsent = Batch.objects.filter(
        wave=wave, state__in=[Batch.State.READY, Batch.State.POSTING, Batch.State.HELD]
    )
    if unsent.exists():
        return False
    until = settles_at(wave)
    return until is None or until <= clock.real_now()


def settles_at(wave: Wave) -> datetime | None:
    """When the answers to all that has left of a wave have had their time, from when its last mail
    left us, or leaves the sender where that holds it; None before it was let go."""
    left = Batch.objects.filter(wave=wave).aggregate(at=Max(Greatest("posted_at", "send_at")))["at"]
    begun: datetime | None = left or wave.released_at
    return begun and begun + timedelta(minutes=settings.APPEAL_NEXT_WAVE_MINUTES)


def _let_go(wave: Wave, by: str) -> None:
    now = clock.real_now()
    Wave.objects.filter(pk=wave.pk).update(
        state=Wave.State.RELEASED, released_at=now, released_by=by
    )
    not_before = wall_clock.odd_minute(now) if settings.APPEAL_ODD_MINUTES else None
    Batch.objects.filter(wave=wave, state=Batch.State.HELD).update(
        state=Batch.State.READY, not_before=not_before
    )


@transaction.atomic
def release_now(wave_id: int, *, by: str) -> bool:
    """A person lets a wave go before its time. False when it went already.

    Raises AppealError (not_sending, trial_running).
    """
    wave = Wave.objects.get(pk=wave_id)
    appeal = lock_appeal_by_id(wave.appeal_id)
    if appeal.state != Appeal.State.SENDING:
        raise AppealError("not_sending")
    wave.refresh_from_db()
    if wave.state == Wave.State.RELEASED:
        return False
    if _rest_waits(appeal.pk):
        raise AppealError("trial_running")
    _let_go(wave, by)
    gates.tell_no_more(appeal)
    audit.log_change(
        by=by,
        action="appeal.wave_released",
        subject_type="appeal",
        subject_ref=appeal.ref,
        after={"wave": wave.number},
    )
    return True


def watch_gate(appeal_id: int) -> str:
    """Judge how a sending appeal is received; pause it when it goes badly. The verdict."""
    judged = gates.judge(appeal_id)
    newest = Wave.objects.filter(appeal=appeal_id, state=Wave.State.RELEASED).order_by("-number")
    wave = newest.first()
    if wave is not None and wave.seen != judged.seen:
        Wave.objects.filter(pk=wave.pk).update(seen=judged.seen)
    gates.tell(appeal_id, judged)
    if judged.verdict == gates.STOP:
        pausing.pause_for(appeal_id, judged.code)
    return judged.verdict
