"""What staff do with a reply: one door for each, which closes the reply in the same transaction.

The doors of the act itself are those of donors, pledges and suppressions; a reply is closed once.
"""

from __future__ import annotations

from datetime import date, timedelta

import orjson
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from donors import services as donors
from donors.models import Donor
from fundraise import clock, crypto
from fundraise.audit import services as audit
from fundraise.pledges.models import Pledge
from fundraise.pledges.services import changing
from fundraise.pledges.services.changing import Wish
from mailings.appeals.models import Message
from mailings.appeals.services import leaving
from mailings.appeals.services.leaving import Leaver
from mailings.inbound.models import InboundMail, Reply
from mailings.inbound.taking import words_context
from mailings.suppressions import services as suppressions
from mailings.suppressions.models import Suppression

Outcome, State = Reply.Outcome, Reply.State
CLOSE_WITH = frozenset({Outcome.GAVE, Outcome.ANSWERED, Outcome.NOTHING})
SOURCE = "reply"


class ReplyError(Exception):
    """Why nothing was done; `code` says which reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _open(reply_id: int) -> Reply:
    """The reply, locked. Raises ReplyError("closed") when somebody was first."""
    reply = Reply.objects.select_for_update(of=("self",)).get(pk=reply_id)
    if reply.state == State.CLOSED:
        raise ReplyError("closed")
    return reply


def _close(reply: Reply, outcome: str, by: str) -> None:
    reply.state, reply.outcome = State.CLOSED, outcome
    reply.closed_at, reply.closed_by = clock.real_now(), by
    reply.save(update_fields=["state", "outcome", "closed_at", "closed_by"])
    audit.log_change(
        by=by,
        action="reply.closed",
        subject_type="reply",
        subject_ref=reply.ref,
        after={"outcome": outcome},
    )


@transaction.atomic
def close(reply_id: int, *, outcome: str, by: str) -> None:
    """Answered, has given already, or nothing to do. Raises ReplyError (closed, outcome)."""
    if outcome not in CLOSE_WITH:
        raise ReplyError("outcome")
    _close(_open(reply_id), outcome, by)


@transaction.atomic
def unsubscribe(reply_id: int, *, by: str) -> None:
    """No more appeals to the address that was written from, and to the one that was mailed.

    Raises ReplyError (closed, no_address).
    """
    reply = _open(reply_id)
    leaver = leaver_of(reply)
    if leaver is None and reply.email_key is None:
        raise ReplyError("no_address")
    if leaver is not None:
        leaving.leave(leaver, way=SOURCE)
    if reply.email_key is not None:
        suppressions.suppress(
            email_key=bytes(reply.email_key),
            reason=Suppression.Reason.UNSUBSCRIBED,
            source=f"{SOURCE}:{reply.ref}",
            by=by,
        )
    donor = reply.donor if reply.matched != Reply.Matched.QUOTED else None
    if donor is not None and donor.status != Donor.Status.ERASED:
        source = f"{SOURCE}:{reply.ref}"
        donors.object_to(donor_id=donor.pk, purpose="appeals", source=source, by=by)
    _close(reply, Outcome.UNSUBSCRIBED, by)


def leaver_of(reply: Reply) -> Leaver | None:
    """Whom the answered message was for, where the writer is the same; a stranger who quotes
    somebody else's mail ends nobody's but the own."""
    if reply.matched not in {Reply.Matched.MAIL, Reply.Matched.STAFF}:
        return None
    if reply.appeal_id is None or reply.seq is None:
        return None
    rows = Message.objects.select_related("appeal__campaign__entity")
    message = rows.filter(appeal_id=reply.appeal_id, seq=reply.seq).first()
    if message is None or reply.donor_id != message.donor_id:
        return None
    return Leaver(message.appeal, message, reply.donor)


def pledges_of(reply: Reply) -> list[Pledge]:
    """The monthly gifts of whom it seems to be from that go on."""
    if reply.donor_id is None:
        return []
    rows = Pledge.objects.filter(donor=reply.donor_id).exclude(state=Pledge.State.ENDED)
    return list(rows.select_related("campaign", "entity").order_by("pk"))


@transaction.atomic
def stop_gift(reply_id: int, *, pledge_id: int, reason: str, by: str) -> None:
    """End a monthly gift as its giver wrote. Raises ReplyError (closed, pledge)."""
    reply = _open(reply_id)
    if pledge_id not in {pledge.pk for pledge in pledges_of(reply)}:
        raise ReplyError("pledge")
    changing.stop(pledge_id, Wish(by, "email", reply.at, reason))
    _close(reply, Outcome.STOPPED, by)


@transaction.atomic
def note_death(reply_id: int, *, died_on: date, by: str) -> None:
    """Whoever it seems to be from has died. Raises ReplyError (closed, donor), DonorError."""
    reply = _open(reply_id)
    if reply.donor_id is None:
        raise ReplyError("donor")
    donors.record_death(donor_id=reply.donor_id, died_on=died_on, by=by, reason=f"{SOURCE}")
    _close(reply, Outcome.DECEASED, by)


@transaction.atomic
def choose_donor(reply_id: int, *, donor: Donor | None, by: str) -> None:
    """Staff say whom it is from, or that it is nobody of the register."""
    reply = _open(reply_id)
    reply.donor = donor
    reply.matched = Reply.Matched.STAFF if donor is not None else ""
    reply.save(update_fields=["donor", "matched"])
    audit.log_change(
        by=by,
        action="reply.donor.chosen",
        subject_type="reply",
        subject_ref=reply.ref,
        after={"donor": donor.ref if donor is not None else None},
    )


# --- Reading --------------------------------------------------------------------------------------
def words_of(reply: Reply, *, by: str) -> dict[str, str] | None:
    """Sender, subject and text; None when they are forgotten. The look is written down."""
    words = opened(reply)
    if words is not None:
        kind, ref = ("donor", reply.donor.ref) if reply.donor else ("reply", reply.ref)
        audit.log_read(by=by, subject_type=kind, subject_ref=ref, purpose="staff.reply")
    return words


def opened(reply: Reply) -> dict[str, str] | None:
    """The words alone, for whoever has written the look down."""
    if reply.words_sealed is None:
        return None
    words: dict[str, str] = orjson.loads(
        crypto.unseal(bytes(reply.words_sealed), context=words_context(reply))
    )
    return words


# --- Forgetting -----------------------------------------------------------------------------------
def forget_old() -> int:
    """Forget raw mails whose time is over, and the words of replies that were closed long ago."""
    now = clock.real_now()
    raw = InboundMail.objects.filter(keep_until__lt=now.date()).exclude(sealed=None)
    gone = raw.exclude(state=InboundMail.State.STORED).update(sealed=None)
    long_ago = now - timedelta(days=settings.REPLIES_KEEP_DAYS)
    words = Reply.objects.exclude(words_sealed=None)
    over = Q(state=State.CLOSED, closed_at__lt=long_ago) | Q(state=State.APART, at__lt=long_ago)
    return gone + words.filter(over).update(words_sealed=None)


@transaction.atomic
def forget_donor(donor_id: int) -> int:
    """A donor was forgotten: what she wrote goes, and what waits of it is closed."""
    rows = Reply.objects.filter(donor=donor_id)
    mails = InboundMail.objects.filter(pk__in=rows.values("mail"))
    mails.exclude(state=InboundMail.State.STORED).update(sealed=None)
    for reply in rows.exclude(state=State.CLOSED).select_for_update(of=("self",)):
        _close(reply, Outcome.FORGOTTEN, "system:inbound")
    return rows.update(words_sealed=None, donor=None, matched="", email_key=None)
