"""A mandate from the Internet bank without a monthly gift: its holder says how much, and when.

The link comes by mail, within the days that the bank gives us to answer. Until a sum is named
nothing is drawn; after the last day the mandate lapses and nothing is owed.
"""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from fundraise import bankdays, clock
from fundraise.campaigns import queries as campaigns
from fundraise.campaigns.models import Campaign
from fundraise.gifts.giver import Giver
from fundraise.give import amounts, links, tokens
from fundraise.give.forms import clean_address
from fundraise.give.mine import cards, choices, frame, words
from fundraise.give.terms import Terms
from fundraise.limits import services as limits
from fundraise.pledges import links as pledge_links
from fundraise.pledges.errors import PledgeError
from fundraise.pledges.links import LinkError
from fundraise.pledges.models import Mandate
from fundraise.pledges.schedule import E_MANDATE_BANK_DAYS
from fundraise.pledges.services import e_mandates, starting

LONGEST_NAME = 120
FORM = "e-mandate"
Problems = dict[str, str]


def last_day(mandate: Mandate) -> date:
    """The last bank day for our answer."""
    return bankdays.add(clock.local_date(mandate.created_at), E_MANDATE_BANK_DAYS)


def page(request: HttpRequest) -> HttpResponse:
    """GET shows the form or what has become of it; POST names the sum, once."""
    key = (request.POST if request.method == "POST" else request.GET).get("key", "")
    mandate, campaign = _mandate(key), campaigns.front_campaign()
    if mandate is None or campaign is None:
        return frame.page(request, "give/mine/link_over.html", status=410)
    state = _state(mandate)
    if request.method != "POST" or state != "open":
        return _shown(request, mandate, campaign, key, state)
    if not limits.take("mine-change", f"name-sum:{mandate.ref}", clock.real_now()):
        return frame.page(request, "give/mine/many.html", status=429)
    return _named(request, mandate, campaign, key)


def _mandate(key: str) -> Mandate | None:
    try:
        ref = pledge_links.read_name_sum(key)
    except LinkError:
        return None
    return Mandate.objects.select_related("pledge__campaign").filter(ref=ref).first()


def _state(mandate: Mandate) -> str:
    """named, over, or open."""
    if mandate.pledge_id is not None:
        return "named"
    over = mandate.state in {Mandate.State.REFUSED, Mandate.State.ENDED}
    return "over" if over or _has_lapsed(mandate) else "open"


def _has_lapsed(mandate: Mandate) -> bool:
    """Not answered in time; one that was said yes to waits for its sum without an end."""
    unanswered = mandate.state == Mandate.State.RECEIVED
    return unanswered and clock.today() > last_day(mandate)


def _named(request: HttpRequest, mandate: Mandate, campaign: Campaign, key: str) -> HttpResponse:
    terms = frame.house_terms(str(request.LANGUAGE_CODE))
    problems: Problems = {}
    new = _read(request, campaign, terms, problems)
    if new is not None and not problems:
        try:
            with transaction.atomic():
                pledge = starting.start_pledge(new)
                if not e_mandates.accept_e_mandate(mandate.pk, pledge.pk, by="donor"):
                    raise PledgeError("not_received")  # somebody was a moment earlier
        except PledgeError as refused:
            problems["amount"] = words.refusal(refused.code)
        except IntegrityError:  # the double click: its twin has begun it
            pass
    if problems:
        return _shown(request, mandate, campaign, key, "open", problems)
    return frame.go(f"{request.path}?{urlencode({'key': key})}")


def _read(
    request: HttpRequest, campaign: Campaign, terms: Terms | None, problems: Problems
) -> starting.NewPledge | None:
    """The pledge that the form asks for; what is wrong goes to `problems`, by field."""
    sent = request.POST
    amount_ore, email = 0, ""
    try:
        token = tokens.read_token(sent.get("token", ""), FORM)
    except tokens.TokenError:
        problems["amount"] = _("The page was open for too long. Press the button once more.")
        return None
    try:
        amount_ore = amounts.read_amount(
            amounts.OTHER,
            sent.get("amount", ""),
            ladder=[],
            minimum_ore=campaign.minimum_ore,
            maximum_ore=campaign.maximum_ore,
        )
    except ValidationError as wrong:
        problems["amount"] = wrong.messages[0]
    try:
        email = clean_address(sent.get("email", ""))
    except ValidationError as wrong:
        problems["email"] = wrong.messages[0]
    name = " ".join(sent.get("name", "").split())
    if not name or len(name) > LONGEST_NAME:
        problems["name"] = _("Write your name.")
    register = sent.get("register") == "on"
    if terms is not None and terms.register_required and not register:
        problems["register"] = _("Tick that we may keep your details.")
    return starting.NewPledge(
        campaign=campaign,
        amount_ore=amount_ore,
        day=_day(sent.get("day", "")),
        giver=Giver(
            name=name,
            email=email,
            keep_as_donor=register,
            register_wording_id=token.register_wording_id if register else None,
        ),
        language=str(request.LANGUAGE_CODE),
        origin="internet_bank",
        submission=token.submission,
    )


def _day(sent: str) -> int:
    allowed = {choice.value for choice in choices.days(0)}
    return int(sent) if sent in allowed else 28


def _shown(
    request: HttpRequest,
    mandate: Mandate,
    campaign: Campaign,
    key: str,
    state: str,
    problems: Problems | None = None,
) -> HttpResponse:
    language, found = str(request.LANGUAGE_CODE), problems or {}
    terms = frame.house_terms(language)
    titles = {
        "open": _("How much do you want to give every month?"),
        "named": _("Thank you! Your monthly gift is set"),
        "over": _("This autogiro mandate has ended"),
    }
    register = terms.register if terms is not None else None
    pledge = mandate.pledge
    return frame.page(
        request,
        "give/mine/name_sum.html",
        status=422 if found else 200,
        token=tokens.new_token(FORM, register.id if register else None, None),
        title=titles[state],
        state=state,
        key=key,
        error=next(iter(found.values()), ""),
        problems=found,
        said=request.POST if request.method == "POST" else {},
        days=choices.days(_day(request.POST.get("day", ""))),
        until=words.day(last_day(mandate)) if mandate.state == Mandate.State.RECEIVED else "",
        title_of_campaign=campaign.title(language),
        card=cards.card_of(pledge, language) if pledge is not None else None,
        register=register,
        name_url=links.own("name_sum", language),
    )
