"""Pictures of mails: JPEG or PNG, which every mail program shows, at most 1200 px wide.

A mail is 600 px wide; twice that is sharp on every screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from fundraise.pictures import LARGEST_BYTES, PictureError, name_of, on_white, opened, written

WIDEST, LONGEST = 1200, 2400
QUALITY = 82


@dataclass(frozen=True, slots=True)
class Made:
    """A picture made anew."""

    data: bytes
    ending: str
    width: int
    height: int


def remake(upload: IO[bytes], size: int) -> Made:
    """JPEG, or PNG where something shows through. Raises PictureError."""
    if size > LARGEST_BYTES:
        raise PictureError("too_heavy")
    picture = opened(upload, LONGEST)
    if picture.width > WIDEST:
        height = max(1, picture.height * WIDEST // picture.width)
        picture = picture.resize((WIDEST, height), Image.Resampling.LANCZOS)
    clear = _shows_through(picture)
    data = (
        written(picture, "PNG", optimize=True)
        if clear
        else written(on_white(picture), "JPEG", quality=QUALITY, progressive=True, optimize=True)
    )
    return Made(data, "png" if clear else "jpg", picture.width, picture.height)


def _shows_through(picture: Image.Image) -> bool:
    return picture.getchannel("A").tobytes().count(b"\xff") < picture.width * picture.height


def store(made: Made) -> str:
    """Keep the file; its name. The same picture is one file."""
    name = name_of(made.data, made.ending)
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(made.data))
    return name
