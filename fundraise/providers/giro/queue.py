"""The human queue: a person looks, decides, and says so. Nothing is adopted by itself."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.pledges.sealing import AccountDetails
from fundraise.pledges.services import adopting, mandates
from fundraise.pledges.services.mandates import Said
from fundraise.providers.autogiro import files
from fundraise.providers.autogiro.mandates import RegisterLine
from fundraise.providers.giro.applying.e_mandates import hint_of
from fundraise.providers.giro.inbox import content_of
from fundraise.providers.giro.models import Question

Kind = Question.Kind
REGISTER = "register"
# What a person may say of a question without anything following from it here.
HOW = ("placed", "paid_back", "mended", "known", "asked_bank")


class QuestionError(Exception):
    """It can't be answered so; nothing was changed. Codes: solved, how, nothing_to_adopt."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def solve(question_id: int, *, how: str, by: str, note: str = "") -> Question:
    """A person has done what was needed elsewhere and says what. Raises QuestionError."""
    if how not in HOW:
        raise QuestionError("how")
    with transaction.atomic():
        question = _open(question_id)
        _close(question, how, by, note)
    return question


def adopt(question_id: int, *, by: str) -> Question:
    """Take over what Bankgirot's register says, where that is possible.

    Missing there: ours has ended. Extra there: it becomes a mandate of ours without a pledge, which
    draws nothing. Different there: its yes, or the account that the payer moved it to. Raises
    QuestionError.
    """
    with transaction.atomic():
        question = _open(question_id)
        said = Said(REGISTER, question.file.written_on or clock.today(), f"giro:{question.ref}")
        if not _adopt(question, said, by):
            raise QuestionError("nothing_to_adopt")
        _close(question, "adopted", by, "")
    return question


def _adopt(question: Question, said: Said, by: str) -> bool:
    if question.kind == Kind.REGISTER_MISSING and question.mandate_id is not None:
        return mandates.ended(question.mandate_id, said)
    if question.kind not in {Kind.REGISTER_EXTRA, Kind.REGISTER_DIFFERENT}:
        return False
    line = _line(question)
    details = AccountDetails(line.account, line.identity)
    if question.kind == Kind.REGISTER_EXTRA:
        if question.mandate_id is not None:  # it is over here: a number is never given again
            return False
        adopting.adopt(
            adopting.Found(
                question.agreement.account.entity_id,
                line.payer,
                details,
                hint=hint_of(line.account),
                created_on=_day(line.created),
            ),
            by=by,
        )
        return True
    return _differences(question, line, details, said, by)


def _differences(
    question: Question, line: RegisterLine, details: AccountDetails, said: Said, by: str
) -> bool:
    done = False
    if question.mandate_id is None:
        return False
    differs = question.differs.split(",")
    if "state" in differs and line.status == "1":
        done = mandates.approved(question.mandate_id, said)
    if {"account", "identity"} & set(differs):
        hint = hint_of(line.account)
        done = adopting.move_account(question.mandate_id, details, hint=hint, by=by) or done
    return done


def _line(question: Question) -> RegisterLine:
    """The line of the register that a question is about, read again from the file as it came."""
    file = files.read(content_of(question.file))
    for at, record in file.lines:
        if at == question.line and isinstance(record, RegisterLine):
            return record
    raise QuestionError("nothing_to_adopt")


def _day(text: str) -> date:
    return clock.local_date(clock.now()) if not text.strip("0") else date.fromisoformat(text)


def _open(question_id: int) -> Question:
    question = Question.objects.select_for_update(no_key=True).get(pk=question_id)
    if question.state != Question.State.OPEN:
        raise QuestionError("solved")
    return question


def _close(question: Question, how: str, by: str, note: str) -> None:
    question.state, question.how, question.note = Question.State.SOLVED, how, note[:200]
    question.solved_at, question.solved_by = clock.now(), by
    question.save(update_fields=["state", "how", "note", "solved_at", "solved_by"])
    audit.log_change(
        by=by,
        action="giro_question.solved",
        subject_type="giro_question",
        subject_ref=question.ref,
        after={"kind": question.kind, "how": how},
    )
