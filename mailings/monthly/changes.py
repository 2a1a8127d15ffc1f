"""Mails that confirm a change: what was wished, what holds now, and who to call if it was not you.

A change that has to be announced is confirmed by its notice; a stop by the mail of the end.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.money import format_kronor
from fundraise.pledges import queries, words
from fundraise.pledges.models import Mandate, Notice, Pledge, PledgeChange
from mailings.monthly import papers, posting, subjects
from mailings.monthly import words as said
from mailings.monthly.letter import GiverLetter

LOOKED_BACK = timedelta(days=3)
TOGETHER = timedelta(seconds=5)  # a change and its notice are made in one transaction
Kind = PledgeChange.Kind
TOLD_BY = {
    Kind.AMOUNT: Notice.Kind.CHANGE,
    Kind.DAY: Notice.Kind.CHANGE,
    Kind.RESUME: Notice.Kind.RESUME,
    Kind.REPAIR: Notice.Kind.RESUME,
}


def changed(pledge_id: int) -> None:
    """Subscriber of PledgeChanged: each change that has not been told."""
    pledge = Pledge.objects.select_related("campaign", "entity").get(pk=pledge_id)
    if pledge.state == Pledge.State.ENDED:
        return
    since = clock.now() - LOOKED_BACK
    signed = pledge.mandates.filter(state__in=["created", "sent"]).values_list("ref", flat=True)
    of_account = Q(kind=Kind.ACCOUNT, after__mandate__in=[str(ref) for ref in signed])
    recent = Q(made_at__gte=since) | of_account  # an account may be signed weeks after it was asked
    fresh = PledgeChange.objects.filter(recent, pledge=pledge, undone_at=None)
    for change in fresh.exclude(kind=Kind.STOP).order_by("pk"):
        change.pledge = pledge
        _tell(change)


def _tell(change: PledgeChange) -> None:
    pledge = change.pledge
    if _has_notice(change) or _is_unsigned(change):
        return
    posting.post(
        subjects.CHANGE,
        subjects.of_change(change),
        pledge,
        lambda: _letter(change),
        lambda: papers.pdf_of(_new_mandate(change)) if change.kind == Kind.ACCOUNT else None,
    )


def _has_notice(change: PledgeChange) -> bool:
    """Whether a notice of the same moment tells it."""
    kind = TOLD_BY.get(Kind(change.kind))
    if kind is None:
        return False
    made = (change.made_at - TOGETHER, change.made_at + TOGETHER)
    notices = change.pledge.notices.filter(kind=kind, made_at__range=made)
    if change.kind == Kind.AMOUNT:
        notices = notices.filter(amount_ore=int(change.after["amount_ore"]))
    return notices.exists()


def _is_unsigned(change: PledgeChange) -> bool:
    """Whether it is a new account whose mandate nobody has signed yet."""
    mandate = _new_mandate(change)
    return change.kind == Kind.ACCOUNT and (mandate is None or mandate.state == "draft")


def _new_mandate(change: PledgeChange) -> Mandate | None:
    return Mandate.objects.filter(ref=change.after.get("mandate"), pledge=change.pledge).first()


def _letter(change: PledgeChange) -> GiverLetter:
    pledge = change.pledge
    coming = queries.next_instalment(pledge.pk, clock.today())
    facts = [(_("Your gift"), said.sum_and_rhythm(pledge))]
    if coming is not None:
        facts.append((_("Next gift"), said.draw(coming)))
    return GiverLetter(
        language=pledge.language,
        subject=_("Your monthly gift is changed"),
        heading=_("Your gift is changed"),
        said=(_what(change), *_late(change)),
        facts=tuple(facts),
        button=_("Go to My pages"),
        link=said.mine(pledge),
        after=(_("If it was not you, tell us at once."), said.call_us(pledge.entity)),
        links=tuple(_papers(change)),
        foot=said.foot(pledge),
    )


def _what(change: PledgeChange) -> str:
    """What was wished, in a sentence."""
    kind, after = Kind(change.kind), change.after
    if kind is Kind.AMOUNT:
        raised = int(after["amount_ore"]) > int(change.before["amount_ore"])
        sum_ = {"sum": format_kronor(int(after["amount_ore"]))}
        if raised:
            return _("Thank you! Your gift is %(sum)s from now on.") % sum_
        return _("Your gift is %(sum)s from now on.") % sum_
    if kind is Kind.DAY:
        day = {"day": words.which_day(int(after["day"]))}
        return _("Your gift is drawn on %(day)s from now on.") % day
    if after.get("instead"):
        return _("Thank you! You have given for %(month)s another way, so we do not try to draw it"
                 " again.") % {"month": _month(after)}  # fmt: skip
    if kind is Kind.SKIP:
        return _("We skip your gift for %(month)s.") % {"month": _month(after)}
    if kind is Kind.UNSKIP:
        return _("We draw your gift for %(month)s after all.") % {"month": _month(after)}
    if kind is Kind.PAUSE:
        day = {"day": words.on(date.fromisoformat(str(after["paused_until"])))}
        return _("Your gift is paused: nothing is drawn before %(day)s.") % day
    if kind is Kind.ACCOUNT:
        return _account(change)
    return _("Your gift goes on.")


def _month(after: dict[str, object]) -> str:
    return date_format(date.fromisoformat(str(after["period"])), "F Y")


def _account(change: PledgeChange) -> str:
    mandate = _new_mandate(change)
    hint = {"account": mandate.account_hint if mandate is not None else ""}
    if change.pledge.method == "card":
        return _("Your gift is drawn on another card from now on: %(account)s.") % hint
    if queries.drawing_mandate(change.pledge.pk) is not None:
        return (
            _("We have got your new account, %(account)s. Until your bank has approved it we draw"
              " from the old one.")
            % hint
        )  # fmt: skip
    return (
        _("We have got your new account, %(account)s. Your bank has to approve it first, and we"
          " write to you before the first draw.")
        % hint
    )  # fmt: skip


def _late(change: PledgeChange) -> list[str]:
    """What is past the cut-off when somebody pauses."""
    if change.kind != Kind.PAUSE:
        return []
    return [
        _("%(draw)s had reached the bank before that and can't be stopped any more.")
        % {"draw": said.draw(row.instalment)}
        for row in queries.unstoppable(change.pledge_id)
    ]


def _papers(change: PledgeChange) -> list[tuple[str, str]]:
    mandate = _new_mandate(change) if change.kind == Kind.ACCOUNT else None
    if mandate is None or mandate.method != "autogiro":
        return []
    language = change.pledge.language
    paper = (_("Your autogiro mandate as a page"), papers.link(mandate, language))
    return [paper, said.not_me(mandate, language)]
