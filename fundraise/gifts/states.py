"""Which state may follow which. Money that is seen wins over everything before it."""

from __future__ import annotations

GIFT = {
    "pending": {"received", "failed", "expired", "void"},
    "failed": {"received"},
    "expired": {"received"},
    "void": {"received"},
    "received": set[str](),
}

REFUND = {
    "awaiting_second": {"queued", "refused"},
    "queued": {"sent", "settled", "failed"},
    "sent": {"settled", "failed"},
    "settled": {"failed"},
    "failed": set[str](),
    "refused": set[str](),
}
