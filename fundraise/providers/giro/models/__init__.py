"""Files to and from Bankgirot: what was agreed, what was sent, what came and what became of it."""

from __future__ import annotations

from fundraise.providers.giro.models.agreement import Agreement, CalendarFeed, Carrier
from fundraise.providers.giro.models.incoming import Deposit, InFile, InRow, OtherFile
from fundraise.providers.giro.models.outgoing import Order, OutFile
from fundraise.providers.giro.models.question import Question

__all__ = [
    "Agreement",
    "CalendarFeed",
    "Carrier",
    "Deposit",
    "InFile",
    "InRow",
    "Order",
    "OtherFile",
    "OutFile",
    "Question",
]
