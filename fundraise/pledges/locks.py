"""Row locks of pledges: the pledge first, then mandates, instalments and draws; the ledger last.

Whoever changes anything of a pledge holds its row: a stop and a file can't pass each other.
"""

from __future__ import annotations

from fundraise.pledges.models import Collection, Instalment, Mandate, Pledge


def pledge_for_change(pk: int) -> Pledge:
    """The pledge with its campaign, locked until commit."""
    pledges = Pledge.objects.select_for_update(of=("self",), no_key=True)
    return pledges.select_related("campaign").get(pk=pk)


def mandate_for_change(pk: int) -> Mandate:
    """The mandate, with its pledge (when it has one) locked before it."""
    pledge_id = Mandate.objects.values_list("pledge_id", flat=True).get(pk=pk)
    pledge = pledge_for_change(pledge_id) if pledge_id else None
    mandate = Mandate.objects.select_for_update(no_key=True).get(pk=pk)
    if pledge is not None and mandate.pledge_id == pledge.pk:
        mandate.pledge = pledge
    return mandate


def collection_for_change(pk: int) -> Collection:
    """The draw with its instalment and pledge locked before it."""
    instalment_id = Collection.objects.values_list("instalment_id", flat=True).get(pk=pk)
    instalment = instalment_for_change(instalment_id)
    collection = Collection.objects.select_for_update(no_key=True).get(pk=pk)
    collection.instalment = instalment
    return collection


def instalment_for_change(pk: int) -> Instalment:
    """The instalment with its pledge locked before it."""
    pledge = pledge_for_change(Instalment.objects.values_list("pledge_id", flat=True).get(pk=pk))
    instalment = Instalment.objects.select_for_update(no_key=True).get(pk=pk)
    instalment.pledge = pledge
    return instalment
