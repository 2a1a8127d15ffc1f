"""Why something was not saved; each has a sentence in the staff pages."""

from __future__ import annotations


class Stale(Exception):
    """Somebody saved after this page was opened; `by` and `edition` of what is there now."""

    def __init__(self, edition: int, by: str) -> None:
        super().__init__("saved meanwhile")
        self.edition, self.by = edition, by


class Refused(ValueError):
    """A code: name_taken, no_name, archived, not_ready, no_words, unknown_version."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
