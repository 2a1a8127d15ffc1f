"""The pages about a saved card: another one for a monthly gift, and a draw its bank asks about.

They are reached by a mail's link (signed, thirty days) or from My pages. GET shows; POST goes
through the same door as a gift and on to the provider's page, or asks how that page stands.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.give import links, robot, tokens
from fundraise.give.mine import cards, frame, repair, words
from fundraise.give.mine.people import Person
from fundraise.give.mine.pledge_pages import own_pledge
from fundraise.give.mine.repair import Way
from fundraise.give.terms import terms_of
from fundraise.limits import services as limits
from fundraise.pledges.links import LinkError
from fundraise.pledges.models import Collection, Pledge
from fundraise.providers import card_links, card_pages, defence, kept_cards
from fundraise.providers.base import ProviderUnavailable
from fundraise.providers.card_pages import NotNow, Opened
from fundraise.providers.defence import Verdict
from fundraise.providers.models import CardPage

HELD = {Verdict.WAIT: 429, Verdict.PROVE: 403, Verdict.CLOSED: 503}


def new_card(request: HttpRequest) -> HttpResponse:
    """Another card, by a link from a mail."""
    way = repair.by_key(request)
    if way is None:
        return frame.page(request, "give/mine/link_over.html", status=410)
    return _Asked(request, way.pledge, None, way).response()


def own_card(request: HttpRequest, person: Person, ref: UUID) -> HttpResponse:
    """Another card, from My pages."""
    way = Way(own_pledge(person, ref))
    return _Asked(request, way.pledge, None, way, logged_in=True).response()


def confirm(request: HttpRequest) -> HttpResponse:
    """A draw that the card's bank asks about, by a link from a mail."""
    sent = request.POST if request.method == "POST" else request.GET
    key = sent.get("key", "")
    try:
        ref = card_links.read_confirm(key)
    except LinkError:
        return frame.page(request, "give/mine/link_over.html", status=410)
    draws = Collection.objects.select_related("instalment__pledge__campaign__entity")
    draw = draws.filter(ref=ref).first()
    if draw is None:
        return frame.page(request, "give/mine/link_over.html", status=410)
    pledge = draw.instalment.pledge
    return _Asked(request, pledge, draw, Way(pledge, key)).response()


class _Asked:
    """One request about a card: what it wants, and the page or the redirect that answers it."""

    def __init__(
        self,
        request: HttpRequest,
        pledge: Pledge,
        draw: Collection | None,
        way: Way,
        *,
        logged_in: bool = False,
    ) -> None:
        self.request, self.pledge, self.draw, self.way = request, pledge, draw, way
        self.logged_in = logged_in
        self.language = str(request.LANGUAGE_CODE)

    def response(self) -> HttpResponse:
        if self.request.method != "POST":
            return self._shown()
        if self.request.POST.get("do") == "check":
            page = self._last_page()
            if page is not None and limits.allow(self.request, "check"):
                card_pages.check(page)
            return frame.go(f"{self._own_url()}{card_pages.BACK}=1")
        return self._open()

    # --- Going there ---
    def _open(self) -> HttpResponse:
        sent = self.request.POST
        try:
            token = tokens.read_token(sent.get("token", ""), self.pledge.campaign.slug)
        except tokens.TokenError:
            return self._shown(notice="again", status=400)
        if robot.seen(sent, token):
            return self._shown(notice="again", status=400)
        verdict = defence.admit_page(
            self.pledge,
            token.submission,
            address=limits.address_of(self.request),
            proof=sent.get("proof", ""),
        )
        if verdict is not Verdict.OK:
            return self._shown(notice=verdict.value, status=HELD[verdict])
        try:
            return frame.go(self._opener()().url)
        except NotNow:
            return self._shown()
        except ProviderUnavailable:
            return self._shown(notice="away", status=503)

    def _opener(self) -> Callable[[], Opened]:
        if self.draw is not None:
            draw_id = self.draw.pk
            return lambda: card_pages.confirm(draw_id, language=self.language)
        wanted = set(self.request.POST.getlist("also"))
        others = kept_cards.on_the_same_card(self.pledge)
        also = [one.pk for one in others if str(one.ref) in wanted]
        return lambda: card_pages.replace_card(self.pledge.pk, language=self.language, also=also)

    # --- Showing ---
    def _shown(self, *, notice: str = "", status: int = 200) -> HttpResponse:
        page = self._last_page()
        card = kept_cards.last_card(self.pledge)
        slug = self.pledge.campaign.slug
        proof_asked = terms_of(self.pledge.campaign, self.language, clock.today()).proof_asked
        return frame.page(
            self.request,
            "give/mine/card_page.html",
            status=status,
            token=tokens.new_token(slug, None, None),
            logged_in=self.logged_in,
            here="home",
            title=_("Confirm your gift") if self.draw else _("Change card"),
            kind=self._kind(page),
            notice=notice,
            key=self.way.key,
            draw=self.draw,
            due_on=words.day(self.draw.due_on) if self.draw else "",
            pledge=self.pledge,
            hint=card.account_hint if card is not None else "",
            card=cards.card_of(self.pledge, self.language),
            others=[
                cards.card_of(one, self.language)
                for one in ([] if self.draw else kept_cards.on_the_same_card(self.pledge))
            ],
            prove_url=links.prove(slug, self.language) if proof_asked else "",
        )

    def _kind(self, page: CardPage | None) -> str:
        """done, waiting, over or open: the face of the page."""
        came_back = card_pages.BACK in self.request.GET and page is not None
        why = card_pages.why_not(self.pledge, self.draw)
        if self.draw is not None and why == "paid":
            return "done"
        if came_back and page is not None and page.state == CardPage.State.DONE:
            return "done" if self.draw is None else "waiting"
        if why == "waiting" or (came_back and page is not None and page.state in card_pages.OPEN):
            return "waiting"
        return "over" if why else "open"

    def _last_page(self) -> CardPage | None:
        pages = CardPage.objects.filter(pledge=self.pledge, collection=self.draw)
        return pages.select_related("account").order_by("-pk").first()

    def _own_url(self) -> str:
        if self.draw is not None:
            return card_links.confirm_link(self.draw, self.language) + "&"
        if self.logged_in:
            return links.own("own_card", self.language, self.pledge.ref) + "?"
        return card_links.new_card_link(self.pledge, self.language) + "&"
