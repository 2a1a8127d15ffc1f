"""Prepare a mail about a pledge, once for its kind and subject, in the pledge's language."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.utils import translation

from fundraise.pledges.models import Pledge
from mailings import transactional
from mailings.models import TransactionalMessage
from mailings.monthly import people
from mailings.monthly.letter import GiverLetter
from mailings.senders.base import Attached

log = structlog.get_logger(__name__)


def was_prepared(kind: str, subject: str) -> bool:
    """Whether the mail is there already, whatever became of it."""
    return TransactionalMessage.objects.filter(kind=kind, subject_ref=subject).exists()


def post(
    kind: str,
    subject: str,
    pledge: Pledge,
    write: Callable[[], GiverLetter],
    attached: Callable[[], Attached | None] | None = None,
) -> bool:
    """Write and prepare the mail unless it is there. False when there is nobody to send it to."""
    to = people.address_of(pledge)
    if not to:
        log.info("pledge_mail_without_address", kind=kind, pledge=pledge.pk)
        return False
    if was_prepared(kind, subject):
        return True
    with translation.override(pledge.language):
        letter = write()
        paper = attached() if attached is not None else None
    transactional.prepare(
        kind,
        subject,
        to=to,
        language=letter.language,
        subject=letter.subject,
        html=letter.as_html(),
        text=letter.as_text(),
        reply_to=pledge.entity.email,
        attached=paper,
    )
    return True
