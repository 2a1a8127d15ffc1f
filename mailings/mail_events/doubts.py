"""An event proves that the sender took a mail over: what was in doubt is settled by it.

A request of an appeal is named by its fence, which stands there before anything leaves. Mails about
one event are looked at from the doubt's side, again and again: the event may have come before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from mailings import transactional
from mailings.appeals.services import settling
from mailings.mail_events.models import MailEvent
from mailings.mail_events.reading import Event, is_ref
from mailings.models import TransactionalMessage

BY = "system:mail-events"
PROVES = frozenset({"processed", "deferred", "delivered", "bounced", "blocked", "dropped"})


def settle_mails() -> int:
    """Mails about one event that were in doubt and of which something came back."""
    doubted = TransactionalMessage.objects.filter(state=TransactionalMessage.State.IN_DOUBT)
    rows = {
        name.partition("@")[0]: pk for pk, name in doubted.values_list("pk", "message_id")[:5000]
    }
    proved = MailEvent.objects.filter(mail__in=rows, kind__in=PROVES).values_list("mail", flat=True)
    return sum(transactional.settle(rows[str(ref)], left=True, by=BY) for ref in set(proved))


def settle_batches(events: Iterable[Event]) -> int:
    """Requests of appeals that nobody knew about, or whose answer has not come yet."""
    said = {event.batch for event in events if event.batch and event.kind in PROVES}
    fences = [UUID(fence) for fence in sorted(said) if is_ref(fence)]
    return settling.settle_by_events(fences) if fences else 0
