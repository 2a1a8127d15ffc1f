"""What is wrong with a file: where, against which rule, and how."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """`rule` is a section of 4B ("5.8"), or the record whose notes say it ("#VER"); line 0 is
    the file as a whole."""

    line: int
    rule: str
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text} (4B {self.rule})"
