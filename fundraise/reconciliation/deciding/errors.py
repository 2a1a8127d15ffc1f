"""Why a decision can't be taken."""

from __future__ import annotations


class DecideError(ValueError):
    """It can't be done; nothing was changed.

    Codes: not_open (decided meanwhile), not_booked (its file was not booked), stale (what was
    suggested is not so any more), taken (another item has it), campaign, donor, kind, sum, sign,
    batch (a batch belongs to one set of books), dedicated, booked, personal, refunded (some of the
    gift went back), final (can't be undone), why (a reason is needed), parts (some are
    decided), from_bank (the bank told the parts).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
