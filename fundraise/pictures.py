"""Pictures that somebody sends are never kept as they came: the pixels are decoded and made anew.

JPEG, PNG or WebP up to 10 MB and 40 million pixels; turned upright, made smaller, without metadata.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from typing import IO, Any

from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST_BYTES = 10_000_000
LARGEST_PIXELS = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP")


class PictureError(ValueError):
    """What was uploaded can't be used; `code`: too_heavy, too_large, no_picture."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def opened(upload: IO[bytes], longest: int) -> Image.Image:
    """The picture upright as RGBA, its longer side at most so many pixels. Raises PictureError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(upload, formats=FORMATS) as picture:
                if picture.width * picture.height > LARGEST_PIXELS:
                    raise PictureError("too_large")
                picture.thumbnail((longest, longest))  # first: a JPEG is then decoded small
                return ImageOps.exif_transpose(picture).convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureError("too_large") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        if isinstance(error, PictureError):
            raise
        raise PictureError("no_picture") from None


def on_white(picture: Image.Image) -> Image.Image:
    """Without transparency."""
    bare = Image.new("RGB", picture.size, "white")
    bare.paste(picture, mask=picture.getchannel("A"))
    return bare


def written(picture: Image.Image, kind: str, **options: Any) -> bytes:
    """The picture's bytes, without metadata."""
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def name_of(made: bytes, ending: str) -> str:
    """A name that is the hash of the content, so that its address may be cached for ever."""
    return f"{hashlib.sha256(made).hexdigest()[:32]}.{ending}"
