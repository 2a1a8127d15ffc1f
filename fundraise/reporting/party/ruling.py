"""The door of an entity's own rules: the anonymous limit and foreign money, from a day on."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import IntegrityError, transaction

from fundraise import clock
from fundraise.gifts import identity
from fundraise.gifts.models import GivingRule
from fundraise.ledger import entities
from fundraise.ledger.models import LegalEntity
from fundraise.reporting.party import rules
from fundraise.reporting.party.errors import PartyError, reasoned


@transaction.atomic
def set_rule(
    entity: LegalEntity, from_date: date, *, permille: int, foreign: str, reason: str, by: str
) -> GivingRule:
    """A rule from a day on. What has been received keeps the rule of its own day.

    Raises PartyError: not_a_party, day_in_the_past, day_before_the_last, reason_missing, personal.
    """
    if entity.kind != LegalEntity.Kind.PARTY:
        raise PartyError("not_a_party")
    if from_date < clock.today():
        raise PartyError("day_in_the_past")
    reasoned(reason)
    if GivingRule.objects.filter(entity=entity, from_date__gt=from_date).exists():
        raise PartyError("day_before_the_last")
    try:
        with transaction.atomic():
            rule = GivingRule.objects.create(
                entity=entity, from_date=from_date, anonymous_permille=permille, foreign=foreign,
                reason=reason.strip(), set_by=by, set_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        raise PartyError("day_before_the_last") from None
    after = {"from": from_date, "permille": permille, "foreign": foreign}
    entities.log_change(by, "party.rule.set", entity, after, reason)
    return rule


def permille_on(entity_id: int, day: date) -> int:
    """The anonymous limit in force on a day, in thousandths of a price base amount."""
    own = identity.giving_rule(entity_id, day)
    law = rules.shares_on(settings.PARTY_RULES, day)["anonymous"]
    return law if own is None else own.anonymous_permille


def limits_of(entity_id: int, year: int) -> rules.Limits:
    """The limits of a year, with the anonymous one as it stands at the year's end."""
    last = date(year, 12, 31)
    shares = rules.shares_on(settings.PARTY_RULES, last)
    own = permille_on(entity_id, last)
    return rules.limits(year, settings.PRICE_BASE_AMOUNTS_ORE, shares, anonymous=own)


def anonymous_limits_ore(entity_id: int, year: int) -> list[int]:
    """Each anonymous limit that is in force some day of a year. A gift of nobody known keeps the
    rule of its own day, and what exceeds that is held by itself (anonymous.py)."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    own = GivingRule.objects.filter(entity_id=entity_id, from_date__range=(first, last))
    law = [date.fromisoformat(day) for day, _shares in settings.PARTY_RULES]
    days = {first, *own.values_list("from_date", flat=True), *(d for d in law if d.year == year)}
    known = [day for day in days if day >= min(law)]
    base = limits_of(entity_id, year).base_ore
    return [rules.part(base, permille_on(entity_id, day)) for day in known or [last]]


def foreign_on(entity_id: int, day: date) -> str:
    """What is done about foreign money on a day: allow, flag or refuse."""
    own = identity.giving_rule(entity_id, day)
    return GivingRule.Foreign.ALLOW if own is None else own.foreign
