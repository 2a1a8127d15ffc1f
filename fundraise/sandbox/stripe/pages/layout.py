"""The frame of every page of this stand-in, with its banner."""

from __future__ import annotations

from fundraise.sandbox import layout
from fundraise.sandbox.layout import CSS_PATH, button, link, paragraph, stylesheet
from fundraise.sandbox.stripe.pages import texts
from fundraise.sandbox.web import Response

__all__ = ["CSS_PATH", "button", "link", "page", "paragraph", "stylesheet"]


def page(lang: str, title: str, body: str, *, status: int = 200, leads_to: tuple[str, ...] = (),
         wide: bool = False) -> Response:  # fmt: skip
    """`body` is HTML; `leads_to` are addresses that a form on the page may end up at."""
    banner = texts.words(lang)["banner"]
    return layout.page(
        lang, title, body, banner=banner, status=status, leads_to=leads_to, wide=wide
    )
