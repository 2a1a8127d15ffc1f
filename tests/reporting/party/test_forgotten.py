"""Whoever was known when they gave does not become nobody known by being forgotten."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from donors import services as donors
from donors.models import Donor
from donors.values import PersonName, PostalAddress
from fundraise.campaigns.models import Campaign
from fundraise.gifts import queries as gifts
from fundraise.gifts.models import Gift
from fundraise.reporting.party import anonymous, figures, filing
from fundraise.reporting.party.models import Hold
from tests.people import DAVID
from tests.reporting.party.conftest import NEW_YEAR, GiveIt

pytestmark = pytest.mark.django_db
HOME = PostalAddress(("Gatan 1",), "111 22", "Stockholm")


def of_donor(gift: Gift, family: str, post: PostalAddress | None = HOME) -> Donor:
    donor = donors.register_donor(
        name=PersonName("Anna", family), language="sv", source="import", by=DAVID,
        email=f"{family}@example.org", postal=post,
    )  # fmt: skip
    Gift.objects.filter(pk=gift.pk).update(donor=donor)
    return donor


def test_a_forgotten_giver_s_year_stays_known_and_is_named_where_the_law_wants_it(
    campaign: Campaign, give: GiveIt, go_to: Any
) -> None:
    known, large, nobody = give(5_000), give(40_000), give(4_000)
    people = [of_donor(known, "Lind"), of_donor(large, "Ek"), of_donor(nobody, "Alm", None)]
    before = figures.of(campaign.entity, 2026).rows
    for donor in people:
        donors.forget_donor(donor_ref=donor.ref, by=DAVID, reason="asked")
    assert figures.of(campaign.entity, 2026).rows == before
    assert anonymous.reckon(campaign.entity_id, 2026) == (1, 0)
    assert Hold.objects.get().gift == nobody, "who was never known stays so"
    typed = gifts.giver_of(known.pk)
    assert typed is None or not typed.name, "the law wants no name below half a base amount"

    go_to(NEW_YEAR)
    report = filing.file_report(campaign.entity, 2026, by=DAVID)
    (row,) = report.donors.filter(band="named")
    assert filing.named(row) == {
        "name": "Anna Ek", "number": "", "address": "Gatan 1, 111 22 Stockholm",
    }  # fmt: skip


def test_nothing_is_kept_of_a_donor_of_no_party(campaign: Campaign, give: GiveIt) -> None:
    donor = donors.register_donor(
        name=PersonName("Bo", "Ek"), language="sv", source="import", by=DAVID,
        email="bo@example.org", postal=HOME,
    )  # fmt: skip
    assert donors.forget_donor(donor_ref=donor.ref, by=DAVID, reason="asked")
    assert not donors.forget_donor(donor_ref=donor.ref, by=DAVID, reason="asked")
    assert not Gift.objects.filter(identified=True).exists()
    assert isinstance(Donor.objects.get(pk=donor.pk).erased_at, datetime)
