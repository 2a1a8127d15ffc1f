"""What happened to a gift, in order: steps, attempts, refunds, disputes, journals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fundraise.console import badges, decline_reasons, reasons
from fundraise.gifts.models import Gift
from fundraise.ledger.models import Journal
from fundraise.money import format_kronor
from fundraise.providers.models import Attempt, BalanceLine


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened: when, what, in which tone, by whom, and why."""

    at: datetime
    tone: str
    what: str
    by: str = ""
    why: str = ""

    @property
    def shape(self) -> str:
        return badges.SHAPES[self.tone]


def of_gift(gift: Gift, *, disputes: bool = True) -> list[Moment]:
    """Everything but the journals, oldest first; disputes for who may see them."""
    begun = Moment(gift.created_at, "quiet", _begun(gift))
    parts = [_steps(gift), _attempts(gift), _refunds(gift)]
    if disputes:
        parts.append(_disputes(gift))
    return [begun, *sorted((m for part in parts for m in part), key=lambda m: m.at)]


def _begun(gift: Gift) -> str:
    if gift.origin == "staff":
        return _("Entered by staff")
    if gift.origin == "api":
        return _("Begun from another site")
    return _("Begun on the page") if gift.origin == "page" else _("Imported")


def _steps(gift: Gift) -> Iterator[Moment]:
    for step in gift.transitions.order_by("at", "pk"):
        badge = badges.KINDS["gift"][step.to_state]
        why = str(reasons.step_reason(step.reason))
        yield Moment(step.at, badge.tone, str(badge.word), step.by, why)


def _attempts(gift: Gift) -> Iterator[Moment]:
    for attempt in Attempt.objects.filter(gift=gift).select_related("account").order_by("number"):
        badge = badges.KINDS["attempt"][attempt.state]
        what = _("Attempt %(number)d at %(name)s: %(state)s") % {
            "number": attempt.number,
            "name": attempt.account.name,
            "state": str(badge.word).lower(),
        }
        yield Moment(attempt.created_at, badge.tone, what, why=_declines(attempt))


def _declines(attempt: Attempt) -> str:
    """How often a card was declined, why the last time, and what to do when it was not paid."""
    if not attempt.declines:
        return ""
    n, code = attempt.declines, attempt.last_decline
    tries = ngettext("%(n)d declined try", "%(n)d declined tries", n) % {"n": n}
    if not code:
        return tries
    said = [f"{tries}. {decline_reasons.decline(code)}"]
    if attempt.state != Attempt.State.PAID:
        said.append(str(decline_reasons.decline_advice(code)))
    return " ".join(part for part in said if part)


def _refunds(gift: Gift) -> Iterator[Moment]:
    for refund in gift.refunds.order_by("pk"):
        asked = _("Refund of %(sum)s asked for") % {"sum": format_kronor(refund.amount_ore)}
        yield Moment(refund.created_at, "waits", asked, refund.requested_by, refund.reason)
        for step in refund.transitions.order_by("at", "pk"):
            badge = badges.KINDS["refund"][step.to_state]
            what = _("Refund of %(sum)s: %(state)s") % {
                "sum": format_kronor(refund.amount_ore),
                "state": str(badge.word).lower(),
            }
            failed = step.to_state == refund.State.FAILED
            why = str(reasons.failure(refund.failure)) if failed else step.reason
            yield Moment(step.at, badge.tone, what, step.by, why)


def _disputes(gift: Gift) -> Iterator[Moment]:
    for dispute in gift.disputes.order_by("pk"):
        badge = badges.KINDS["dispute"][dispute.state]
        what = _("The giver's bank asks back %(sum)s: %(state)s") % {
            "sum": format_kronor(dispute.amount_ore),
            "state": str(badge.word).lower(),
        }
        why = [reasons.dispute_reason(dispute.reason)]
        if dispute.state == dispute.State.OPEN:
            why.append(reasons.dispute_advice(dispute.reason))
        said = ". ".join(str(part) for part in why if part)
        yield Moment(dispute.opened_at, badge.tone, what, why=said)


def journals_of(gift: Gift) -> QuerySet[Journal]:
    """The vouchers of a gift, found by their sources (indexed), and what reversed them."""
    booked = Journal.objects.filter(entity_id=gift.entity_id, source__in=_sources(gift))
    keys = list(booked.values_list("pk", flat=True))
    both = Journal.objects.filter(Q(pk__in=keys) | Q(reversal_of__in=keys))
    return both.select_related("series").annotate(ore=Sum("entries__amount_ore")).order_by("pk")


def _sources(gift: Gift) -> list[str]:
    """The names under which the books may have a gift's movements."""
    refs = [ref for ref in _provider_refs(gift) if ref]
    lines = BalanceLine.objects.filter(source_id__in=refs).values_list("provider_ref", flat=True)
    found = [f"line:{line}" for line in lines]
    for ref in refs:
        found += [f"charge:{ref}", f"refund:{ref}"]
    by_hand = [ref for ref in refs if ref.startswith("manual:")]
    by_hand += [ref.replace("manual:", "manual:refund:", 1) for ref in by_hand]
    providers = _providers(gift)
    return by_hand + [f"{provider}:{name}" for provider in providers for name in found]


def _provider_refs(gift: Gift) -> Iterable[str | None]:
    yield gift.provider_ref
    yield from gift.refunds.values_list("provider_ref", flat=True)
    yield from gift.disputes.values_list("provider_ref", flat=True)


def _providers(gift: Gift) -> set[str]:
    used = Attempt.objects.filter(gift=gift).values_list("account__provider", flat=True)
    return {*used, "stripe"}
