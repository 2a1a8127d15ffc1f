"""A pledge as its card on My pages: what it is, how it stands, what comes and what can be done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.give import links
from fundraise.give.mine import recent, words
from fundraise.give.mine.recent import Recent
from fundraise.money import format_kronor
from fundraise.pledges import queries
from fundraise.pledges.models import Collection, Instalment, Mandate, Pledge
from fundraise.pledges.states import OVER_MANDATE

S = Pledge.State
OWN = {"account", "repair"}  # pages that a mail's link leads to as well
KEPT_IN_SIGHT = timedelta(days=400)  # an ended pledge is still shown for a good year
# Which pages are offered in which state, in the order that they stand.
ACTS = {
    S.UNCONFIRMED: ("stop",),
    S.PENDING: ("amount", "day", "account", "stop"),
    S.ACTIVE: ("amount", "day", "skip", "pause", "account", "stop"),
    S.PAUSED: ("resume", "amount", "day", "account", "stop"),
    S.HALTED: ("repair", "amount", "day", "stop"),
    S.ENDED: (),
}


@dataclass(frozen=True)
class Card:
    """What is shown of one pledge."""

    ref: UUID
    title: str
    payee: str
    amount_ore: int
    every: str
    drawn_on: str
    way: str
    state: str
    look: str  # done, waits or stopped: colour and shape
    said: str
    next_on: str = ""
    next_ore: int = 0
    notes: tuple[str, ...] = ()
    acts: tuple[tuple[str, str, str], ...] = ()
    repair_url: str = ""
    recent: Recent | None = None
    skipped: tuple[tuple[str, str], ...] = field(default=())

    @property
    def over(self) -> bool:
        return self.state == S.ENDED


def card_of(pledge: Pledge, language: str) -> Card:
    """The card of one pledge, as it stands now."""
    mandate = shown_mandate(pledge)
    coming = queries.next_instalment(pledge.pk, clock.today())
    look, said = _state(pledge, mandate)
    return Card(
        ref=pledge.ref,
        title=pledge.campaign.title(language),
        payee=pledge.entity.name,
        amount_ore=pledge.amount_ore,
        every=words.every(pledge.interval_months),
        drawn_on=words.drawn_on(pledge.day),
        way=words.way(pledge, mandate),
        state=pledge.state,
        look=look,
        said=said,
        next_on=_next_on(pledge, coming),
        next_ore=coming.amount_ore if coming is not None else pledge.amount_ore,
        notes=tuple(_notes(pledge, mandate)),
        acts=tuple(_acts(pledge, language)),
        repair_url=_repair(pledge, language),
        recent=recent.change_of(pledge, language),
    )


def in_sight(pledge: Pledge) -> bool:
    """Whether a pledge still has a card."""
    return pledge.ended_at is None or pledge.ended_at > clock.now() - KEPT_IN_SIGHT


def shown_mandate(pledge: Pledge) -> Mandate | None:
    """The mandate that is drawn on, else the one that waits, else the latest."""
    drawn = queries.drawing_mandate(pledge.pk) or queries.waiting_mandate(pledge.pk)
    return drawn or pledge.mandates.order_by("-pk").first()


def _next_on(pledge: Pledge, coming: Instalment | None) -> str:
    """The day of the next gift; the promised one while nothing is planned yet."""
    if pledge.state in {S.ENDED, S.HALTED, S.UNCONFIRMED}:
        return ""
    if pledge.state == S.PAUSED and pledge.paused_until is not None:
        return words.day(resumes_on(pledge, pledge.paused_until))
    if coming is not None:
        return words.day(coming.due_on)
    known = pledge.instalments.order_by("-period").values_list("period", flat=True).first()
    return words.day(max(pledge.starts_on, resumes_on(pledge, clock.today(), after=known)))


def resumes_on(pledge: Pledge, since: date, *, after: date | None = None) -> date:
    """The first draw of the rhythm that is not before a day, in a period after one."""
    rhythm = queries.rhythm_of(pledge)
    days = (rhythm.due_in(period) for period in rhythm.periods(after=after))
    return next((due for due in days if due >= since), since)


# --- How it stands --------------------------------------------------------------------------------
def _state(pledge: Pledge, mandate: Mandate | None) -> tuple[str, str]:
    if pledge.state == S.ACTIVE:
        return "done", _("Your gift is up and running")
    if pledge.state == S.PAUSED:
        return "waits", _("Paused")
    if pledge.state == S.PENDING:
        return "waits", _("We are waiting to hear from your bank")
    if pledge.state == S.UNCONFIRMED and pledge.method == "card":
        return "waits", _("Waiting for your first gift by card")
    if pledge.state == S.UNCONFIRMED:
        if mandate is not None and mandate.origin == Mandate.Origin.INTERNET_BANK:
            return "waits", _("Waiting for you to give the mandate in your Internet bank")
        return "waits", _("Waiting for you to confirm it")
    if pledge.state == S.HALTED:
        return "stopped", _("Your gift is at a halt: it needs a new account or card")
    ended_on = clock.local_date(pledge.ended_at) if pledge.ended_at else clock.today()
    return "stopped", _("Ended on %(day)s") % {"day": words.day(ended_on)}


def _notes(pledge: Pledge, mandate: Mandate | None) -> list[str]:
    """What there is to say beside the state: answers of the bank, what can't be stopped."""
    notes = []
    if pledge.state in {S.ENDED, S.PAUSED, S.HALTED}:
        notes += [_unstoppable(draw) for draw in queries.unstoppable(pledge.pk)]
    if pledge.state == S.ENDED and pledge.method == "autogiro":
        notes += _ending(pledge)
    waiting = queries.waiting_mandate(pledge.pk)
    if waiting is not None and queries.drawing_mandate(pledge.pk) is not None:
        notes.append(
            _(
                "We are waiting for the bank's yes to your new account. Until then we draw as"
                " before."
            )
        )
    return notes


