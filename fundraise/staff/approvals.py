"""Two people for dangerous acts: who else must say yes, who is asked, and the one answer.

A package above asks in the transaction of its own change and takes the answer in its own door;
the fact `SecondPersonAsked` carries the question to the mails. Who is asked: the others with the
ordinary right for the entity; where there is none, the second person named for it, at the centre
or there. A day later everybody who may answer is asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import QuerySet

from fundraise import clock
from fundraise.jobs import services as jobs
from fundraise.ledger.models import LegalEntity
from fundraise.outbox import services as outbox
from fundraise.staff import queries
from fundraise.staff.models import WITHDRAWN, Approval, RoleHeld
from fundraise.staff.rights import Rights
from fundraise.staff.roles import Role

# What is asked about -> the right that answers it.
KINDS = {
    "refund": "refunds.decide",
    "appeal": "appeals.approve",
    "bank_account": "bank_accounts.agree",
    "matching": "matches.agree",
    "sie_reissue": "books.agree",
    "period_reopen": "books.agree",
}
REMIND_AFTER = timedelta(days=1)
NOBODY = "no-second-person"


def ask(kind: str, subject_ref: UUID, entity: LegalEntity, *, by: str) -> Approval:
    """Ask for a second person, in the caller's transaction. The open question when there is one."""
    KINDS[kind]
    approval, is_new = Approval.objects.get_or_create(
        kind=kind,
        subject_ref=subject_ref,
        answer=Approval.Answer.OPEN,
        defaults={"entity": entity, "asked_by": by, "asked_at": clock.now()},
    )
    if is_new:
        outbox.write("SecondPersonAsked", approval.pk)
    return approval


def close(kind: str, subject_ref: UUID, *, yes: bool, by: str, why: str = "") -> bool:
    """Note the answer that the subject's own door has taken. False when none was asked for."""
    open_ones = Approval.objects.filter(kind=kind, subject_ref=subject_ref, answer="")
    answer = Approval.Answer.YES if yes else Approval.Answer.NO
    noted = open_ones.update(answer=answer, answered_by=by, answered_at=clock.now(), why=why[:200])
    if noted:
        watch()
    return bool(noted)


def withdraw(kind: str, subject_ref: UUID, *, why: str) -> bool:
    """What was asked about is taken back, often by the one who asked or by a key: nobody has
    answered, and the subject's own log says who took it back. False when none was asked for."""
    return close(kind, subject_ref, yes=False, by=WITHDRAWN, why=why)


def who_may(approval: Approval) -> list[User]:
    """Everybody who may answer: the right for the entity, and not the one who asked."""
    holders = queries.holders(KINDS[approval.kind], approval.entity)
    return [user for user in holders if f"staff:{user.pk}" != approval.asked_by]


def asked(approval: Approval) -> list[User]:
    """Whom to ask first: others with the ordinary role; where there is none, the second person."""
    everybody = who_may(approval)
    only_second = _only_second(approval)
    return [user for user in everybody if user.pk not in only_second] or everybody


def _only_second(approval: Approval) -> set[int]:
    """Who may answer by the role of second person alone."""
    ordinary = queries.holders(KINDS[approval.kind], approval.entity, but=Role.SECOND)
    seconds = RoleHeld.objects.filter(role=Role.SECOND, ended_at=None)
    return set(seconds.exclude(user__in=ordinary).values_list("user_id", flat=True))


def is_late(approval: Approval) -> bool:
    """Whether it has waited for a day."""
    return approval.is_open and clock.now() >= approval.asked_at + REMIND_AFTER


def unanswered() -> QuerySet[Approval]:
    """Every open question, the oldest first."""
    return Approval.objects.filter(answer="").select_related("entity").order_by("pk")


def for_answer(held: Rights, who: str) -> QuerySet[Approval]:
    """The open questions that somebody with these rights may answer."""
    found = Approval.objects.none()
    for kind, permission in KINDS.items():
        found |= unanswered().filter(kind=kind, entity__in=held.entities(permission))
    return found.exclude(asked_by=who)


def who_may_each(questions: Iterable[Approval]) -> list[tuple[Approval, list[User]]]:
    """Each question with everybody who may answer it; few reads, however many they are."""
    asked_about = list(questions)
    holders = {
        kind: queries.holders_of_each(permission, {one.entity_id for one in asked_about})
        for kind, permission in KINDS.items()
        if any(one.kind == kind for one in asked_about)
    }
    return [
        (
            one,
            [who for who in holders[one.kind][one.entity_id] if f"staff:{who.pk}" != one.asked_by],
        )
        for one in asked_about
    ]


def without_anybody() -> list[Approval]:
    """Open questions that nobody may answer: a second person must be named."""
    return [one for one, people in who_may_each(unanswered()) if not people]


def watch() -> int:
    """Ring for each entity whose question nobody may answer; close what rings for others."""
    stuck = {one.entity.slug: one.entity for one in without_anybody()}
    for slug, entity in stuck.items():
        jobs.raise_alarm(NOBODY, slug, f"No second person exists for {entity.name}: name one")
    jobs.resolve_alarms(NOBODY, but=set(stuck))
    return len(stuck)
