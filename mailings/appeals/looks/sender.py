"""Who sends: the address, its domain's settings, and whether the carrier that is set can carry."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from mailings.appeals.models import Appeal, Content
from mailings.appeals.preflight import BLOCK, OK, UNKNOWN, WARN, Check
from mailings.verified import domain_checks
from mailings.verified import queries as verified


def sender(appeal: Appeal) -> Iterator[Check]:
    """Each address that the versions come from, and its domain."""
    yield from addresses(appeal)
    for domain in sorted({one.rpartition("@")[2] for one in _from(appeal) if one}):
        yield _domain(domain)
    yield Check("carrier", OK, {"carrier": settings.APPEAL_SENDER})


def addresses(appeal: Appeal) -> Iterator[Check]:
    """Whether every version has one, of those that were shown to be the entity's own."""
    found = _from(appeal)
    if not found or "" in found:
        yield Check("from", BLOCK, {"addresses": [one for one in found if one]})
    else:
        yield Check("from", OK, {"addresses": found})
        yield from _verified(appeal, found)


def _from(appeal: Appeal) -> list[str]:
    rows = Content.objects.filter(variant__appeal=appeal).values_list("from_email", flat=True)
    return sorted(set(rows))


def _verified(appeal: Appeal, addresses: list[str]) -> Iterator[Check]:
    """Only addresses that were shown to be the entity's own; where no mail reaches people, a word
    of warning is enough."""
    entity = appeal.campaign.entity_id
    strange = [one for one in addresses if not verified.may_come_from(entity, one)]
    rows = Content.objects.filter(variant__appeal=appeal)
    answers = set(rows.values_list("reply_to", flat=True))
    strange += sorted(one for one in answers if not verified.may_be_answered_to(entity, one))
    if strange:
        state = BLOCK if settings.LIVE else WARN
        yield Check("verified", state, {"addresses": list(dict.fromkeys(strange))})


def _domain(name: str) -> Check:
    """SPF, DKIM and DMARC, looked up when there is network."""
    found = domain_checks.check(name)
    said = {"domain": name, "spf": found.spf, "dkim": found.dkim, "dmarc": found.dmarc}
    if found.is_in_order is None:
        return Check("domain", UNKNOWN, said)
    return Check("domain", OK if found.is_in_order else WARN, said)
