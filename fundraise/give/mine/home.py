"""The front of My pages: each monthly gift as a card, the latest gifts, and what we keep."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from fundraise.give import links
from fundraise.give.mine import cards, frame, identity, ocr, tax_number
from fundraise.give.mine.giving import lines_of
from fundraise.give.mine.people import Person

LATEST = 3


def home(request: HttpRequest, person: Person) -> HttpResponse:
    """What the holder of the mailbox gives and has given."""
    language = str(request.LANGUAGE_CODE)
    shown = [p for p in person.pledges().order_by("-created_at") if cards.in_sight(p)]
    made = [cards.card_of(pledge, language) for pledge in shown]
    return frame.page(
        request,
        "give/mine/home.html",
        logged_in=True,
        here="home",
        cards=sorted(made, key=lambda card: card.over),
        latest=lines_of(person.gifts().order_by("-received_at")[:LATEST], language),
        gifts_url=links.own("gifts", language),
        details_url=links.own("details", language),
        give_url=links.front(language),
        ways=ocr.ways(person),
        ocr_url=links.own("ocr", language),
        asked=bool(identity.waiting(person)),
        identity_url=links.own("identity", language),
        number_asked=bool(tax_number.waiting(person)),
        number_url=links.own("tax_number", language),
    )
