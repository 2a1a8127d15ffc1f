"""Notices before draws: mailed once, and kept as proof when the mail has left.

Nothing is drawn whose notice has not left us, so a notice is never only hoped for: the fact mails
it, watch.py finds what the fact missed, a mail that failed becomes a letter for staff to print.
"""

from __future__ import annotations

from django.utils import translation

from fundraise import clock
from fundraise.pledges.models import Instalment, Notice, Pledge
from fundraise.pledges.services import planning
from mailings import transactional
from mailings.models import TransactionalMessage
from mailings.monthly import notice_words, papers, people, posting, words
from mailings.monthly.letter import GiverLetter
from mailings.monthly.subjects import NOTICE

State = TransactionalMessage.State


def signed(pledge_id: int) -> None:
    """Subscriber of PledgeSigned: the confirmation of a sign-up, which is its notice."""
    for notice in Notice.objects.filter(pledge_id=pledge_id, kind=Notice.Kind.SIGN_UP):
        tell(notice.pk)


def tell(notice_id: int) -> None:
    """Subscriber of NoticeDue: mail the notice; one without an address is a letter for staff."""
    notice = _read(notice_id)
    if not _is_of_use(notice):
        return
    pledge = notice.pledge
    is_first = notice.kind == Notice.Kind.SIGN_UP
    if not posting.post(
        NOTICE,
        str(notice.ref),
        pledge,
        lambda: letter_of(notice),
        (lambda: papers.pdf_of(words.mandate_of(pledge))) if is_first else None,
    ):
        planning.by_letter(notice.pk)


def _read(notice_id: int) -> Notice:
    related = ("pledge__campaign", "pledge__entity")
    return Notice.objects.select_related(*related).get(pk=notice_id)


def _is_of_use(notice: Notice) -> bool:
    """Whether it still announces anything: a card's first draw is confirmed all the same."""
    pledge = notice.pledge
    over = pledge.state == Pledge.State.ENDED or notice.withdrawn_at is not None
    if over or people.is_silent(pledge):
        return False
    if notice.kind == Notice.Kind.SIGN_UP:
        return notice.sent_at is None or pledge.method == "card"
    planned = notice.instalments.filter(state=Instalment.State.PLANNED)
    return notice.sent_at is None and planned.exists()


def letter_of(notice: Notice) -> GiverLetter:
    """The notice in words, in the language that is active: for a mail, or to be printed."""
    return notice_words.letter(notice)


def printed(notice_id: int) -> GiverLetter:
    """The notice for a letter, in its pledge's language. Keep its text when the letter is sent."""
    notice = _read(notice_id)
    with translation.override(notice.pledge.language):
        return letter_of(notice)


def settled(message_id: int) -> None:
    """Subscriber of MailSettled: what left us is kept as proof, what never will is a letter.

    The proof has the time when the mail left, by the house's own clock.
    """
    row = TransactionalMessage.objects.get(pk=message_id)
    notice = Notice.objects.filter(ref=row.subject_ref).first()
    if notice is None or row.kind != NOTICE:
        return
    if row.state == State.SENT and row.sent_at is not None:
        ago = clock.real_now() - row.sent_at
        planning.notice_sent(notice.pk, text=transactional.words_of(row), at=clock.now() - ago)
    elif row.state == State.FAILED:
        planning.by_letter(notice.pk)
