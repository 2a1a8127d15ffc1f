"""How an appeal is received: hard bounces of what was sent, complaints of what was delivered.

Judged again and again while it is sent. Few mails say little: until FEW are out, a rate warns and
stops nothing unless so many are bad that no size explains it. Of what nobody has heard of nothing
can be said: no bounce is then no good news (`Judged.is_deaf`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import repeat

from django.conf import settings
from django.db.models import Sum

from fundraise.jobs import services as jobs
from mailings.appeals.counting import counts
from mailings.appeals.models import Appeal, Batch, Wave

GO, WARN, STOP = "go", "warn", "stop"
BOUNCES, COMPLAINTS = "bounces", "complaints"
CODES = frozenset({BOUNCES, COMPLAINTS})
NOT = ("bounced", "blocked", "dropped")  # what tells that a mail was not delivered
ALARM, DEAF = "appeal-gate", "appeal-unheard"
FEW = 500
BAD_AT_LEAST = 3  # of so few nothing can be said


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict, which rate it is about, and the figures it was made from."""

    verdict: str
    code: str = ""
    seen: dict[str, int] = field(default_factory=dict)

    @property
    def is_deaf(self) -> bool:
        """Whether of most of what was sent nothing has come back, good or bad."""
        return is_deaf(self.seen)


def judge(appeal_id: int) -> Judged:
    """What the figures say now, less those that a person has looked at since."""
    rows = Wave.objects.filter(appeal=appeal_id).exclude(excused={}).order_by("-number")
    excused: dict[str, int] = rows.values_list("excused", flat=True).first() or {}
    facts = counts(appeal_id)
    sent = _sent(appeal_id)
    bounced, complained = facts.get("bounced", 0), facts.get("complained", 0)
    delivered = facts.get("delivered", 0)
    seen = {
        "sent": sent,
        "delivered": delivered,
        "bounced": bounced,
        "complained": complained,
        "heard": max(facts.get("processed", 0), delivered + sum(map(facts.get, NOT, repeat(0)))),
    }
    new = {name: number - excused.get(name, 0) for name, number in seen.items()}
    rates = (
        (BOUNCES, new["bounced"], new["sent"], settings.APPEAL_WARN_BOUNCES,
         settings.APPEAL_STOP_BOUNCES),
        (COMPLAINTS, new["complained"], new["delivered"], settings.APPEAL_WARN_COMPLAINTS,
         settings.APPEAL_STOP_COMPLAINTS),
    )  # fmt: skip
    found = [(verdict_of(bad, of, warn, stop), code) for code, bad, of, warn, stop in rates]
    for verdict in (STOP, WARN):
        for said, code in found:
            if said == verdict:
                return Judged(verdict, code, seen)
    return Judged(GO, "", seen)


def is_deaf(seen: Mapping[str, int]) -> bool:
    """Of figures that the gate saw: were most of the mails never heard of? Of figures from before
    that was counted nothing is said."""
    return "heard" in seen and seen["heard"] * 2 < seen["sent"]


def excuse(appeal_id: int) -> None:
    """A person lets it go on after a stop: what is known by now stops it no more."""
    seen = judge(appeal_id).seen
    gone = Wave.objects.filter(appeal=appeal_id, state=Wave.State.RELEASED).order_by("-number")
    Wave.objects.filter(pk__in=gone.values("pk")[:1]).update(excused=seen)


def verdict_of(bad: int, of: int, warn: int, stop: int) -> str:
    """Whether so many bad ones of so many are too many; limits are of ten thousand."""
    if bad < BAD_AT_LEAST or of <= 0:
        return GO
    # Of few mails one bad one more or less says nothing: they are judged as if there were FEW.
    rate = bad * 10_000 / max(of, FEW)
    if rate >= stop:
        return STOP
    return WARN if rate >= warn else GO


def _sent(appeal_id: int) -> int:
    rows = Batch.objects.filter(appeal=appeal_id, state=Batch.State.ACCEPTED)
    total: int | None = rows.aggregate(people=Sum("sent"))["people"]
    return total or 0


def tell(appeal_id: int, judged: Judged) -> None:
    """Ring while it goes badly, and stop ringing when it does not."""
    ref = str(Appeal.objects.values_list("ref", flat=True).get(pk=appeal_id))
    if judged.verdict == GO:
        jobs.resolve_alarms(ALARM, subject=ref)
    else:
        jobs.raise_alarm(ALARM, ref, f"An appeal is received badly: {judged.code}")
    if not judged.is_deaf:
        jobs.resolve_alarms(DEAF, subject=ref)


def tell_deaf(appeal: Appeal) -> None:
    """Ring: the next wave waits for a person, since nobody knows how the last one was received."""
    jobs.raise_alarm(DEAF, str(appeal.ref), "Nothing is heard of an appeal's mails: a wave waits.")


def tell_no_more(appeal: Appeal) -> None:
    """A person has let the wave go, or nothing of it waits any more."""
    jobs.resolve_alarms(DEAF, subject=str(appeal.ref))
