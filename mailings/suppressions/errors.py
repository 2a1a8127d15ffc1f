from __future__ import annotations


class SuppressionError(Exception):
    """Why a suppression stays as it is; `code` says which reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
