"""A change of address: asked for on the page of choices, answered from two mailboxes."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.give import links
from fundraise.give.forms import clean_address
from fundraise.give.mails import guard, moving
from fundraise.give.mine import frame
from fundraise.give.mine.guard import public
from fundraise.limits import services as limits
from fundraise.limits.address import block_of
from mailings.appeals.services.leaving import Leaver


@guard.own_pages_post
def ask(request: HttpRequest, leaver: Leaver, token: str) -> HttpResponse:
    """POST mails both addresses; the answer tells nothing of who has which address."""
    language, error = str(request.LANGUAGE_CODE), ""
    back = links.of_mail("mail_choices", token, language)
    if request.method != "POST" or leaver.donor is None:
        return frame.go(back)
    typed = request.POST.get("email", "")
    try:
        address = clean_address(typed)
    except ValidationError as wrong:
        error = str(wrong.messages[0])
        return _shown(request, back, error=error, typed=typed, status=422)
    now, block = clock.real_now(), block_of(limits.address_of(request))
    if not (limits.take("mine-link", block, now) and limits.take("mine-link-house", "house", now)):
        return frame.page(request, "give/mine/many.html", status=429)
    if limits.take("mine-link-email", address.casefold(), now):
        entity = leaver.appeal.campaign.entity.name
        key = bytes(leaver.message.email_key or b"")
        moving.ask(leaver.donor, key, address, payee=entity, language=language)
    return _shown(request, back)


def _shown(
    request: HttpRequest, back: str, *, error: str = "", typed: str = "", status: int = 200
) -> HttpResponse:
    return frame.page(
        request,
        "give/mails/address.html",
        status=status,
        title=_("Another e-mail address") if error else _("Look in both mailboxes"),
        state="wrong" if error else "asked",
        error=error,
        typed=typed[:254],
        back=back,
    )


def page(request: HttpRequest) -> HttpResponse:
    """A mailed link: GET shows a button, POST answers for its mailbox."""
    sent = request.POST if request.method == "POST" else request.GET
    key = sent.get("key", "")
    known = moving.found(key)
    if known is None:
        if not limits.allow(request, "mail-token"):
            return frame.page(request, "give/mails/unknown.html", status=429)
        return frame.page(request, "give/mine/link_over.html", status=410)
    move, side = known
    if request.method == "POST":
        move = moving.answer(move.pk, side)
    answered = move.old_at if side == moving.OLD else move.new_at
    state = "done" if move.done_at else "half" if answered else "ask"
    titles = {
        "done": _("The address is changed"),
        "half": _("Thank you. The other mailbox is left"),
        "ask": _("Is it you who change address?"),
    }
    return frame.page(request, "give/mails/address.html", title=titles[state], state=state, key=key)


answer_page = public(page)
