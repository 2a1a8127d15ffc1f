"""What needs a second person: asked here, done when another one has agreed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django.db import IntegrityError, transaction

from fundraise import clock
from fundraise.audit import reasons
from fundraise.audit import services as audit
from fundraise.ledger.models import LegalEntity
from fundraise.reconciliation.models import Proposal
from fundraise.staff import approvals

# A kind of proposal -> what the second person is asked as (fundraise.staff.approvals.KINDS).
ASKED_AS = {
    Proposal.Kind.NUMBERS: "bank_account",
    Proposal.Kind.RULE: "matching",
    Proposal.Kind.UNDO: "matching",
    Proposal.Kind.UNPAID: "matching",
}
# A kind of proposal -> what is done when it is agreed to: (proposal, by). The doors put theirs in.
DOES: dict[str, Callable[[Proposal, str], None]] = {}


class ProposalError(ValueError):
    """It can't be done; nothing was changed. Codes: asked_already, same_person, not_waiting,
    personal."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def ask(
    kind: str,
    entity: LegalEntity,
    subject: str,
    *,
    what: Mapping[str, object],
    by: str,
    why: str = "",
) -> Proposal:
    """Ask, in the caller's transaction. `by` is a person ("staff:<id>"). Raises ProposalError."""
    if reasons.tell_of_a_person(why):
        raise ProposalError("personal")
    try:
        with transaction.atomic():
            proposal = Proposal.objects.create(
                kind=kind,
                entity=entity,
                subject=subject,
                what=dict(what),
                why=why[:200],
                asked_by=by,
                asked_at=clock.now(),
            )
    except IntegrityError:
        raise ProposalError("asked_already") from None
    approvals.ask(ASKED_AS[Proposal.Kind(kind)], proposal.ref, entity, by=by)
    return proposal


def agree(ref: UUID, *, by: str, reason: str = "") -> Proposal:
    """The second person says yes, and it is done. Raises ProposalError, and what doing it raises:
    nothing is changed then and the question stays open."""
    with transaction.atomic():
        proposal = _waiting(ref, by, reason)
        _answer(proposal, Proposal.State.DONE, by, reason)
        DOES[proposal.kind](proposal, by)
    return proposal


def refuse(ref: UUID, *, by: str, reason: str) -> Proposal:
    """The second person says no. Raises ProposalError."""
    with transaction.atomic():
        proposal = _waiting(ref, by, reason)
        _answer(proposal, Proposal.State.REFUSED, by, reason)
    return proposal


def _waiting(ref: UUID, by: str, reason: str) -> Proposal:
    if reasons.tell_of_a_person(reason):
        raise ProposalError("personal")
    proposal = Proposal.objects.select_for_update(no_key=True).get(ref=ref)
    if proposal.asked_by == by:
        raise ProposalError("same_person")
    if proposal.state != Proposal.State.ASKED:
        raise ProposalError("not_waiting")
    return proposal


def _answer(proposal: Proposal, state: str, by: str, reason: str) -> None:
    proposal.state, proposal.answered_by, proposal.answered_at = state, by, clock.now()
    proposal.save(update_fields=["state", "answered_by", "answered_at"])
    yes = state == Proposal.State.DONE
    kind = ASKED_AS[Proposal.Kind(proposal.kind)]
    approvals.close(kind, proposal.ref, yes=yes, by=by, why=reason)
    audit.log_change(
        by=by,
        action="proposal.agreed" if yes else "proposal.refused",
        subject_type="proposal",
        subject_ref=proposal.ref,
        after={"kind": proposal.kind, "who": proposal.asked_by},
        reason=reason,
    )
