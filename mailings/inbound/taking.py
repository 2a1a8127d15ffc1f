"""Working on a mail that came in: an unsubscribe is done, a reply is put before a person.

Nothing is ever sent in answer, so that two machines can't write to each other.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import orjson
import structlog
from django.conf import settings
from django.db import transaction

from donors import normalise
from fundraise import clock, crypto
from fundraise.jobs import services as jobs
from fundraise.logs import describe
from mailings import tokens
from mailings.appeals.services import fates, leaving
from mailings.inbound import intake, matching, reading
from mailings.inbound.hinting import hint_of
from mailings.inbound.matching import Match
from mailings.inbound.models import InboundMail, Reply
from mailings.inbound.reading import Letter

log = structlog.get_logger(__name__)

MOST_TRIES = 6
FIRST_WAIT = timedelta(seconds=30)
PARKED = "inbound-mail-parked"
PRESSING = {Reply.Hint.DECEASED, Reply.Hint.STOP_GIFT, Reply.Hint.UNSUBSCRIBE}
State, Sort = InboundMail.State, InboundMail.Sort


def take(pk: int) -> bool:
    """Work on one mail; True when it is done. Twice is harmless, two at once too."""
    try:
        with transaction.atomic():
            rows = InboundMail.objects.select_for_update(skip_locked=True)
            mail = rows.filter(pk=pk, state=State.STORED).first()
            if mail is None:
                return False
            _done(mail, _work(mail))
    except Exception as error:  # whatever it was, the mail waits and nothing is lost
        _note_failure(pk, error)
        return False
    return True


def waiting(now: datetime, most: int) -> list[int]:
    """Mails that are due to be worked on."""
    rows = InboundMail.objects.filter(state=State.STORED, next_try_at__lte=now)
    return list(rows.order_by("next_try_at").values_list("pk", flat=True)[:most])


def _work(mail: InboundMail) -> str:
    letter = reading.read(intake.opened(mail), mail.content_type)
    twin = InboundMail.objects.filter(letter_sha256=letter.sha256).exclude(pk=mail.pk)
    if twin.exists():
        return Sort.TWIN
    mail.letter_sha256 = letter.sha256
    if _is_ours(letter):
        return Sort.OURS
    if letter.is_report:
        return Sort.REPORT
    token = matching.leave_token_of(letter)
    if token is not None and _left(token):
        return Sort.UNSUBSCRIBE
    _put_before_a_person(mail, letter, wants_to_leave=token is not None)
    return Sort.AWAY if letter.is_machine else Sort.REPLY


def _left(token: str) -> bool:
    """An unsubscribe by mail, done at once; False when the token can't be read."""
    try:
        leaver = leaving.leaver_of(token)
    except tokens.TokenError:
        return False
    if leaver is None:
        return False
    leaving.leave(leaver, way="mailto")
    return True


def _is_ours(letter: Letter) -> bool:
    """What we sent ourselves and got back: from an address that mail of ours goes out by."""
    own = normalise.email_key(letter.sender)
    domain: str = settings.MAIL_INBOUND_DOMAIN
    if domain and own.endswith(f"@{domain.casefold()}"):
        return True
    return own == normalise.email_key(reading.address_in(settings.MAIL_FROM))


def _put_before_a_person(mail: InboundMail, letter: Letter, *, wants_to_leave: bool) -> Reply:
    found = matching.match(letter)
    hint = Reply.Hint.UNSUBSCRIBE if wants_to_leave else hint_of(letter.subject, letter.text)
    reply = Reply(
        mail=mail,
        state=Reply.State.APART if letter.is_machine else Reply.State.OPEN,
        hint="" if letter.is_machine else hint,
        email_key=matching.email_key_of(letter.sender),
        appeal_id=found.message.appeal_id if found.message else None,
        seq=found.message.seq if found.message else None,
        donor=found.donor,
        matched=found.how,
        at=mail.received_at,
        due_at=mail.received_at + _time_for(hint),
    )
    reply.words_sealed = crypto.seal(_words(letter), context=words_context(reply))
    reply.save(force_insert=True)
    if not letter.is_machine:
        _note_reply(found, mail.received_at)
    return reply


def _time_for(hint: str) -> timedelta:
    hours: int = settings.REPLIES_DUE_HOURS
    return timedelta(hours=hours / 2 if hint in PRESSING else hours)


def _words(letter: Letter) -> bytes:
    said = {
        "from": letter.sender,
        "name": letter.sender_name,
        "subject": letter.subject,
        "text": letter.text,
        "quoted": letter.quoted,
    }
    return orjson.dumps(said)


def words_context(reply: Reply) -> str:
    """What the sealed words are bound to."""
    return f"reply:{reply.ref}"


def _note_reply(found: Match, at: datetime) -> None:
    if found.message is not None:
        message = found.message
        fates.note([fates.Fact(message.appeal_id, message.seq, "replied", at)])


def _done(mail: InboundMail, sort: str) -> None:
    mail.state, mail.sort, mail.done_at, mail.error = State.DONE, sort, clock.real_now(), ""
    mail.tries += 1
    mail.save(update_fields=["state", "sort", "done_at", "error", "tries", "letter_sha256"])


def _note_failure(pk: int, error: Exception) -> None:
    mail = InboundMail.objects.get(pk=pk)
    tries, now = mail.tries + 1, clock.real_now()
    hopeless = isinstance(error, reading.Unreadable) or tries >= MOST_TRIES
    InboundMail.objects.filter(pk=pk, state=State.STORED).update(
        tries=tries,
        error=describe(error),
        next_try_at=now + FIRST_WAIT * 2**tries,
        state=State.PARKED if hopeless else State.STORED,
    )
    log.warning("inbound_mail_failed", mail=pk, tries=tries, error=describe(error))
    if hopeless:
        jobs.raise_alarm(PARKED, str(pk), "A mail to us could not be read.")
