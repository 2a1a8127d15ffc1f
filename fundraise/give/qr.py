"""QR codes on the donor's pages."""

from __future__ import annotations

import segno
from django.utils.safestring import SafeString, mark_safe


def svg(text: str) -> SafeString:
    """A code as inline SVG without style attributes."""
    code = segno.make(text, error="m", micro=False)
    drawn = str(code.svg_inline(border=2, omitsize=True, dark="#000"))
    return mark_safe(drawn)  # noqa: S308 - segno's own, of modules alone
