"""Pages without a request: rendered from values, the nonce and the form token put in at the end.

Rendering is the dear part of a page, and all but the nonce and the token are the same for every
visitor. So a page is rendered with marks in their place; the donation page as it first opens is
kept in memory under the values that it was made of.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import loader

from fundraise import colour
from fundraise.give import links
from fundraise.give.terms import Payee, Terms

# Unguessable, so that no text of staff or visitors can hold them.
NONCE_MARK = f"nonce-{secrets.token_hex(16)}"
TOKEN_MARK = f"token-{secrets.token_hex(16)}"
HOUSE_COLOUR = "#0b5d4e"


@dataclass(frozen=True)
class Frame:
    """What every page has around it."""

    language: str
    other_url: str
    tokens: colour.Tokens
    nonce: str = NONCE_MARK
    payee: Payee | None = None
    stripe_swish: bool = False
    named_above_ore: int | None = None
    threshold_ore: int | None = None

    @property
    def other_language(self) -> str:
        return links.other(self.language)

    @property
    def home(self) -> str:
        return links.front(self.language)

    @property
    def mine(self) -> str:
        return links.mine(self.language)

    @property
    def privacy(self) -> str:
        return links.privacy(self.language)

    @property
    def accessibility(self) -> str:
        return links.accessibility(self.language)


def frame(language: str, other_url: str, terms: Terms | None = None) -> Frame:
    """The frame of a campaign's page, or of the house's own."""
    if terms is None:
        return Frame(language, other_url, colour.tokens(HOUSE_COLOUR))
    return Frame(
        language,
        other_url,
        colour.tokens(terms.colour),
        payee=terms.payee,
        stripe_swish=terms.stripe_swish,
        named_above_ore=terms.named_above_ore,
        threshold_ore=terms.threshold_ore,
    )


def render(template: str, frame: Frame, **context: Any) -> str:
    """The page with marks where the nonce and the token go."""
    return loader.get_template(template).render({"frame": frame, "nonce": frame.nonce, **context})


def finish(request: HttpRequest, page: str, *, token: str = "", status: int = 200) -> HttpResponse:
    """The page as this visitor gets it."""
    body = page.replace(NONCE_MARK, str(getattr(request, "csp_nonce", "")))
    return HttpResponse(body.replace(TOKEN_MARK, token), status=status)
