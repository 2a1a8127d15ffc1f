"""A bank's CSV says how much came by Swish on a day, and Getswish's report says from whom."""

from __future__ import annotations

from datetime import date

import pytest

from fundraise.ledger.queries import balance_ore
from fundraise.reconciliation.models import Item
from fundraise.sandbox.bank.accounts import BankAccount
from fundraise.sandbox.bank.core import Bank
from fundraise.sandbox.bank.moves import Move
from tests.proofs import differing
from tests.reconciliation.house import OPENING, SWISH, make_bank
from tests.reconciliation.test_inbox import book

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 2)
AT_BANK = BankAccount("58398257466", "Partiet", "handelsbanken", swish=SWISH, swish_sum=True,
                      files=("csv", "swish"), opening_ore=OPENING)  # fmt: skip


def test_a_day_s_sum_of_swish_is_split_into_the_payments_of_the_report() -> None:
    house = make_bank(numbers=[("iban", AT_BANK.iban), ("swish", SWISH)], details_follow=True)
    bank = Bank([AT_BANK])
    for n, ore in enumerate((50_00, 50_00, 75_00)):
        bank.pay(Move(AT_BANK.number, ore, "gift", "swish", f"Bo{n} Alm", phone=f"+4670174060{n}"))
    csv, report = bank.run_day(DAY).files
    book(csv.data)
    assert list(Item.objects.values_list("amount_ore", "state")) == [(175_00, "new")]
    book(report.data)
    whole = Item.objects.get(part_of=None)
    parts = Item.objects.filter(part_of=whole, line=whole.line)
    assert (whole.state, sorted(parts.values_list("amount_ore", flat=True))) == (
        "split", [50_00, 50_00, 75_00],
    )  # fmt: skip
    assert balance_ore(house.entity.pk, "giro_clearing") == 0
    assert balance_ore(house.entity.pk, "suspense") == -175_00, "each waits for its giver"
    assert differing() == []
