"""Why something of the party-finance report can't be done."""

from __future__ import annotations

from fundraise.audit import reasons


class PartyError(ValueError):
    """`code` says why; the page has the sentence.

    day_before_the_last, day_in_the_past, day_ahead, personal, reason_missing, not_open,
    not_waiting, counters_alike, counters_missing, slip_used, deposit_used, wrong_donor,
    year_not_over, base_missing, nothing_changed, not_a_party, busy, other_entity, line_sum,
    line_gone, has_line, owed_already, too_much.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def names_nobody(*texts: str) -> None:
    """Raises PartyError("personal") when a text that stays in the log tells of a person."""
    if any(reasons.tell_of_a_person(text) for text in texts):
        raise PartyError("personal")


def reasoned(reason: str) -> str:
    """A reason that stays in the log. Raises PartyError: reason_missing, personal."""
    if not reason.strip():
        raise PartyError("reason_missing")
    names_nobody(reason)
    return reason.strip()
