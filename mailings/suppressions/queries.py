"""Reads: which addresses must not be mailed, one by one, in SQL, and for the person herself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import Count, QuerySet

from donors import lookup
from donors.errors import InvalidValue
from fundraise import crypto
from mailings.suppressions.models import Suppression

Reason = Suppression.Reason
WEIGHT = {str(reason): place for place, reason in enumerate(Reason)}

_ANY = """
EXISTS (SELECT 1 FROM suppressions_suppression s
         WHERE s.email_key = {key} AND s.lifted_at IS NULL
           AND (s.scope <> 'campaign' OR s.campaign_id = {campaign}))"""


def stands_sql(key: str, campaign: str = "NULL::bigint") -> str:
    """SQL: whether there is any such reason; quicker for who asks of very many."""
    return _ANY.format(key=key, campaign=campaign)


def suppressed(keys: Iterable[bytes], campaign_id: int | None = None) -> dict[bytes, str]:
    """The keys that must not get an appeal of the campaign, each with its weightiest reason."""
    wanted = list({bytes(key) for key in keys})
    found: dict[bytes, str] = {}
    if not wanted:
        return found
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT email_key, reason FROM suppressions_suppression"
            " WHERE email_key = ANY(%s::bytea[]) AND lifted_at IS NULL"
            " AND (scope <> 'campaign' OR campaign_id = %s)",
            [wanted, campaign_id],
        )
        for key, reason in cursor.fetchall():
            known = found.get(bytes(key))
            if known is None or WEIGHT[reason] < WEIGHT[known]:
                found[bytes(key)] = reason
    return found


def suppressed_addresses(
    addresses: Sequence[str], campaign_id: int | None = None
) -> dict[str, str]:
    """The same by plain address, looked for under every look-up key that is set.

    For whoever has the addresses open anyway: with two keys set, a row of somebody who was
    forgotten may stand under the older one, where a join on contact points does not find it.
    """
    by_key = {key: address for address in addresses for key in keys_of(address)}
    found: dict[str, str] = {}
    for key, reason in suppressed(by_key, campaign_id).items():
        address = by_key[key]
        if address not in found or WEIGHT[reason] < WEIGHT[found[address]]:
            found[address] = reason
    return found


def keys_of(address: str) -> list[bytes]:
    """The address's keys under every look-up key, the current one first; none of what is none."""
    try:
        return lookup.email_hashes(address)
    except InvalidValue:
        return []


def several_keys() -> bool:
    """Whether a row may stand under another key than the contact points do."""
    return len(crypto.lookup_ring().keys) > 1


def of_address(address: str) -> QuerySet[Suppression]:
    """Everything that was ever noted of one address, the newest first."""
    return of_keys(keys_of(address))


def of_keys(keys: Iterable[bytes]) -> QuerySet[Suppression]:
    """Everything that was ever noted of these, the newest first."""
    rows = Suppression.objects.select_related("campaign").filter(email_key__in=list(keys))
    return rows.order_by("-created_at", "-pk")


def standing() -> QuerySet[Suppression]:
    """What holds now."""
    return Suppression.objects.filter(lifted_at=None)


def counts() -> dict[str, int]:
    """How many addresses stand there for each reason, reasons without any too."""
    found = dict(
        standing().values_list("reason").annotate(Count("email_key", distinct=True)).order_by()
    )
    return {str(reason): found.get(reason, 0) for reason in Reason}
