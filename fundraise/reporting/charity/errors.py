"""Why something of a charity's year can't be done."""

from __future__ import annotations

from fundraise.audit import reasons


class CharityError(ValueError):
    """It can't be done.

    `code`: not_a_charity, year_not_over, nothing_changed, personal, day_ahead,
    not_a_person, too_young, number_invalid, more_than_gift, in_return_noted.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def names_nobody(*texts: str) -> None:
    """Raises CharityError("personal") when a text that stays in the log tells of a person."""
    if any(reasons.tell_of_a_person(text) for text in texts):
        raise CharityError("personal")
