"""What staff do to a monthly gift as its donor asks: doors of pledges, refusals as sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundraise import bankdays, clock
from fundraise.console import pledge_timeline, pledge_words, wish_forms
from fundraise.console.days import day
from fundraise.money import format_kronor
from fundraise.pledges import queries, states
from fundraise.pledges.models import Collection, Instalment, Pledge, PledgeChange
from fundraise.pledges.services import changing
from fundraise.pledges.services.changing import Wish

Text = str | Promise
STOP_BANK_DAYS = 2  # the user manual: a payer's stop is carried out by then
STOP_HOUR = time(19)
MADE_SHOWN = 10
UNDOABLE = ("amount", "day")

REFUSALS: dict[str, Text] = {
    "ended": gettext_lazy("It has ended. Nothing was changed."),
    "not_active": gettext_lazy("It is not active now, so there is nothing to leave out or pause."),
    "not_paused": gettext_lazy("It is not paused. Nothing was changed."),
    "not_signed": gettext_lazy("It has no mandate to draw on: a new one is needed first."),
    "amount": gettext_lazy("The campaign does not take that sum. Choose another one."),
    "day": gettext_lazy("Choose a day from 1 to 28, or the last bank day."),
    "until": gettext_lazy("Choose a day after today, at most a year ahead."),
    "nothing_to_skip": gettext_lazy("There is no such month to leave out or to take back."),
    "too_late": gettext_lazy(
        "It is too late: the bank has the draw and takes no change any more, or it can't be "
        "announced in time. Nothing was changed."
    ),
    "not_undoable": gettext_lazy(
        "Only the latest change of sum or day can be taken back. Nothing was changed."
    ),
    "no_payer_range": gettext_lazy(
        "No payer numbers are set for the legal entity. An administrator sets them under Autogiro."
    ),
    "no_payer_number": gettext_lazy(
        "Every payer number of the legal entity is used. An administrator widens the range."
    ),
    "quarantine": gettext_lazy(
        "That bankgiro number rests at Bankgirot after its last mandate. Try again in a week."
    ),
    "number_in_use": gettext_lazy("Another mandate has that number already."),
    "not_received": gettext_lazy("The mandate was answered before, or has lapsed."),
    "not_draft": gettext_lazy("The mandate was signed before, or is over."),
}
NOT_SENT: dict[str, Text] = {
    "again": gettext_lazy("A link was sent today already. Nothing was sent now."),
    "nowhere": gettext_lazy(
        "There is no address to send it to: none is known, or the donor wants no contact. "
        "Nothing was sent."
    ),
    "over": gettext_lazy(
        "It has ended or is not signed, so there is nothing to change. Nothing was sent."
    ),
}
UNCHANGED = gettext_lazy("It was so before. Nothing was changed.")


def refusal(code: str) -> str:
    """Why a wish could not be carried out."""
    return str(REFUSALS.get(code) or _("That can't be done now. Nothing was changed."))


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that a donor may ask for: its title, its form, how it is done and said."""

    title: Text
    form: type[wish_forms.WishForm]
    carry_out: Callable[[Pledge, Any, Wish], str]
    button: Text
    states: frozenset[str]
    danger: bool = False
    recalls: bool = False  # draws that are out are cancelled where they still can be


def _amount(pledge: Pledge, said: dict[str, Any], wish: Wish) -> str:
    if changing.change_amount(pledge.pk, said["amount_ore"], wish) is None:
        return str(UNCHANGED)
    return _("The sum is %(sum)s from now on.") % {"sum": format_kronor(said["amount_ore"])}


def _day(pledge: Pledge, said: dict[str, Any], wish: Wish) -> str:
    if changing.change_day(pledge.pk, said["day"], wish) is None:
        return str(UNCHANGED)
    return _("It is drawn on %(day)s from now on.") % {"day": pledge_words.day_of(said["day"])}


def _skip(pledge: Pledge, _said: dict[str, Any], wish: Wish) -> str:
    changing.skip_next(pledge.pk, wish)
    return _("The next draw is left out.")


def _unskip(pledge: Pledge, said: dict[str, Any], wish: Wish) -> str:
    changing.unskip(pledge.pk, said["period"], wish)
    return _("The month is drawn again.")


def _pause(pledge: Pledge, said: dict[str, Any], wish: Wish) -> str:
    _change, recalled = changing.pause(pledge.pk, said["until"], wish)
    paused = _("Nothing is drawn before %(day)s.") % {"day": day(said["until"])}
    return " ".join([paused, *_late(recalled.unstoppable)])


def _resume(pledge: Pledge, _said: dict[str, Any], wish: Wish) -> str:
    changing.resume(pledge.pk, wish)
    return _("It goes on from the first draw that can be announced in time.")


def _go_on(pledge: Pledge, _said: dict[str, Any], wish: Wish) -> str:
    changing.go_on(pledge.pk, wish)
    return _("It is drawn again on the mandate that it has.")


def _stop(pledge: Pledge, _said: dict[str, Any], wish: Wish) -> str:
    late = [draw.pk for draw in queries.unstoppable(pledge.pk)]
    if not changing.stop(pledge.pk, wish):
        return _("It had ended before. Nothing was changed.")
    stopped = _("It has ended, and its mandate too. No new draw is made.")
    return " ".join([stopped, *_late(late), *_owed_back(pledge, wish.received_at)])


