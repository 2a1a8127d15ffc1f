"""The page that repairs a monthly gift: another account or card, another day, or once instead.

It is reached by the link of a mail (signed, thirty days) and from My pages. The link opens this
pledge's repair and nothing else of its giver's.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.give import links, presets
from fundraise.give.mine import cards, choices, frame, trouble, words
from fundraise.give.mine.people import Person
from fundraise.give.mine.pledge_pages import home_of, own_pledge
from fundraise.limits import services as limits
from fundraise.pledges import links as pledge_links
from fundraise.pledges import queries
from fundraise.pledges.errors import PledgeError
from fundraise.pledges.links import LinkError
from fundraise.pledges.models import Instalment, Pledge
from fundraise.pledges.services import changing

# The pages of My pages that a mail's link leads to as well.
BY_MAIL = {"own_repair": "repair", "own_account": "repair_account", "own_card": "new_card"}


@dataclass(frozen=True)
class Way:
    """How the page was reached: by the key of a mail, or logged in (then without one)."""

    pledge: Pledge
    key: str = ""

    @property
    def wish(self) -> changing.Wish:
        """A wish that reaches us now, this way."""
        return changing.wish(channel="mail_link" if self.key else "my_pages")

    def url(self, name: str, language: str) -> str:
        """A page about the pledge, reached the same way."""
        if not self.key:
            return links.own(name, language, self.pledge.ref)
        path = links.own(BY_MAIL[name], language)
        return f"{path}?{urlencode({'key': self.key})}"


def by_key(request: HttpRequest) -> Way | None:
    """The way of a mail's link; None when it can't be used."""
    key = (request.POST if request.method == "POST" else request.GET).get("key", "")
    try:
        ref = pledge_links.read_repair(key)
    except LinkError:
        return None
    pledges = Pledge.objects.select_related("campaign", "entity")
    pledge = pledges.filter(ref=ref).first()
    return Way(pledge, key) if pledge is not None else None


def page(request: HttpRequest) -> HttpResponse:
    """Reached by a link from a mail."""
    way = by_key(request)
    if way is None:
        return frame.page(request, "give/mine/link_over.html", status=410)
    if request.method == "POST" and not limits.take(
        "mine-change", f"repair:{way.pledge.ref}", clock.real_now()
    ):
        return frame.page(request, "give/mine/many.html", status=429)
    return _repair(request, way)


def own_repair(request: HttpRequest, person: Person, ref: UUID) -> HttpResponse:
    """Reached from My pages."""
    return _repair(request, Way(own_pledge(person, ref)), logged_in=True)


def _repair(request: HttpRequest, way: Way, *, logged_in: bool = False) -> HttpResponse:
    language, error = str(request.LANGUAGE_CODE), ""
    if request.method == "POST":
        try:
            _do(way, request.POST)
        except PledgeError as refused:
            error = words.refusal(refused.code)
        else:
            done = f"{way.url('own_repair', language)}{'&' if way.key else '?'}done=1"
            return frame.go(home_of(way.pledge, language) if logged_in else done)
        way.pledge.refresh_from_db()
    return _shown(request, way, error=error, logged_in=logged_in)


def _do(way: Way, sent: object) -> None:
    """Another day, once more on the same account, or no new try this month."""
    said = sent.get if hasattr(sent, "get") else {}.get
    pledge, act, day = way.pledge, said("do", ""), str(said("day", ""))
    if act == "day":
        chosen = int(day) if day.isdecimal() and len(day) < 3 else 0
        changing.change_day(pledge.pk, chosen, way.wish)
    elif act == "again" and trouble.can_be_tried(pledge):
        changing.go_on(pledge.pk, way.wish)
    elif act == "leave":
        _leave_out_the_try(way)


def _leave_out_the_try(way: Way) -> None:
    """The new try is left out when it is the next draw, as the button said."""
    coming = choices.to_skip(way.pledge)
    if coming is not None and coming.retried and coming.state == Instalment.State.PLANNED:
        changing.skip_next(way.pledge.pk, way.wish)


def _shown(request: HttpRequest, way: Way, *, error: str, logged_in: bool) -> HttpResponse:
    language, pledge = str(request.LANGUAGE_CODE), way.pledge
    found = trouble.of(pledge)
    better = trouble.better_day(pledge)
    return frame.page(
        request,
        "give/mine/repair.html",
        status=422 if error else 200,
        logged_in=logged_in,
        here="home",
        title=_("Put your monthly gift right"),
        error=error,
        key=way.key,
        done=request.GET.get("done") == "1",
        trouble=found,
        again_on=words.day(found.again_on) if found.again_on is not None else "",
        card=cards.card_of(pledge, language),
        days=choices.days(better or pledge.day),
        better=words.drawn_on(better) if better is not None else "",
        may_try=trouble.can_be_tried(pledge),
        account_url=way.url("own_card" if pledge.method == "card" else "own_account", language),
        once_url=_once(pledge, language),
        is_over=pledge.state == Pledge.State.ENDED,
    )


def _once(pledge: Pledge, language: str) -> str:
    """The donation page with the month's sum chosen, once: card or Swish."""
    asked = presets.chosen(pledge.amount_ore, 0, language)
    month = queries.to_make_good(pledge.pk, clock.today() - trouble.FRESH)
    if month is not None:
        asked["instead"] = pledge_links.instead_key(month)
    return f"{links.donate(pledge.campaign.slug, language)}?{urlencode(asked)}"
