"""Mails to whoever must say yes or no to a dangerous act, each sent once; a reminder a day later.

What is asked about is told by sum and legal entity alone: no reason, no donor, in no mail.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.conf import settings
from django.contrib.auth.models import User
from django.utils import translation
from django.utils.translation import gettext as _

from fundraise.gifts.models import Refund
from fundraise.jobs.services import Counts
from fundraise.language import SWEDISH
from fundraise.money import format_kronor
from fundraise.reconciliation.models import Proposal
from fundraise.staff import approvals
from fundraise.staff.models import Approval
from mailings import transactional
from mailings.appeals.models import Appeal
from mailings.letters import Letter

log = structlog.get_logger(__name__)

ASKED, REMINDED = "second-person", "second-person-reminder"
# Where each kind is answered, behind the right that the answer needs.
PAGES = {
    "refund": "/staff/second/{ref}/",
    "appeal": "/staff/appeals/{subject}/second/",
    "bank_account": "/staff/bank/second/numbers/{ref}/",
    "matching": "/staff/bank/second/matching/{ref}/",
    "sie_reissue": "/staff/months/second/{ref}/",
    "period_reopen": "/staff/months/second/{ref}/",
}


def ask(approval_id: int) -> None:
    """Subscriber of SecondPersonAsked: mail those who are asked first; ring when there is nobody.

    Asked again it mails only whom no mail was prepared for, so that whoever is named later hears.
    """
    approval = Approval.objects.select_related("entity").get(pk=approval_id)
    if approval.is_open:
        for user in approvals.asked(approval):
            _write(ASKED, approval, user)
        approvals.watch()


def ask_all() -> Counts:
    """Ask whoever can answer by now, and remind everybody of what has waited for a day."""
    counts = {"open": 0, "late": 0}
    for approval in approvals.unanswered():
        counts["open"] += 1
        for user in approvals.asked(approval):
            _write(ASKED, approval, user)
        if approvals.is_late(approval):
            counts["late"] += 1
            for user in approvals.who_may(approval):
                _write(REMINDED, approval, user)
    counts["stuck"] = approvals.watch()
    return counts


def _write(kind: str, approval: Approval, user: User) -> None:
    if not user.email:
        log.info("second_person_without_address", user=user.pk)
        return
    with translation.override(SWEDISH):
        letter = _letter(kind, approval)
    transactional.prepare(
        kind,
        f"{approval.ref}:{user.pk}",
        to=user.email,
        language=letter.language,
        subject=letter.subject,
        html=letter.as_html(),
        text=letter.as_text(),
    )


def _letter(kind: str, approval: Approval) -> Letter:
    asked = _("A second person is asked for")
    again = _("A second person is still asked for")
    return Letter(
        language=SWEDISH,
        subject=asked if kind == ASKED else again,
        said=(ABOUT[approval.kind](approval), _("Nothing happens until somebody answers.")),
        button=_("See what will happen, and answer"),
        link=settings.BASE_URL.rstrip("/")
        + PAGES[approval.kind].format(ref=approval.ref, subject=approval.subject_ref),
        footer=_("You get this because you may answer for %(entity)s.")
        % {"entity": approval.entity.name},
    )


def _about_refund(approval: Approval) -> str:
    refund = Refund.objects.get(ref=approval.subject_ref)
    return _("Somebody asks to pay back %(sum)s of a gift to %(entity)s.") % {
        "sum": format_kronor(refund.amount_ore),
        "entity": approval.entity.name,
    }


def _about_appeal(approval: Approval) -> str:
    appeal = Appeal.objects.get(ref=approval.subject_ref)
    return _("Somebody wants to send the appeal “%(title)s” to the people of %(entity)s.") % {
        "title": appeal.title,
        "entity": approval.entity.name,
    }


def _about_file(approval: Approval) -> str:
    return _("Somebody asks to have a SIE file of %(entity)s issued again.") % {
        "entity": approval.entity.name
    }


def _about_month(approval: Approval) -> str:
    return _("Somebody asks to open a closed month of %(entity)s again.") % {
        "entity": approval.entity.name
    }


def _about_bank_account(approval: Approval) -> str:
    return _("Somebody asks to change the numbers of a bank account of %(entity)s.") % {
        "entity": approval.entity.name
    }


def _about_matching(approval: Approval) -> str:
    if Proposal.objects.filter(ref=approval.subject_ref, kind=Proposal.Kind.UNPAID).exists():
        return _(
            "Somebody says that the bank refused to pay what stands on a list of %(entity)s."
        ) % {"entity": approval.entity.name}
    return _("Somebody asks to change how lines of the bank are matched for %(entity)s.") % {
        "entity": approval.entity.name
    }


# What is asked about -> the sentence that tells it without a person.
ABOUT: dict[str, Callable[[Approval], str]] = {
    "refund": _about_refund,
    "appeal": _about_appeal,
    "bank_account": _about_bank_account,
    "matching": _about_matching,
    "sie_reissue": _about_file,
    "period_reopen": _about_month,
}
