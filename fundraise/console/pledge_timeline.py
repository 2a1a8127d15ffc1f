"""What happened to a monthly gift, newest first: changes, mandates, draws and notices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundraise.console import badges, pledge_words
from fundraise.console.days import day
from fundraise.console.tables.draws import month_of
from fundraise.console.templatetags.staff import when
from fundraise.console.timeline import Moment
from fundraise.money import format_kronor
from fundraise.pledges.models import (
    CollectionTransition,
    InstalmentTransition,
    Mandate,
    MandateTransition,
    Pledge,
    PledgeChange,
    Signature,
)

MOST = 200  # of each kind
KINDS: dict[str, str | Promise] = {
    "changes": gettext_lazy("Changes"),
    "mandates": gettext_lazy("Mandates"),
    "draws": gettext_lazy("Draws"),
    "notices": gettext_lazy("Notices"),
}


def of_pledge(pledge: Pledge, show: str = "") -> list[Moment]:
    """Everything of a monthly gift; only one kind when `show` names it."""
    readers: dict[str, Callable[[Pledge], Iterator[Moment]]] = {
        "changes": _changes,
        "mandates": _mandates,
        "draws": _draws,
        "notices": _notices,
    }
    chosen = [show] if show in readers else list(readers)
    found = [moment for kind in chosen for moment in readers[kind](pledge)]
    return sorted(found, key=lambda moment: moment.at, reverse=True)


def of_mandate(mandate: Mandate) -> list[Moment]:
    """What happened to one mandate, oldest first."""
    found = [_made(mandate), *_signed(mandate), *_steps(mandate)]
    return sorted(found, key=lambda moment: moment.at)


def _changes(pledge: Pledge) -> Iterator[Moment]:
    came = pledge_words.ORIGINS.get(pledge.origin, pledge.origin)
    what = _("Signed up for %(sum)s, by %(origin)s")
    sum_ = format_kronor(pledge.amount_ore)
    yield Moment(pledge.created_at, "quiet", what % {"sum": sum_, "origin": came})
    for step in pledge.transitions.order_by("-at", "-pk")[:MOST]:
        badge = badges.KINDS["pledge"][step.to_state]
        why = pledge_words.answer(step.reason)
        yield Moment(step.at, badge.tone, str(badge.word), step.by, why)
    for change in pledge.changes.order_by("-pk")[:MOST]:
        yield Moment(change.made_at, "quiet", what_changed(change), change.by, _how(change))


def what_changed(change: PledgeChange) -> str:
    """ "Sum: 200 kr → 250 kr"."""
    word = str(pledge_words.CHANGE_KINDS[change.kind])
    keys = dict.fromkeys([*change.before, *change.after])
    said = []
    for key in keys:
        old, new = _value(key, change.before.get(key)), _value(key, change.after.get(key))
        said.append(f"{old} → {new}" if old and new else old or new)
    parts = ", ".join(part for part in said if part)
    return f"{word}: {parts}" if parts else word


def _value(key: str, value: object) -> str:
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, int) and key.endswith("_ore"):
        return format_kronor(value)
    if key == "day" and isinstance(value, int):
        return pledge_words.day_of(value)
    if key == "interval_months" and isinstance(value, int):
        return pledge_words.every(value)
    if isinstance(value, list):
        return ", ".join(_value(key, one) for one in value)
    try:
        return day(date.fromisoformat(str(value)))
    except ValueError:
        return str(badges.KINDS["pledge"][str(value)].word) if key == "state" else ""


def _how(change: PledgeChange) -> str:
    """By which way the wish came and when, why, and whether it was taken back."""
    way = pledge_words.CHANNELS.get(change.channel, change.channel)
    said = [_("%(channel)s, received %(at)s") % {"channel": way, "at": when(change.received_at)}]
    if change.reason:
        said.append(str(pledge_words.REASONS.get(change.reason, change.reason)))
    if change.undone_at:
        said.append(_("taken back %(at)s") % {"at": when(change.undone_at)})
    return " · ".join(said)


def _mandates(pledge: Pledge) -> Iterator[Moment]:
    for mandate in pledge.mandates.select_related("pledge").order_by("pk"):
        yield from of_mandate(mandate)


def _made(mandate: Mandate) -> Moment:
    what = _("Mandate %(number)s made: %(account)s") % {
        "number": mandate.payer_number or str(mandate.ref)[:8],
        "account": mandate.account_hint or pledge_words.method(mandate.method),
    }
    return Moment(mandate.created_at, "quiet", what)


def _signed(mandate: Mandate) -> Iterator[Moment]:
    signature = Signature.objects.filter(mandate=mandate).only("way", "signed_at", "by").first()
    if signature is not None:
        what = _("Mandate signed: %(way)s") % {"way": signature.get_way_display()}
        yield Moment(signature.signed_at, "done", what, signature.by)


def _steps(mandate: Mandate) -> Iterator[Moment]:
    steps: list[MandateTransition] = list(mandate.transitions.order_by("at", "pk")[:MOST])
    for step in steps:
        badge = badges.KINDS["mandate"][step.to_state]
        said = [pledge_words.answer(step.reason), pledge_words.answer_then(step.reason)]
        why = ". ".join(part.rstrip(".") for part in said if part)
        what = _("Mandate %(number)s: %(state)s") % {
            "number": mandate.payer_number or str(mandate.ref)[:8],
            "state": str(badge.word).lower(),
        }
        yield Moment(step.at, badge.tone, what, step.by, why)


def _draws(pledge: Pledge) -> Iterator[Moment]:
    months = InstalmentTransition.objects.filter(instalment__pledge=pledge)
    for step in months.select_related("instalment").order_by("-at", "-pk")[:MOST]:
        badge = badges.KINDS["instalment"][step.to_state]
        values = {
            "month": month_of(step.instalment.period),
            "sum": format_kronor(step.instalment.amount_ore),
            "state": str(badge.word).lower(),
        }
        what = _("%(month)s, %(sum)s: %(state)s") % values
        yield Moment(step.at, badge.tone, what, step.by, pledge_words.answer(step.reason))
    draws = CollectionTransition.objects.filter(collection__instalment__pledge=pledge)
    for draw in draws.select_related("collection").order_by("-at", "-pk")[:MOST]:
        yield _draw(draw)


def _draw(step: CollectionTransition) -> Moment:
    badge = badges.KINDS["draw"][step.to_state]
    what = _("Draw %(number)d of %(day)s: %(state)s") % {
        "number": step.collection.number,
        "day": day(step.collection.due_on),
        "state": str(badge.word).lower(),
    }
    said = [pledge_words.draw_reason(step.reason)]
    if step.to_state == "failed":
        said.append(pledge_words.draw_advice(step.reason))
    return Moment(step.at, badge.tone, what, step.by, " ".join(part for part in said if part))


def _notices(pledge: Pledge) -> Iterator[Moment]:
    for notice in pledge.notices.defer("text_sealed").order_by("-pk")[:MOST]:
        what = _("Notice (%(kind)s): %(sum)s on %(day)s") % {
            "kind": str(notice.get_kind_display()).lower(),
            "sum": format_kronor(notice.amount_ore),
            "day": day(notice.first_on),
        }
        following = _("and the days after it") if notice.covers_following else ""
        if notice.sent_at:
            yield Moment(notice.sent_at, "done", what, why=following)
        else:
            yield Moment(notice.made_at, "waits", _("%(what)s, not sent yet") % {"what": what})
