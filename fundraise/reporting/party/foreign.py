"""Foreign money: evidence is looked for, a person decides, and refused money goes back.

What "foreign" means in the coming act is not known, so evidence is only evidence: a card issued
abroad, a foreign IBAN, an address abroad. The entity's rule of the gift's day says what happens:
nothing, a look, or a look with the money held back.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import connection, transaction

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.gifts.models import Gift, GivingRule
from fundraise.reporting.party import holding, ruling, sums
from fundraise.reporting.party.errors import PartyError, reasoned
from fundraise.reporting.party.models import ForeignLook, Hold

HOME = "SE"
BY = "system:party"
_EVIDENCE = """
  SELECT g.id, (g.received_at AT TIME ZONE 'Europe/Stockholm')::date,
         coalesce(nullif(g.residence_country, ''), a.country, ''), g.card_country, g.iban_country
    FROM gifts_gift g
    LEFT JOIN LATERAL (SELECT c.country FROM donors_contactpoint c
                        WHERE c.donor_id = g.donor_id AND c.kind = 'postal' AND c.country <> ''
                        ORDER BY c.is_primary DESC, c.id LIMIT 1) a ON true
   WHERE g.entity_id = %(entity)s AND g.state = 'received'
     AND g.received_at >= %(begins)s AND g.received_at < %(ends)s
     AND g.amount_ore > g.refunded_ore + g.disputed_ore
     AND (g.residence_country NOT IN ('', 'SE') OR g.card_country NOT IN ('', 'SE')
          OR g.iban_country NOT IN ('', 'SE') OR a.country <> 'SE')
     AND NOT EXISTS (SELECT 1 FROM party_foreignlook f WHERE f.gift_id = g.id)
   ORDER BY g.id"""


def watch(entity_id: int, year: int) -> int:
    """Open a look at every gift of a year with evidence, where the rule of its day wants one."""
    if not GivingRule.objects.filter(entity_id=entity_id).exclude(foreign="allow").exists():
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_EVIDENCE, sums.span(entity_id, year))
        rows = cursor.fetchall()
    return sum(_open(pk, day, *countries) for pk, day, *countries in rows)


def _open(gift_id: int, day: date, residence: str, card: str, iban: str) -> bool:
    gift = Gift.objects.select_related("campaign").get(pk=gift_id)
    rule = ruling.foreign_on(gift.entity_id, day)
    if rule == GivingRule.Foreign.ALLOW:
        return False
    said = {"residence": residence, "card": card, "iban": iban}
    found = {where: country for where, country in said.items() if country not in {"", HOME}}
    with transaction.atomic():
        _row, is_new = ForeignLook.objects.get_or_create(
            gift=gift,
            defaults={
                "entity_id": gift.entity_id,
                "evidence": found,
                "opened_at": clock.now(),
            },
        )
        if is_new and rule == GivingRule.Foreign.REFUSE and not _held(gift):
            holding.hold(gift, gift.standing_ore, why=Hold.Why.FOREIGN, by=BY)
    return is_new


def _held(gift: Gift) -> Hold | None:
    return Hold.objects.filter(gift=gift, why=Hold.Why.FOREIGN, state=Hold.State.HELD).first()


@transaction.atomic
def keep(ref: UUID, *, reason: str, by: str) -> ForeignLook:
    """The money may be kept; what was held back is let in. Raises PartyError."""
    look = _decided(ref, ForeignLook.State.KEPT, reason, by)
    if (row := _held(look.gift)) is not None:
        holding.release(row.ref, by=by, reason=reason)
    return look


@transaction.atomic
def refuse(ref: UUID, *, reason: str, by: str) -> ForeignLook:
    """The money goes back the way it came. Raises PartyError, gifts.refunds.RefundError."""
    look = _decided(ref, ForeignLook.State.REFUSED, reason, by)
    row = _held(look.gift)
    if row is None:
        if not look.gift.standing_ore:
            return look
        row = holding.hold(look.gift, look.gift.standing_ore, why=Hold.Why.FOREIGN, by=by)
    holding.repay(row.ref, by=by, reason=reason)
    return look


def _decided(ref: UUID, state: str, reason: str, by: str) -> ForeignLook:
    reasoned(reason)
    locked = ForeignLook.objects.select_for_update(of=("self",))
    look = locked.select_related("gift__campaign").get(ref=ref)
    if look.state != ForeignLook.State.OPEN:
        raise PartyError("not_waiting")
    look.state, look.reason = state, reason.strip()
    look.decided_at, look.decided_by = clock.now(), by
    look.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    audit.log_change(
        by=by, action=f"party.foreign.{state}", subject_type="party_foreignlook",
        subject_ref=look.ref, after={"gift": look.gift.ref}, reason=reason,
    )  # fmt: skip
    return look
