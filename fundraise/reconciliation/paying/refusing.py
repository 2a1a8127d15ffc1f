"""A list that was left to the bank and that the bank refused, whole or some rows of it.

What is refused may go on another list, so it must be true: whoever says it says why, a second
person agrees above the sum that a refund asks for one, and no row is freed that a line of the bank
shows, be it only suggested.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import transaction

from fundraise import clock
from fundraise.audit import reasons
from fundraise.audit import services as audit
from fundraise.gifts.models import Refund
from fundraise.reconciliation import proposals
from fundraise.reconciliation.models import Match, PaymentList, PaymentRow, Proposal
from fundraise.reconciliation.paying import debts
from fundraise.reconciliation.paying.services import PayingError

State = PaymentList.State
SHOWN = [Match.State.STANDS, Match.State.SUGGESTED]


def may_be_refused(made: PaymentList) -> list[PaymentRow]:
    """The rows that wait at the bank: no line of it shows them."""
    if made.state != State.SENT:
        return []
    return [row for row in _live(made) if _is_open(row, made.account.entity_id)]


def _live(made: PaymentList) -> list[PaymentRow]:
    rows = made.rows.filter(is_live=True).select_related("refund", "to_entity")
    return list(rows.order_by("pk"))


def _is_open(row: PaymentRow, debtor: int) -> bool:
    if row.to_entity_id is not None:
        return debts.unpaid(debtor, row.to_entity_id, row.amount_ore) > 0
    refund = row.refund
    if refund is None or refund.state != Refund.State.SENT:
        return False
    return not Match.objects.filter(refund=refund, state__in=SHOWN).exists()


def needs_second(rows: Iterable[PaymentRow]) -> bool:
    """Whether a second person must agree (0 in the setting: always)."""
    limit = settings.TWO_PERSON_REFUND_ORE
    return bool(limit == 0 or sum(row.amount_ore for row in rows) > limit)


@transaction.atomic
def refuse(list_id: int, names: Sequence[str], *, by: str, why: str) -> Proposal | None:
    """The bank refused these rows, named as the file names them; the question where a second
    person must agree first.

    Raises PayingError: not_at_bank, nothing, paid, why, personal, asked_already.
    """
    if not why.strip():
        raise PayingError("why")
    if reasons.tell_of_a_person(why):
        raise PayingError("personal")
    made, rows = _chosen(list_id, names)
    if not needs_second(rows):
        _free(made, rows, by=by, why=why)
        return None
    try:
        return proposals.ask(
            Proposal.Kind.UNPAID,
            made.account.entity,
            f"payment_list:{made.ref}",
            what={"rows": [row.end_to_end for row in rows]},
            by=by,
            why=why,
        )
    except proposals.ProposalError as error:
        raise PayingError(error.code) from None


def _chosen(list_id: int, names: Sequence[str]) -> tuple[PaymentList, list[PaymentRow]]:
    """The list and its rows, locked; every one of them waits still."""
    rows_of = PaymentList.objects.select_for_update(no_key=True, of=("self",))
    made = rows_of.select_related("account__entity").get(pk=list_id)
    if made.state != State.SENT:
        raise PayingError("not_at_bank")
    rows = [row for row in _live(made) if row.end_to_end in set(names)]
    if not rows:
        raise PayingError("nothing")
    refunds = [row.refund_id for row in rows if row.refund_id is not None]
    # Whoever books one of them meanwhile comes before or after, never between.
    list(Refund.objects.select_for_update(no_key=True).filter(pk__in=refunds).order_by("pk"))
    waiting = {row.pk for row in may_be_refused(made)}
    if any(row.pk not in waiting for row in rows):
        raise PayingError("paid")
    return made, rows


def _free(made: PaymentList, rows: Sequence[PaymentRow], *, by: str, why: str) -> None:
    """The rows may go on another list; the list is refused when none of it waits or was paid."""
    made.rows.filter(pk__in=[row.pk for row in rows]).update(is_live=False)
    if not made.rows.filter(is_live=True).exists():
        made.state, made.ended_at, made.ended_by = State.REFUSED, clock.now(), by[:60]
        made.save(update_fields=["state", "ended_at", "ended_by"])
    audit.log_change(
        by=by,
        action="payment_list.refused",
        subject_type="payment_list",
        subject_ref=made.ref,
        after={
            "kind": made.kind,
            "count": len(rows),
            "amount_ore": sum(row.amount_ore for row in rows),
        },
        reason=why,
    )


def _agreed(proposal: Proposal, by: str) -> None:
    """The second person has agreed. Raises PayingError where a line has shown one since."""
    pk = PaymentList.objects.values_list("pk", flat=True).get(ref=proposal.subject.split(":")[1])
    made, rows = _chosen(pk, proposal.what["rows"])
    if len(rows) != len(proposal.what["rows"]):
        raise PayingError("paid")
    _free(made, rows, by=proposal.asked_by, why=proposal.why)


proposals.DOES[Proposal.Kind.UNPAID] = _agreed
