"""The provider's balance against the books, per account, at the last snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection
from django.db.models import Exists, F, OuterRef, Sum

from fundraise import clock
from fundraise.gifts.models import Gift
from fundraise.ledger.checks import NOT_APPLICABLE, WAITING, Check
from fundraise.ledger.queries import balance_ore
from fundraise.providers.models import Account, BalanceLine, ProviderEvent

SHOWN = 5
LINE_MAY_TAKE = timedelta(days=2)
EVENT_MAY_TAKE = timedelta(hours=1)

_PAYOUTS = """
  SELECT p.provider_ref FROM providers_payout p
    LEFT JOIN providers_balanceline l
      ON l.payout_id = p.id AND l.kind NOT IN ('payout', 'payout_reversal')
   WHERE p.account_id = %s AND p.lines_complete
   GROUP BY p.id HAVING p.amount_ore <> coalesce(sum(l.amount_ore - l.fee_ore), 0)
   ORDER BY p.id"""


def checks() -> Iterator[Check]:
    """Per Stripe account: ledger = lines = snapshot, payouts = their lines; no event stuck."""
    for account in Account.objects.filter(provider="stripe").order_by("pk"):
        yield from _account(account)
    late = ProviderEvent.objects.filter(
        state__in=[ProviderEvent.State.STORED, ProviderEvent.State.FAILED],
        received_at__lt=clock.real_now() - EVENT_MAY_TAKE,
    ).count()
    yield Check("provider messages that wait for more than an hour", 0, late)


def _account(account: Account) -> Iterator[Check]:
    name = f"stripe {account.slug}"
    booked = balance_ore(account.entity_id, "stripe")
    unlined = _gifts_without_line(account)
    lines = BalanceLine.objects.filter(account=account).aggregate(
        ore=Sum(F("amount_ore") - F("fee_ore"))
    )["ore"]
    yield Check(
        f"{name}: ledger = balance lines + gifts whose line is to come",
        (lines or 0) + unlined,
        booked,
    )
    yield from _snapshot(account, name, booked)
    wrong = _payouts_unlike_their_lines(account)
    yield Check(
        f"{name}: payouts that are not the sum of their lines",
        0,
        len(wrong),
        note=", ".join(wrong[:SHOWN]),
    )


def _payouts_unlike_their_lines(account: Account) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_PAYOUTS, [account.pk])
        return [ref for (ref,) in cursor.fetchall()]


def _gifts_without_line(account: Account) -> int:
    line = BalanceLine.objects.filter(source_id=OuterRef("provider_ref"))
    gifts = Gift.objects.filter(
        ~Exists(line),
        entity_id=account.entity_id,
        state=Gift.State.RECEIVED,
        channel__in=["card", "swish"],
    )
    return gifts.aggregate(ore=Sum("amount_ore"))["ore"] or 0


def _snapshot(account: Account, name: str, booked: int) -> Iterator[Check]:
    snapshot = account.snapshots.order_by("-at").first()
    if snapshot is None:
        yield Check(
            f"{name}: ledger = Stripe's balance", "-", "-", NOT_APPLICABLE, "no snapshot yet"
        )
        return
    moved_after = BalanceLine.objects.filter(account=account, created_at__gt=snapshot.at).exists()
    fresh = Gift.objects.filter(
        entity_id=account.entity_id, channel__in=["card", "swish"], received_at__gt=snapshot.at
    ).exists()
    yield Check(
        f"{name}: ledger = Stripe's balance",
        snapshot.balance_ore,
        booked,
        WAITING if moved_after or fresh else "",
        f"Stripe's balance as of {snapshot.at:%Y-%m-%d %H:%M} UTC",
    )
