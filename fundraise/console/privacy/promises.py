"""A donor's recurring gifts for the donor's own copy: pledges, mandates, periods, notices.

Account and identity number are shown as they are everywhere: never in full. The donor has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet

from donors import normalise
from fundraise import crypto
from fundraise.pledges import queries, sealing
from fundraise.pledges.models import Instalment, Mandate, Notice, Pledge, PledgeChange, Signature

# Codes of the house's own, which say nothing to the donor.
NOT_TOLD = {"register_wording_id", "appeals_wording_id", "targeting_wording_id"}


def of(pledges: QuerySet[Pledge]) -> list[dict[str, Any]]:
    """Each pledge with all that is kept about it."""
    return [_pledge(row) for row in pledges.select_related("entity", "campaign").order_by("pk")]


def _pledge(row: Pledge) -> dict[str, Any]:
    typed = queries.giver_of(row.pk)
    said = asdict(typed) if typed else {}
    return {
        "ref": row.ref,
        "to": row.entity.name,
        "campaign": row.campaign.title_sv,
        "state": row.state,
        "method": row.method,
        "ore": row.amount_ore,
        "every_months": row.interval_months,
        "day": row.day,
        "starts": row.starts_on,
        "ends": row.ends_on,
        "paused_until": row.paused_until,
        "began": row.created_at,
        "ended": row.ended_at,
        "end_reason": row.end_reason,
        "typed": {name: value for name, value in said.items() if value and name not in NOT_TOLD},
        "mandates": [_mandate(mandate) for mandate in row.mandates.order_by("pk")],
        "periods": [_period(one) for one in row.instalments.order_by("period")],
        "notices": [_notice(notice) for notice in row.notices.order_by("pk")],
        "changes": [_change(change) for change in row.changes.order_by("pk")],
    }


def _mandate(row: Mandate) -> dict[str, Any]:
    number = sealing.details_of(row).identity12.removeprefix("00")
    signature = Signature.objects.filter(mandate=row).first()
    return {
        "state": row.state,
        "payer_number": row.payer_number,
        "account": row.account_hint,
        "identity_number": normalise.masked(number) if number else "",
        "text": row.wording.text if row.wording else None,
        "signed": signature.signed_at if signature else None,
        "signed_by": signature.way if signature else None,
        "to_the_bank": row.sent_at,
        "answered": row.decided_at,
        "codes": row.reason,
        "ended": row.ended_at,
        "states": [
            {"at": step.at, "state": step.to_state, "codes": step.reason}
            for step in row.transitions.order_by("pk")
        ],
    }


def _period(row: Instalment) -> dict[str, Any]:
    return {
        "month": row.period,
        "day": row.due_on,
        "ore": row.amount_ore,
        "state": row.state,
        "reason": row.reason,
        "draws": [
            {"day": draw.due_on, "ore": draw.amount_ore, "state": draw.state, "code": draw.reason}
            for draw in row.collections.order_by("number")
        ],
    }


def _notice(row: Notice) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "ore": row.amount_ore,
        "first_day": row.first_on,
        "way": row.way,
        "sent": row.sent_at,
        "words": "".join(_words(row)),
    }


def _words(row: Notice) -> Iterator[str]:
    if row.text_sealed is not None:
        yield crypto.unseal(bytes(row.text_sealed), context=f"notice:{row.ref}").decode()


def _change(row: PledgeChange) -> dict[str, Any]:
    """What was changed, and by which way; not by whom of the staff (Art. 15(4))."""
    return {
        "kind": row.kind,
        "before": row.before,
        "after": row.after,
        "way": row.channel,
        "reached_us": row.received_at,
        "made": row.made_at,
        "undone": row.undone_at,
    }
