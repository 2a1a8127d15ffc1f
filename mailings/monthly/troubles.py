"""Mails about gifts that did not come, accounts that hold no more, and the first one that came.

One mail for one trouble: a draw that failed and halted its pledge is told by the halt alone, one
that is tried anew by its notice, one that a card's bank asks about by the question.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.outbox import queries as outbox
from fundraise.pledges import links, queries, words
from fundraise.pledges.models import Collection, Instalment, Mandate, Pledge, PledgeTransition
from fundraise.providers import card_links
from mailings.monthly import people, posting, reasons, subjects
from mailings.monthly import words as said
from mailings.monthly.letter import GiverLetter

ASKED = "CardActionNeeded"


# --- A month that was missed ----------------------------------------------------------------------
def missed(instalment_id: int) -> None:
    """Subscriber of InstalmentMissed."""
    row = _instalment(instalment_id)
    pledge = row.pledge
    if row.state != Instalment.State.MISSED or pledge.state in {"halted", "ended"}:
        return
    draws = list(row.collections.values_list("pk", flat=True))
    if pledge.method == "card" and outbox.was_told(ASKED, draws):
        return
    posting.post(subjects.MISSED, str(row.ref), pledge, lambda: _missed(row, pledge))


def _instalment(pk: int) -> Instalment:
    related = ("pledge__campaign", "pledge__entity")
    return Instalment.objects.select_related(*related).get(pk=pk)


def _missed(row: Instalment, pledge: Pledge) -> GiverLetter:
    return GiverLetter(
        language=pledge.language,
        subject=_("Your monthly gift did not come"),
        heading=_("Your gift did not come"),
        said=(
            reasons.sentence(pledge, row.reason),
            said.owe_nothing(),
            _("We skip this time."),
        ),
        facts=tuple(_missed_and_next(row, pledge)),
        button=_("Put it right"),
        link=links.repair_link(pledge),
        after=(
            _("There you can choose another day or account, or give this once in another way."),
            said.call_us(pledge.entity),
        ),
        foot=said.foot(pledge),
    )


def _missed_and_next(row: Instalment, pledge: Pledge) -> said.Facts:
    facts = [(_("Did not come"), said.draw(row))]
    coming = queries.next_instalment(pledge.pk, clock.today())
    if coming is not None:
        facts.append((_("Next gift"), said.draw(coming)))
    return facts


def asked(collection_id: int) -> None:
    """Subscriber of CardActionNeeded: the card's bank wants its owner's yes to one draw."""
    related = ("instalment__pledge__campaign", "instalment__pledge__entity")
    draw = Collection.objects.select_related(*related).get(pk=collection_id)
    row = draw.instalment
    if row.state == Instalment.State.PAID or row.pledge.state == Pledge.State.ENDED:
        return
    posting.post(subjects.MISSED, str(row.ref), row.pledge, lambda: _asked(draw, row.pledge))


def _asked(draw: Collection, pledge: Pledge) -> GiverLetter:
    return GiverLetter(
        language=pledge.language,
        subject=_("Your bank asks about your monthly gift"),
        heading=_("Your bank wants your yes"),
        said=(
            _("The bank of your card wants you to confirm this gift. Nothing has been drawn."),
            said.owe_nothing(),
        ),
        facts=((_("Gift"), said.draw(draw.instalment)),),
        button=_("Confirm the gift"),
        link=card_links.confirm_link(draw),
        after=(
            _("If you do nothing, we skip this time."),
            said.call_us(pledge.entity),
        ),
        foot=said.foot(pledge),
    )


# --- A pledge that waits for another account or card ----------------------------------------------
def halted(pledge_id: int) -> None:
    """Subscriber of PledgeHalted: once for each halt that still stands."""
    pledge = Pledge.objects.select_related("campaign", "entity").get(pk=pledge_id)
    step = PledgeTransition.objects.filter(pledge=pledge, to_state="halted").last()
    if step is None or pledge.state != Pledge.State.HALTED:
        return
    step.pledge = pledge
    posting.post(
        subjects.HALTED, subjects.of_halt(step), pledge, lambda: _halted(pledge, step.reason)
    )


def _halted(pledge: Pledge, code: str) -> GiverLetter:
    is_card = pledge.method == "card"
    return GiverLetter(
        language=pledge.language,
        subject=_("Your monthly gift needs something from you"),
        heading=_("Your gift needs another card")
        if is_card
        else _("Your gift needs another account"),
        said=(
            reasons.sentence(pledge, code),
            said.owe_nothing(),
            _("Nothing more is drawn until you have chosen another one."),
        ),
        facts=((_("Your gift"), said.sum_and_rhythm(pledge)),),
        button=_("Put it right"),
        link=links.repair_link(pledge),
        after=(
            _("If you don't want to go on, you need not do anything."),
            said.call_us(pledge.entity),
        ),
        foot=said.foot(pledge),
    )


def refused(mandate_id: int) -> None:
    """Subscriber of MandateRefused: a new account was refused while the old one still draws.

    Without another mandate the pledge is halted, and that mail tells it.
    """
    mandate = _mandate(mandate_id)
    pledge = mandate.pledge
    if pledge is None or queries.drawing_mandate(pledge.pk) is None:
        return
    if pledge.state in {Pledge.State.HALTED, Pledge.State.ENDED}:
        return
    posting.post(subjects.NEW_REFUSED, str(mandate.ref), pledge, lambda: _refused(mandate, pledge))


def _mandate(pk: int) -> Mandate:
    related = ("pledge__campaign", "pledge__entity", "entity")
    return Mandate.objects.select_related(*related).get(pk=pk)


def _refused(mandate: Mandate, pledge: Pledge) -> GiverLetter:
    return GiverLetter(
        language=pledge.language,
        subject=_("Your new account was not approved"),
        heading=_("Your bank said no to the new account"),
        said=(
            reasons.sentence(pledge, mandate.reason),
            _("Your gift goes on as before, from the account that you had."),
        ),
        facts=((_("The new account"), mandate.account_hint),) if mandate.account_hint else (),
        button=_("Choose another account"),
        link=links.repair_link(pledge),
        after=(said.call_us(pledge.entity),),
        foot=said.foot(pledge),
    )


# --- The first one that came ----------------------------------------------------------------------
def paid(instalment_id: int) -> None:
    """Subscriber of InstalmentPaid: one thank-you for the first gift, none for later ones."""
    row = _instalment(instalment_id)
    pledge = row.pledge
    earlier = pledge.instalments.filter(state=Instalment.State.PAID, period__lt=row.period)
    if row.state != Instalment.State.PAID or pledge.origin == "import" or earlier.exists():
        return
    posting.post(subjects.FIRST, str(pledge.ref), pledge, lambda: _thanks(row, pledge))


def _thanks(row: Instalment, pledge: Pledge) -> GiverLetter:
    name = people.name_of(pledge)
    thanks = _("Thank you, %(name)s!") % {"name": name} if name else _("Thank you!")
    return GiverLetter(
        language=pledge.language,
        subject=_("Your first gift has come"),
        heading=thanks,
        said=(
            _("Your first gift of %(sum)s has come.") % {"sum": said.draw(row)},
            _("From now on it comes by itself, %(rhythm)s.")
            % {"rhythm": words.rhythm(pledge.day, pledge.interval_months)},
            _(
                "We don't write each time: all your gifts, and a summary of each year, stand on"
                " My pages."
            ),
        ),
        facts=(*said.payee(pledge), (_("Campaign"), pledge.campaign.title(pledge.language))),
        button=_("Go to My pages"),
        link=said.mine(pledge),
        foot=said.foot(pledge),
    )
