"""What items of the bank are said to be, by a person: taken, refused, decided, split, joined,
undone."""

from __future__ import annotations

from fundraise.reconciliation.deciding.by_hand import (
    Choice,
    class_others,
    decide,
    park,
    split,
    to_donor,
)
from fundraise.reconciliation.deciding.errors import DecideError
from fundraise.reconciliation.deciding.joining import join, may_be_joined
from fundraise.reconciliation.deciding.taking import (
    Outcome,
    refuse,
    refuse_many,
    take,
    take_many,
)
from fundraise.reconciliation.deciding.taking_back import take_back
from fundraise.reconciliation.deciding.undoing import Undone, undo

__all__ = [
    "Choice",
    "DecideError",
    "Outcome",
    "Undone",
    "class_others",
    "decide",
    "join",
    "may_be_joined",
    "park",
    "refuse",
    "refuse_many",
    "split",
    "take",
    "take_back",
    "take_many",
    "to_donor",
    "undo",
]
