"""A mail to one of ours: what it is about, one button, and why they get it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import mrml
from django.template import Context, Template

_LAYOUT = Path(__file__).parent / "templates" / "mailings" / "letter.mjml"


@dataclass(frozen=True, slots=True)
class Letter:
    """The words of a mail, in one language."""

    language: str
    subject: str
    said: tuple[str, ...]
    button: str
    link: str
    footer: str

    def as_html(self) -> str:
        """The letter laid out; every word is escaped."""
        words = {name: getattr(self, name) for name in self.__slots__}
        return _layout().render(Context(words, autoescape=True))

    def as_text(self) -> str:
        """The same words without layout."""
        lines = [*self.said, f"{self.button}:\n{self.link}", self.footer]
        return "\n\n".join(lines) + "\n"


@cache
def _layout() -> Template:
    # Compiled before anything is filled in: what stands in a letter is never read as MJML.
    return Template(mrml.to_html(_LAYOUT.read_text(encoding="utf-8")).content)
