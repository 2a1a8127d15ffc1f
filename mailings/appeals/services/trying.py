"""A trial of versions: set while the appeal is a draft, decided once, and then the rest is sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from fundraise import clock
from fundraise.audit import services as audit
from mailings.appeals.errors import AppealError
from mailings.appeals.locks import lock_appeal_by_id
from mailings.appeals.models import Appeal, Chunk, Trial, Variant
from mailings.appeals.moving import move
from mailings.appeals.services import drafting

SYSTEM = "system:trials"


@dataclass(frozen=True, slots=True)
class Terms:
    """How large a trial is, how long it waits, and what its rule expects (öre², öre)."""

    percent: int
    hours: int
    expected_ore2: int
    cap_ore: int


@transaction.atomic
def set_trial(ref: UUID, terms: Terms, *, by: str) -> Trial:
    """Try the versions on a part of the people. Raises AppealError (not_draft, one_version)."""
    appeal = drafting.draft(ref)
    if appeal.variants.filter(share__gt=0).count() < 2:
        raise AppealError("one_version")
    trial, _new = Trial.objects.update_or_create(
        appeal=appeal,
        defaults={
            "percent": terms.percent,
            "hours": terms.hours,
            "expected_ore2": terms.expected_ore2,
            "cap_ore": terms.cap_ore,
        },
    )
    _log(appeal, "appeal.trial_set", by, {"percent": terms.percent, "hours": terms.hours})
    return trial


@transaction.atomic
def drop_trial(ref: UUID, *, by: str) -> bool:
    """Send every version evenly to everybody instead. Raises AppealError("not_draft")."""
    appeal = drafting.draft(ref)
    dropped = Trial.objects.filter(appeal=appeal).delete()[0] > 0
    if dropped:
        _log(appeal, "appeal.trial_set", by, {"percent": 0})
    return dropped


@transaction.atomic
def note_look(appeal_id: int, seen: Mapping[str, object], stopped: Collection[str] = ()) -> None:
    """Keep what a look saw; versions stopped for complaints stay stopped."""
    lock_appeal_by_id(appeal_id)
    trial = Trial.objects.get(pk=appeal_id)
    trial.looked_at, trial.seen = clock.now(), dict(seen)
    trial.stopped = sorted({*trial.stopped, *stopped})
    trial.save(update_fields=["looked_at", "seen", "stopped"])


@transaction.atomic
def decide(appeal_id: int, winner: Variant | None, *, by: str = SYSTEM) -> bool:
    """Say which version has won, or that none has, and let the rest be prepared with it.

    False, and nothing changes, while the appeal is paused or was decided before. The people of the
    trial keep what they got.
    """
    appeal = lock_appeal_by_id(appeal_id)
    if appeal.state not in {Appeal.State.SENDING, Appeal.State.FINISHED}:
        return False
    decided = Trial.objects.filter(appeal=appeal, state=Trial.State.RUNNING).update(
        state=Trial.State.EVEN if winner is None else Trial.State.WON,
        winner=winner,
        decided_at=clock.now(),
    )
    if not decided:
        return False
    _log(appeal, "appeal.trial_decided", by, {"winner": winner.letter if winner else ""})
    if Chunk.objects.filter(appeal=appeal, prepared_at=None).exists():
        move(appeal, Appeal.State.PREPARING, by=by, reason="trial")
    return True


def _log(appeal: Appeal, action: str, by: str, after: Mapping[str, object]) -> None:
    audit.log_change(
        by=by, action=action, subject_type="appeal", subject_ref=appeal.ref, after=after
    )
