from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from donors import services as donors
from donors.errors import DonorError
from donors.models import ConsentWording, Donor, LegalBasis
from donors.values import PersonName
from fundraise.audit.models import ChangeLine
from fundraise.campaigns.models import Thermometer
from fundraise.gifts import identity, linking
from fundraise.gifts.booking import Movement
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift, Refund
from fundraise.gifts.queries import giver_of
from fundraise.gifts.refunds import (
    RefundError,
    RefundSeen,
    approve_refund,
    record_refund,
    refuse_refund,
    request_refund,
)
from fundraise.ledger.models import Period
from fundraise.ledger.queries import balance_ore
from fundraise.ledger.services import set_period
from fundraise.providers import refunding
from fundraise.providers.by_hand import (
    ManualGift,
    confirm_refund_by_hand,
    record_manual_gift,
)
from tests.people import CECILIA, DAVID, NOON, make_campaign, make_party
from tests.proofs import differing

pytestmark = pytest.mark.django_db
ANNA = Giver(name="Anna Lind", email="anna@example.org", keep_as_donor=True)


def manual(**changes: object) -> ManualGift:
    fields: dict[str, object] = {
        "campaign": make_campaign(make_party()),
        "amount_ore": 300_00,
        "channel": "cash",
        "received_at": NOON,
        "proof": "slip-1",
        "by": DAVID,
    }
    return ManualGift(**{**fields, **changes})  # type: ignore[arg-type]


def thermometer() -> tuple[int, int, int]:
    row = Thermometer.objects.get()
    return row.received_ore, row.gifts, row.donors


@pytest.mark.parametrize(
    ("channel", "account"),
    [("cash", "cash"), ("bank", "giro_clearing"), ("swish_number", "giro_clearing")],
)
def test_a_gift_by_hand_lies_on_the_account_it_came_to(channel: str, account: str) -> None:
    gift = record_manual_gift(manual(channel=channel))
    assert (gift.state, balance_ore(gift.entity_id, account)) == ("received", 300_00)
    assert thermometer() == (300_00, 1, 0)  # a gift without a giver's address is nobody's
    assert ChangeLine.objects.filter(action="gift.entered", by=DAVID).count() == 1
    assert differing() == []


def test_the_same_slip_twice_is_refused() -> None:
    given = manual()
    record_manual_gift(given)
    with pytest.raises(IntegrityError), transaction.atomic():
        record_manual_gift(given)
    assert (Gift.objects.count(), thermometer()) == (1, (300_00, 1, 0))


def test_staff_can_not_say_that_a_card_was_charged() -> None:
    with pytest.raises(ValueError, match="card"):
        record_manual_gift(manual(channel="card"))
    assert Gift.objects.count() == 0


def test_two_gifts_of_one_address_are_two_gifts_of_one_donor() -> None:
    given = manual(giver=ANNA)
    record_manual_gift(given)
    record_manual_gift(replace(given, proof="slip-2"))
    assert thermometer() == (600_00, 2, 1)


def test_money_of_a_closed_month_counts_in_the_first_open_one() -> None:
    given = manual()
    set_period(given.campaign.entity, month=date(2026, 11, 1), state=Period.State.CLOSED, by=DAVID)
    record_manual_gift(given)
    day = given.campaign.days.get().day
    assert day == date(2026, 12, 1)
    assert differing() == []


def test_a_refund_by_hand_is_booked_when_the_bank_shows_it() -> None:
    gift = record_manual_gift(manual(channel="bank"))
    refund = request_refund(gift.pk, amount_ore=100_00, reason="Fel konto", by=DAVID)
    refunding.send_refund(refund.pk)
    assert thermometer() == (300_00, 1, 0)
    assert confirm_refund_by_hand(Refund.objects.get(), NOON, "line-9", DAVID)
    assert not confirm_refund_by_hand(Refund.objects.get(), NOON, "line-9", DAVID)
    assert thermometer() == (200_00, 1, 0)
    assert balance_ore(gift.entity_id, "giro_clearing") == 200_00
    assert differing() == []


def taken_back(gift: Gift, ore: int) -> bool:
    """The bank takes money of a gift back by itself, as a draw's payer may ask it to."""
    name = f"bank:{ore}"
    movement = Movement(name, NOON, "system:bank", clearing="giro_clearing")
    return record_refund(gift.pk, RefundSeen(name, ore, NOON, movement))


def test_money_that_the_bank_took_back_first_is_not_sent_by_hand_too() -> None:
    gift = record_manual_gift(manual(channel="bank", amount_ore=3_000_00))
    sent = [request_refund(gift.pk, amount_ore=ore, reason="", by=DAVID) for ore in (400_00, 1_00)]
    for refund in sent:
        refunding.send_refund(refund.pk)
    asked = request_refund(gift.pk, amount_ore=2_599_00, reason="", by=DAVID)
    assert asked.state == "awaiting_second"
    assert taken_back(gift, 2_700_00)
    with pytest.raises(RefundError, match="too_much"):
        approve_refund(asked.ref, by=CECILIA)
    asked.refresh_from_db()
    assert asked.state == "awaiting_second"
    refuse_refund(asked.ref, by=CECILIA, reason="Banken var före")
    assert taken_back(gift, 100_00)
    shown = {row.amount_ore: (row.state, row.failure) for row in Refund.objects.all()}
    assert shown[400_00] == ("failed", "went_back_before")
    assert shown[1_00] == ("sent", "")
    assert thermometer()[0] == 200_00
    assert differing() == []


