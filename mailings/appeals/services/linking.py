"""Where the links of mails lead: looked up by what a link carries, mended when a page has moved."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.db import connection, transaction

from fundraise import clock
from fundraise.audit import services as audit
from mailings.appeals import naming
from mailings.appeals.models import Link, Message
from mailings.appeals.people import unfollowed_sql
from mailings.composing import linking
from mailings.tokens import Token

_UNFOLLOWED = f"""
SELECT v.letter, c.language FROM appeals_message m
  JOIN appeals_content c ON c.id = m.content_id JOIN appeals_variant v ON v.id = c.variant_id
 WHERE m.appeal_id = %s AND m.seq = %s AND m.tracked AND {unfollowed_sql("m.donor_id")}"""  # noqa: S608 - names of ours


class MendError(Exception):
    """Why a link stays as it is; `code` says which reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def target_of(token: Token, number: int) -> str | None:
    """The stored target of link n of the mail that a token stood in; None when there is none."""
    links = Link.objects.filter(number=number)
    if token.seq:
        message = Message.objects.filter(appeal_id=token.appeal_id, seq=token.seq)
        links = links.filter(content__in=message.values("content_id"))
    else:
        words = naming.words_of(token.extra)
        if words is None:
            return None
        letter, language = words
        links = links.filter(
            content__variant__appeal=token.appeal_id,
            content__variant__letter=letter,
            content__language=language,
        )
    return links.values_list("target", flat=True).first()


def as_may_be_followed(token: Token) -> Token:
    """What a link may tell by now: of who took back the consent to be followed since the mail left,
    the appeal's own words and nothing of the message."""
    if not token.seq:
        return token
    with connection.cursor() as cursor:
        cursor.execute(_UNFOLLOWED, [token.appeal_id, token.seq])
        words = cursor.fetchone()
    return token._replace(seq=0, extra=naming.extra_of(*words)) if words else token


@transaction.atomic
def mend(*, link_id: int, target: str, by: str, reason: str) -> Link:
    """Have a link lead elsewhere, also in mails that were sent long ago.

    Raises MendError (needs_reason, or what composing.linking says is wrong with the address).
    """
    target = target.strip()
    wrong = linking.fault(target)
    if wrong or target.startswith(linking.DIRECT):
        raise MendError(wrong or "bad_link")
    if not reason.strip():
        raise MendError("needs_reason")
    rows = Link.objects.select_for_update(of=("self",)).select_related("content__variant__appeal")
    link = rows.get(pk=link_id)
    before, link.target, link.mended_at = link.target, target, clock.now()
    link.save(update_fields=["target", "mended_at"])
    audit.log_change(
        by=by,
        action="appeal.link.mended",
        subject_type="appeal",
        subject_ref=link.content.variant.appeal.ref,
        before={"link": link.number, "target": _plain(before)},
        after={"link": link.number, "target": _plain(target)},
        reason=reason.strip(),
    )
    return link


def _plain(url: str) -> str:
    """Host and path: what follows a question mark may say anything."""
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}"
