"""What another site pastes in: plain HTML that is worth something before the script has come."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from fundraise.give import links
from fundraise.give.terms import Terms


@dataclass(frozen=True)
class Snippets:
    """The texts to copy, and what the other site's policy must allow."""

    script: str
    thermometer: str
    button: str
    picture: str
    picture_button: str
    link: str
    origin: str


def snippets(terms: Terms) -> Snippets:
    """The snippets of a campaign, with the service's public addresses in them."""
    slug, language = terms.slug, terms.language
    page = links.absolute(links.donate(slug, language))
    names = f'campaign="{slug}" lang="{language}"'
    look = _("See how much has been raised: %(title)s") % {"title": terms.title}
    act = _("Give a gift")
    return Snippets(
        script=_script(),
        thermometer=_around(
            f"fundraise-thermometer {names}",
            _link(links.absolute(links.thermometer(slug, language)), look),
        ),
        button=_around(f'fundraise-button {names} ref="partner"', _link(page, act)),
        picture=_link(page, _picture(terms, look)),
        picture_button=_link(
            page, _image(links.button_picture(slug, language), act, width=280, height=56)
        ),
        link=_link(page, f"{act}: {terms.title}"),
        origin="{0.scheme}://{0.netloc}".format(urlsplit(settings.BASE_URL)),
    )


def _script() -> str:
    return f'<script type="module" src="{links.absolute(links.embed_script())}"></script>'


def _around(tag: str, inside: str) -> str:
    return f"<{tag}>\n  {inside}\n</{tag.split()[0]}>"


def _link(href: str, inside: str) -> str:
    """`inside` is text, or HTML made here."""
    return f'<a href="{href}">{inside if inside.startswith("<") else escape(inside)}</a>'


def _image(path: str, alt: str, *, width: int, height: int) -> str:
    size = f'width="{width}" height="{height}"'
    return f'<img src="{links.absolute(path)}" alt="{escape(alt)}" {size}>'


def _picture(terms: Terms, alt: str) -> str:
    dark = links.absolute(links.picture(terms.slug, terms.language, dark=True))
    light = _image(links.picture(terms.slug, terms.language), alt, width=640, height=150)
    source = f'<source srcset="{dark}" media="(prefers-color-scheme: dark)">'
    return f"<picture>\n  {source}\n  {light}\n</picture>"
