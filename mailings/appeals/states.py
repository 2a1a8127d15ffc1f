"""Which state may follow which: an appeal's and a batch's whole life. Plain Python.

An appeal: `preparing` freezes who gets it and makes the messages; `sending` and `paused` go back
and forth; it is `finished` only when the balance holds (frozen = accepted + refused + left out) and
nothing is in doubt. Whoever cancels keeps what was accepted and leaves the rest out.

A batch is one request to the sender: `held` waits for its wave, `posting` is committed before the
request leaves and carries a lease, `in_doubt` means that nobody knows whether the sender took it:
it goes back to `ready` only when a recall was confirmed or a person says so. A refused request that
may hold one bad address is `split` in two.
"""

from __future__ import annotations

APPEAL = {
    "draft": {"scheduled", "cancelled"},
    "scheduled": {"draft", "preparing", "cancelled"},
    "preparing": {"sending", "paused", "cancelled", "draft"},  # draft: grown since, nobody frozen
    "sending": {"preparing", "paused", "finished", "cancelled"},  # back for the rest of a trial
    "paused": {"preparing", "sending", "cancelled"},
    "finished": set[str](),
    "cancelled": set[str](),
}
OPEN_APPEAL = ["scheduled", "preparing", "sending", "paused"]
FROZEN_APPEAL = ["preparing", "sending", "paused", "finished", "cancelled"]

BATCH = {
    "held": {"ready", "cancelled"},
    "ready": {"posting", "held", "cancelled"},
    # Cancelled: nothing left the house, since nobody was left or the appeal was cancelled.
    "posting": {"accepted", "refused", "split", "ready", "in_doubt", "cancelled"},
    "in_doubt": {"accepted", "refused", "ready", "cancelled"},
    "accepted": {"cancelled"},  # recalled before the sender let it go
    "refused": set[str](),
    "split": set[str](),
    "cancelled": set[str](),
}
UNSETTLED_BATCH = ["held", "ready", "posting", "in_doubt"]
