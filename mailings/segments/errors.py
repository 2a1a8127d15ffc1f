from __future__ import annotations


class SegmentError(Exception):
    """A wish that can't be done; `code` is a key of words.ERRORS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TooSlow(SegmentError):
    """The question took longer than it may, or somebody asked a newer one meanwhile."""

    def __init__(self) -> None:
        super().__init__("too_slow")
