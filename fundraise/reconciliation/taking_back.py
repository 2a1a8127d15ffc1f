"""Money that goes back or comes back: refunds the bank shows, returns, gifts entered before."""

from __future__ import annotations

from fundraise.gifts import refunds
from fundraise.gifts.booking import Movement
from fundraise.gifts.models import Gift, Refund
from fundraise.ledger.models import Journal
from fundraise.ledger.services import post_journals
from fundraise.reconciliation import returned as returns
from fundraise.reconciliation import suspense
from fundraise.reconciliation.models import Match
from fundraise.reconciliation.movement import clearing_of, draft_of, noon_of, source_of
from fundraise.reconciliation.suspense import CLEARING

MANUAL = "manual:"


class ReturnError(ValueError):
    """It does not fit what it names; nothing was changed. Codes: nothing_named, amount, state."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def refund_shown(match: Match) -> None:
    """The bank's line shows a refund that left us. Raises ReturnError."""
    refund = match.refund
    if refund is None:
        raise ReturnError("nothing_named")
    if refund.amount_ore != -match.item.amount_ore:
        raise ReturnError("amount")
    if refund.state == Refund.State.SETTLED:  # staff confirmed it before the line came
        suspense.release(match.item, by=match.by)
        return
    at = noon_of(match)
    booked = refunds.record_refund(
        refund.gift_id,
        refunds.RefundSeen(
            provider_ref=shown_by(match),
            amount_ore=refund.amount_ore,
            at=at,
            movement=_movement(match),
            our_ref=refund.ref,
        ),
    )
    if not booked:
        raise ReturnError("state")


def shown_by(match: Match) -> str:
    """What a refund is called that the bank's line shows: a line that was undone and is said anew
    shows another one."""
    return f"bank:{match.ref}"


def returned(match: Match) -> None:
    """A gift is taken back by the bank, or a refund of ours has come back. Raises ReturnError."""
    if match.item.amount_ore > 0:
        _refund_came_back(match)
    elif match.gift is not None:
        _gift_taken_back(match, match.gift)
    else:
        raise ReturnError("nothing_named")


def _gift_taken_back(match: Match, gift: Gift) -> None:
    if gift.standing_ore < -match.item.amount_ore:
        raise ReturnError("amount")
    if gift.entity_id != match.item.account.entity_id and not _came_here(match, gift):
        raise ReturnError("state")
    booked = refunds.record_refund(
        gift.pk,
        refunds.RefundSeen(
            provider_ref=shown_by(match),
            amount_ore=-match.item.amount_ore,
            at=noon_of(match),
            movement=_movement(match, gift),
        ),
    )
    if not booked:
        raise ReturnError("state")
    returns.tell_of_gift(gift, match)


def _came_here(match: Match, gift: Gift) -> bool:
    """Whether another entity's gift came to this one's account: then it is owed that much less."""
    came = Match.objects.filter(
        gift=gift, kind="gift", state=Match.State.STANDS,
        item__account__entity=match.item.account.entity_id,
    )  # fmt: skip
    if not came.exists():
        return False
    match.entity_id = gift.entity_id
    Match.objects.filter(pk=match.pk).update(entity=gift.entity_id)
    return True


def _refund_came_back(match: Match) -> None:
    """What was booked when it left is reversed; the refund failed and is asked anew, or owed."""
    refund = match.refund
    if refund is None or refund.state != Refund.State.SETTLED:
        raise ReturnError("nothing_named" if refund is None else "state")
    if refund.amount_ore != match.item.amount_ore:
        raise ReturnError("amount")
    suspense.release(match.item, by=match.by)
    at = noon_of(match)
    refunds.record_refund(
        refund.gift_id,
        refunds.RefundSeen(
            provider_ref=refund.provider_ref or "",
            amount_ore=refund.amount_ore,
            at=at,
            movement=Movement(_source_of_refund(refund), at, match.by, clearing=CLEARING),
            our_ref=refund.ref,
            failed=True,
            failure=returns.BY_BANK,
            failed_at=at,
        ),
    )
    returns.tell_of_refund(refund, match)


def _source_of_refund(refund: Refund) -> str:
    """How the journal is called that booked it."""
    shown = Match.objects.filter(refund=refund, kind="refund", state="stands").first()
    if shown is not None and shown.journal_id is not None:
        return source_of(shown)
    return f"manual:refund:{(refund.provider_ref or '').removeprefix(MANUAL)}"


def entered_by_hand(match: Match, gift: Gift) -> None:
    """Staff booked the gift before its line came. Against clearing: the line closes it, nothing is
    left to book. Straight on the bank, as it was once done: what the line books twice comes back.
    Raises ReturnError.
    """
    if gift.amount_ore != match.item.amount_ore:
        raise ReturnError("amount")
    journal = Journal.objects.filter(entity_id=gift.entity_id, source=gift.provider_ref).first()
    if journal is None:
        raise ReturnError("state")
    debit = journal.entries.select_related("debit_account").order_by("line")[0].debit_account
    if debit.role == CLEARING:
        return
    bank = str(debit.number)
    draft = draft_of(match, suspense.entry(CLEARING, bank, match.item.amount_ore), "Inmatad gåva")
    post_journals([draft])


def _movement(match: Match, gift: Gift | None = None) -> Movement:
    """In the books of the gift's entity: another's money lies in what is owed to it."""
    at = noon_of(match)
    other = gift is not None and gift.entity_id != match.item.account.entity_id
    return Movement(
        source_of(match), at, match.by, document=f"bank:{match.item.ref}",
        clearing="owed_by_entity" if other else clearing_of(match),
    )  # fmt: skip
