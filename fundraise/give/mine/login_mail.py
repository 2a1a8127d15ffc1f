"""The mail with the link to log in by."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from fundraise.campaigns import queries as campaigns
from fundraise.give import links
from fundraise.give.models import LoginLink
from mailings import transactional
from mailings.letters import Letter

KIND = "my_pages_link"


def send(link: LoginLink, address: str, key: str) -> None:
    """Prepare it, once for each link."""
    campaign = campaigns.front_campaign()
    entity = campaign.entity if campaign is not None else None
    with translation.override(link.language):
        letter = _letter(link.language, key, entity.name if entity else _("us"))
    transactional.prepare(
        KIND,
        str(link.ref),
        to=address,
        language=link.language,
        subject=letter.subject,
        html=letter.as_html(),
        text=letter.as_text(),
        reply_to=entity.email if entity else "",
    )


def _letter(language: str, key: str, payee: str) -> Letter:
    minutes = {"minutes": settings.MY_PAGES_LINK_MINUTES}
    return Letter(
        language=language,
        subject=_("Your link to My pages"),
        said=(
            _("Here is the link to your pages at %(payee)s. It logs you in once.")
            % {"payee": payee},
            _("It is good for %(minutes)s minutes. When that time has passed, ask for a new one.")
            % minutes,
        ),
        button=_("Go to My pages"),
        link=f"{links.absolute(links.enter(language))}?{urlencode({'key': key})}",
        footer=_(
            "You get this because somebody, we hope you, wrote this address on My pages. If it was"
            " not you, do nothing: without this mail nobody gets in. It comes once."
        ),
    )