def _unstoppable(draw: Collection) -> str:
    return _("%(sum)s on %(day)s is already with the bank and can't be stopped any more.") % {
        "sum": format_kronor(draw.amount_ore),
        "day": words.day(draw.due_on),
    }


def _ending(pledge: Pledge) -> list[str]:
    """The end of the mandate: what we have asked, and when the bank confirmed it."""
    if pledge.mandates.exclude(state__in=OVER_MANDATE).exists():
        return [
            _(
                "We have asked the bank to end your autogiro mandate, and show here when it has."
                " You need not do anything."
            )
        ]
    last = pledge.mandates.filter(ended_on__isnull=False).order_by("-ended_on").first()
    if last is not None and last.ended_on is not None:
        return [
            _("The bank confirmed on %(day)s that your autogiro mandate has ended.")
            % {"day": words.day(last.ended_on)}
        ]
    return [_("Your autogiro mandate has ended.")] if pledge.mandates.exists() else []


# --- What can be done -----------------------------------------------------------------------------
def _acts(pledge: Pledge, language: str) -> list[tuple[str, str, str]]:
    """(name, label, address) of each page that is of use now."""
    labels = {
        "amount": _("Change the sum"),
        "day": _("Change the day"),
        "skip": _("Skip the next one"),
        "pause": _("Pause"),
        "resume": _("Start again now"),
        "account": _("New account or card"),
        "own_card": _("Change card"),
        "repair": _("Put it right"),
        "stop": _("End"),
    }
    names = list(ACTS[S(pledge.state)])
    if pledge.method == "card" and pledge.state in {S.ACTIVE, S.PAUSED, S.HALTED}:
        names.insert(-1, "own_card")
    return [(name, labels[name], _page(name, pledge, language)) for name in names]


def _repair(pledge: Pledge, language: str) -> str:
    """Where a missed month is put right, while it is fresh."""
    missed = Instalment.objects.filter(pledge=pledge, state=Instalment.State.MISSED)
    fresh = missed.filter(due_on__gte=clock.today() - timedelta(days=45))
    if pledge.state in {S.ENDED, S.UNCONFIRMED} or not fresh.exists():
        return ""
    later = pledge.instalments.filter(state=Instalment.State.PAID)
    if later.filter(due_on__gt=fresh.latest("due_on").due_on).exists():
        return ""
    return links.own("own_repair", language, pledge.ref)


def _page(name: str, pledge: Pledge, language: str) -> str:
    return links.own(f"own_{name}" if name in OWN else name, language, pledge.ref)
