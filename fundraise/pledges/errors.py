"""What goes wrong with a pledge, as codes: the words are given where they are shown."""

from __future__ import annotations

OF_THE_ACCOUNT = {"number_in_use", "quarantine"}  # said at the field of the account


class PledgeError(Exception):
    """A wish that can't be carried out; nothing was changed.

    Codes: ended, not_active, not_paused, amount, day, until, nothing_to_skip, too_late,
    not_undoable, has_waiting_mandate, no_payer_range, no_payer_number, quarantine, not_received,
    not_draft, not_signed, unknown_method, number_in_use, on_paper.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
