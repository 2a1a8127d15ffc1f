"""Why an act on an appeal was refused; the pages say the code in words."""

from __future__ import annotations


class AppealError(Exception):
    """An act that was refused. `code` says why; `faults` what stands in the way, as codes."""

    def __init__(self, code: str, faults: tuple[str, ...] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.faults = faults
