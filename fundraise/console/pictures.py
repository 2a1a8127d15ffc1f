"""Campaign pictures: made anew from what was uploaded, and shown to the world.

Nothing that came in is kept as it came (fundraise/pictures.py). A name is the hash of the content,
so that the address (`settings.MEDIA_URL` is `/bilder/`) may be cached for ever; pictures of mails
lie beside them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest

from fundraise.pictures import LARGEST_BYTES, PictureError, name_of, on_white, opened, written

LONGEST_SIDE = 1600
QUALITY = 82
NAME = re.compile(r"[0-9a-f]{32}\.(webp|jpg|png)")
TYPES = {"webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}
YEAR = 31_536_000


def keep(upload: IO[bytes], size: int) -> str:
    """Make the picture anew and store it; its name for Campaign.picture. Raises PictureError."""
    if size > LARGEST_BYTES:
        raise PictureError("too_heavy")
    made = remake(upload)
    name = name_of(made, "webp")
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(made))
    return name


def remake(upload: IO[bytes]) -> bytes:
    """The pixels as WebP, upright, at most 1600 px, without metadata. Raises PictureError."""
    return written(on_white(opened(upload, LONGEST_SIDE)), "WEBP", quality=QUALITY, method=4)


def show(_request: HttpRequest, name: str) -> FileResponse:
    """A picture for the world: no session, no look-up, cached for a year."""
    path = Path(settings.MEDIA_ROOT) / name
    found = NAME.fullmatch(name)
    if not found or not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), content_type=TYPES[found[1]])
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"  # mails and link previews show it
    return response
