"""The blocks of a mail as kept: a JSON list with a strict schema.

The schema refuses what no editor of ours writes. What is only unfinished (an empty button, a
picture without words) can be kept, so that nothing typed is lost; `checking` says what it lacks.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

MOST_BLOCKS = 40
PICTURE = r"^([0-9a-f]{32}\.(jpg|png))?$"

Short = Annotated[str, Field(max_length=200)]
Url = Annotated[str, Field(max_length=2000)]


class _Block(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    id: Annotated[str, Field(pattern=r"^[a-z0-9]{1,12}$")]


class Heading(_Block):
    """A line that is read first."""

    kind: Literal["heading"]
    text: Short = ""


class Text(_Block):
    """Paragraphs, lists and links, in the mark-up of `markup`."""

    kind: Literal["text"]
    text: Annotated[str, Field(max_length=10_000)] = ""


class Picture(_Block):
    """A picture of the library, with words for who can't see it, and maybe a link."""

    kind: Literal["picture"]
    picture: Annotated[str, Field(pattern=PICTURE)] = ""
    width: Annotated[int, Field(ge=0, le=4000)] = 0
    height: Annotated[int, Field(ge=0, le=8000)] = 0
    alt: Short = ""
    link: Url = ""


class Button(_Block):
    """One button; without an address it leads to the campaign's page."""

    kind: Literal["button"]
    text: Short = ""
    link: Url = ""


class Ask(_Block):
    """Three sums of one's own, and "other amount"."""

    kind: Literal["ask"]
    period: Literal["once", "monthly"] = "once"
    base: Literal["last", "largest"] = "last"
    text: Short = ""

    @property
    def ladder(self) -> str:
        """The fields that hold its sums: ask1, top1, month1 …"""
        if self.period == "monthly":
            return "month"
        return "top" if self.base == "largest" else "ask"


class Thermometer(_Block):
    """The campaign's bar, with its numbers in words."""

    kind: Literal["thermometer"]
    text: Short = ""


class Signature(_Block):
    """Who wrote it."""

    kind: Literal["signature"]
    closing: Short = ""
    name: Short = ""
    role: Short = ""
    picture: Annotated[str, Field(pattern=PICTURE)] = ""
    alt: Short = ""


Block = Annotated[
    Union[Heading, Text, Picture, Button, Ask, Thermometer, Signature],  # noqa: UP007
    Field(discriminator="kind"),
]
KINDS: tuple[type[_Block], ...] = (Heading, Text, Picture, Button, Ask, Thermometer, Signature)
_LIST: TypeAdapter[list[Any]] = TypeAdapter(
    Annotated[list[Block], Field(max_length=MOST_BLOCKS)],
)


class BlocksError(ValueError):
    """The list is none of ours; `at` says where, as "3.text" (the fourth block's text)."""

    def __init__(self, code: str, at: str = "") -> None:
        super().__init__(f"{code} at {at}" if at else code)
        self.code, self.at = code, at


def read(kept: object) -> list[Any]:
    """The blocks of a kept list. Raises BlocksError; its text holds nothing that was typed."""
    try:
        blocks = _LIST.validate_python(kept)
    except ValidationError as error:
        raise BlocksError(*first_fault(error)) from None
    seen: set[str] = set()
    for number, block in enumerate(blocks):
        if block.id in seen:
            raise BlocksError("same_id", str(number))
        seen.add(block.id)
    return blocks


def first_fault(error: ValidationError) -> tuple[str, str]:
    """The code and place of what is wrong first, without what was typed."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    return str(first["type"]), ".".join(str(part) for part in first["loc"])


def dump(blocks: list[Any]) -> list[dict[str, Any]]:
    """The list as it is kept."""
    return [block.model_dump() for block in blocks]


def typed(block: Any) -> Iterator[tuple[str, str]]:
    """(place, words) of everything in a block that a person reads."""
    for place in ("text", "closing", "name", "role", "alt"):
        words = getattr(block, place, "")
        if words:
            yield place, words
