"""What a door of this package may refuse. The text is a code and never repeats what was typed."""

from __future__ import annotations


class DonorError(Exception):
    """A change that is refused. `code` is for programs; pages turn it into a sentence."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class InvalidValue(DonorError):
    """Something typed that can't be used: "email_invalid", "phone_invalid", "name_too_long"…"""


class Unreadable(DonorError):
    """The donor's key is gone: the donor was forgotten, or the key table was not restored."""
