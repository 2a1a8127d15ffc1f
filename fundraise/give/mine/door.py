"""The way in and out: ask for a link, look in the mailbox, log in by it, log out."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from fundraise import clock
from fundraise.give import links, robot, tokens
from fundraise.give.forms import clean_address
from fundraise.give.mine import frame, going, login, visits
from fundraise.give.mine.people import Person
from fundraise.limits import services as limits
from fundraise.limits.address import block_of

FORM = "mina-sidor"  # what the form's token is signed for; no campaign can have this slug


def shut(request: HttpRequest) -> HttpResponse:
    """Not logged in: the question for a link. A POST that came too late has changed nothing."""
    state = "late" if request.method == "POST" else ""
    return _asking(request, state, going_to=going.kept(request.path))


def ask(request: HttpRequest) -> HttpResponse:
    """POST asks for a link; the answer is the same for every address. GET says where to look."""
    if request.method != "POST":
        return frame.page(request, "give/mine/sent.html")
    typed = request.POST.get("email", "")
    try:
        token = tokens.read_token(request.POST.get("token", ""), FORM)
        address = clean_address(typed)
    except tokens.TokenError:
        return _asking(request, "again", typed=typed, status=400)
    except ValidationError as error:
        return _asking(request, "wrong", typed=typed, said=error.messages[0], status=422)
    if robot.seen(request.POST, token):
        return _asking(request, "again", typed=typed, status=400)
    now, block = clock.real_now(), block_of(limits.address_of(request))
    if not (limits.take("mine-link", block, now) and limits.take("mine-link-house", "house", now)):
        return _asking(request, "many", typed=typed, status=429)
    if limits.take("mine-link-email", address.casefold(), now):
        going_to = going.kept(request.POST.get("next", ""))
        login.ask(address, str(request.LANGUAGE_CODE), going_to)  # else the answer is the same
    return frame.go(links.own("ask", str(request.LANGUAGE_CODE)))


def enter(request: HttpRequest) -> HttpResponse:
    """GET shows a button and whose link it is; only the POST logs in and spends the link."""
    sent = request.POST if request.method == "POST" else request.GET
    key = sent.get("key", "")
    if not limits.allow(request, "mine-enter"):
        return _asking(request, "many", status=429)
    if request.method != "POST":
        address = login.opened(key)
        if address is None:
            return _asking(request, "spent", status=410)
        return frame.page(request, "give/mine/enter.html", key=key, address=hinted(address))
    used = login.use(key)
    if used is None:
        return _asking(request, "spent", status=410)
    person = Person(used.address)
    person.confirm()
    response = frame.go(going.where(used.going_to, person, str(request.LANGUAGE_CODE)))
    visits.hand_over(response, visits.begin(used.address))
    return response


def leave(request: HttpRequest) -> HttpResponse:
    """POST logs out; whoever opens the address comes to the front of My pages."""
    if request.method != "POST":
        return frame.go(links.mine(str(request.LANGUAGE_CODE)))
    here = visits.find(request)
    if here is not None:
        visits.end(here)
    response = _asking(request, "left")
    visits.take_back(response)
    return response


def hinted(address: str) -> str:
    """An address as a page shows it: b•••@example.org."""
    name, _at, host = address.partition("@")
    return f"{name[:1]}•••@{host}"


def _asking(
    request: HttpRequest,
    state: str,
    *,
    typed: str = "",
    said: str = "",
    status: int = 200,
    going_to: str = "",
) -> HttpResponse:
    return frame.page(
        request,
        "give/mine/ask.html",
        status=status if state != "late" else 403,
        token=tokens.new_token(FORM, None, None),
        state=state,
        typed=typed[:254],
        going_to=going_to or going.kept(request.POST.get("next", "")),
        error=said,
        ask_url=links.own("ask", str(request.LANGUAGE_CODE)),
    )
