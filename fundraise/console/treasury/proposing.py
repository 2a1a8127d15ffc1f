"""What a second person is asked about the bank: other numbers, a rule, an undoing, in words."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _

from fundraise.console.actions import Refused
from fundraise.money import format_kronor
from fundraise.reconciliation import proposals
from fundraise.reconciliation.accounts import AccountError
from fundraise.reconciliation.deciding import DecideError
from fundraise.reconciliation.models import Match, PaymentRow, Proposal
from fundraise.reconciliation.paying.services import PayingError
from fundraise.reconciliation.proposals import ProposalError
from fundraise.staff.models import Approval

ANSWERS = {"bank_account": "console:numbers_second", "matching": "console:matching_second"}


def of(approval: Approval) -> Proposal:
    """What was proposed. Raises Proposal.DoesNotExist."""
    return Proposal.objects.select_related("entity").get(ref=approval.subject_ref)


def act(proposal: Proposal) -> str:
    """What will be done."""
    words = {
        Proposal.Kind.NUMBERS: _("Give a bank account other numbers"),
        Proposal.Kind.RULE: _("Change a rule of matching"),
        Proposal.Kind.UNPAID: _("Say that the bank refused to pay what stands on a list"),
        Proposal.Kind.UNDO: _("Undo what a line of the bank was said to be, in a closed month"),
    }
    return words[Proposal.Kind(proposal.kind)]


def facts(proposal: Proposal) -> list[tuple[str, str]]:
    """Whose it is, and for numbers which."""
    told = [(_("Legal entity"), proposal.entity.name)]
    numbers = proposal.what.get("numbers", [])
    told += [(str(kind).upper(), str(number)) for kind, number in numbers]
    if proposal.kind == Proposal.Kind.UNPAID:
        rows = PaymentRow.objects.filter(
            list__ref=proposal.subject.split(":")[1], end_to_end__in=proposal.what["rows"]
        )
        told.append((_("Sum"), format_kronor(sum(row.amount_ore for row in rows))))
    mode = proposal.what.get("mode")
    return [*told, (_("Mode"), str(mode))] if mode else told


def follows(proposal: Proposal) -> list[str]:
    """What comes of a yes."""
    if proposal.kind == Proposal.Kind.NUMBERS:
        return [_("Files that name these numbers are booked in this account's books.")]
    if proposal.kind == Proposal.Kind.RULE:
        return [_("The rule works so from now on. What it has matched before stays.")]
    if proposal.kind == Proposal.Kind.UNPAID:
        return [
            _("It may go on another list and be paid then."),
            _("Look at the bank first that nothing of it was paid: else it is paid twice."),
        ]
    return [_("What was booked is reversed in the first open month; the line is open again.")]


def link(proposal: Proposal) -> str:
    """Where it stands."""
    kind, _colon, ref = proposal.subject.partition(":")
    if kind == "bank_account":
        return reverse("console:bank_account", args=[ref])
    if kind == "payment_list":
        return reverse("console:payment_list", args=[ref])
    match = (
        Match.objects.select_related("item").filter(ref=ref).first() if kind == "match" else None
    )
    return (
        reverse("console:bank_item", args=[match.item.ref]) if match else reverse("console:match")
    )


def say(door: Callable[..., object], proposal: Proposal, *, by: str, reason: str) -> None:
    """Yes or no, as the page of second persons sends it. Raises Refused."""
    try:
        door(proposal.ref, by=by, reason=reason)
    except (AccountError, ProposalError, DecideError, PayingError) as error:
        known = error.code in {"same_person", "not_waiting", "personal", "paid"}
        raise Refused(error.code if known else "not_waiting") from None


def yes(proposal: Proposal) -> Callable[..., None]:
    """The door of a yes."""
    return partial(say, proposals.agree, proposal)


def no(proposal: Proposal) -> Callable[..., None]:
    """The door of a no."""
    return partial(say, proposals.refuse, proposal)
