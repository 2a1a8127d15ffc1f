"""Rows as COPY takes them, gathered per table and handed on in lumps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

NULL = r"\N"

# The columns in the order in which story.py and books.py write them.
COLUMNS = {
    "ledger_journal": (
        "id, ref, entity_id, series_id, year, number, event_date, accounting_date, registered_at,"
        ' text, source, document, "by", reversal_of_id, position, digest, hash'
    ),
    "ledger_entry": (
        "journal_id, line, debit_account_id, credit_account_id, amount_ore, campaign_id"
    ),
    "gifts_gift": (
        "id, ref, entity_id, campaign_id, donor_id, state, channel, amount_ore, currency, language,"
        " giver_key, origin, reference, provider_ref, created_at, received_at, refunded_ore,"
        " disputed_ore, fee_ore"
    ),
    "gifts_gifttransition": 'gift_id, from_state, to_state, at, "by", reason, event_id',
    "gifts_giverdetails": "gift_id, sealed",
    "gifts_refund": (
        "id, ref, gift_id, amount_ore, state, needs_second, reason, origin, idempotency_key,"
        " provider_ref, requested_by, approved_by, created_at, sent_at, failure"
    ),
    "gifts_refundtransition": 'refund_id, from_state, to_state, at, "by", reason, event_id',
    "gifts_dispute": (
        "ref, gift_id, provider_ref, amount_ore, taken_ore, state, reason, opened_at"
    ),
    "providers_payout": (
        "id, ref, account_id, provider_ref, amount_ore, state, arrives_on, trace_id, created_at,"
        " lines_complete"
    ),
    "providers_balanceline": (
        "account_id, provider_ref, kind, amount_ore, fee_ore, source_id, payout_id, created_at"
    ),
    "seed_giver": "key, gifts",
}


@dataclass(slots=True)
class Sheets:
    """One list of lines per table."""

    lines: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in COLUMNS})

    def take(self) -> dict[str, bytes]:
        """What has been written since last time, ready for COPY."""
        taken = {name: "".join(lines).encode() for name, lines in self.lines.items() if lines}
        for lines in self.lines.values():
            lines.clear()
        return taken


def key_text(key: bytes | None) -> str:
    """A keyed hash as COPY takes bytes."""
    return NULL if key is None else rf"\\x{key.hex()}"


def tables() -> Sequence[str]:
    """The tables of the product that are filled."""
    return [name for name in COLUMNS if not name.startswith("seed_")]
