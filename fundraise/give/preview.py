"""The donation page as a campaign that is not saved yet would make it, for staff to look at.

settings.CAMPAIGN_PREVIEW names `render`, so that the staff pages need not know these. It is the
real page with its styles and script; only nothing can be given there: everything is inert, the form
leads nowhere, and the policy of the response forbids sending any.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.campaigns import queries as campaigns
from fundraise.campaigns.models import Campaign
from fundraise.campaigns.queries import Reading
from fundraise.give import page, shell
from fundraise.give.gauge import gauge_of
from fundraise.give.terms import terms_of

THEMES = ("light", "dark")
_DARK = re.compile(r"@media\s*\(prefers-color-scheme:\s*dark\)")
_LINK = re.compile(r'<link rel="stylesheet" href="[^"]*give[^"]*\.css">')
_FORM = re.compile(r'<form class="card"\s+method="post"\s+action="[^"]*"')
_PICTURE = re.compile(r'(<div class="picture">\s*<img) src="[^"]*"')
_STYLE = (
    "position:sticky;top:0;z-index:9;margin:0;padding:.5rem 1rem;"
    "background:#7a4b00;color:#fff;font-size:.9375rem;text-align:center"
)


def render(
    request: HttpRequest,
    campaign: Campaign,
    *,
    language: str,
    theme: str,
    new_picture: bool = False,
) -> HttpResponse:
    """The page of `campaign` as it stands in memory; nothing is read of it from the database.

    A draft is shown as it will be when it is live. `new_picture`: one was chosen and stays with who
    looks; the page has an empty place for it.
    """
    if new_picture:
        campaign.picture = "new"
    with translation.override(language):
        html = _page(campaign, language)
        note = _("Preview. Nothing is saved, and nothing can be given here.")
    html = _LINK.sub(lambda _m: f'<style nonce="{shell.NONCE_MARK}">{_stylesheet()}</style>', html)
    html = _PICTURE.sub(r"\1", html) if new_picture else html
    html = _in_theme(html, theme)
    html = _FORM.sub('<form class="card" action="#"', html)
    style = f'<style nonce="{shell.NONCE_MARK}">.preview-note{{{_STYLE}}}</style>'
    said = f'{style}<p class="preview-note">{escape(note)}</p>'
    html = html.replace("<body>", f"<body inert>{said}", 1)
    return shell.finish(request, html)


def _page(campaign: Campaign, language: str) -> str:
    if campaign.status == Campaign.Status.DRAFT:
        campaign.status = Campaign.Status.LIVE
    today = clock.today()
    terms = terms_of(campaign, language, today)
    gauge = gauge_of(_reading(campaign), language, campaign.ends_on, today)
    return page.opened(terms, gauge, page.Choosing())


def _reading(campaign: Campaign) -> Reading:
    if not campaign._state.adding:
        return campaigns.thermometer(campaign)
    return Reading(campaign.slug, 0, 0, campaign.goal_ore, 0, 0, clock.now())


def _in_theme(html: str, theme: str) -> str:
    """Light or dark, whatever the device of who looks prefers."""
    chosen = "@media all" if theme == "dark" else "@media not all"
    return _DARK.sub(chosen, html).replace("color-scheme: light dark", f"color-scheme: {theme}")


@lru_cache(maxsize=1)
def _stylesheet() -> str:
    found = finders.find("give/give.css")
    return Path(str(found)).read_text(encoding="utf-8")
