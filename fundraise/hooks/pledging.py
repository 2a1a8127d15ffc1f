"""What the outbox tells of monthly giving, for the endpoints that want it.

A monthly gift may become active or be changed more than once: each step is told once, by its own
number. Several steps that nothing was noted of yet are told by one message.
"""

from __future__ import annotations

from fundraise.hooks import services
from fundraise.hooks.models import Endpoint
from fundraise.hooks.services import Fact
from fundraise.hooks.subscribers import gift_received
from fundraise.pledges.models import Collection, Instalment, Mandate, Pledge


def pledge_started(pledge_id: int) -> None:
    _pledge("pledge.started", Pledge.objects.get(pk=pledge_id))


def pledge_active(pledge_id: int) -> None:
    _moved("pledge.active", pledge_id, Pledge.State.ACTIVE)


def pledge_halted(pledge_id: int) -> None:
    _moved("pledge.halted", pledge_id, Pledge.State.HALTED)


def pledge_ended(pledge_id: int) -> None:
    _pledge("pledge.ended", Pledge.objects.get(pk=pledge_id))


def pledge_changed(pledge_id: int) -> None:
    pledge = Pledge.objects.get(pk=pledge_id)
    newest = pledge.changes.order_by("-pk").values_list("pk", flat=True).first()
    _pledge("pledge.changed", pledge, f":{newest}")


def mandate_refused(mandate_id: int) -> None:
    _mandate("mandate.refused", mandate_id)


def mandate_ended(mandate_id: int) -> None:
    _mandate("mandate.ended", mandate_id)


def instalment_paid(instalment_id: int) -> None:
    """The month, and the gift that it has become: a draw's gift is told by nobody else."""
    _instalment("instalment.paid", instalment_id)
    drawn = Collection.objects.filter(instalment_id=instalment_id, gift__isnull=False)
    for gift_id in drawn.order_by("pk").values_list("gift_id", flat=True):
        gift_received(gift_id)


def instalment_missed(instalment_id: int) -> None:
    _instalment("instalment.missed", instalment_id)


def surplus_drawn(collection_id: int) -> None:
    """Money that came for a month that was paid: a gift, until staff give it back."""
    draw = Collection.objects.get(pk=collection_id)
    if draw.gift_id is not None:
        gift_received(draw.gift_id)


def _moved(kind: str, pledge_id: int, state: str) -> None:
    pledge = Pledge.objects.get(pk=pledge_id)
    steps = pledge.transitions.filter(to_state=state).order_by("-pk")
    _pledge(kind, pledge, f":{steps.values_list('pk', flat=True).first()}")


def _pledge(kind: str, pledge: Pledge, step: str = "") -> None:
    fact = Fact(kind, "pledge", pledge.ref, f"{kind}:{pledge.ref}{step}")
    services.announce(fact, _wanted(pledge.entity_id))


def _mandate(kind: str, mandate_id: int) -> None:
    mandate = Mandate.objects.get(pk=mandate_id)
    fact = Fact(kind, "mandate", mandate.ref, f"{kind}:{mandate.ref}")
    services.announce(fact, _wanted(mandate.entity_id))


def _instalment(kind: str, instalment_id: int) -> None:
    row = Instalment.objects.select_related("pledge").get(pk=instalment_id)
    fact = Fact(kind, "instalment", row.ref, f"{kind}:{row.ref}")
    services.announce(fact, _wanted(row.pledge.entity_id))


def _wanted(entity_id: int) -> list[Endpoint]:
    return list(Endpoint.objects.filter(entity_id=entity_id, is_active=True))
