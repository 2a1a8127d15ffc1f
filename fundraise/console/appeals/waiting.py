"""Why an appeal that is being sent stands still, or goes slowly: what its page says of that."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.console.appeals import when
from fundraise.console.templatetags.staff import number
from mailings.appeals import quiet
from mailings.appeals.families import FAMILIES
from mailings.appeals.models import Appeal, Batch, Chunk
from mailings.appeals.queries import Progress
from mailings.appeals.services import pacing

State = Appeal.State
# How mailboxes are called that are paced apart; "other" is everybody else's.
FAMILY_NAMES = {"gmail": "Gmail", "microsoft": "Microsoft", "yahoo": "Yahoo", "apple": "Apple"}


def reasons(appeal: Appeal, progress: Progress) -> list[str]:
    """Each thing that holds it back now; nothing of an appeal that is not being sent."""
    if appeal.state != State.SENDING or not progress.held + progress.ready + _unprepared(appeal):
        return []
    said = [_quiet(appeal), _trial(appeal), _first(appeal), _asked_to_wait(appeal), *_paces()]
    return [one for one in said if one]


def _unprepared(appeal: Appeal) -> int:
    return Chunk.objects.filter(appeal=appeal, prepared_at=None).count()


def _quiet(appeal: Appeal) -> str:
    if appeal.quiet_reason or not quiet.now(appeal.zone):
        return ""
    return _("These are the quiet hours, %(hours)s: it goes on when they are over.") % {
        "hours": when.quiet_hours()
    }


def _trial(appeal: Appeal) -> str:
    return _("The rest waits for what the trial of versions shows.") if _unprepared(appeal) else ""


def _first(appeal: Appeal) -> str:
    """An appeal of more weight that has something to send."""
    ready = Batch.objects.filter(state=Batch.State.READY)
    rows = Appeal.objects.filter(state=State.SENDING, priority__lt=appeal.priority)
    first = rows.filter(pk__in=ready.values("appeal")).order_by("priority", "send_at", "pk").first()
    if first is None:
        return ""
    return _("“%(title)s” goes first: it has priority %(priority)s, this one %(mine)s.") % {
        "title": first.title,
        "priority": first.priority,
        "mine": appeal.priority,
    }


def _asked_to_wait(appeal: Appeal) -> str:
    """When all that is ready must wait: the carrier was busy, or the minute is to come."""
    ready = Batch.objects.filter(appeal=appeal, state=Batch.State.READY)
    now = clock.real_now()
    if not ready.exists() or ready.exclude(not_before__gt=now).exists():
        return ""
    at = ready.order_by("not_before").values_list("not_before", flat=True).first()
    if at is None:
        return ""
    said = _("The next mails leave at %(time)s at the earliest, as the carrier or the clock asks.")
    return said % {"time": when.short(at, appeal.zone)}


def _paces() -> list[str]:
    limits = pacing.limits()
    said = []
    if pacing.ALL in limits:
        said.append(
            _("At most %(n)s mails leave in an hour, of all appeals together.")
            % {"n": number(limits[pacing.ALL])}
        )
    said += [
        _("At most %(n)s mails an hour leave for %(family)s.")
        % {"n": number(limits[name]), "family": FAMILY_NAMES.get(name, _("other mailboxes"))}
        for name in FAMILIES
        if name in limits
    ]
    return said
