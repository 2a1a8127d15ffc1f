"""The mandate advice: what became of mandates. The pair of codes decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db import IntegrityError, transaction

from fundraise import clock
from fundraise.jobs import services as jobs
from fundraise.pledges.models import Mandate
from fundraise.pledges.services import mandates
from fundraise.pledges.services.mandates import Said
from fundraise.providers.autogiro.codes import MandateOutcome, mandate_outcome
from fundraise.providers.autogiro.kinds import Section
from fundraise.providers.autogiro.mandates import MandateAdvice
from fundraise.providers.giro.applying.work import Result, Row, Work, day_of
from fundraise.providers.giro.models import Agreement, Order, OutFile, Question

CLOSED = "giro-agreement-ended"
OUR_FAULT = "giro-our-fault"
OURS = {"29", "30"}  # our bankgiro number is wrong or not registered any more
BY_PAYER = {"46", "93"}
Pair = tuple[Row, MandateAdvice]
Act = Callable[[Mandate, Said], bool]


def apply(work: Work, section: Section, rows: list[Row]) -> None:
    """Work one section in: changes of number first, since other rows may use the new one."""
    pairs = [(row, record) for (_at, record), row in zip(section.lines, rows, strict=True)]
    for row, record in pairs:
        row.code, row.day = f"{record.information}+{record.comment}".rstrip("+"), day_of(record.day)
    new = [pair for pair in pairs if pair[0].result != Result.ALREADY]
    _renumber(work, new)
    known = work.mandates(record.payer for _row, record in new)
    for row, record in new:
        if row.result == Result.NOTED:
            _one(work, row, record, known.get(record.payer))
    work.keep_others(section, rows)


def _one(work: Work, row: Row, record: MandateAdvice, mandate: Mandate | None) -> None:
    row.payer = record.payer
    if mandate is None:
        if work.in_range(record.payer):
            row.result = Result.UNKNOWN
            work.ask(row, Question.Kind.PAYER)
        else:
            row.result = Result.OTHER
        return
    row.mandate_id = mandate.pk
    outcome = mandate_outcome(record.information, record.comment)
    act = ACTS.get(outcome)
    if act is None:
        row.result = Result.CONFLICT
        work.ask(row, Question.Kind.CODE)
        return
    done = act(mandate, Said(row.code, row.day, row.event_id))
    row.result = Result.APPLIED if done else Result.NOTED
    _answered(work, row, record, mandate)
    _ring(work.agreement, record)


def _answered(work: Work, row: Row, record: MandateAdvice, mandate: Mandate) -> None:
    kind = Order.Kind.END if record.information == "03" else Order.Kind.NEW
    work.answer(kind, mandate.pk, row.code)


def _ring(agreement: Agreement, record: MandateAdvice) -> None:
    if record.comment in OURS:
        text = f"Bankgirot says that our bankgiro number is not right ({record.comment})"
        jobs.raise_alarm(OUR_FAULT, str(agreement.ref), text)
    elif record.information == "10":
        text = "Bankgirot says that our bankgiro number is closed: every mandate on it ends"
        stop(agreement, text)


def stop(agreement: Agreement, text: str) -> None:
    """Bankgirot has ended the agreement: nothing is made for it until a person starts it again."""
    Agreement.objects.filter(pk=agreement.pk, stopped_at=None).update(stopped_at=clock.now())
    jobs.raise_alarm(CLOSED, str(agreement.ref), text)


# --- What each outcome does -----------------------------------------------------------------------
def _ended(mandate: Mandate, said: Said) -> bool:
    return mandates.ended(mandate.pk, said, by_payer=said.codes[:2] in BY_PAYER)


def _exists(mandate: Mandate, said: Said) -> bool:
    """04+10. We give a number once: when we sent it once, it is somebody else's, and ours is none.

    When the file may have arrived twice the first answer stands or is still to come.
    """
    sent = OutFile.objects.filter(orders__mandate=mandate, orders__kind__in=["new", "approve"])
    once = sent.filter(tries__lte=1).exclude(note="again")
    if mandate.state == Mandate.State.SENT and once.exists():
        return mandates.refused(mandate.pk, said)
    return False


ACTS: dict[MandateOutcome, Act] = {
    MandateOutcome.APPROVED: lambda mandate, said: mandates.approved(mandate.pk, said),
    MandateOutcome.REFUSED: lambda mandate, said: mandates.refused(mandate.pk, said),
    MandateOutcome.CANCELLED: _ended,
    MandateOutcome.CANCEL_FAILED: lambda mandate, said: mandates.not_ended(mandate.pk, said),
    MandateOutcome.EXISTS: _exists,
    MandateOutcome.CHANGE_FAILED: lambda _mandate, _said: False,
}


# --- Another payer number -------------------------------------------------------------------------
def _renumber(work: Work, pairs: list[Pair]) -> None:
    """05+33 tells the old number, 05+32 the new one: two records of the same account and payer."""
    olds = [p for p in pairs if _outcome(p) is MandateOutcome.OLD_NUMBER]
    news = [p for p in pairs if _outcome(p) is MandateOutcome.NEW_NUMBER]
    known = work.mandates(record.payer for _row, record in (*olds, *news))
    for old, new in _partners(olds, news):
        _change(work, old, new, known)
    for row, record in (*olds, *news):
        if row.result == Result.NOTED:
            row.payer = record.payer
            _alone(work, row, known)


def _outcome(pair: Pair) -> MandateOutcome:
    return mandate_outcome(pair[1].information, pair[1].comment)


def _partners(olds: list[Pair], news: list[Pair]) -> Iterator[tuple[Pair, Pair]]:
    """By account and identity number; where a report leaves those out, in the order of the file."""
    left = list(news)
    for old in olds:
        same = [new for new in left if _who(new[1]) == _who(old[1])]
        if same:
            left.remove(same[0])
            yield old, same[0]


def _who(record: MandateAdvice) -> tuple[str, str]:
    return record.account, record.identity


def _change(work: Work, old: Pair, new: Pair, known: dict[str, Mandate]) -> None:
    (old_row, old_record), (new_row, new_record) = old, new
    mandate = known.get(old_record.payer)
    if mandate is None:
        return
    for row, record in (old, new):
        row.payer, row.mandate_id = record.payer, mandate.pk
    said = Said(new_row.code, new_row.day, new_row.event_id)
    try:
        with transaction.atomic():
            done = mandates.renumbered(mandate.pk, new_record.payer, said)
    except IntegrityError:  # the new number is another mandate's of ours
        old_row.result = new_row.result = Result.CONFLICT
        work.ask(new_row, Question.Kind.CODE)
        return
    if not done:  # the mandate is over here: a person looks why it lives there
        work.ask(new_row, Question.Kind.CODE)
    old_row.result = new_row.result = Result.APPLIED if done else Result.CONFLICT


def _alone(work: Work, row: Row, known: dict[str, Mandate]) -> None:
    """Half of a pair, or a pair of nobody's."""
    mandate = known.get(row.payer)
    if mandate is not None and row.code == "05+32":
        row.result, row.mandate_id = Result.APPLIED, mandate.pk  # it has that number by now
    elif mandate is None and not work.in_range(row.payer):
        row.result = Result.OTHER
    else:
        row.result, row.mandate_id = Result.CONFLICT, mandate.pk if mandate else None
        work.ask(row, Question.Kind.CODE)
