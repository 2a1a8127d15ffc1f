"""A scanned paper mandate: looked at before it is kept, as it must prove something in years."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

LARGEST_BYTES = 10_000_000
LARGEST_PIXELS = 60_000_000
SMALLEST_SIDE = 400
PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png"}
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
ACCEPT = "application/pdf,image/jpeg,image/png"
WRONG: dict[str, str | Promise] = {
    "empty": _("The file is empty. Scan the paper again."),
    "too_heavy": _("The file is larger than 10 MB. Scan the paper in grey, at 200 dots an inch."),
    "too_large": _("The picture has too many dots. Scan the paper at 200 dots an inch."),
    "too_small": _("The picture is too small to be read. Scan the whole paper."),
    "no_scan": _("Only PDF, JPEG and PNG are kept as proof. Scan the paper as one of them."),
    "damaged": _("The file is damaged and does not open. Scan the paper again."),
}


class ScanError(ValueError):
    """The file proves nothing; `code` is a key of WRONG."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Scan:
    """A paper as it was scanned, byte for byte, and what sort of file it is."""

    body: bytes = field(repr=False)
    type: str


def read(body: bytes) -> Scan:
    """What the bytes are, whatever the file is called. Raises ScanError."""
    if not body:
        raise ScanError("empty")
    if len(body) > LARGEST_BYTES:
        raise ScanError("too_heavy")
    if body.startswith(b"%PDF-"):
        return Scan(_whole_pdf(body), "application/pdf")
    return Scan(body, _picture(body))


def _whole_pdf(body: bytes) -> bytes:
    if b"%%EOF" not in body[-2048:] or b"/Page" not in body:
        raise ScanError("damaged")
    return body


def _picture(body: bytes) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(body), formats=tuple(PICTURES)) as picture:
                if picture.width * picture.height > LARGEST_PIXELS:
                    raise ScanError("too_large")
                if min(picture.size) < SMALLEST_SIDE:
                    raise ScanError("too_small")
                kind = PICTURES[str(picture.format)]
                picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ScanError("too_large") from None
    except UnidentifiedImageError:
        raise ScanError("no_scan") from None
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        if isinstance(error, ScanError):
            raise
        raise ScanError("damaged") from None
    return kind
