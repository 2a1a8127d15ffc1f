"""The database adds a year up as the plain rules do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from donors import services as donors
from donors.values import OrganisationName, PersonName, PostalAddress
from fundraise import clock
from fundraise.console.tables import gift_file
from fundraise.gifts.models import Gift
from fundraise.ledger.models import LegalEntity
from fundraise.reporting.party import rules, sums
from fundraise.reporting.party.models import GiftInKind, WithinParty
from fundraise.reporting.party.rules import GiverYear, Kind
from tests.people import CECILIA, DAVID, make_campaign, make_party

pytestmark = pytest.mark.django_db
LAST_HOUR = datetime(2026, 12, 31, 22, 59, tzinfo=UTC)  # 23.59 in Stockholm

GIFTS = st.lists(
    st.tuples(
        st.integers(0, 7),  # who: four donors, two keys, nobody
        st.integers(1, 40_000_00),
        st.integers(0, 366),
        st.booleans(),
        st.integers(0, 3),  # how many quarters went back
        st.sampled_from(["gift", "kind", "pending", "collection", "other"]),
    ),
    max_size=25,
)


def people(party: LegalEntity) -> list[int]:
    """Anna twice in the register under one number, a firm with an address, a district."""
    made = [
        donors.register_donor(name=name, language="sv", source="test", by=CECILIA, postal=postal)
        for name, postal in (
            (PersonName("Anna", "Ek"), None),
            (PersonName("Anna", "Ek"), None),
            (OrganisationName("Firman"), PostalAddress(("Gatan 1",), "114 55", "Stockholm")),
            (OrganisationName("Kretsen"), None),
        )
    ]
    for donor in made[:2]:
        donors.record_identity(
            donor_id=donor.pk, kind="personal_number", number="811228-9874",
            source="test", by=CECILIA, reason="party_report",
        )  # fmt: skip
    WithinParty.objects.create(donor=made[3], marked_by=DAVID, marked_at=clock.now())
    return [donor.pk for donor in made]


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(drawn=GIFTS)
def test_database_and_rules_agree_on_any_year(drawn: list[Any], house: Any) -> None:
    party, other, ids = house
    Gift.objects.all().delete()
    GiftInKind.objects.all().delete()
    for who, ore, day, known, back, form in drawn:
        donor = ids[who] if who < 4 else None
        if form == "kind":
            GiftInKind.objects.create(
                entity=party, given_on=date(2026, 1, 1) + timedelta(days=day), donor_id=donor,
                form="goods", value_ore=ore, description="x", entered_by=DAVID,
                entered_at=clock.now(),
            )  # fmt: skip
            continue
        campaign = other if form == "other" else party.campaign
        Gift.objects.create(
            entity_id=campaign.entity_id, campaign=campaign, donor_id=donor, amount_ore=ore,
            giver_key=bytes([who]) if who in {4, 5} else None, channel="bank",
            state="pending" if form == "pending" else "received",
            origin="collection" if form == "collection" else "staff",
            created_at=LAST_HOUR, received_at=LAST_HOUR - timedelta(days=day),
            refunded_ore=0 if form == "pending" else ore * back // 3, identified=known,
        )  # fmt: skip
    plain = list(sums.contributions(party.pk, 2026))
    found = sums.by_giver(party.pk, 2026)
    assert sorted(found, key=key) == sorted(rules.sum_givers(plain), key=key)
    limit = rules.limits(2026, {2026: 59_200_00}, {"small": 5, "member_fee": 10, "anonymous": 50,
                                                   "named": 500})  # fmt: skip
    bands = rules.sort_into_bands(found, limit)
    assert bands.total_ore + bands.surplus_ore == sum(one.ore for one in plain)


def key(row: GiverYear) -> tuple[int, str]:
    return (-row.ore, row.giver)


@pytest.fixture
def house() -> Any:
    party = make_party()
    party.campaign = make_campaign(party)  # type: ignore[attr-defined]
    other = make_campaign(make_party("other"), "annat")
    return party, other, people(party)


def test_one_person_in_two_records_is_one_giver_and_years_end_in_stockholm(house: Any) -> None:
    party, _other, ids = house
    for number, donor in enumerate([*ids, None]):
        Gift.objects.create(
            entity=party, campaign=party.campaign, donor_id=donor, amount_ore=1000_00,
            channel="bank", state="received", created_at=LAST_HOUR,
            received_at=LAST_HOUR + timedelta(minutes=1 if number == 4 else 0),
        )  # fmt: skip
    assert sums.by_giver(party.pk, 2026) == [
        GiverYear(f"donor:{ids[0]}", 2000_00, 2, Kind.PERSON, identified=True),
        GiverYear(f"donor:{ids[2]}", 1000_00, 1, Kind.OTHER, identified=True),
        GiverYear(f"donor:{ids[3]}", 1000_00, 1, Kind.WITHIN, identified=False),
    ]
    assert [row.ore for row in sums.by_giver(party.pk, 2027)] == [1000_00]
    assert sums.gifts_standing(party.pk, 2026) == 4000_00


def test_records_tied_by_different_numbers_are_one_giver_in_sums_and_in_the_file(
    house: Any,
) -> None:
    party, _other, ids = house
    for donor, kind, number in (
        (ids[1], "organisation_number", "556016-0680"),
        (ids[3], "organisation_number", "556016-0680"),
    ):
        donors.record_identity(
            donor_id=donor, kind=kind, number=number, source="test", by=CECILIA,
        )  # fmt: skip
    for donor in (ids[0], ids[1], ids[3], ids[2]):
        Gift.objects.create(
            entity=party, campaign=party.campaign, donor_id=donor, amount_ore=10_000_00,
            channel="bank", state="received", created_at=LAST_HOUR, received_at=LAST_HOUR,
        )  # fmt: skip
    assert sums.by_giver(party.pk, 2026) == [
        GiverYear(f"donor:{ids[0]}", 30_000_00, 3, Kind.WITHIN, identified=True),
        GiverYear(f"donor:{ids[2]}", 10_000_00, 1, Kind.OTHER, identified=True),
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH chosen AS (SELECT id FROM gifts_gift WHERE donor_id = %s)"
            f" SELECT ys.year_ore FROM ({gift_file._YEARS}) ys WHERE ys.id IN"
            " (SELECT id FROM chosen)",
            [ids[3]],
        )
        assert cursor.fetchall() == [(30_000_00,)]


def test_a_giver_who_came_into_the_register_later_is_one_giver_with_the_gifts_from_before(
    house: Any,
) -> None:
    party, elsewhere, ids = house
    other = elsewhere.entity
    rows = [(party, None, b"k1", 20_000), (party, ids[0], b"k1", 15_000), (party, None, b"k2", 7),
            (other, None, b"k1", 9), (party, ids[2], b"k3", 5), (party, ids[3], b"k3", 4),
            (party, None, b"k3", 3)]  # fmt: skip
    for entity, donor, key, kronor in rows:
        Gift.objects.create(
            entity=entity, campaign=party.campaign, donor_id=donor, giver_key=key,
            amount_ore=kronor * 100, channel="card", state="received", created_at=LAST_HOUR,
            received_at=LAST_HOUR,
        )  # fmt: skip
    found = [(row.giver, row.ore, row.gifts) for row in sums.by_giver(party.pk, 2026)]
    assert found[0] == (f"donor:{ids[0]}", 35_000_00, 2)
    assert (f"key:{b'k2'.hex()}", 7_00, 1) in found
    assert (f"key:{b'k3'.hex()}", 3_00, 1) in found, "an address of two persons tells nobody"
    assert [row.giver for row in sums.by_giver(other.pk, 2026)] == [f"key:{b'k1'.hex()}"]
