"""The frame of every page: banner, headings, a strict policy."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from fundraise.sandbox.web import Response

HERE = Path(__file__).parent
CSS_PATH = "/assets/stand-in.css"


def page(
    lang: str, title: str, body: str, *, banner: str, status: int = 200,
    leads_to: tuple[str, ...] = (), wide: bool = False, frames: bool = False,
) -> Response:  # fmt: skip
    """`body` is HTML; `leads_to` are addresses that a form on the page may end up at; `frames`
    lets it show pages of its own within."""
    html = (
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="robots" content="noindex">\n<title>{escape(title)} · {banner}</title>\n'
        f'<link rel="stylesheet" href="{CSS_PATH}">\n<link rel="icon" href="data:,">\n</head>\n'
        f'<body>\n<header class="banner"><p>{banner}</p></header>\n'
        f"<main{' class=wide' if wide else ''}>\n<h1>{escape(title)}</h1>\n{body}\n</main>\n"
        "</body>\n</html>\n"
    )
    headers = {
        "Content-Security-Policy": _policy(leads_to) + ("; frame-src 'self'" if frames else ""),
        "Cache-Control": "no-store",
        "Referrer-Policy": "same-origin",
    }
    return Response(html, status, headers=headers)


def _policy(leads_to: tuple[str, ...]) -> str:
    # A browser holds form-action against the redirect that follows the form, too.
    origins = sorted({origin(url) for url in leads_to if url})
    return "; ".join((
        "default-src 'none'", "style-src 'self'", "img-src data:", "base-uri 'none'",
        "frame-ancestors 'none'", " ".join(("form-action 'self'", *origins)),
    ))  # fmt: skip


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@cache
def stylesheet() -> Response:
    text = (HERE / "stand-in.css").read_text(encoding="utf-8")
    headers = {"Cache-Control": "max-age=300"}
    return Response(text, type="text/css; charset=utf-8", headers=headers)


def paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def link(url: str | None, text: str, *, plain: bool = False) -> str:
    if not url:
        return ""
    kind = "button plain" if plain else "button"
    return f'<a class="{kind}" href="{escape(url)}">{escape(text)}</a>'


def button(text: str, *, name: str = "", value: str = "", plain: bool = False, id: str = "") -> str:
    attributes = "".join(
        f' {key}="{escape(found)}"'
        for key, found in (("name", name), ("value", value), ("id", id),
                           ("class", "plain" if plain else ""))
        if found
    )  # fmt: skip
    return f'<button type="submit"{attributes}>{escape(text)}</button>'
