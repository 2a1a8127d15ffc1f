"""Why something of the party-finance report can't be done."""

from __future__ import annotations


class PartyError(ValueError):
    """`code` says why; the page has the sentence.

    day_before_the_last, day_in_the_past, day_ahead, personal, reason_missing, not_open,
    not_waiting, counters_alike, counters_missing, slip_used, deposit_used, wrong_donor,
    year_not_over, base_missing, nothing_changed, not_a_party, busy.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