def _undo(pledge: Pledge, said: dict[str, Any], wish: Wish) -> str:
    change = pledge.changes.filter(pk=said["key"]).first()
    if change is None or not changing.undo(change.pk, wish):
        return str(UNCHANGED)
    return _("The change is taken back.")


def _late(keys: Any) -> list[str]:
    """Which draws can't be stopped any more, in a sentence each."""
    rows = Collection.objects.filter(pk__in=list(keys)).order_by("due_on")
    said = _("The draw of %(sum)s on %(day)s is past the bank's cut-off and is made all the same.")
    return [said % {"sum": format_kronor(row.amount_ore), "day": day(row.due_on)} for row in rows]


def _owed_back(pledge: Pledge, since: datetime) -> list[str]:
    """What was drawn after a stop had reached us, though nobody had written it down yet."""
    said = _("%(sum)s was drawn on %(day)s, after the stop had reached us: pay it back.")
    return [
        said % {"sum": format_kronor(row.amount_ore), "day": day(row.due_on)}
        for row in queries.drawn_after(pledge.pk, since)
    ]


LIVING = frozenset(states.LIVE_PLEDGE)
ACTS: dict[str, Act] = {
    "amount": Act(
        gettext_lazy("Another sum"), wish_forms.AmountForm, _amount,
        gettext_lazy("Change the sum"), LIVING,
    ),
    "day": Act(
        gettext_lazy("Another day"), wish_forms.DayOfMonthForm, _day,
        gettext_lazy("Change the day"), LIVING,
    ),
    "skip": Act(
        gettext_lazy("Leave out the next draw"), wish_forms.WishForm, _skip,
        gettext_lazy("Leave out the next draw"), frozenset({"active", "pending"}),
    ),
    "unskip": Act(
        gettext_lazy("Draw the month after all"), wish_forms.UnskipForm, _unskip,
        gettext_lazy("Draw it after all"), LIVING,
    ),
    "pause": Act(
        gettext_lazy("Pause"), wish_forms.PauseForm, _pause,
        gettext_lazy("Pause it"), frozenset({"active", "paused"}), recalls=True,
    ),
    "resume": Act(
        gettext_lazy("Go on after the pause"), wish_forms.WishForm, _resume,
        gettext_lazy("Go on"), frozenset({"paused"}),
    ),
    "go-on": Act(
        gettext_lazy("Draw again on the old mandate"), wish_forms.WishForm, _go_on,
        gettext_lazy("Draw again"), frozenset({"halted"}),
    ),
    "stop": Act(
        gettext_lazy("Stop"), wish_forms.StopForm, _stop,
        gettext_lazy("Stop the monthly gift for good"), LIVING, danger=True, recalls=True,
    ),
    "undo": Act(
        gettext_lazy("Take a change back"), wish_forms.UndoForm, _undo,
        gettext_lazy("Take the change back"), LIVING,
    ),
}  # fmt: skip
SHOWN = ("amount", "day", "skip", "pause", "resume", "go-on", "stop")


def possible(pledge: Pledge) -> list[tuple[str, Text]]:
    """The acts that the page of a monthly gift offers as it stands."""
    held = pledge.mandates.filter(state="active").exists() if pledge.state == "halted" else False
    shown = [name for name in SHOWN if pledge.state in ACTS[name].states]
    return [(name, ACTS[name].title) for name in shown if name != "go-on" or held]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What becomes of the draws that are out when it is stopped, paused or left out now."""

    stoppable: list[Collection]
    unstoppable: list[Collection]


def outlook(pledge: Pledge) -> Outlook:
    """As `ending.recall_draws` would do it now; nothing is changed."""
    open_draws = Collection.objects.filter(
        instalment__pledge=pledge, state__in=states.OPEN_COLLECTION
    )
    late = queries.unstoppable(pledge.pk)
    rest = open_draws.exclude(pk__in=[draw.pk for draw in late])
    return Outlook(list(rest.order_by("due_on")), late)


def draws_beside(change: PledgeChange) -> dict[str, list[Collection]]:
    """The draws that a letter about a stop speaks of: past the cut-off, and owed back."""
    if change.kind != PledgeChange.Kind.STOP:
        return {}
    return {
        "unstoppable": queries.unstoppable(change.pledge_id),
        "owed_back": queries.drawn_after(change.pledge_id, change.received_at),
    }


def stop_due(received_at: datetime) -> datetime:
    """By when a stop must be carried out: 19:00 on the second bank day after it reached us."""
    on: date = bankdays.add(clock.local_date(received_at), STOP_BANK_DAYS)
    return datetime.combine(on, STOP_HOUR, tzinfo=clock.STOCKHOLM)


def made(pledge: Pledge) -> list[tuple[PledgeChange, str, bool]]:
    """The newest changes, in words, and whether each may still be taken back."""
    rows = list(pledge.changes.order_by("-pk")[:MADE_SHOWN])
    latest = {kind: next((row.pk for row in rows if row.kind == kind), 0) for kind in UNDOABLE}
    return [
        (
            row,
            pledge_timeline.what_changed(row),
            row.undone_at is None and latest.get(row.kind) == row.pk and pledge.state != "ended",
        )
        for row in rows
    ]


def skipped(pledge: Pledge) -> list[Instalment]:
    """Months that were left out and may still be taken back."""
    rows = pledge.instalments.filter(state="skipped", due_on__gt=clock.today())
    return list(rows.order_by("due_on"))
