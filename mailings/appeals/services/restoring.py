"""After a restore from a backup: what waited when it was taken may have left since.

Nobody knows, so nothing leaves unasked: an appeal that was scheduled is a draft again, one on its
way is paused, and its page says what must be looked at before it goes on.
"""

from __future__ import annotations

from django.db import transaction

from fundraise.jobs import services as jobs
from mailings.appeals.locks import lock_appeal_by_id
from mailings.appeals.models import Appeal
from mailings.appeals.services import pausing, scheduling

State = Appeal.State
RESTORED = "restored"


def hold(*, by: str) -> int:
    """Put what was to leave before a person; how many appeals. Twice is harmless."""
    waits = [State.SCHEDULED, State.PREPARING, State.SENDING, State.PAUSED]
    rows = Appeal.objects.filter(state__in=waits).exclude(paused_for=RESTORED).order_by("pk")
    found = list(rows.values_list("pk", "ref", "state"))
    for pk, ref, state in found:
        if state == State.SCHEDULED:
            scheduling.unschedule(ref, by=by, why=RESTORED)
        elif state == State.PAUSED:
            _say_why(pk)
        else:
            pausing.pause_for(pk, RESTORED)
    return len(found)


@transaction.atomic
def _say_why(pk: int) -> None:
    """It was paused, and may have gone on since."""
    appeal = lock_appeal_by_id(pk)
    Appeal.objects.filter(pk=pk).update(paused_for=RESTORED)
    jobs.raise_alarm(pausing.PAUSED, str(appeal.ref), f"An appeal was paused: {RESTORED}")
