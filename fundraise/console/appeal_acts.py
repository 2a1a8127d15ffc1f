"""A second person's yes or no to an appeal, with refusals that have words."""

from __future__ import annotations

from uuid import UUID

from fundraise.console.actions import Refused
from mailings.appeals.errors import AppealError
from mailings.appeals.services import scheduling

CODES = {"not_asked": "not_waiting", "same_person": "same_person"}


def approve(ref: UUID, *, by: str, reason: str = "") -> None:
    """Yes. Raises Refused: same_person, not_waiting."""
    try:
        scheduling.approve(ref, by=by)
    except AppealError as error:
        raise Refused(CODES[error.code]) from None


def refuse(ref: UUID, *, reason: str, by: str) -> None:
    """No: it is a draft again. Raises Refused: same_person, not_waiting."""
    try:
        scheduling.decline(ref, by=by, why=reason)
    except AppealError as error:
        raise Refused(CODES[error.code]) from None
