"""A mail as one person gets it, in a frame where nothing can be done.

The mail's own styles are inline, as mails must have them, so the answer has a policy of its own: it
may hold styles, and pictures of ours, and nothing else, and it is sandboxed.
"""

from __future__ import annotations

import re

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.http import HttpRequest, HttpResponse

from fundraise.console import policy
from mailings.composing import values
from mailings.composing.drafts import Compiled, House
from mailings.composing.values import Record

_DARK = re.compile(r"@media\s*\(prefers-color-scheme:\s*dark\)")
_LINK = re.compile(r' href="[^"]*"')


def answer(
    request: HttpRequest, made: Compiled, record: Record, house: House, theme: str
) -> HttpResponse:
    """The HTML of the mail, light or dark whatever the device of who looks prefers."""
    html = values.fill(made.html, record)
    html = _DARK.sub("@media all" if theme == "dark" else "@media not all", html)
    html = html.replace("color-scheme: light dark", f"color-scheme: {theme}")
    html = html.replace(f'src="{house.base_url}/', 'src="/')
    html = _LINK.sub(' href="#"', html)
    response = HttpResponse(html)
    response["X-Frame-Options"] = "SAMEORIGIN"
    here = f"{request.scheme}://{request.get_host()}"
    return policy.replace(
        response,
        {
            "default-src": [NONE],
            "img-src": [here],  # a sandboxed page is from nowhere, so 'self' would be nothing
            "style-src": [UNSAFE_INLINE],
            "form-action": [NONE],
            "base-uri": [NONE],
            "frame-ancestors": [SELF],
            "script-src": [NONE],
            "connect-src": [NONE],
            "font-src": [NONE],
            "sandbox": [True],
        },
    )
