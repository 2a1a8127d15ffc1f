"""An event proves that the sender took a mail over: what was in doubt is settled by it.

Looked at from the doubt's side, again and again: the event may have come before the doubt did.
"""

from __future__ import annotations

from mailings import transactional
from mailings.mail_events.models import MailEvent
from mailings.models import TransactionalMessage

BY = "system:mail-events"
Kind = MailEvent.Kind
PROVES = [Kind.PROCESSED, Kind.DEFERRED, Kind.DELIVERED, Kind.BOUNCED, Kind.BLOCKED, Kind.DROPPED]


def settle_mails() -> int:
    """Mails about one event that were in doubt and of which something came back."""
    doubted = TransactionalMessage.objects.filter(state=TransactionalMessage.State.IN_DOUBT)
    rows = {
        name.partition("@")[0]: pk for pk, name in doubted.values_list("pk", "message_id")[:5000]
    }
    proved = MailEvent.objects.filter(mail__in=rows, kind__in=PROVES).values_list("mail", flat=True)
    return sum(transactional.settle(rows[str(ref)], left=True, by=BY) for ref in set(proved))
