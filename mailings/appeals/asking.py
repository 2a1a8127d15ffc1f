"""Whether a mail asks for gifts to its campaign: what is asked when that takes no more of them.

A mail that only gives thanks may go for a campaign that is over. One with sums to ask for, or a
link to the campaign's page, may not. A link that was mended to lead elsewhere asks no more.
"""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

from mailings.appeals.models import Appeal, Content, Link
from mailings.composing import houses, tags
from mailings.composing.fields import LADDERS, STEPS

OVER = "campaign_over"
SUMS = frozenset(f"{ladder}{step}" for ladder in LADDERS for step in STEPS)


def too_late(appeal: Appeal, day: date) -> bool:
    """Whether it would ask on a day on which its campaign is over."""
    return appeal.campaign.is_over(day) and asks(appeal)


def asks(appeal: Appeal) -> bool:
    """Whether any of its words ask for gifts to its campaign."""
    contents = Content.objects.filter(variant__appeal=appeal)
    names = {name for written in contents.values_list("tags", flat=True) for name in written}
    if any(tags.read(name).field in SUMS for name in names):
        return True
    links = Link.objects.filter(content__in=contents).values_list("target", flat=True)
    return not _pages(appeal).isdisjoint(map(_page, links))


def _pages(appeal: Appeal) -> set[str]:
    """The campaign's page in each language."""
    house = houses.of_campaign(appeal.campaign, Content.Language.SWEDISH)
    return {_page(house.page(language)) for language in Content.Language.values}


def _page(url: str) -> str:
    """Host and path: what follows says how often and how much."""
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path.rstrip('/')}"
