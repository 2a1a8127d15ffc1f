"""A payer who was confirmed is known when the look-up key of that day is gone."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from fundraise import crypto
from fundraise.reconciliation import deciding, rotation
from fundraise.reconciliation.models import Item, Match, PayerAlias
from tests.reconciliation.house import ADMIN, make_bank
from tests.reconciliation.test_inbox import OCR, book, donor_with
from tests.reconciliation.written import Book, one

pytestmark = pytest.mark.django_db
OLD, NEW = crypto.new_key_setting("old"), crypto.new_key_setting("new")
PAYER = "SE3550000000054910000003"


def test_confirmed_payers_move_with_the_keys_and_those_nobody_can_tell_of_are_counted(
    settings: Settings,
) -> None:
    settings.LOOKUP_KEYS = [OLD]
    bank, ledger = make_bank(), Book()
    anna = donor_with(OCR, bank)
    paid = [one(100_00 + ore, account=PAYER, name="Anna Lind") for ore in range(3)]
    book(ledger.day(paid[0]))
    deciding.to_donor(Item.objects.get().pk, anna, bank.campaign, by=ADMIN)
    settings.LOOKUP_KEYS = [NEW, OLD]
    book(ledger.day(paid[1], ident="second"))
    again = Match.objects.get(state="suggested")
    assert (again.donor_id, again.evidence["found"]) == (anna.pk, ["payer"])
    deciding.take(again.pk, by=ADMIN)  # confirmed under the new key as well
    lost = PayerAlias.objects.create(
        account=bank.account, key=b"\x03old" + b"x" * 32, donor=anna, learned_by=ADMIN,
        learned_at=again.made_at,
    )  # fmt: skip
    said = StringIO()
    call_command("rotate_keys", batch=1, stdout=said)
    assert "1 payers moved, 1 stay under an older look-up key" in said.getvalue()
    assert rotation.rotate_payers(10) == (0, 1), "nothing else was left"

    settings.LOOKUP_KEYS = [NEW]
    alias = PayerAlias.objects.exclude(pk=lost.pk).get()
    assert (alias.donor_id, alias.times) == (anna.pk, 2)
    assert set(Item.objects.values_list("payer_key", flat=True)) == {alias.key}
    book(ledger.day(paid[2], ident="third"))
    assert Match.objects.get(state="suggested").donor_id == anna.pk
