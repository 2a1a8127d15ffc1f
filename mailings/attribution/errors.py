from __future__ import annotations


class AttributionError(Exception):
    """What can't be done, as a code that the pages have words for."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