def test_what_was_typed_is_sealed_and_opens_for_its_gift_only() -> None:
    gift = record_manual_gift(manual(giver=ANNA))
    assert giver_of(gift.pk) == ANNA
    assert b"Anna" not in bytes(gift.giver_details.sealed or b"")
    assert "anna" not in repr(ANNA).lower()


def test_a_new_donor_has_the_consents_that_were_ticked_each_with_its_wording_and_proof() -> None:
    wordings = {one.purpose: one for one in ConsentWording.objects.all()}
    ticked = replace(
        ANNA,
        appeals=True,
        register_wording_id=wordings["register"].pk,
        appeals_wording_id=wordings["appeals"].pk,
        targeting_wording_id=wordings["targeting"].pk,
    )
    gift = record_manual_gift(manual(giver=ticked))
    linking.link_donor(gift.pk)
    given = LegalBasis.objects.filter(donor__gifts=gift, basis="consent")
    assert {(one.purpose, one.wording, one.proof) for one in given} == {
        (name, one, f"gift:{gift.ref}") for name, one in wordings.items()
    }
    assert set(wordings) == {"register", "appeals", "targeting"}


def test_a_known_donor_gets_the_gift_and_keeps_its_record() -> None:
    anna = donors.register_donor(
        name=PersonName("Anna", "Lind"), language="sv", source="staff", by=DAVID,
        email="anna@example.org",
    )  # fmt: skip
    typed = Giver(
        name="Ann-Charlotte L", email="anna@example.org", appeals=True, keep_as_donor=True
    )
    gift = record_manual_gift(manual(giver=typed))
    linking.link_donor(gift.pk)
    gift.refresh_from_db()
    assert gift.donor_id == anna.pk
    assert Donor.objects.count() == 1
    assert not anna.legal_bases.filter(purpose="appeals").exists()


def test_a_couple_with_one_address_is_told_apart_by_name_or_left_to_staff() -> None:
    for given in ("Anna", "Erik"):
        donors.register_donor(
            name=PersonName(given, "Lind"), language="sv", source="staff", by=DAVID,
            email="familjen@example.org",
        )  # fmt: skip
    named = manual(giver=Giver(name="Erik Lind", email="familjen@example.org"))
    gift = record_manual_gift(named)
    unclear = replace(named, proof="2", giver=Giver(name="E. Lind", email="familjen@example.org"))
    other = record_manual_gift(unclear)
    for one in (gift, other):
        linking.link_donor(one.pk)
        one.refresh_from_db()
    assert gift.donor_id == Donor.objects.order_by("pk").last().pk  # type: ignore[union-attr]
    assert other.donor_id is None
    anna = Donor.objects.order_by("pk").first()
    assert anna is not None
    assert linking.choose_donor(other.pk, anna, by=DAVID)
    assert not linking.choose_donor(other.pk, anna, by=DAVID)
    other.refresh_from_db()
    assert other.donor_id == anna.pk


def test_a_donor_who_was_forgotten_since_the_look_up_gets_no_gift(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    anna = donors.register_donor(
        name=PersonName("Anna", "Lind"), language="sv", source="staff", by=DAVID,
        email=ANNA.email,
    )  # fmt: skip
    gift = record_manual_gift(manual(giver=ANNA))
    match = donors.match_giver(email=ANNA.email, name=ANNA.name)
    assert match.donor_id == anna.pk
    donors.forget_donor(donor_ref=anna.ref, by=DAVID, reason="asked")

    with pytest.raises(DonorError, match="donor_erased"):
        linking.choose_donor(gift.pk, anna, by=DAVID)
    monkeypatch.setattr(donors, "match_giver", lambda **_: match)  # what was known a moment ago
    linking.link_donor(gift.pk)

    gift.refresh_from_db()
    assert gift.donor_id is None


def test_a_giver_who_did_not_agree_to_be_kept_is_not_kept() -> None:
    gift = record_manual_gift(manual(giver=replace(ANNA, keep_as_donor=False)))
    linking.link_donor(gift.pk)
    assert Donor.objects.count() == 0


def test_identity_is_asked_by_the_rule_of_the_day_and_the_kind_of_entity() -> None:
    party = make_party()
    assert identity.threshold_ore(party, date(2025, 6, 1)) == 2_940_00
    assert identity.threshold_ore(party, date(2026, 6, 1)) == 2_960_00
    assert not identity.asked_on(party, date(2026, 6, 1)).asks(2_960_00)
    assert identity.asked_on(party, date(2026, 6, 1)).asks(2_960_01)
    assert identity.named_above_ore(party, date(2026, 6, 1)) == 29_600_00
    assert identity.named_above_ore(party, date(2027, 6, 1)) == 29_600_00  # until 2027's is known
    assert identity.named_above_ore(party, date(2023, 6, 1)) is None
    party.kind = "union"
    assert identity.named_above_ore(party, date(2026, 6, 1)) is None
    assert identity.threshold_ore(party, date(2026, 6, 1)) is None


def test_a_year_above_the_limit_needs_identity_though_no_gift_is() -> None:
    given = manual(giver=ANNA, amount_ore=1_500_00)
    first = record_manual_gift(given)
    assert not identity.year_needs_identity(first)
    second = record_manual_gift(replace(given, proof="slip-2"))
    assert identity.year_needs_identity(second)
