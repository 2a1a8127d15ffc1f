"""A link from a mail offers one higher sum: one button does it, another takes it back in time."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.give import links
from fundraise.give.mine import cards, frame, words
from fundraise.give.presets import clean_reference
from fundraise.limits import services as limits
from fundraise.limits import spent
from fundraise.pledges import links as pledge_links
from fundraise.pledges import locks
from fundraise.pledges.errors import PledgeError
from fundraise.pledges.links import LinkError, Raise
from fundraise.pledges.models import Pledge, PledgeChange
from fundraise.pledges.services import changing
from fundraise.pledges.services.changing import sent_with

CHANNEL = "mail_link"


@dataclass(frozen=True)
class Offer:
    """The offer of a link, its pledge as it stands, and what came of it."""

    said: Raise
    pledge: Pledge

    @property
    def change(self) -> PledgeChange | None:
        """The raise that the link has made."""
        made = self.pledge.changes.filter(kind=PledgeChange.Kind.AMOUNT, channel=CHANNEL)
        to = {"amount_ore": self.said.to_ore}
        return made.filter(after=to, before={"amount_ore": self.said.from_ore}).last()

    @property
    def state(self) -> str:
        """over, offer, done, undone, or other: the sum was changed otherwise."""
        if self.pledge.state == Pledge.State.ENDED:
            return "over"
        if not spent.is_spent(self.said.id):
            return "offer" if self.pledge.amount_ore == self.said.from_ore else "other"
        change = self.change
        if change is None or change.undone_at is not None:
            return "undone"
        return "done" if self.pledge.amount_ore == self.said.to_ore else "other"

    @property
    def may_undo(self) -> bool:
        """Until a draw has been sent with the new sum."""
        change = self.change
        if self.state != "done" or change is None:
            return False
        return not sent_with(change)


def page(request: HttpRequest) -> HttpResponse:
    """GET shows the offer or what came of it; POST raises, or takes it back."""
    sent = _sent(request)
    key, error = sent.get("key", ""), ""
    if key == pledge_links.TRIAL:
        return frame.page(request, "give/mine/raise_test.html")
    offer = _offer(key)
    if offer is None:
        return frame.page(request, "give/mine/link_over.html", status=410)
    if request.method == "POST":
        if not limits.take("mine-change", offer.said.id, clock.real_now()):
            return frame.page(request, "give/mine/many.html", status=429)
        try:
            _undo(offer) if sent.get("do") == "undo" else _raise(offer, sent.get("ref", ""))
        except PledgeError as refused:
            error = words.refusal(refused.code)
        offer.pledge.refresh_from_db()
    return _shown(request, offer, key, error)


def _sent(request: HttpRequest) -> QueryDict:
    return request.POST if request.method == "POST" else request.GET


def _offer(key: str) -> Offer | None:
    try:
        said = pledge_links.read_upgrade(key)
    except LinkError:
        return None
    pledges = Pledge.objects.select_related("campaign", "entity")
    pledge = pledges.filter(ref=said.ref).first()
    return Offer(said, pledge) if pledge is not None else None


def _raise(offer: Offer, reference: str) -> None:
    """Once: the link is spent in the transaction of the change, so that both stand or none."""
    with transaction.atomic():
        locks.pledge_for_change(offer.pledge.pk)  # two offers of one mail come one after the other
        offer.pledge.refresh_from_db()
        if offer.state != "offer":
            return
        use = spent.spend(offer.said.id, str(offer.said.to_ore), offer.said.until)
        if use is spent.Use.FIRST:
            asked = changing.wish(channel=CHANNEL, reference=clean_reference(reference))
            changing.change_amount(offer.pledge.pk, offer.said.to_ore, asked)


def _undo(offer: Offer) -> None:
    change = offer.change
    if change is not None and change.undone_at is None:
        changing.undo(change.pk, changing.wish(channel=CHANNEL))


def _shown(request: HttpRequest, offer: Offer, key: str, error: str) -> HttpResponse:
    language, state = str(request.LANGUAGE_CODE), offer.state
    titles = {
        "offer": _("Raise your monthly gift"),
        "done": _("Thank you! Your gift is raised"),
        "undone": _("It is as it was before"),
        "other": _("Your sum has been changed since"),
        "over": _("This monthly gift has ended"),
    }
    return frame.page(
        request,
        "give/mine/raise.html",
        status=422 if error else 200,
        title=titles[state],
        state=state,
        error=error,
        key=key,
        ref=clean_reference(_sent(request).get("ref", "")),
        offer=offer.said,
        card=cards.card_of(offer.pledge, language),
        may_undo=offer.may_undo,
        raise_url=links.own("raise", language),
    )
