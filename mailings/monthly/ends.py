"""Mails about a pledge that has ended: one, calm, and none to the dead or who wants no contact."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fundraise.pledges import queries, words
from fundraise.pledges.models import Mandate, Pledge
from mailings.monthly import people, posting, reasons, subjects
from mailings.monthly import words as said
from mailings.monthly.letter import GiverLetter

STOPPED, NOT_ME = "stopped", "not_me"


def ended(pledge_id: int) -> None:
    """Subscriber of PledgeEnded."""
    pledge = Pledge.objects.select_related("campaign", "entity").get(pk=pledge_id)
    if pledge.state != Pledge.State.ENDED or pledge.end_reason in people.UNTOLD_ENDS:
        return
    write = {STOPPED: _stopped, NOT_ME: _not_me}.get(pledge.end_reason, _by_the_bank)
    if write is _by_the_bank and _was_told_by_a_halt(pledge):
        return
    posting.post(subjects.ENDED, str(pledge.ref), pledge, lambda: write(pledge))


def _was_told_by_a_halt(pledge: Pledge) -> bool:
    """The mail about the halt said that nothing more is drawn: the bank's end of it is no news."""
    return pledge.transitions.filter(to_state="ended", from_state="halted").exists()


def _letter(pledge: Pledge, heading: str, told: list[str], after: list[str]) -> GiverLetter:
    why = _("You get this mail because you had a monthly gift with us. It comes once.")
    return GiverLetter(
        language=pledge.language,
        subject=_("Your monthly gift has ended"),
        heading=heading,
        said=tuple(told),
        after=tuple(after),
        foot=said.foot(pledge, why),
    )


def _stopped(pledge: Pledge) -> GiverLetter:
    told = [_("We have ended it, as you wished. No new draw is made.")]
    late = _("%(draw)s had reached the bank and can't be stopped. Tell us if you want it back.")
    told += [late % {"draw": said.draw(row.instalment)} for row in queries.unstoppable(pledge.pk)]
    if pledge.mandates.filter(state=Mandate.State.ENDING).exists():
        told.append(_("We end your autogiro at the bank too, and write when the bank has done so."))
    thanks = _("Thank you for all that you have given.")
    return _letter(pledge, _("Your gift has ended"), [*told, thanks], [said.call_us(pledge.entity)])


def _not_me(pledge: Pledge) -> GiverLetter:
    told = [
        _("Somebody had signed up with your address. It is stopped, and nothing is drawn."),
        _("You need not do anything more."),
    ]
    return _letter(pledge, _("It is stopped"), told, [said.call_us(pledge.entity)])


def _by_the_bank(pledge: Pledge) -> GiverLetter:
    """The payer ended it at the bank, or the bank took a draw back: nobody is asked to return."""
    last = pledge.mandates.order_by("-pk").first()
    code = last.reason if last is not None and "+" in last.reason else ""
    told = [
        reasons.sentence(pledge, code)
        if code
        else _("Your bank has told us that you want no more draws."),
        _("So we have ended your gift. Nothing more is drawn."),
        said.owe_nothing(),
        _("Thank you for all that you have given."),
    ]
    return _letter(pledge, _("Your gift has ended"), told, [said.call_us(pledge.entity)])


def confirmed(mandate_id: int) -> None:
    """Subscriber of MandateEnded: the bank has done what a stop asked for."""
    related = ("pledge__campaign", "pledge__entity")
    mandate = Mandate.objects.select_related(*related).get(pk=mandate_id)
    pledge = mandate.pledge
    if pledge is None or pledge.end_reason != STOPPED or mandate.state != Mandate.State.ENDED:
        return
    asked = mandate.transitions.filter(to_state=Mandate.State.ENDING, reason=STOPPED)
    if not asked.exists() or pledge.mandates.filter(state=Mandate.State.ENDING).exists():
        return
    posting.post(
        subjects.CONFIRMED_END, str(pledge.ref), pledge, lambda: _confirmed(mandate, pledge)
    )


def _confirmed(mandate: Mandate, pledge: Pledge) -> GiverLetter:
    why = _("You get this mail because you had a monthly gift with us. It comes once.")
    day = words.on(mandate.ended_on) if mandate.ended_on is not None else ""
    told = (
        _("Your bank has confirmed that the autogiro to us has ended, on %(day)s.") % {"day": day}
        if day
        else _("Your bank has confirmed that the autogiro to us has ended.")
    )
    return GiverLetter(
        language=pledge.language,
        subject=_("Your autogiro has ended"),
        heading=_("Your autogiro has ended"),
        said=(told, _("There is nothing more to do.")),
        after=(said.call_us(pledge.entity),),
        foot=said.foot(pledge, why),
    )
