"""A test of an appeal's mail to staff: marked, as somebody gets it, with links that lead on."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from fundraise.audit import services as audit
from mailings import tokens, transactional
from mailings.appeals import naming
from mailings.appeals.models import Content
from mailings.composing.rendering import render_for
from mailings.composing.values import Record
from mailings.models import TransactionalMessage
from mailings.tokens import Purpose, Token

KIND, MARK = "appeal-test", "[TEST]"


@transaction.atomic
def send_test(
    content: Content, record: Record, users: Sequence[User], *, by: str, once: UUID
) -> int:
    """Mail one content as one person gets it to staff; how many mails were made.

    `once` names the press of the button: pressed twice it makes each mail once. Links lead where
    they will lead, by the appeal's own token; the link to unsubscribe takes nobody off a list.
    """
    variant = content.variant
    extra = naming.extra_of(variant.letter, content.language)
    whole = tokens.make(Token(Purpose.GIVE, variant.appeal_id, 0, extra))
    nobody = tokens.make(Token(Purpose.LEAVE, variant.appeal_id, 0))
    subject, html, text = render_for(content, record._replace(m=whole, u=nobody))
    fresh = [user for user in users if not _is_made(once, user)]
    for user in fresh:
        transactional.prepare(
            KIND,
            _about(once, user),
            to=user.email,
            language=content.language,
            subject=f"{MARK} {subject}",
            html=html,
            text=text,
            reply_to=content.reply_to,
        )
    if fresh:
        _log(content, len(fresh), by)
    return len(fresh)


def _about(once: UUID, user: User) -> str:
    return f"{once.hex}:{user.pk}"


def _is_made(once: UUID, user: User) -> bool:
    rows = TransactionalMessage.objects.filter(kind=KIND, subject_ref=_about(once, user))
    return rows.exists()


def _log(content: Content, mails: int, by: str) -> None:
    audit.log_change(
        by=by,
        action="appeal.tested",
        subject_type="appeal",
        subject_ref=content.variant.appeal.ref,
        after={"mails": mails, "variant": content.variant.letter, "language": content.language},
    )
