"""Several legal entities: each one's books, and all of them as one."""

from __future__ import annotations

from datetime import date

import pytest

from fundraise.ledger.services import EntryDraft
from fundraise.reporting.books.together import Sums, together
from tests.people import make_party
from tests.reporting.books.posting import NOVEMBER, november, post

pytestmark = pytest.mark.django_db


def test_what_they_owe_each_other_is_taken_out_and_what_is_on_its_way_is_told() -> None:
    party, _campaign = november()
    skane = make_party("skane")
    # A gift of 500 kr for Skåne came to the party's bank; 200 kr of it are settled, and Skåne's
    # bank has shown 150 kr of them.
    post(party, "owes", EntryDraft("bank", "owed_to_entity", 500_00))
    post(skane, "claims", EntryDraft("owed_by_entity", "gifts", 500_00))
    post(party, "went", EntryDraft("owed_to_entity", "bank", 200_00))
    post(skane, "came", EntryDraft("bank", "owed_by_entity", 150_00))
    # A contribution of 40 kr within the party: a minus where it was given.
    post(party, "gave", EntryDraft("within_party", "bank", 40_00))
    post(skane, "got", EntryDraft("bank", "within_party", 40_00))

    found = together([party, skane], *NOVEMBER)
    own, other = (row.sums for row in found.rows)
    assert (own.income_ore, own.costs_ore, own.result_ore) == (313_50, 4_85, 308_65)
    assert (other.income_ore, other.claims_ore, other.debts_ore) == (540_00, 350_00, 0)
    assert (own.debts_ore, found.total.income_ore) == (300_00, 853_50)
    assert (found.is_whole, found.eliminated_ore, found.on_its_way_ore) == (True, 300_00, 50_00)
    assert found.sums.assets_ore == own.assets_ore + other.assets_ore - 300_00
    assert (found.sums.claims_ore, found.sums.debts_ore) == (50_00, 0)
    accounts = {one.number: one for one in found.accounts}
    assert (accounts[3988].debit, accounts[3988].credit, accounts[3988].closing) == (
        40_00, 40_00, 0,
    )  # fmt: skip
    assert accounts[3993].closing == -850_50
    assert sum(one.closing for one in found.accounts) == 0

    alone = together([skane], *NOVEMBER)
    assert (alone.is_whole, alone.eliminated_ore, alone.sums) == (False, 0, other)
    before = together([party, skane], date(2026, 10, 1), date(2026, 10, 31))
    assert (before.total, before.accounts) == (Sums(), ())
