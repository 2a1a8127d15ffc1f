"""Campaign pictures: made anew from what was uploaded, and shown to the world.

Nothing that came in is kept as it came: the pixels are decoded, turned upright, made smaller and
written as WebP without metadata, under a name that is the hash of the content, so that the address
(`settings.MEDIA_URL` is `/bilder/`) may be cached for ever.
"""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST_BYTES = 10_000_000
LARGEST_PIXELS = 40_000_000
LONGEST_SIDE = 1600
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP")
NAME = re.compile(r"[0-9a-f]{32}\.webp")
YEAR = 31_536_000


class PictureError(ValueError):
    """What was uploaded can't be used; `code`: too_heavy, too_large, no_picture."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def keep(upload: IO[bytes], size: int) -> str:
    """Make the picture anew and store it; its name for Campaign.picture. Raises PictureError."""
    if size > LARGEST_BYTES:
        raise PictureError("too_heavy")
    made = remake(upload)
    name = f"{hashlib.sha256(made).hexdigest()[:32]}.webp"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(made))
    return name


def remake(upload: IO[bytes]) -> bytes:
    """The pixels as WebP, upright, at most 1600 px, without metadata. Raises PictureError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(upload, formats=FORMATS) as picture:
                if picture.width * picture.height > LARGEST_PIXELS:
                    raise PictureError("too_large")
                return _encoded(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureError("too_large") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        if isinstance(error, PictureError):
            raise
        raise PictureError("no_picture") from None


def _encoded(picture: Image.Image) -> bytes:
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))  # first: a JPEG is then decoded small
    upright = ImageOps.exif_transpose(picture).convert("RGBA")
    bare = Image.new("RGB", upright.size, "white")
    bare.paste(upright, mask=upright.getchannel("A"))
    out = io.BytesIO()
    bare.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()


def show(_request: HttpRequest, name: str) -> FileResponse:
    """A picture for the world: no session, no look-up, cached for a year."""
    path = Path(settings.MEDIA_ROOT) / name
    if not NAME.fullmatch(name) or not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), content_type="image/webp")
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"  # mails and link previews show it
    return response
