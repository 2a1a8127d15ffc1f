"""The inbox: a bank's file is kept, recognised, read, looked at, and booked or put away."""

from __future__ import annotations

from fundraise.reconciliation.inbox.booking_files import Booked, book, finish
from fundraise.reconciliation.inbox.doors import read_stored, take_in
from fundraise.reconciliation.inbox.dropping import drop, read_again
from fundraise.reconciliation.inbox.looking import Part, Preview, look
from fundraise.reconciliation.inbox.storing import InboxError, content_of

__all__ = [
    "Booked", "InboxError", "Part", "Preview", "book", "content_of", "drop", "finish", "look",
    "read_again", "read_stored", "take_in",
]  # fmt: skip
