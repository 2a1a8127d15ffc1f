"""What stands in a PDF, read without a PDF library: its objects, unpacked."""

from __future__ import annotations

import re
import zlib


def unpacked(content: bytes) -> bytes:
    """The file with every stream beside it inflated."""
    parts = [content]
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        try:
            parts.append(zlib.decompressobj().decompress(found[1]))
        except zlib.error:
            continue  # the metadata are not packed
    return b"\n".join(parts)
