"""The provider's balance against the books, per account, at the last snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from django.db import connection
from django.db.models import Exists, F, OuterRef, Sum

from fundraise import clock
from fundraise.gifts.models import Gift
from fundraise.ledger.checkpoints import Since
from fundraise.ledger.checks import NOT_APPLICABLE, SINCE, WAITING, WHOLE, Check, left
from fundraise.ledger.queries import balance_ore
from fundraise.providers.models import Account, BalanceLine, ProviderEvent

SHOWN = 5
LINE_MAY_TAKE = timedelta(days=2)
EVENT_MAY_TAKE = timedelta(hours=1)

_PAYOUTS = """
  SELECT p.provider_ref FROM providers_payout p
    LEFT JOIN providers_balanceline l
      ON l.payout_id = p.id AND l.source_id <> p.provider_ref
   WHERE p.account_id = %s AND p.lines_complete AND p.id > %s
   GROUP BY p.id HAVING p.amount_ore <> coalesce(sum(l.amount_ore - l.fee_ore), 0)
   ORDER BY p.id"""


def checks() -> Iterator[Check]:
    """Per entity: ledger = lines = snapshots; per account: payouts = lines; no message stuck."""
    for entity_id, mine in _by_entity().items():
        booked = balance_ore(entity_id, "stripe")
        lines = BalanceLine.objects.filter(account__in=mine)
        summed = lines.aggregate(ore=Sum(F("amount_ore") - F("fee_ore")))["ore"] or 0
        expected = summed + _gifts_without_line(entity_id)
        yield _of(entity_id, "stripe:ledger", Check(_lines_named(mine), expected, booked))
        yield _of(entity_id, "stripe:balance", _snapshots(entity_id, mine, booked))
    yield from _payouts()
    yield _stuck()


def checks_since(since: Since) -> Iterator[Check]:
    """Stripe's balance against the checkpoint's sums and what was booked since; new payouts. The
    sum of all balance lines is left to the whole proof."""
    for entity_id, mine in _by_entity().items():
        yield _of(entity_id, "stripe:ledger", left(_lines_named(mine)))
        found = _snapshots(entity_id, mine, since.balance_ore(entity_id, "stripe"))
        yield _of(entity_id, "stripe:balance", replace(found, reach=SINCE))
    yield from _payouts(since.after("providers_payout"), SINCE)
    yield _stuck()


def _of(entity_id: int, source: str, check: Check) -> Check:
    return replace(check, letter="B", entity_id=entity_id, source=source)


def _by_entity() -> dict[int, list[Account]]:
    """The accounts of an entity share one ledger account, so they are compared together."""
    found: dict[int, list[Account]] = {}
    for account in Account.objects.filter(provider="stripe").order_by("pk"):
        found.setdefault(account.entity_id, []).append(account)
    return found


def _named(accounts: list[Account]) -> str:
    return "stripe " + " + ".join(account.slug for account in accounts)


def _lines_named(accounts: list[Account]) -> str:
    return f"{_named(accounts)}: ledger = balance lines + gifts whose line is to come"


def _payouts(after: int = 0, reach: str = WHOLE) -> Iterator[Check]:
    for account in Account.objects.filter(provider="stripe").order_by("pk"):
        wrong = _payouts_unlike_their_lines(account, after)
        yield Check(
            f"stripe {account.slug}: payouts that are not the sum of their lines",
            0,
            len(wrong),
            note=", ".join(wrong[:SHOWN]),
            letter="B",
            entity_id=account.entity_id,
            source=f"stripe:{account.slug}:lines",
            reach=reach,
        )


def _stuck() -> Check:
    late = ProviderEvent.objects.filter(
        state__in=[ProviderEvent.State.STORED, ProviderEvent.State.FAILED],
        received_at__lt=clock.real_now() - EVENT_MAY_TAKE,
    ).count()
    return Check("provider messages that wait for more than an hour", 0, late)


def _payouts_unlike_their_lines(account: Account, after: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_PAYOUTS, [account.pk, after])
        return [ref for (ref,) in cursor.fetchall()]


def _gifts_without_line(entity_id: int) -> int:
    line = BalanceLine.objects.filter(source_id=OuterRef("provider_ref"))
    gifts = Gift.objects.filter(
        ~Exists(line),
        entity_id=entity_id,
        state=Gift.State.RECEIVED,
        channel__in=["card", "swish"],
    )
    return gifts.aggregate(ore=Sum("amount_ore"))["ore"] or 0


def _snapshots(entity_id: int, accounts: list[Account], booked: int) -> Check:
    title = f"{_named(accounts)}: ledger = Stripe's balance"
    found = [account.snapshots.order_by("-at").first() for account in accounts]
    last = [snapshot for snapshot in found if snapshot is not None]
    if len(last) < len(accounts):
        return Check(title, "-", "-", NOT_APPLICABLE, "no snapshot yet")
    oldest = min(snapshot.at for snapshot in last)
    moved = BalanceLine.objects.filter(account__in=accounts, created_at__gt=oldest).exists()
    fresh = Gift.objects.filter(
        entity_id=entity_id, channel__in=["card", "swish"], received_at__gt=oldest
    ).exists()
    return Check(
        title,
        sum(snapshot.balance_ore for snapshot in last),
        booked,
        WAITING if moved or fresh else "",
        f"Stripe's balance as of {oldest:%Y-%m-%d %H:%M} UTC",
    )
