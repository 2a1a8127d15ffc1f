"""What a second person is asked about, in words, with the doors of yes and no."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fundraise.console import actions, acts, appeal_acts
from fundraise.console.appeals import audiences, when
from fundraise.console.books import asking as books
from fundraise.console.treasury import proposing
from fundraise.gifts.models import Refund
from fundraise.language import SWEDISH
from fundraise.money import format_kronor
from fundraise.staff.models import Approval
from mailings.appeals import audience
from mailings.appeals.models import Appeal


@dataclass(frozen=True, slots=True)
class Question:
    """An act that waits: what it is called, the facts, what follows, and where its row stands."""

    act: str
    facts: list[tuple[str, str]]
    follows: list[str]
    link: str
    answer: str  # the page that takes the answer
    reason: str
    after_yes: str
    after_no: str
    say_yes: Callable[..., None] = field(repr=False)
    say_no: Callable[..., None] = field(repr=False)


def of(approval: Approval) -> Question:
    """The question of an approval. Raises KeyError for a kind that nobody has words for."""
    return KINDS[approval.kind](approval)


def answer_url(approval: Approval) -> str:
    """The page that takes the answer, behind the right that the answer needs."""
    if approval.kind == "appeal":
        return reverse("console:appeal_second", args=[approval.subject_ref])
    if approval.kind in proposing.ANSWERS:
        return reverse(proposing.ANSWERS[approval.kind], args=[approval.ref])
    if approval.kind in BOOKS:
        return reverse("console:book_second", args=[approval.ref])
    return reverse("console:second", args=[approval.ref])


def _refund(approval: Approval) -> Question:
    refund = Refund.objects.select_related("gift__campaign").get(ref=approval.subject_ref)
    by_hand = refund.gift.channel in actions.BACK_BY_HAND
    return Question(
        act=acts.refund(refund.gift, refund.amount_ore),
        facts=[
            (_("Legal entity"), approval.entity.name),
            (_("Campaign"), refund.gift.campaign.title(get_language() or SWEDISH)),
            (_("The whole gift"), format_kronor(refund.gift.amount_ore)),
        ],
        follows=_follows(by_hand),
        link=reverse("console:refund", args=[refund.ref]),
        answer=answer_url(approval),
        reason=refund.reason,
        after_yes=_("Approved. Send the money by hand, then confirm it here.")
        if by_hand
        else _("Approved. The refund is on its way."),
        after_no=_("Refused. No money is sent."),
        say_yes=lambda **said: actions.approve(refund.ref, **said),
        say_no=lambda **said: actions.refuse(refund.ref, **said),
    )


def _follows(by_hand: bool) -> list[str]:
    sent = (
        _("Nobody sends the money for you: send it by hand, then confirm it with the bank line.")
        if by_hand
        else _("The money goes back the way it came. It takes some days and can't be stopped.")
    )
    return [sent, _("The thermometer goes down when the refund is seen.")]


def _appeal(approval: Approval) -> Question:
    appeal = Appeal.objects.select_related("campaign").get(ref=approval.subject_ref)
    size = audience.size(audience.of(appeal))
    return Question(
        act=_("Send the appeal “%(title)s” to %(people)s people")
        % {"title": appeal.title, "people": size.people},
        facts=[
            (_("Legal entity"), approval.entity.name),
            (_("Campaign"), appeal.campaign.title(get_language() or SWEDISH)),
            (_("When"), _when(appeal)),
            (_("To whom"), audiences.sentence(appeal)),
        ],
        follows=[
            _("Mails that have left can't be called back, or only for some minutes."),
            _("Who gets it is chosen when it is sent; the number may have changed by then."),
        ],
        link=reverse("console:appeal", args=[appeal.ref]),
        answer=answer_url(approval),
        reason=appeal.quiet_reason,
        after_yes=_("Approved. It is sent at its time."),
        after_no=_("Refused. It is a draft again."),
        say_yes=lambda **said: appeal_acts.approve(appeal.ref, **said),
        say_no=lambda **said: appeal_acts.refuse(appeal.ref, **said),
    )


def _when(appeal: Appeal) -> str:
    if appeal.send_at is None:
        return "–"
    parts = (when.wall(appeal.send_at, appeal.zone), when.place(appeal.zone))
    return f"{', '.join(parts)} ({when.until(appeal.send_at)})"


def _proposal(approval: Approval) -> Question:
    proposal = proposing.of(approval)
    return Question(
        act=proposing.act(proposal),
        facts=proposing.facts(proposal),
        follows=proposing.follows(proposal),
        link=proposing.link(proposal),
        answer=answer_url(approval),
        reason=proposal.why,
        after_yes=_("Agreed, and done."),
        after_no=_("Refused. Everything stays as it is."),
        say_yes=proposing.yes(proposal),
        say_no=proposing.no(proposal),
    )


BOOKS = {"sie_reissue": books.reissue, "period_reopen": books.reopen}


def _of_books(approval: Approval) -> Question:
    return Question(**BOOKS[approval.kind](approval), answer=answer_url(approval))


KINDS: dict[str, Callable[[Approval], Question]] = {
    "refund": _refund,
    "appeal": _appeal,
    "bank_account": _proposal,
    "matching": _proposal,
    **dict.fromkeys(BOOKS, _of_books),
}
