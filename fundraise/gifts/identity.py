"""From which sum a gift needs the giver's identity, and whether it may come from abroad, by date.

Lag (2018:90) 9 §: a party may not keep the part of an anonymous contribution above 0.05 price base
amounts; 2 §: identity is a name with an address, a personal identity number or an organisation
number. The price base amount is the one valid at the end of the year. The rules are data
(settings.IDENTITY_RULES); 0 asks from the first krona, and no rule asks nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Sum

from fundraise.clock import STOCKHOLM
from fundraise.gifts.models import Gift, GivingRule
from fundraise.ledger.models import LegalEntity


@dataclass(frozen=True, slots=True)
class IdentityRule:
    """From `from_date` on, entities of these kinds ask above `threshold_ore` a year."""

    from_date: date
    kinds: tuple[str, ...]
    threshold_ore: int


def rule_for(kind: str, on: date) -> IdentityRule | None:
    """The newest rule of a kind of entity that is in force on a day."""
    rules = [
        IdentityRule(date.fromisoformat(d), tuple(k), t) for d, k, t in settings.IDENTITY_RULES
    ]
    fitting = [rule for rule in rules if kind in rule.kinds and rule.from_date <= on]
    return max(fitting, key=lambda rule: rule.from_date, default=None)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an entity asks of givers on a day; `refuses_foreign`: it takes no gift from abroad."""

    threshold_ore: int | None
    refuses_foreign: bool

    def asks(self, amount_ore: int) -> bool:
        """Whether a gift of this sum asks for identity by itself.

        The giver's earlier gifts are left out here on purpose: the page would tell whoever types an
        address what its owner has given. `year_needs_identity` looks at the year, after the gift.
        """
        return self.threshold_ore is not None and amount_ore > self.threshold_ore


def asked_on(entity: LegalEntity, on: date) -> Asked:
    """A rule that the entity has set for itself goes before the one of its kind."""
    own = giving_rule(entity.pk, on)
    if own is not None:
        limit = price_base_ore(on.year)[0] * own.anonymous_permille // 1000
        return Asked(limit, own.foreign == GivingRule.Foreign.REFUSE)
    rule = rule_for(entity.kind, on)
    return Asked(rule.threshold_ore if rule else None, refuses_foreign=False)


def threshold_ore(entity: LegalEntity, on: date) -> int | None:
    """The sum that may stay anonymous, in öre; None when nothing is asked."""
    return asked_on(entity, on).threshold_ore


def giving_rule(entity_id: int, on: date) -> GivingRule | None:
    """The newest rule that an entity has set for itself and that is in force on a day."""
    rules = GivingRule.objects.filter(entity_id=entity_id, from_date__lte=on)
    return rules.order_by("-from_date").first()


def price_base_ore(year: int) -> tuple[int, int]:
    """The price base amount of a year in öre, and whose it is: the last one known, when missing."""
    known = settings.PRICE_BASE_AMOUNTS_ORE
    use = max((one for one in known if one <= year), default=min(known))
    return int(known[use]), use


def named_above_ore(entity: LegalEntity, on: date) -> int | None:
    """The yearly sum above which a party's report names the giver: half a price base amount.

    Lag (2018:90) 21 §; None for others than parties.
    """
    known = [year for year in settings.PRICE_BASE_AMOUNTS_ORE if year <= on.year]
    if entity.kind != LegalEntity.Kind.PARTY or not known:
        return None
    return int(settings.PRICE_BASE_AMOUNTS_ORE[max(known)]) // 2


def year_sum_ore(entity_id: int, giver_key: bytes, year: int) -> int:
    """What one giver has given an entity in a calendar year, less what was sent back."""
    sums = Gift.objects.filter(
        entity_id=entity_id,
        giver_key=giver_key,
        state=Gift.State.RECEIVED,
        received_at__year=year,
    ).aggregate(given=Sum("amount_ore"), back=Sum("refunded_ore"), taken=Sum("disputed_ore"))
    return (sums["given"] or 0) - (sums["back"] or 0) - (sums["taken"] or 0)


def year_needs_identity(gift: Gift) -> bool:
    """Whether the giver's year is above the limit with this gift in it."""
    if gift.received_at is None or gift.giver_key is None:
        return False
    day = gift.received_at.astimezone(STOCKHOLM).date()
    limit = threshold_ore(gift.entity, day)
    return (
        limit is not None and year_sum_ore(gift.entity_id, bytes(gift.giver_key), day.year) > limit
    )
