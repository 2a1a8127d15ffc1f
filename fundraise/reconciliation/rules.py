"""An entity's rules of matching: given once as they are shipped, then changed by versions."""

from __future__ import annotations

from functools import cache

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fundraise import clock
from fundraise.language import SWEDISH
from fundraise.ledger.models import LegalEntity
from fundraise.reconciliation.matching.shipped import RULES, RuleNow
from fundraise.reconciliation.models import Rule, RuleVersion

BY = "system:treasury"
STEP = 10  # between positions, so that a rule can be put between two
NAMES: dict[str, str | Promise] = {
    "ocr_exact": _("Reference and sum agree"),
    "ocr_other_amount": _("Reference agrees, another sum"),
    "payout": _("A provider's payout"),
    "autogiro": _("Autogiro's sum of a day"),
    "swish_ref": _("Swish reference or message code"),
    "refund": _("A refund that was sent"),
    "taken_back": _("Money that came back"),
    "interest": _("Interest"),
    "bank_fee": _("Bank fee"),
    "alias": _("A payer that was confirmed before"),
    "public_support": _("Public support"),
    "membership": _("Membership fee"),
    "name": _("Name, sum and day agree"),
    "own_transfer": _("Between own accounts"),
    "others": _("Money out of a shared account"),
}


@cache
def _shipped_names() -> dict[str, str | Promise]:
    """As `ensure` writes it -> the name in the language of whoever reads."""
    with translation.override(SWEDISH):
        return {str(name): name for name in NAMES.values()}


def titled(rule: Rule) -> str:
    """A rule's name; a shipped one in the language of whoever reads."""
    return str(_shipped_names().get(rule.name, rule.name))


@transaction.atomic
def ensure(entity: LegalEntity) -> None:
    """Give an entity the shipped rules, where it has none of that name; harmless when asked again.

    A rule that was changed stays as it was changed.
    """
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    with translation.override(SWEDISH):
        named = [(shipped, str(NAMES[shipped.slug])) for shipped in RULES]
    have = set(Rule.objects.filter(entity=entity).values_list("name", flat=True))
    places = Rule.objects.filter(entity=entity).order_by("-position")
    place = places.values_list("position", flat=True).first() or 0
    for shipped, name in named:
        if name in have:
            continue
        place += STEP
        rule = Rule.objects.create(entity=entity, key=shipped.key, name=name, position=place)
        RuleVersion.objects.create(
            rule=rule,
            number=1,
            mode=shipped.mode,
            settings=dict(shipped.settings),
            valid_from=clock.now(),
            made_by=BY,
        )


def current(entity_id: int) -> list[RuleNow]:
    """The rules of an entity in the order in which they are asked, each by its newest version."""
    newest = RuleVersion.objects.filter(rule=OuterRef("rule")).order_by("-number")
    rows = (
        RuleVersion.objects.filter(rule__entity_id=entity_id, pk=Subquery(newest.values("pk")[:1]))
        .select_related("rule")
        .order_by("rule__position")
    )
    return [
        RuleNow(one.rule.key, one.mode, one.settings, one.pk, one.rule.position) for one in rows
    ]
