"""What happened between a donor and us, the newest first: gifts, refunds, mails, changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from donors import merged
from donors.cards import DonorCard
from fundraise.audit import queries as audit
from fundraise.console import badges, pledge_timeline, words
from fundraise.console.change_words import change
from fundraise.gifts.models import Gift, Refund
from fundraise.language import SWEDISH
from fundraise.money import format_kronor
from fundraise.pledges.models import Pledge
from fundraise.reporting.models import Receipt
from mailings.appeals import received
from mailings.appeals.models import Appeal, Batch, Message
from mailings.appeals.received import Received
from mailings.models import TransactionalMessage

MOST = 100  # of each kind
KINDS: dict[str, str | Promise] = {
    "gifts": gettext_lazy("Gifts"),
    "monthly": gettext_lazy("Monthly gifts"),
    "mails": gettext_lazy("Mails"),
    "changes": gettext_lazy("Changes"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: its kind, when, what, in which tone, where more is, by whom, why."""

    kind: str
    at: datetime
    tone: str
    what: str
    url: str = ""
    by: str = ""
    why: str = ""

    @property
    def shape(self) -> str:
        return badges.SHAPES[self.tone]


def of_donor(
    card: DonorCard,
    gifts: QuerySet[Gift],
    pledges: QuerySet[Pledge],
    appeals: QuerySet[Appeal],
    show: str = "",
) -> list[Event]:
    """The newest first; only one kind when `show` names it. What is given may be seen."""
    readers: dict[str, Callable[[], list[Event]]] = {
        "gifts": lambda: [*_gifts(gifts), *_refunds(gifts)],
        "monthly": lambda: list(_monthly(pledges)),
        "mails": lambda: [*_receipts(gifts), *_appeals(card.id, appeals)],
        "changes": lambda: list(_changes(card.ref)),
    }
    chosen = [show] if show in readers else list(readers)
    found = [event for kind in chosen for event in readers[kind]()]
    return sorted(found, key=lambda event: event.at, reverse=True)


def _gifts(gifts: QuerySet[Gift]) -> Iterator[Event]:
    language = get_language() or SWEDISH
    for gift in gifts[:MOST]:
        badge = badges.KINDS["gift"][gift.state]
        values = {"sum": format_kronor(gift.amount_ore), "campaign": gift.campaign.title(language)}
        if gift.state == Gift.State.RECEIVED:
            what = _("Gave %(sum)s to %(campaign)s") % values
        else:
            values["state"] = str(badge.word).lower()
            what = _("Began a gift of %(sum)s to %(campaign)s: %(state)s") % values
        at = gift.received_at or gift.created_at
        yield Event("gifts", at, badge.tone, what, url=_page(gift.ref))


def _refunds(gifts: QuerySet[Gift]) -> Iterator[Event]:
    keys = list(gifts.values_list("pk", flat=True)[:MOST])
    for refund in Refund.objects.filter(gift__in=keys).select_related("gift").order_by("-pk"):
        badge = badges.KINDS["refund"][refund.state]
        what = _("Refund of %(sum)s: %(state)s") % {
            "sum": format_kronor(refund.amount_ore),
            "state": str(badge.word).lower(),
        }
        at = refund.sent_at or refund.created_at
        by = refund.requested_by
        yield Event("gifts", at, badge.tone, what, _page(refund.gift.ref), by, refund.reason)


def _page(ref: UUID) -> str:
    return reverse("console:gift", args=[ref])


def _monthly(pledges: QuerySet[Pledge]) -> Iterator[Event]:
    for pledge in pledges[:MOST]:
        url = reverse("console:pledge", args=[pledge.ref])
        for moment in pledge_timeline.of_pledge(pledge, "changes"):
            yield Event("monthly", moment.at, moment.tone, moment.what, url, moment.by, moment.why)


MAILS = {
    "prepared": ("waits", gettext_lazy("A receipt waits to be sent")),
    "claimed": ("waits", gettext_lazy("A receipt is being sent")),
    "sent": ("done", gettext_lazy("A receipt was sent")),
    "failed": ("failed", gettext_lazy("A receipt could not be sent")),
    "in_doubt": ("you", gettext_lazy("A receipt may or may not have left")),
}


def _receipts(gifts: QuerySet[Gift]) -> Iterator[Event]:
    keys = list(gifts.values_list("pk", flat=True)[:MOST])
    receipts = {str(row.ref): row for row in Receipt.objects.filter(gift__in=keys)}
    mails = TransactionalMessage.objects.filter(kind="receipt", subject_ref__in=list(receipts))
    for mail in mails:
        tone, what = MAILS[mail.state]
        number = _("Receipt %(number)s") % {"number": receipts[mail.subject_ref]}
        yield Event("mails", mail.sent_at or mail.prepared_at, tone, str(what), why=number)


FACTS = {
    "delivered": gettext_lazy("delivered"),
    "bounced": gettext_lazy("came back"),
    "blocked": gettext_lazy("refused by the receiver's server"),
    "dropped": gettext_lazy("not sent on by the sender"),
    "complained": gettext_lazy("reported as unwanted"),
    "unsubscribed": gettext_lazy("unsubscribed by it"),
    "replied": gettext_lazy("answered"),
    "human_click": gettext_lazy("followed a link in it"),
}


def _appeals(donor_id: int, appeals: QuerySet[Appeal]) -> Iterator[Event]:
    """Each appeal that the donor got, and each that passed the donor by, with the reason."""
    for row in received.of_donor(donor_id, appeals, MOST):
        tone, what = _of_appeal(row)
        if row.outcome:
            why = str(Message.Outcome(row.outcome).label)
        else:
            why = ", ".join(str(FACTS[name]) for name in row.facts)
        url = reverse("console:appeal", args=[row.appeal.ref])
        yield Event("mails", row.at, tone, what % {"title": row.appeal.title}, url, why=why)


def _of_appeal(row: Received) -> tuple[str, str]:
    if row.outcome:
        return "quiet", _("Did not get “%(title)s”")
    if row.state == Batch.State.ACCEPTED:
        return "done", _("Got “%(title)s”")
    if row.state == Batch.State.IN_DOUBT:
        return "you", _("Got “%(title)s”, or not: nobody knows")
    return "waits", _("“%(title)s” is on its way")


def _changes(ref: UUID) -> Iterator[Event]:
    every = [audit.changes_of("donor", one)[:MOST] for one in merged.refs_of(ref)]
    for line in (line for rows in every for line in rows):
        yield Event(
            "changes",
            line.at,
            "quiet",
            change(line.action),
            by=line.by,
            why=" · ".join(
                part for part in (_what_for(line.before | line.after), line.reason) if part
            ),
        )


def _what_for(values: dict[str, object]) -> str:
    """The purposes that a change of a legal basis was about, in words."""
    named = values.get("purposes") or [values.get("purpose")]
    purposes = named if isinstance(named, list) else [named]
    return ", ".join(str(words.PURPOSES.get(str(one), one)) for one in purposes if one)
