"""A sheet: one mail in one language as it is kept and sent between the editor and the server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mailings.composing import blocks, compiling, plain
from mailings.composing.blocks import BlocksError
from mailings.composing.drafts import Compiled, Draft, House

LANGUAGES = ("sv", "en")
LONGEST_LINE = 150
LONGEST_TEXT = 50_000


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    subject: str = Field("", max_length=LONGEST_LINE)
    preheader: str = Field("", max_length=LONGEST_LINE)
    blocks: list[Any] = Field(default_factory=list)
    text_edited: str = Field("", max_length=LONGEST_TEXT)
    text_basis: str = Field("", pattern=r"^([0-9a-f]{64})?$")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Subject, preheader, blocks, and the plain text when it is written by hand."""

    subject: str = ""
    preheader: str = ""
    blocks: tuple[Any, ...] = ()
    text_edited: str = ""
    text_basis: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is written."""
        lines = (self.subject, self.preheader, self.text_edited)
        return not self.blocks and not any(line.strip() for line in lines)

    def draft(self, language: str, house: House) -> Draft:
        """What is compiled."""
        return Draft(
            language=language,
            subject=self.subject,
            preheader=self.preheader,
            blocks=self.blocks,
            house=house,
            text_edited=self.text_edited,
            text_made_of=self.text_basis,
        )

    def compiled(self, language: str, house: House) -> Compiled:
        """The mail."""
        return compiling.compile_draft(self.draft(language, house))

    def dump(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "subject": self.subject,
            "preheader": self.preheader,
            "blocks": blocks.dump(list(self.blocks)),
            "text_edited": self.text_edited,
            "text_basis": self.text_basis,
        }

    def based(self, language: str, house: House, before: Sheet) -> Sheet:
        """With the print of the made text, when the text begins to be written by hand."""
        if not self.text_edited.strip():
            basis = ""
        elif before.text_edited == self.text_edited:
            basis = before.text_basis
        else:
            basis = plain.print_of(plain.source(self.draft(language, house)))
        return Sheet(self.subject, self.preheader, self.blocks, self.text_edited, basis)


def read(kept: object) -> Sheet:
    """The sheet of what was kept or sent. Raises BlocksError; it holds nothing that was typed."""
    try:
        found = _Kept.model_validate(_storable(kept))
    except ValidationError as error:
        raise BlocksError(*blocks.first_fault(error)) from None
    return Sheet(
        subject=_line(found.subject),
        preheader=_line(found.preheader),
        blocks=tuple(blocks.read(found.blocks)),
        text_edited=found.text_edited.replace("\r\n", "\n"),
        text_basis=found.text_basis,
    )


def _storable(kept: object) -> object:
    """Without the character that PostgreSQL has no room for, wherever it stands."""
    if isinstance(kept, str):
        return kept.replace("\0", "")
    if isinstance(kept, list):
        return [_storable(one) for one in kept]
    if isinstance(kept, dict):
        return {key: _storable(value) for key, value in kept.items()}
    return kept


def _line(text: str) -> str:
    return " ".join(text.splitlines())
