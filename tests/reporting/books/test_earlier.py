from __future__ import annotations

from datetime import date

import pytest

from fundraise.campaigns import proofs as campaign_proofs
from fundraise.campaigns.models import Thermometer
from fundraise.gifts import proofs as gift_proofs
from fundraise.gifts.models import Gift
from fundraise.ledger.models import Journal
from fundraise.ledger.queries import balance_ore
from fundraise.reporting.books import earlier, exporting
from fundraise.reporting.books.earlier import EarlierGift
from tests.people import DAVID, make_campaign, make_party

pytestmark = pytest.mark.django_db


def wrong() -> list[str]:
    found = [*gift_proofs.checks(), *campaign_proofs.checks()]
    return [check.name for check in found if check.status != "ok"]


def test_gifts_from_before_the_start_count_once_and_in_a_thermometer_by_choice_alone() -> None:
    party = make_party()
    campaign = make_campaign(party)
    gifts = [EarlierGift(f"A {n}", date(2026, 3, n), 100_00 * n, "bank") for n in (1, 2, 3)]
    hidden = earlier.record_earlier(party, gifts[:2], by=DAVID)
    shown = earlier.record_earlier(party, gifts, by=DAVID, campaign=campaign)
    assert (len(hidden), len(shown)) == (2, 1)
    assert earlier.record_earlier(party, gifts, by=DAVID) == []
    assert Thermometer.objects.get(campaign=campaign).received_ore == 300_00
    assert hidden[0].campaign.status == "draft"
    assert {gift.origin for gift in Gift.objects.all()} == {"import"}
    assert {journal.series.code for journal in Journal.objects.all()} == {"O"}
    assert (balance_ore(party.pk, "gifts"), balance_ore(party.pk, "opening")) == (-600_00, 600_00)
    with pytest.raises(exporting.ExportError, match="nothing"):
        exporting.prepare(party, date(2026, 3, 1), date(2026, 3, 31))
    with pytest.raises(ValueError, match="another legal entity"):
        earlier.record_earlier(make_party("skane"), gifts, by=DAVID, campaign=campaign)
    assert wrong() == []
