"""Signed by a tick on the form: the tick is asked for by the form itself."""

from __future__ import annotations

from typing import ClassVar

from fundraise.providers.signing import SIGNED, Asked, Progress


class Tick:
    """The tick came with the form, so the mandate is signed when the form is good."""

    way: ClassVar[str] = "tick"
    begins_later: ClassVar[bool] = False

    def begin(self, asked: Asked) -> Progress:
        return Progress(SIGNED, {"ticked": True})

    def collect(self, asked: Asked, order: str) -> Progress:
        return self.begin(asked)

    def code(self, asked: Asked, order: str) -> str:
        return ""
