"""One page for each thing a donor can do with a monthly gift. GET shows, POST does, once each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.give import amounts, links
from fundraise.give.mine import cards, choices, frame, words
from fundraise.give.mine.people import Person
from fundraise.money import format_number
from fundraise.pledges.errors import PledgeError
from fundraise.pledges.models import Pledge, PledgeChange
from fundraise.pledges.services import changing

Kind = PledgeChange.Kind


def own_pledge(person: Person, ref: UUID) -> Pledge:
    """A pledge of this person's; somebody else's is missing, not forbidden."""
    pledge = person.pledges().filter(ref=ref).first()
    if pledge is None:
        raise Http404
    return pledge


def home_of(pledge: Pledge, language: str) -> str:
    """The pledge's card on the front of My pages."""
    return f"{links.mine(language)}#g-{pledge.ref}"


def amount(request: HttpRequest, person: Person, ref: UUID) -> HttpResponse:
    """Another sum."""
    pledge = own_pledge(person, ref)
    typed = request.POST.get("amount", "")

    def change() -> None:
        campaign = pledge.campaign
        ore = amounts.read_amount(
            amounts.OTHER,
            typed,
            ladder=[],
            minimum_ore=campaign.minimum_ore,
            maximum_ore=campaign.maximum_ore,
        )
        changing.change_amount(pledge.pk, ore, changing.wish())

    suggested = choices.sum_from(request.GET.get("sum", ""), pledge)
    shown = typed or format_number(suggested, space=" ")
    return _act(request, pledge, "amount", change, typed=shown[:40])


def day(request: HttpRequest, person: Person, ref: UUID) -> HttpResponse:
    """Another day of the month."""
    pledge = own_pledge(person, ref)
    sent = request.POST.get("day", "")
    chosen = int(sent) if sent.isdecimal() and len(sent) < 3 else 0

    def change() -> None:
        changing.change_day(pledge.pk, chosen, changing.wish())

    days = choices.days(chosen or pledge.day)
    return _act(request, pledge, "day", change, days=days)


def skip(request: HttpRequest, person: Person, ref: UUID) -> HttpResponse:
    """Leave out the next gift. The form names it, so that a second press skips no second one."""
    pledge = own_pledge(person, ref)
    coming = choices.to_skip(pledge)
    meant = request.POST.get("period", "")

    def change() -> None:
        if coming is not None and coming.period.isoformat() == meant:
            changing.skip_next(pledge.pk, changing.wish())
        elif not choices.is_skipped(pledge, meant):
            raise PledgeError("nothing_to_skip")

    return _act(
        request,
        pledge,
        "skip",
        change,
        coming=coming,
        coming_on=words.day(coming.due_on) if coming is not None else "",
        after=choices.after(pledge, coming),
    )


def pause(request: HttpRequest, person: Person, ref: UUID) -> HttpResponse:
    """No gift before a day that is chosen."""
    pledge = own_pledge(person, ref)
    offered = choices.pauses(pledge)
    until = request.POST.get("until", "") or request.GET.get("until", "")

    def change() -> None:
        if until not in {choice.value for choice in offered}:
            raise PledgeError("until")
        changing.pause(pledge.pk, date.fromisoformat(until), changing.wish())

    return _act(request, pledge, "pause", change, offered=offered, until=until)


def resume(request: HttpRequest, person: Person, ref: UUID) -> HttpResponse:
    """Go on after a pause."""
    pledge = own_pledge(person, ref)

    def change() -> None:
        if pledge.state == Pledge.State.PAUSED:
            changing.resume(pledge.pk, changing.wish())

    return _act(request, pledge, "resume", change)


def stop(request: HttpRequest, person: Person, ref: UUID) -> HttpResponse:
    """End it: the button is the second tap. A reason may be said, and nothing depends on it."""
    pledge = own_pledge(person, ref)
    sent = request.POST.get("reason", "")
    reason = sent if sent in words.REASONS else ""

    def change() -> None:
        changing.stop(pledge.pk, changing.wish(reason=reason))

    return _act(
        request,
        pledge,
        "stop",
        change,
        reasons=list(words.REASONS.items()),
        offers=choices.instead_of_stopping(pledge, str(request.LANGUAGE_CODE)),
        is_over=pledge.state == Pledge.State.ENDED,
    )


def undo(request: HttpRequest, person: Person, ref: UUID, change_id: int) -> HttpResponse:
    """Take back what was changed last."""
    pledge = own_pledge(person, ref)
    done = pledge.changes.filter(pk=change_id).first()
    if done is None:
        raise Http404
    return _act(request, pledge, "undo", lambda: take_back(done, changing.wish()), done=done)


def take_back(done: PledgeChange, asked: changing.Wish) -> None:
    """Undo a change by the door that its kind has. Raises PledgeError."""
    if done.kind == Kind.SKIP:
        changing.unskip(done.pledge_id, date.fromisoformat(done.after["period"]), asked)
    elif done.kind == Kind.PAUSE:
        changing.resume(done.pledge_id, asked)
    else:
        changing.undo(done.pk, asked)


def _act(
    request: HttpRequest, pledge: Pledge, name: str, change: Callable[[], None], **context: Any
) -> HttpResponse:
    """Show the page of an act, or carry the act out and go to the card; errors keep the page."""
    language, error = str(request.LANGUAGE_CODE), ""
    if request.method == "POST":
        try:
            change()
            return frame.go(home_of(pledge, language))
        except ValidationError as wrong:
            error = wrong.messages[0]
        except PledgeError as refused:
            error = words.refusal(refused.code)
    pledge.refresh_from_db()
    return frame.page(
        request,
        "give/mine/act.html",
        status=422 if error else 200,
        logged_in=True,
        here="home",
        act=name,
        body=f"give/mine/act_{name}.html",
        title=_titles()[name],
        error=error,
        pledge=pledge,
        card=cards.card_of(pledge, language),
        stuck=choices.stuck(pledge),
        today=clock.today(),
        **context,
    )


def _titles() -> dict[str, str]:
    return {
        "amount": _("Change the sum"),
        "day": _("Change the day"),
        "skip": _("Skip the next gift"),
        "pause": _("Pause your gift"),
        "resume": _("Start your gift again"),
        "stop": _("End your monthly gift"),
        "undo": _("Undo the change"),
    }
