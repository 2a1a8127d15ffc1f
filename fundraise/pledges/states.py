"""Which state may follow which: the executable specification of a pledge and all that hangs on it.

Plain Python. `rules.py` decides the moves, tests/pledges/test_spec.py walks them at random. Money
that is seen wins over every decision before it; an end is an end.

A pledge: `unconfirmed` waits for the donor's own yes, `pending` for the bank's; `halted` has no
mandate that can be drawn on until the donor gives a new one.
A mandate: `received` came from the Internet bank and waits for our answer; `retiring` draws nothing
new and ends when what it has out is settled; `ending` waits for the bank to confirm the end.
An instalment is one period of a pledge; a collection is one attempt to draw it: `trying` is tried
again by the bank itself, `cancelling` waits for the answer about its cancellation, `doubt` means
that nobody knows yet, `surplus` is money that came when the period was paid already.
"""

from __future__ import annotations

PLEDGE = {
    "unconfirmed": {"pending", "ended"},
    "pending": {"active", "halted", "ended"},
    "active": {"paused", "halted", "ended"},
    "paused": {"active", "halted", "ended"},
    "halted": {"pending", "active", "ended"},
    "ended": set[str](),
}
LIVE_PLEDGE = ["unconfirmed", "pending", "active", "paused", "halted"]

MANDATE = {
    "draft": {"created", "active", "ended"},
    "received": {"created", "refused", "ended"},
    "created": {"sent", "ended"},
    "sent": {"active", "refused", "ending", "ended"},
    "active": {"retiring", "ending", "ended"},
    "retiring": {"ending", "ended"},
    "ending": {"ended"},
    "refused": set[str](),
    "ended": set[str](),
}
WAITING_MANDATE = ["draft", "created", "sent"]
OVER_MANDATE = ["refused", "ended"]

INSTALMENT = {
    "planned": {"collecting", "skipped", "missed", "cancelled", "paid"},
    "collecting": {"planned", "skipped", "missed", "cancelled", "paid"},
    "skipped": {"planned", "cancelled", "paid"},
    "missed": {"paid"},
    "cancelled": {"paid"},
    "paid": set[str](),
}

COLLECTION = {
    "queued": {"sent", "doubt", "cancelled", "paid", "failed"},
    "sent": {"trying", "cancelling", "doubt", "paid", "failed", "cancelled", "surplus"},
    "trying": {"cancelling", "doubt", "paid", "failed", "cancelled", "surplus"},
    "cancelling": {"sent", "trying", "doubt", "paid", "failed", "cancelled", "surplus"},
    "doubt": {"trying", "paid", "failed", "cancelled", "surplus"},
    "failed": {"paid", "surplus"},
    "cancelled": {"paid", "surplus"},
    "paid": {"refunded"},
    "surplus": {"refunded"},
    "refunded": {"paid", "surplus"},  # the refund failed: the money is here again
}
OPEN_COLLECTION = ["queued", "sent", "trying", "cancelling", "doubt"]
