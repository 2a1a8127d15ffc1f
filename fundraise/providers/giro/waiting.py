"""What waits to be sent: read with the pledges' rows locked, so that no stop passes it by.

Each row becomes an `Item`: the record to write and what it is about.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from fundraise.crypto import CryptoError
from fundraise.jobs import services as jobs
from fundraise.pledges import sealing
from fundraise.pledges.models import Collection, Mandate, Pledge
from fundraise.pledges.services import drawing
from fundraise.providers.giro import calendar, records
from fundraise.providers.giro.models import Agreement, Order
from fundraise.providers.giro.terms import Payee

METHOD = "autogiro"
SHUT = "giro-mandate-sealed"


@dataclass(frozen=True, slots=True)
class Item:
    """An order to send. `due` and `ore` where it is about a draw."""

    kind: str
    record: Any
    mandate_id: int
    collection_id: int | None = None
    due: date | None = None
    ore: int = 0


Gather = Callable[[Agreement, Payee, date], list[Item]]


def draws(agreement: Agreement, payee: Payee, day: date) -> list[Item]:
    """Queued draws that a file of this day reaches, on mandates that hold."""
    found = drawing.sendable(
        agreement.account.entity_id, METHOD, until=calendar.due_until(agreement, day)
    ).filter(due_on__gte=calendar.earliest_due(day))
    return [
        Item(
            Order.Kind.DRAW,
            records.draw(payee, payer, due, ore, reference),
            mandate_id,
            pk,
            due,
            ore,
        )
        for pk, mandate_id, payer, due, ore, reference in _locked(found)
    ]


def cancels(agreement: Agreement, payee: Payee, day: date) -> list[Item]:
    """Draws to cancel that were sent another day and that the bank still stops."""
    todays = Order.objects.filter(collection=OuterRef("pk"), day__gte=day)
    asked = Order.objects.filter(
        collection=OuterRef("pk"), kind=Order.Kind.CANCEL, answered_at=None
    )
    found = Collection.objects.filter(
        ~Exists(todays),
        ~Exists(asked),
        state=Collection.State.CANCELLING,
        due_on__gte=calendar.earliest_due(day),
        mandate__entity_id=agreement.account.entity_id,
        mandate__method=METHOD,
    )
    return [
        Item(
            Order.Kind.CANCEL,
            records.cancel(payee, payer, due, ore, reference),
            mandate_id,
            pk,
            due,
            ore,
        )
        for pk, mandate_id, payer, due, ore, reference in _locked(found)
    ]


def _locked(found: QuerySet[Collection]) -> list[tuple[Any, ...]]:
    """The draws, read again once their pledges are locked: the state is that of now.

    In the order of due day and number, as Bankgirot's own registers are sorted.
    """
    _lock_pledges(found.order_by().values_list("instalment__pledge_id", flat=True))
    return list(
        found.order_by("due_on", "mandate__payer_number", "pk").values_list(
            "pk", "mandate_id", "mandate__payer_number", "due_on", "amount_ore", "reference"
        )
    )


def _lock_pledges(pledge_ids: QuerySet[Any, int]) -> None:
    """In their order. The keys are read first: thousands are then found by key, whatever the
    database expects of the day's rows."""
    locked = Pledge.objects.extra(
        where=["pledges_pledge.id = ANY(%s)"], params=[sorted(set(pledge_ids))]
    )
    list(locked.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))


def mandates(agreement: Agreement, payee: Payee, day: date) -> list[Item]:
    """New mandates and answers to the Internet bank's, and ends of others."""
    ours = Mandate.objects.filter(entity_id=agreement.account.entity_id, method=METHOD)
    new = _mandates_locked(ours.filter(state=Mandate.State.CREATED))
    answered = Order.objects.filter(mandate=OuterRef("pk"))
    refused = ours.filter(
        ~Exists(answered),
        state=Mandate.State.REFUSED,
        origin=Mandate.Origin.INTERNET_BANK,
    )
    return [
        *_that_open(agreement, payee, new),
        *(
            Item(Order.Kind.REJECT, records.reject(payee, str(mandate.payer_number)), mandate.pk)
            for mandate in _mandates_locked(refused)
        ),
        *(
            Item(Order.Kind.END, records.end(payee, str(mandate.payer_number)), mandate.pk)
            for mandate in _mandates_locked(_to_end(ours, day))
        ),
    ]


def _that_open(agreement: Agreement, payee: Payee, new: list[Mandate]) -> list[Item]:
    """New mandates, without those whose account does not open: they ring, hold up no other (above
    all no donor's stop), and are tried again in the next file."""
    items, shut = list[Item](), 0
    for mandate in new:
        try:
            items.append(_new(payee, mandate))
        except CryptoError:
            shut += 1
    if shut:
        jobs.raise_alarm(SHUT, str(agreement.ref), f"{shut} new mandates do not open")
    else:
        jobs.resolve_alarms(SHUT, subject=str(agreement.ref))
    return items


def _new(payee: Payee, mandate: Mandate) -> Item:
    """A mandate of the Internet bank is said yes to without account: the bank has it."""
    number = str(mandate.payer_number)
    if mandate.origin == Mandate.Origin.INTERNET_BANK:
        return Item(Order.Kind.APPROVE, records.new(payee, number, "", ""), mandate.pk)
    details = sealing.details_of(mandate)
    on_bankgiro = mandate.variant == "bankgiro"
    account = "" if on_bankgiro else details.account16
    identity = "" if on_bankgiro else details.identity12
    return Item(Order.Kind.NEW, records.new(payee, number, account, identity), mandate.pk)


def _to_end(ours: QuerySet[Mandate], day: date) -> QuerySet[Mandate]:
    """Nothing about the mandate or its draws may stand in a file of the same day."""
    todays = Order.objects.filter(mandate=OuterRef("pk"), day__gte=day)
    asked = Order.objects.filter(mandate=OuterRef("pk"), kind=Order.Kind.END, answered_at=None)
    stops = Collection.objects.filter(
        mandate=OuterRef("pk"),
        state=Collection.State.CANCELLING,
        due_on__gte=calendar.earliest_due(day),
    ).filter(~Exists(Order.objects.filter(collection=OuterRef("pk"), kind=Order.Kind.CANCEL)))
    return ours.filter(~Exists(todays), ~Exists(asked), ~Exists(stops), state=Mandate.State.ENDING)


def _mandates_locked(found: QuerySet[Mandate]) -> list[Mandate]:
    """The mandates, read again once their pledges are locked."""
    _lock_pledges(found.exclude(pledge=None).values_list("pledge_id", flat=True))
    return list(found.order_by("pk").select_for_update(of=("self",), no_key=True))
